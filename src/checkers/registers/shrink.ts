import { NEVER } from '../../history/columns.ts';
import type { Judging } from '../model.ts';
import { type Budget, isInvalid } from './judged.ts';
import type { View } from './part.ts';
import { without } from './spare.ts';

/** The first window, in operations, and by how much the next one is longer. */
const WINDOW = 12;
const WIDER = 4;

/**
 * A small part of one key's operations that already cannot be linearized, as rows: of the beginning up to `breaks`, with whose last return the history is wrong. Only such operations
 * are dropped as a linearizable history can spare (`spare.ts`), so the part proves the whole wrong, and a read in it still has its write beside it.
 */
export function* shrink(view: View, rows: Int32Array, breaks: number, budget: Budget): Generator<Judging, Int32Array> {
  const beginning = breaks === NEVER ? rows : rows.filter((row) => (view.columns.call[row] as number) < breaks);
  const near = breaks === NEVER ? beginning : yield* lastOnes(view, beginning, breaks, budget);
  const small = yield* dropMost(view, near, breaks, budget);
  // What had not returned by then may have returned later, which only narrows its place: with its return it proves the same, perhaps with less beside it.
  return breaks === NEVER ? small : yield* dropMost(view, small, NEVER, budget);
}

/** The last operations before it went wrong, as many as it takes. */
function* lastOnes(view: View, rows: Int32Array, breaks: number, budget: Budget): Generator<Judging, Int32Array> {
  for (let size = WINDOW; size < rows.length && budget.steps > 0; size *= WIDER) {
    const cost = { steps: 0 };
    const part = without(view, rows, 0, rows.length - size, breaks, cost);
    budget.steps -= cost.steps >> 2;
    if (part.length * 2 < rows.length && (yield* isInvalid(view, part, breaks, budget))) return part;
  }
  return rows;
}

/** Drops ever smaller stretches until no single operation can go. */
function* dropMost(view: View, rows: Int32Array, breaks: number, budget: Budget): Generator<Judging, Int32Array> {
  let part = rows;
  for (let size = Math.max(1, part.length >> 1); ; ) {
    let dropped = false;
    // From the beginning: what is near the end is what went wrong.
    for (let from = 0; from < part.length && budget.steps > 0; ) {
      const cost = { steps: 0 };
      const smaller = without(view, part, from, Math.min(part.length, from + size), breaks, cost);
      budget.steps -= cost.steps >> 2;
      if (smaller.length < part.length && (yield* isInvalid(view, smaller, breaks, budget))) {
        part = smaller;
        dropped = true;
      } else from += size;
    }
    if ((size === 1 && !dropped) || budget.steps <= 0) return part;
    size = Math.max(1, size >> 1);
  }
}
