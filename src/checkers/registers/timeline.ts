import { NEVER } from '../../history/columns.ts';
import type { Part } from './part.ts';

/**
 * Calls and returns of the operations that must happen, in a doubly linked list by rank. Entry 0 is its head and `end` its tail; taking an operation unlinks both of its entries, so
 * the list always holds what is not taken yet, and the calls before its first return are what may come next.
 */
export interface Timeline {
  readonly end: number;
  readonly next: Int32Array;
  readonly prev: Int32Array;
  /** The move of an entry: its index + 1 for a call, -(index + 1) for a return, 0 for head and tail. */
  readonly owner: Int32Array;
  readonly rank: Int32Array;
  /** The entry of each move's return. */
  readonly returnOf: Int32Array;
  /** For each move a number that no other has while it runs. */
  readonly slot: Int32Array;
  readonly slots: number;
}

/** Undefined where a move would have to happen before it was called: then no order explains the part. */
export function timelineOf({ count, call, end }: Part, due: Int32Array): Timeline | undefined {
  const returns = byDue(count, due, end);
  const size = returns.length * 2 + 2;
  const [next, prev] = [new Int32Array(size), new Int32Array(size)];
  for (let i = 0; i < size; i++) {
    next[i] = i + 1;
    prev[i] = i - 1;
  }
  const [owner, rank, returnOf] = [new Int32Array(size), new Int32Array(size).fill(NEVER), new Int32Array(count).fill(-1)];
  const slot = new Int32Array(count);
  const free: number[] = [];
  let slots = 0;
  let at = 1;
  let r = 0;
  const settle = (before: number): boolean => {
    for (; r < returns.length; r++) {
      const move = returns[r] as number;
      if ((due[move] as number) > before) return true;
      if ((call[move] as number) > (due[move] as number)) return false;
      owner[at] = -move - 1;
      rank[at] = due[move] as number;
      returnOf[move] = at++;
      free.push(slot[move] as number);
    }
    return true;
  };
  for (let i = 0; i < count; i++) {
    if (due[i] === NEVER) continue;
    if (!settle(call[i] as number)) return undefined;
    owner[at] = i + 1;
    rank[at++] = call[i] as number;
    slot[i] = free.pop() ?? slots++;
  }
  if (!settle(NEVER)) return undefined;
  return { end: size - 1, next, prev, owner, rank, returnOf, slot, slots };
}

/** The moves that must happen, in the order in which they must have. One that is due with a read stands before it. */
function byDue(count: number, due: Int32Array, end: Int32Array): Int32Array {
  const keys = new Float64Array(count);
  let known = 0;
  for (let i = 0; i < count; i++) {
    if (due[i] !== NEVER) keys[known++] = ((due[i] as number) * 2 + (due[i] === end[i] ? 1 : 0)) * count + i;
  }
  const sorted = keys.subarray(0, known).sort();
  return Int32Array.from(sorted, (key) => key % count);
}
