import { RW, WR, WW } from './graph.ts';
import { elementsOf, type Lists } from './lists.ts';
import { isRead, isUpdate, type Numbering, ownerOf } from './numbering.ts';
import type { Step } from './paths.ts';
import { type Clause, keyed, movesOf, named, value, valued, whose } from './words.ts';
import type { Writers } from './writers.ts';

/**
 * Why one transaction comes before another, as far as lists tell; undefined where they do not. `among` are rows that are told of anyway: where one of them proves the
 * order of two elements no other is brought in.
 */
export function listClause(n: Numbering, lists: Lists, writers: Writers, step: Step, among: ReadonlySet<number>): Clause | undefined {
  const { from, to, kind } = step;
  if (kind === WR) {
    for (const m of movesOf(n, to)) {
      if (lists.holds[n.txns.key[m] as number] === 0 || !isRead(n, m)) continue;
      const last = elementsOf(n, m).at(-1);
      const by = last === undefined ? -1 : writers.of.get(n.txns.key[m] as number, last);
      if (by >= 0 && ownerOf(n, by) === from)
        return {
          text: `${named(n, n.row[to] as number)} read ${value(n, by)} in ${keyed(n, m)}, which ${whose(n, by)} appended`,
          rows: [],
        };
    }
    return undefined;
  }
  for (const m of movesOf(n, to)) {
    if (lists.holds[n.txns.key[m] as number] === 0 || !isUpdate(n, m)) continue;
    const clause = kind === WW ? appendClause(n, lists, from, m, among) : kind === RW ? missClause(n, lists, writers, from, m) : undefined;
    if (clause !== undefined) return clause;
  }
  return undefined;
}

/** How many elements the longest list had before an append. */
function before(n: Numbering, lists: Lists, m: number): number {
  const key = n.txns.key[m] as number;
  const place = lists.place[m] as number;
  return place < 0 ? (lists.start[key + 1] as number) - (lists.start[key] as number) : place;
}

function appendClause(n: Numbering, lists: Lists, from: number, m: number, among: ReadonlySet<number>): Clause | undefined {
  const key = n.txns.key[m] as number;
  const place = before(n, lists, m);
  const by = place === 0 ? -1 : (lists.elements[(lists.start[key] as number) + place - 1] as number);
  if (by < 0 || ownerOf(n, by) !== from) return undefined;
  const text = `${whose(n, by)} appended ${value(n, by)} to ${keyed(n, m)} before ${whose(n, m)} appended ${value(n, m)}`;
  const proof = proofOf(n, lists, key, place, among);
  return { text, rows: proof === undefined ? [] : [proof] };
}

/** A read that shows that many elements, and so which stands behind which: the shortest, or one of those told of anyway. */
function proofOf(n: Numbering, lists: Lists, key: number, length: number, among: ReadonlySet<number>): number | undefined {
  let best = -1;
  for (let m = 0; m < n.txns.f.length; m++) {
    if (n.txns.key[m] !== key || !isRead(n, m) || (lists.length[m] as number) < length) continue;
    if (among.has(n.rowOf[m] as number)) return undefined;
    if (best < 0 || (lists.length[m] as number) < (lists.length[best] as number)) best = m;
  }
  return best < 0 ? undefined : (n.rowOf[best] as number);
}

/** That a read misses an element puts it before the append, whatever else stands there. */
function missClause(n: Numbering, lists: Lists, writers: Writers, from: number, m: number): Clause | undefined {
  const key = n.txns.key[m] as number;
  const place = before(n, lists, m);
  for (const r of movesOf(n, from)) {
    if (n.txns.key[r] !== key || !isRead(n, r)) continue;
    const last = elementsOf(n, r).at(-1);
    const by = last === undefined ? -1 : writers.of.get(key, last);
    const length = (lists.length[r] as number) >= 0 ? (lists.length[r] as number) : by < 0 ? -1 : (lists.place[by] as number) + 1;
    if (length !== place) continue;
    return {
      text: `${whose(n, r)} read ${valued(n, n.txns.value[r] as number)} from ${keyed(n, r)}, without ${value(n, m)} of ${whose(n, m)}`,
      rows: [],
    };
  }
  return undefined;
}
