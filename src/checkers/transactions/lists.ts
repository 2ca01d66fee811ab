import type { Judging } from '../model.ts';
import { isRead, type Numbering, ownerOf } from './numbering.ts';
import { Pairs } from './pairs.ts';
import type { Writers } from './writers.ts';

/** An element that stood in the list before: its append is told of where it stands first. */
export const AGAIN = -2;

const EMPTY = new Int32Array();

/**
 * The versions of the lists. A list that was read tells all versions before it ("traceable", Kingsbury & Alvaro section 3): those of a key are the beginnings of its
 * longest read, as long as every other read is one of them. Elements that no read shows come after all of these, since the longest read would show them too.
 */
export interface Lists {
  /** 1 for the keys that hold lists. */
  readonly holds: Uint8Array;
  /** The longest list that was read of each key: a micro-operation, or -1 where no read found an element. */
  readonly longest: Int32Array;
  /** The elements of that list stand from `start[key]` up to `start[key + 1]`, by the micro-operations that appended them: -1 where nobody did that may have happened, or `AGAIN`. */
  readonly start: Int32Array;
  readonly elements: Int32Array;
  /** Where in that list the element of an append stands, or -1; the first place of those that stand there twice. */
  readonly place: Int32Array;
  /** How many elements a read returned; -1 where they are no beginning of the longest list. */
  readonly length: Int32Array;
}

/** The elements that a read returned. */
export function elementsOf(n: Numbering, m: number): Int32Array {
  return n.columns.texts.elements(n.txns.value[m] as number) ?? EMPTY;
}

export function* listsOf(n: Numbering, holds: Uint8Array, writers: Writers): Generator<Judging, Lists> {
  const { txns, columns } = n;
  const moves = txns.f.length;
  const longest = new Int32Array(columns.keys.length).fill(-1);
  const most = new Int32Array(columns.keys.length);
  let reads = 0;
  for (let m = 0; m < moves; m++) {
    if ((m & 0xffff) === 0) yield { done: m, of: moves };
    const key = txns.key[m] as number;
    if (holds[key] === 0 || !isRead(n, m)) continue;
    reads++;
    const { length } = elementsOf(n, m);
    if (length <= (most[key] as number)) continue;
    most[key] = length;
    longest[key] = m;
  }
  const start = new Int32Array(columns.keys.length + 1);
  for (let k = 0; k < columns.keys.length; k++) start[k + 1] = (start[k] as number) + (most[k] as number);
  const lists: Lists = {
    ...{ holds, longest, start },
    elements: new Int32Array(start[columns.keys.length] as number),
    place: new Int32Array(moves).fill(-1),
    length: new Int32Array(moves),
  };
  for (let k = 0; k < columns.keys.length; k++) {
    if ((k & 0xff) === 0) yield { done: k, of: columns.keys.length };
    take(n, lists, writers, k);
  }
  yield* compare(n, lists, reads);
  return lists;
}

/** Looks up who appended each element of a key's longest list. */
function take(n: Numbering, { longest, start, elements, place }: Lists, writers: Writers, key: number): void {
  const m = longest[key] as number;
  if (m < 0) return;
  const codes = elementsOf(n, m);
  const from = start[key] as number;
  for (let p = 0; p < codes.length; p++) {
    const by = writers.of.get(key, codes[p] as number);
    const again = by >= 0 && (place[by] as number) >= 0;
    elements[from + p] = again ? AGAIN : by;
    if (by < 0 || again) continue;
    place[by] = p;
    n.part[ownerOf(n, by)] = 1;
  }
}

/** Tells for every read whether it is a beginning of the longest one. The same list is compared once, however often it was read. */
function* compare(n: Numbering, lists: Lists, reads: number): Generator<Judging, void> {
  const { txns } = n;
  const known = new Pairs(reads);
  for (let m = 0; m < txns.f.length; m++) {
    if ((m & 0xfff) === 0) yield { done: m, of: txns.f.length };
    const key = txns.key[m] as number;
    if (lists.holds[key] === 0 || !isRead(n, m)) continue;
    const code = txns.value[m] as number;
    const before = known.get(key, code);
    if (before >= 0) {
      lists.length[m] = lists.length[before] as number;
      continue;
    }
    known.set(key, code, m);
    const codes = elementsOf(n, m);
    const fits = codes.length === 0 || isBeginning(codes, elementsOf(n, lists.longest[key] as number));
    lists.length[m] = fits ? codes.length : -1;
  }
}

export function isBeginning(part: Int32Array, whole: Int32Array): boolean {
  for (let i = 0; i < part.length; i++) if (part[i] !== whole[i]) return false;
  return true;
}
