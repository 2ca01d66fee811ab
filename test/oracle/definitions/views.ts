import { CAS, READ, UNEQUAL, UNKNOWN } from '../../../src/history/columns.ts';
import { type History, type Op, same, type Value } from '../history.ts';
import { type Before, certain, closure, effective, session } from './common.ts';

/**
 * Reads and writes of registers after Bouajjani, Enea, Guerraoui & Hamza (On verifying causal consistency, POPL 2017, section 3), with a source for each read. A cas that took
 * effect read what it expected and wrote. Of operations of unknown outcome some subset took effect.
 */
interface Sourced {
  /** What took effect. */
  readonly ops: readonly Op[];
  /** Which write each operation that reads read from; undefined for the beginning. */
  readonly source: ReadonlyMap<Op, Op | undefined>;
}

export const writes = (op: Op): boolean => op.effect !== READ && op.status !== UNEQUAL;
export const reads = (op: Op): boolean => op.effect === READ || op.effect === CAS;

const nothing = (value: Value): boolean => value === null || value === '';
const equal = (a: Value, b: Value): boolean => same(a, b) || (nothing(a) && nothing(b));

/** What an operation read. */
export const found = (op: Op): Value => (op.effect === CAS ? op.expected : op.value);

/** The writes that a read may have read from; undefined is the beginning. */
export function sources(ops: readonly Op[], read: Op): readonly (Op | undefined)[] {
  const written = ops.filter((op) => op !== read && writes(op) && op.key === read.key && equal(op.value, found(read)));
  return nothing(found(read)) ? [undefined, ...written] : written;
}

/** Whether some way to give each read a source satisfies `holds`. */
export function someSources(history: History, holds: (sourced: Sourced) => boolean): boolean {
  const ops = effective(history);
  const choose = (open: readonly Op[], source: ReadonlyMap<Op, Op | undefined>): boolean => {
    const [read, ...rest] = open;
    if (read === undefined) {
      const used = new Set(source.values());
      return holds({ ops: ops.filter((op) => certain(op) || used.has(op)), source });
    }
    return sources(ops, read).some((from) => {
      // An unknown cas that somebody read from took effect, so it read too.
      const more = from?.status === UNKNOWN && from.effect === CAS && !source.has(from) && !open.includes(from) ? [from] : [];
      return choose([...rest, ...more], new Map([...source, [read, from]]));
    });
  };
  return choose(
    ops.filter((op) => certain(op) && reads(op)),
    new Map(),
  );
}

/** Causal order: what a process did before, and the write that a read read from, and what follows. */
function causalOrder({ ops, source }: Sourced): Before | undefined {
  const before = closure(ops, (a, b) => session(a, b) || source.get(b) === a);
  return ops.some((op) => before(op, op)) ? undefined : before;
}

/** Whether all operations stand in some order that keeps `before` and in which each, with those before it, satisfies `fits`. */
export function someView(
  ops: readonly Op[],
  before: Before,
  fits: (op: Op, past: readonly Op[]) => boolean,
  past: readonly Op[] = [],
): boolean {
  if (ops.length === 0) return true;
  return ops.some((op) => {
    if (ops.some((other) => before(other, op)) || !fits(op, past)) return false;
    const rest = ops.filter((other) => other !== op);
    return someView(rest, before, fits, [...past, op]);
  });
}

const lastWrite = (past: readonly Op[], key: number): Op | undefined => past.findLast((op) => writes(op) && op.key === key);

/** CC: for each read its causal past stands in some order in which its source is the last write of the key. */
export function weakCausal(history: History): boolean {
  return someSources(history, (sourced) => {
    const before = causalOrder(sourced);
    if (before === undefined) return false;
    return [...sourced.source].every(([read, from]) => {
      const past = sourced.ops.filter((op) => op === read || before(op, read));
      return someView(past, before, (op, earlier) => op !== read || lastWrite(earlier, read.key) === from);
    });
  });
}

/** CCv: one order of everything, in which the source of each read is the last write of the key in its causal past. */
export function causalConvergent(history: History): boolean {
  return someSources(history, (sourced) => {
    const before = causalOrder(sourced);
    if (before === undefined) return false;
    const fits = (op: Op, earlier: readonly Op[]): boolean => {
      const past = earlier.filter((other) => before(other, op));
      return !sourced.source.has(op) || lastWrite(past, op.key) === sourced.source.get(op);
    };
    return someView(sourced.ops, before, fits);
  });
}

/**
 * What the process of a read had seen when it read: that read, and those that its process certainly did before it. An operation of unknown outcome comes before nothing, so
 * that nobody can say what its process saw later along with it.
 */
const sees = (reader: Op, op: Op): boolean => op === reader || session(op, reader);

/** CM, causal memory: for each read an order of all writes and of what its process had seen keeps causal order, and in it each of these reads finds its source last. */
export function causal(history: History): boolean {
  return someSources(history, (sourced) => {
    const before = causalOrder(sourced);
    if (before === undefined) return false;
    return [...sourced.source.keys()].every((reader) => {
      const fits = (op: Op, past: readonly Op[]): boolean =>
        !sees(reader, op) || !sourced.source.has(op) || lastWrite(past, op.key) === sourced.source.get(op);
      return someView(
        sourced.ops.filter((op) => writes(op) || sees(reader, op)),
        before,
        fits,
      );
    });
  });
}

export const processesOf = (ops: readonly Op[]): readonly number[] => [...new Set(ops.map(({ process }) => process))];

/** Every subset of some operations. */
export function subsets(ops: readonly Op[]): readonly (readonly Op[])[] {
  const [first, ...rest] = ops;
  return first === undefined ? [[]] : subsets(rest).flatMap((some) => [some, [first, ...some]]);
}

/** PRAM (Lipton & Sandberg 1988): the same without causality: only the order of each process is kept, and each read finds what was written last. */
export function pram(history: History): boolean {
  const ops = effective(history);
  return subsets(ops.filter((op) => !certain(op))).some((happened) => {
    const all = ops.filter((op) => certain(op) || happened.includes(op));
    return all.filter(reads).every((reader) => {
      const fits = (op: Op, past: readonly Op[]): boolean =>
        !sees(reader, op) || !reads(op) || equal(lastWrite(past, op.key)?.value ?? null, found(op));
      return someView(
        all.filter((op) => writes(op) || sees(reader, op)),
        session,
        fits,
      );
    });
  });
}
