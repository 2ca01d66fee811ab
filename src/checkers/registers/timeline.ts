import { NEVER } from '../../history/columns.ts';
import type { Part } from './part.ts';
import type { Room } from './room.ts';

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
export function timelineOf({ count, call }: Part, due: Int32Array, room: Room): Timeline | undefined {
  const returns = room.raw('returns', count);
  const known = byDue(count, due, returns);
  const size = known * 2 + 2;
  const next = room.raw('next', size);
  const prev = room.raw('prev', size);
  for (let i = 0; i < size; i++) {
    next[i] = i + 1;
    prev[i] = i - 1;
  }
  const owner = room.filled('owner', size);
  const rank = room.filled('rank', size, NEVER);
  const returnOf = room.filled('returnOf', count, -1);
  const slot = room.raw('slot', count);
  const free: number[] = [];
  let slots = 0;
  let at = 1;
  let r = 0;
  const settle = (before: number): boolean => {
    for (; r < known; r++) {
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

/** Moves may be so many places away from where they stand in the end, on average, before sorting them otherwise is worth it. */
const MOST_SHIFTED = 64;

/** How many moves must happen; they are put into `returns` in the order in which they must have. They stand nearly so: only what runs at once changes places. */
function byDue(count: number, due: Int32Array, returns: Int32Array): number {
  let known = 0;
  let shifted = 0;
  for (let i = 0; i < count && shifted <= count * MOST_SHIFTED; i++) {
    const own = due[i] as number;
    if (own === NEVER) continue;
    let at = known++;
    for (; at > 0; at--) {
      const other = returns[at - 1] as number;
      if ((due[other] as number) <= own) break;
      returns[at] = other;
    }
    shifted += known - at;
    returns[at] = i;
  }
  return shifted <= count * MOST_SHIFTED ? known : sorted(count, due, returns);
}

function sorted(count: number, due: Int32Array, returns: Int32Array): number {
  const keys = new Float64Array(count);
  let known = 0;
  for (let i = 0; i < count; i++) {
    if (due[i] !== NEVER) keys[known++] = (due[i] as number) * count + i;
  }
  const all = keys.subarray(0, known).sort();
  for (let r = 0; r < known; r++) returns[r] = (all[r] as number) % count;
  return known;
}
