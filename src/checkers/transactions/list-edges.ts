import type { Judging } from '../model.ts';
import { type Edges, joinAll, RW, WR, WW } from './graph.ts';
import { elementsOf, type Lists } from './lists.ts';
import { isRead, isUpdate, type Numbering, ownerOf } from './numbering.ts';
import type { Writers } from './writers.ts';

/**
 * Adya's dependencies between transactions that hold lists (Kingsbury & Alvaro, section 4.3). An append comes after the one whose element stands before its own (ww) and
 * after all reads that end there (rw); a read comes after the append of its last element (wr). Elements that no read shows come after the whole longest list: after
 * the append of its last element and after all reads of all of it. Among themselves nobody can tell, and any order will do.
 */
export function* listEdges(n: Numbering, lists: Lists, writers: Writers, edges: Edges): Generator<Judging, void> {
  const { txns } = n;
  const moves = txns.f.length;
  const keys = lists.holds.length;
  // Chains, by key, of the reads of all of the longest list and of the appends that no read shows.
  const full = new Int32Array(keys).fill(-1);
  const unseen = new Int32Array(keys).fill(-1);
  const chain = new Int32Array(moves).fill(-1);
  for (let m = 0; m < moves; m++) {
    if ((m & 0x3fff) === 0) yield { done: m, of: moves };
    const key = txns.key[m] as number;
    const t = ownerOf(n, m);
    if (lists.holds[key] === 0 || t < 0) continue;
    if (isUpdate(n, m)) {
      const place = lists.place[m] as number;
      if (place < 0) {
        chain[m] = unseen[key] as number;
        unseen[key] = m;
      }
      const end = lists.start[key + 1] as number;
      const before = place < 0 ? end - 1 : (lists.start[key] as number) + place - 1;
      const by = before < (lists.start[key] as number) ? -1 : (lists.elements[before] as number);
      if (by >= 0) edges.add(ownerOf(n, by), t, WW);
    } else if (isRead(n, m)) {
      readEdges(n, lists, writers, edges, m);
      if (lists.length[m] !== (lists.start[key + 1] as number) - (lists.start[key] as number)) continue;
      chain[m] = full[key] as number;
      full[key] = m;
    }
  }
  for (let key = 0; key < keys; key++) {
    if ((key & 0xfff) === 0) yield { done: key, of: keys };
    joinAll(edges, owners(n, chain, full[key] as number), owners(n, chain, unseen[key] as number), RW);
  }
}

function readEdges(n: Numbering, lists: Lists, writers: Writers, edges: Edges, m: number): void {
  const key = n.txns.key[m] as number;
  const t = ownerOf(n, m);
  let length = lists.length[m] as number;
  if (length !== 0) {
    const codes = elementsOf(n, m);
    const last = writers.of.get(key, codes[codes.length - 1] as number);
    if (last < 0) return;
    const by = ownerOf(n, last);
    // Behind its own last append the transaction reads what it installs itself: that it comes before the next is a ww.
    if (by === t) return;
    edges.add(by, t, WR);
    // A read that is no beginning of the longest one is taken for the beginning that ends as it does.
    if (length < 0) length = (lists.place[last] as number) + 1;
    if (length === 0) return;
  }
  const place = (lists.start[key] as number) + length;
  if (place >= (lists.start[key + 1] as number)) return;
  const next = lists.elements[place] as number;
  if (next >= 0) edges.add(t, ownerOf(n, next), RW);
}

/** The transactions of a chain of micro-operations, which runs from the last one back. */
function owners(n: Numbering, chain: Int32Array, last: number): readonly number[] {
  const found: number[] = [];
  for (let m = last; m >= 0; m = chain[m] as number) found.push(ownerOf(n, m));
  return found;
}
