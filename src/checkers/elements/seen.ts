import { ADD, APPEND, type Columns, FAIL, OK, READ, REMOVE } from '../../history/columns.ts';
import { Pairs } from '../pairs.ts';
import { byKey, type Groups, grouped } from '../rows.ts';

const NONE = -1;
const NO_ELEMENTS = new Int32Array(0);

/**
 * What the reads of sets and lists show of every element that somebody added. Elements are numbered over all keys; -1 stands for no row.
 */
export interface Seen {
  readonly keyed: Groups;
  readonly size: number;
  readonly key: Int32Array;
  /** The first add (append) of it that may have happened, and the one that was acknowledged first. */
  readonly added: Int32Array;
  readonly acked: Int32Array;
  /** Somebody may have removed it: then its absence says nothing. */
  readonly removed: Uint8Array;
  /** Of the ok reads that show it the one that returned first and the one that was called last. */
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** How often a read may show it: once, or in a list as often as it may have been appended. */
  readonly most: Int32Array;
  /** For each element an ok read that shows it more often. */
  readonly twice: Int32Array;
  /** For each key an ok read that shows what nobody had begun to add before it returned, and the codes of those elements. */
  readonly phantom: Int32Array;
  readonly phantomCode: Int32Array;
  readonly phantoms: Int32Array;
  readonly pairs: Pairs;
}

/** The elements that an ok read shows; of "no value" none. */
export function shownBy({ value, texts }: Columns, row: number): Int32Array {
  return texts.elements(value[row] as number) ?? NO_ELEMENTS;
}

/** One pass over the adds and one over what was read: linear in the number of operations and the lengths of the reads. */
export function* seenIn(columns: Columns, wanted: Uint8Array): Generator<{ done: number; of: number }, Seen> {
  const pairs = new Pairs();
  const { count, key, effect, status, value } = columns;
  for (let i = 0; i < count; i++) {
    const adds = effect[i] === ADD || effect[i] === APPEND;
    if (adds && status[i] !== FAIL && wanted[key[i] as number] === 1) pairs.add(key[i] as number, value[i] as number);
  }
  const rows = (): Int32Array => new Int32Array(pairs.size).fill(NONE);
  const keys = (): Int32Array => new Int32Array(columns.keys.length).fill(NONE);
  const seen: Seen = {
    ...{ keyed: byKey(columns), size: pairs.size, key: new Int32Array(pairs.size), pairs, added: rows(), acked: rows(), first: rows() },
    ...{ last: rows(), twice: rows(), removed: new Uint8Array(pairs.size), most: new Int32Array(pairs.size) },
    ...{ phantom: keys(), phantomCode: keys(), phantoms: new Int32Array(columns.keys.length) },
  };
  changes(columns, seen);
  const stamp = rows();
  const times = new Int32Array(pairs.size);
  for (let i = 0; i < count; i++) {
    if (effect[i] !== READ || status[i] !== OK || wanted[key[i] as number] !== 1) continue;
    show(columns, seen, stamp, times, i);
    if ((i & 0xff) === 0) yield { done: i, of: count };
  }
  return seen;
}

function changes({ count, key, effect, status, value, ret }: Columns, { pairs, key: keyOf, added, acked, removed, most }: Seen): void {
  for (let i = 0; i < count; i++) {
    const does = effect[i] as number;
    if (does === READ || status[i] === FAIL) continue;
    const e = pairs.find(key[i] as number, value[i] as number);
    if (e < 0) continue;
    if (does === REMOVE) {
      removed[e] = 1;
      continue;
    }
    keyOf[e] = key[i] as number;
    most[e] = does === APPEND ? (most[e] as number) + 1 : 1;
    if (added[e] === NONE) added[e] = i;
    const before = acked[e] as number;
    if (status[i] === OK && (before === NONE || (ret[i] as number) < (ret[before] as number))) acked[e] = i;
  }
}

function show(columns: Columns, seen: Seen, stamp: Int32Array, times: Int32Array, row: number): void {
  const { key, call, ret } = columns;
  const k = key[row] as number;
  // Made only where something is wrong.
  let strange: Set<number> | undefined;
  for (const code of shownBy(columns, row)) {
    const e = seen.pairs.find(k, code);
    if (e < 0 || (call[seen.added[e] as number] as number) > (ret[row] as number)) {
      strange ??= new Set();
      if (!strange.has(code)) {
        strange.add(code);
        seen.phantoms[k] = (seen.phantoms[k] as number) + 1;
        if (seen.phantom[k] === NONE) {
          seen.phantom[k] = row;
          seen.phantomCode[k] = code;
        }
      }
    }
    if (e < 0) continue;
    times[e] = stamp[e] === row ? (times[e] as number) + 1 : 1;
    if ((times[e] as number) > (seen.most[e] as number) && seen.twice[e] === NONE) seen.twice[e] = row;
    stamp[e] = row;
    const first = seen.first[e] as number;
    if (first === NONE || (ret[row] as number) < (ret[first] as number)) seen.first[e] = row;
    // Rows are in order of invocation.
    seen.last[e] = row;
  }
}

/**
 * For each element the ok read that was called last among those that were called after the rank `known` of the element and do not show it;
 * -1 where there is none. Goes over the reads from the last one backwards: what stays undecided after a read is what that read shows, so
 * all of it takes no longer than reading the reads.
 */
export function* missedIn(columns: Columns, seen: Seen, known: Int32Array): Generator<{ done: number; of: number }, Int32Array> {
  const { effect, status, call } = columns;
  const { from, rows } = seen.keyed;
  const missed = new Int32Array(seen.size).fill(NONE);
  const stamp = new Int32Array(seen.size).fill(NONE);
  const elements = grouped(seen.key, columns.keys.length);
  for (let k = 0; k < columns.keys.length; k++) {
    let open = elements.rows.slice(elements.from[k], elements.from[k + 1]);
    for (let j = (from[k + 1] as number) - 1; j >= (from[k] as number) && open.length > 0; j--) {
      const row = rows[j] as number;
      if (effect[row] !== READ || status[row] !== OK) continue;
      if ((j & 0xff) === 0) yield { done: j, of: rows.length };
      for (const code of shownBy(columns, row)) {
        const e = seen.pairs.find(k, code);
        if (e >= 0) stamp[e] = row;
      }
      let kept = 0;
      for (const e of open) {
        if ((known[e] as number) >= (call[row] as number)) continue;
        if (stamp[e] === row) open[kept++] = e;
        else missed[e] = row;
      }
      open = open.subarray(0, kept);
    }
  }
  return missed;
}
