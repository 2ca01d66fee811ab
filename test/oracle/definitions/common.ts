import { CAS, FAIL, OK, READ, UNEQUAL, UNKNOWN, WRITE } from '../../../src/history/columns.ts';
import { type History, KEYS, type Op } from '../history.ts';

/** The operations that say something: what failed did not happen, and a read that nobody saw the end of says nothing. */
export const telling = ({ ops }: History): readonly Op[] =>
  ops.filter((op) => op.status !== FAIL && !(op.status === UNKNOWN && op.effect === READ));

/** Reads and writes alone: what weaker models judge. A cas that found something else is none of them. */
export const effective = (history: History): readonly Op[] => telling(history).filter(({ status }) => status !== UNEQUAL);

export const certain = (op: Op): boolean => op.status !== UNKNOWN;
export const isRead = (op: Op): boolean => op.status === OK && (op.effect === READ || op.effect === CAS);
export const isWrite = (op: Op): boolean => op.effect === WRITE || op.effect === CAS;

/** Session order: what a process did before. The end of an operation of unknown outcome may come later than everything. */
export const session = (a: Op, b: Op): boolean => a !== b && certain(a) && a.process === b.process && a.call < b.call;

/** Real time: one had returned before the other was called. */
export const realTime = (a: Op, b: Op): boolean => a !== b && certain(a) && a.ret < b.call;

export const keysOf = ({ ops }: History): readonly number[] => KEYS.map((_, key) => key).filter((key) => ops.some((op) => op.key === key));

export const ofKey = (history: History, key: number): History => ({ ...history, ops: history.ops.filter((op) => op.key === key) });

export type Before = (a: Op, b: Op) => boolean;

/**
 * Whether some order of the operations that keeps `before` satisfies `visit`, which is told them one by one with what was gathered so far and answers what is gathered
 * then, once for each thing that may have happened; nothing where that place is impossible. Operations of unknown outcome may be left out.
 */
export function someOrder<S>(ops: readonly Op[], before: Before, state: S, visit: (state: S, op: Op) => readonly S[]): boolean {
  if (!ops.some(certain)) return true;
  return ops.some((op) => {
    if (ops.some((other) => before(other, op))) return false;
    const rest = ops.filter((other) => other !== op);
    return visit(state, op).some((after) => someOrder(rest, before, after, visit));
  });
}

/** The transitive closure of an order over some operations, as a test. */
export function closure(ops: readonly Op[], before: Before): Before {
  const after = new Map(ops.map((op) => [op, new Set(ops.filter((other) => before(op, other)))]));
  for (let grown = true; grown; ) {
    grown = false;
    for (const set of after.values()) {
      for (const middle of [...set]) {
        for (const far of after.get(middle) ?? []) {
          if (!set.has(far)) {
            set.add(far);
            grown = true;
          }
        }
      }
    }
  }
  return (a, b) => after.get(a)?.has(b) === true;
}
