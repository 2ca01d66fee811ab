import { NEVER } from './columns.ts';

/** Calls and returns as distinct whole ranks, and in which order the rows must stand, where it is not the one in which they came. */
export interface Ranked {
  readonly order: Int32Array | undefined;
  readonly call: Int32Array;
  readonly ret: Int32Array;
  readonly ranks: number;
}

/*
 * Ranks of rows whose calls and returns were given as any numbers that order them. Ties: calls before returns, so that intervals that touch overlap; among calls and among returns the
 * earlier row. All of it is linear: numbers that are few enough to be places in an array are, and others are sorted by their bits.
 */

/** The ranks as they were given (`NEVER`: a return that never came), if they are distinct numbers from 1 to about twice the number of events. */
export function dense(call: Int32Array, ret: Int32Array): Ranked | undefined {
  const count = call.length;
  const most = 4 * count + 1024;
  const seen = new Int32Array((most >> 5) + 1);
  let inOrder = true;
  let ranks = 0;
  let before = 0;
  for (let i = 0; i < count; i++) {
    const from = call[i] as number;
    if (from < 1 || from > most || ((seen[from >> 5] as number) & (1 << (from & 31))) !== 0) return undefined;
    seen[from >> 5] = (seen[from >> 5] as number) | (1 << (from & 31));
    if (from < before) inOrder = false;
    before = from;
    if (from > ranks) ranks = from;
    const to = ret[i] as number;
    if (to === NEVER) continue;
    if (to < 1 || to > most || ((seen[to >> 5] as number) & (1 << (to & 31))) !== 0) return undefined;
    seen[to >> 5] = (seen[to >> 5] as number) | (1 << (to & 31));
    if (to > ranks) ranks = to;
  }
  if (inOrder) return { order: undefined, call, ret, ranks };
  const rowAt = new Int32Array(ranks + 1);
  for (let i = 0; i < count; i++) rowAt[call[i] as number] = i + 1;
  const order = new Int32Array(count);
  for (let rank = 1, next = 0; rank <= ranks; rank++) if (rowAt[rank] !== 0) order[next++] = (rowAt[rank] as number) - 1;
  return { order, call: order.map((row) => call[row] as number), ret: order.map((row) => ret[row] as number), ranks };
}

/** The ranks of any numbers; `Infinity` is a return that never came. */
export function sorted(calls: Float64Array, returns: Float64Array): Ranked {
  const count = calls.length;
  const byCall = orderOf(calls);
  const ended = new Float64Array(count);
  for (let i = 0; i < count; i++) ended[i] = returns[byCall[i] as number] as number;
  const byReturn = orderOf(ended);
  const call = new Int32Array(count);
  const ret = new Int32Array(count);
  let rank = 0;
  let inOrder = true;
  let next = 0;
  for (let i = 0; i < count; i++) {
    const row = byCall[i] as number;
    if (row !== i) inOrder = false;
    for (; next < count && (ended[byReturn[next] as number] as number) < (calls[row] as number); next++)
      ret[byReturn[next] as number] = ++rank;
    call[i] = ++rank;
  }
  for (; next < count; next++) {
    const place = byReturn[next] as number;
    ret[place] = ended[place] === Number.POSITIVE_INFINITY ? NEVER : ++rank;
  }
  return { order: inOrder ? undefined : byCall, call, ret, ranks: rank };
}

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/** The places of numbers in ascending order, equal ones as they stand: a radix sort by the bits, of which the digits that are the same in all numbers cost nothing but a look. */
export function orderOf(numbers: Float64Array): Int32Array {
  const n = numbers.length;
  const low = new Uint32Array(n);
  const high = new Uint32Array(n);
  const bits = new Uint32Array(2);
  const number = new Float64Array(bits.buffer);
  // Which half of a number comes first in memory is the machine's choice.
  number[0] = 1;
  const top = bits[1] === 0 ? 0 : 1;
  for (let i = 0; i < n; i++) {
    // Nought has no sign.
    number[0] = (numbers[i] as number) + 0;
    const h = bits[top] as number;
    const l = bits[1 - top] as number;
    // Of negative numbers all bits turn over, of others the sign: then they stand in the order of their bits.
    const negative = h >>> 31 === 1;
    high[i] = negative ? ~h : h ^ 0x80000000;
    low[i] = negative ? ~l : l;
  }
  let from = new Int32Array(n);
  for (let i = 0; i < n; i++) from[i] = i;
  let to = new Int32Array(n);
  for (const half of [low, high]) {
    for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
      if (!byDigit(half, shift, from, to)) continue;
      const swap = from;
      from = to;
      to = swap;
    }
  }
  return from;
}

/** One pass: `from` by a digit into `to`, or false (and nothing) where the digit is the same in all. */
function byDigit(half: Uint32Array, shift: number, from: Int32Array, to: Int32Array): boolean {
  const places = new Int32Array(DIGITS + 1);
  const n = from.length;
  for (let i = 0; i < n; i++) {
    const digit = ((half[i] as number) >>> shift) & (DIGITS - 1);
    places[digit + 1] = (places[digit + 1] as number) + 1;
  }
  if (places.includes(n, 1)) return false;
  for (let digit = 0; digit < DIGITS; digit++) places[digit + 1] = (places[digit + 1] as number) + (places[digit] as number);
  for (let i = 0; i < n; i++) {
    const item = from[i] as number;
    const digit = ((half[item] as number) >>> shift) & (DIGITS - 1);
    const place = places[digit] as number;
    places[digit] = place + 1;
    to[place] = item;
  }
  return true;
}
