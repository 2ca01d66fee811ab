import type { Operation } from '../../src/history/operation.ts';

/**
 * The definitions themselves, without a thought for speed: all choices of unknown operations that took effect, all sources that reads may have had, all orders. `INITIAL` stands for the
 * beginning.
 */
export const INITIAL = -1;

export interface World {
  readonly ops: readonly Operation[];
  /** What each operation that read something read from; undefined for the others. */
  readonly source: readonly (number | undefined)[];
  /** Whether a precedes b in the order of their process. Nothing comes after an unknown operation. */
  readonly program: (a: number, b: number) => boolean;
  /** The transitive closure of that and of what was read. */
  readonly causes: (a: number, b: number) => boolean;
}

export type Definition = (world: World) => boolean;

export const writes = (op: Operation): boolean => op.effect !== 'read';
export const reads = (op: Operation): boolean => op.effect !== 'write';

/** Whether in some world, whatever happened unseen, the definition holds. */
export function holds(history: readonly Operation[], definition: Definition): boolean {
  const happened = history.filter((op) => op.status !== 'fail' && (op.status === 'ok' || op.effect !== 'read'));
  const unknown = happened.filter((op) => op.status === 'unknown');
  for (let chosen = 0; chosen < 1 << unknown.length; chosen++) {
    const ops = happened.filter((op) => op.status === 'ok' || (chosen >> unknown.indexOf(op)) % 2 === 1);
    if (someSource(ops, [], definition)) return true;
  }
  return false;
}

function someSource(ops: readonly Operation[], source: readonly (number | undefined)[], definition: Definition): boolean {
  const i = source.length;
  const op = ops[i];
  if (op === undefined) return definition(world(ops, source));
  if (!reads(op)) return someSource(ops, [...source, undefined], definition);
  const value = op.effect === 'cas' ? (op.expected ?? null) : op.value;
  const from = ops.flatMap((other, j) => (writes(other) && j !== i && other.key === op.key && other.value === value ? [j] : []));
  return (value === null ? [...from, INITIAL] : from).some((j) => someSource(ops, [...source, j], definition));
}

function world(ops: readonly Operation[], source: readonly (number | undefined)[]): World {
  const program = (a: number, b: number): boolean => {
    const [first, second] = [ops[a] as Operation, ops[b] as Operation];
    return first.process === second.process && first.status === 'ok' && first.callRank < second.callRank;
  };
  const n = ops.length;
  const closure = Array.from({ length: n }, (_, a) => Array.from({ length: n }, (_, b) => program(a, b) || source[b] === a));
  for (let via = 0; via < n; via++)
    for (let a = 0; a < n; a++)
      for (let b = 0; b < n; b++) if (closure[a]?.[via] === true && closure[via]?.[b] === true) (closure[a] as boolean[])[b] = true;
  return { ops, source, program, causes: (a, b) => closure[a]?.[b] === true };
}

/** Whether those operations have an order that keeps `before` and that `accepts` agrees with, beginning by beginning. */
function someOrder(
  all: readonly number[],
  before: (a: number, b: number) => boolean,
  accepts: (order: readonly number[]) => boolean,
  order: readonly number[] = [],
): boolean {
  if (!accepts(order)) return false;
  if (order.length === all.length) return true;
  return all.some((next) => {
    if (order.includes(next) || all.some((other) => other !== next && !order.includes(other) && before(other, next))) return false;
    return someOrder(all, before, accepts, [...order, next]);
  });
}

const isOrder = ({ ops, causes }: World): boolean => ops.every((_, i) => !causes(i, i));

/** The last write of a key in an order. */
function lastOn({ ops }: World, order: readonly number[], key: string): number {
  return order.findLast((i) => writes(ops[i] as Operation) && ops[i]?.key === key) ?? INITIAL;
}

/** CC: for each operation the writes in its past have an order that explains what it read; what others read is not asked. */
export const weakCausal: Definition = (w) =>
  isOrder(w) &&
  w.ops.every((op, o) => {
    if (!reads(op)) return true;
    const past = [...w.ops.keys()].filter((i) => w.causes(i, o) && writes(w.ops[i] as Operation));
    return someOrder(past, w.causes, (order) => order.length < past.length || lastOn(w, order, op.key) === w.source[o]);
  });

/** CCv: one order of all operations, and each read finds the last write there of those in its past. */
export const convergent: Definition = (w) => {
  const all = [...w.ops.keys()];
  const fits = (order: readonly number[]): boolean => {
    const o = order.at(-1);
    const op = w.ops[o ?? INITIAL];
    if (o === undefined || op === undefined || !reads(op)) return true;
    // Its whole past stands before it.
    const past = order.filter((i) => w.causes(i, o));
    return lastOn(w, past, op.key) === w.source[o];
  };
  return isOrder(w) && someOrder(all, w.causes, fits);
};

/**
 * CM and PRAM: everybody who sees has an order of all writes and of their own reads. An unknown compare-and-set saw something too, but nothing that its process did later comes
 * after that: it has an order of its own, with what its process did before.
 */
const views =
  (before: (w: World) => (a: number, b: number) => boolean): Definition =>
  (w) => {
    const all = [...w.ops.keys()];
    const seers = all.filter((o) => reads(w.ops[o] as Operation));
    return seers.every((last) => {
      const sees = (i: number): boolean => i === last || (w.program(i, last) && w.ops[i]?.status === 'ok');
      const members = all.filter((i) => writes(w.ops[i] as Operation) || sees(i));
      const fits = (order: readonly number[]): boolean => {
        const o = order.at(-1);
        const op = w.ops[o ?? INITIAL];
        if (o === undefined || op === undefined || !reads(op) || !sees(o)) return true;
        return lastOn(w, order.slice(0, -1), op.key) === w.source[o];
      };
      return someOrder(members, before(w), fits);
    });
  };

export const causalMemory: Definition = (w) => isOrder(w) && views(({ causes }) => causes)(w);
export const pram: Definition = views(({ program }) => program);
