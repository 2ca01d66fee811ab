import { NEVER } from '../../history/columns.ts';
import type { Judging } from '../model.ts';
import { type Edges, RW_IN_TIME, VIA, WW_IN_TIME } from './graph.ts';
import { type Numbering, ownerOf } from './numbering.ts';
import type { Versions } from './register-edges.ts';
import type { Registers } from './registers.ts';

/** Real time can put one version before several: up to so many a version are written down one by one. */
const MOST = 32;

/**
 * Which versions of a register real time puts before which: v before w where a transaction that wrote or read v had ended before one that wrote or read w began. (Zones:
 * Gibbons & Korach, SIAM J. Comput. 26(4), 1997; Elle's "linearizable keys", which suppose no more than strict serializability does. Without real time none of this holds.)
 */
export interface Spans {
  /** For each version, by its write: the first return and the last call among the transactions that wrote and read it. */
  readonly first: Int32Array;
  readonly last: Int32Array;
}

export function* spansOf(n: Numbering, holds: Uint8Array, versions: Versions): Generator<Judging, Spans> {
  const moves = n.txns.f.length;
  const spans: Spans = { first: new Int32Array(moves), last: new Int32Array(moves) };
  let looked = 0;
  for (let key = 0; key < holds.length; key++) {
    for (let v = versions.last[key] as number; v >= 0; v = versions.other[v] as number) {
      if ((++looked & 0x3fff) === 0) yield { done: key, of: holds.length };
      const t = ownerOf(n, v);
      let first = n.ret[t] as number;
      let last = n.call[t] as number;
      for (let r = versions.reads[v] as number; r >= 0; r = versions.nextRead[r] as number) {
        const reader = ownerOf(n, r);
        if ((n.ret[reader] as number) < first) first = n.ret[reader] as number;
        if ((n.call[reader] as number) > last) last = n.call[reader] as number;
      }
      spans.first[v] = first;
      spans.last[v] = last;
    }
  }
  return spans;
}

/** Who wrote or read a version comes before who wrote a later one. */
export function* registerTimeEdges(
  n: Numbering,
  registers: Registers,
  versions: Versions,
  spans: Spans,
  edges: Edges,
): Generator<Judging, void> {
  const firsts = yield* byMoment(n, spans.first, registers.holds.length);
  const lasts = yield* byMoment(n, spans.last, registers.holds.length);
  const place = new Int32Array(n.txns.f.length).fill(-1);
  for (let key = 0; key < registers.holds.length; key++) {
    const byLast = lasts.of.subarray(lasts.start[key], lasts.start[key + 1]);
    if (byLast.length < 2) continue;
    const byFirst = firsts.of.subarray(firsts.start[key], firsts.start[key + 1]);
    yield* later(n, registers, versions, spans, edges, byFirst, byLast, place);
    yield* ownVersions(n, registers, versions, spans, edges, byLast);
  }
}

/** The versions of each key in order of some moment, which all of them have but those of moment 0 or `NEVER`: dealt out by rank, so that nothing is compared. */
function* byMoment(
  { columns, txns }: Numbering,
  moment: Int32Array,
  keys: number,
): Generator<Judging, { readonly start: Int32Array; readonly of: Int32Array }> {
  const at = new Int32Array(columns.ranks + 1).fill(-1);
  const next = new Int32Array(moment.length);
  const start = new Int32Array(keys + 1);
  for (let m = moment.length - 1; m >= 0; m--) {
    if ((m & 0x7fff) === 0) yield { done: 0, of: columns.ranks };
    const rank = moment[m] as number;
    if (rank === 0 || rank === NEVER) continue;
    next[m] = at[rank] as number;
    at[rank] = m;
    const after = (txns.key[m] as number) + 1;
    start[after] = (start[after] as number) + 1;
  }
  for (let key = 0; key < keys; key++) start[key + 1] = (start[key + 1] as number) + (start[key] as number);
  const of = new Int32Array(start[keys] as number);
  const free = start.slice();
  for (let rank = 1; rank <= columns.ranks; rank++) {
    if ((rank & 0x7fff) === 0) yield { done: rank, of: columns.ranks };
    for (let m = at[rank] as number; m >= 0; m = next[m] as number) {
      const key = txns.key[m] as number;
      of[free[key] as number] = m;
      free[key] = (free[key] as number) + 1;
    }
  }
  return { start, of };
}

/**
 * A chain of helpers along the versions by their first return: who wrote or read the i-th enters at the i-th helper, and a version leaves the chain behind the last whose first
 * return comes before its own last call. A version must not meet itself there: where it stands before that place it leaves the chain before itself, and what lies
 * between is joined one by one. Those are few, unless there is a contradiction: then the first will do.
 */
function* later(
  n: Numbering,
  registers: Registers,
  versions: Versions,
  spans: Spans,
  edges: Edges,
  byFirst: Int32Array,
  byLast: Int32Array,
  place: Int32Array,
): Generator<Judging, void> {
  const first = edges.nodes;
  for (let i = 0; i < byFirst.length; i++) {
    if ((i & 0xfff) === 0) yield { done: i, of: byFirst.length };
    const v = byFirst[i] as number;
    place[v] = i;
    const helper = edges.helper();
    if (i > 0) edges.add(helper - 1, helper, VIA);
    enter(n, registers, versions, edges, v, helper);
  }
  let end = 0;
  for (let j = 0; j < byLast.length; j++) {
    if ((j & 0xfff) === 0) yield { done: j, of: byLast.length };
    const w = byLast[j] as number;
    const last = spans.last[w] as number;
    while (end < byFirst.length && (spans.first[byFirst[end] as number] as number) < last) end++;
    const own = (place[w] as number) < 0 ? end : (place[w] as number);
    const exit = Math.min(own, end) - 1;
    if (exit >= 0) edges.add(first + exit, ownerOf(n, w), VIA);
    for (let i = own + 1; i < end && i <= own + MOST; i++) {
      const v = byFirst[i] as number;
      enter(n, registers, versions, edges, v, ownerOf(n, w));
      if ((spans.first[w] as number) < (spans.last[v] as number)) break;
    }
  }
}

/** Whoever wrote or read a version, before a node. Who read it and wrote the next would meet itself behind it: its own version speaks for it. */
function enter(n: Numbering, { wrote }: Registers, { reads, nextRead }: Versions, edges: Edges, version: number, node: number): void {
  edges.add(ownerOf(n, version), node, WW_IN_TIME);
  for (let r = reads[version] as number; r >= 0; r = nextRead[r] as number) {
    if ((wrote[r] as number) < 0) edges.add(ownerOf(n, r), node, RW_IN_TIME);
  }
}

/**
 * What a transaction wrote right over the version that it had read comes before all that comes after that version. Where its own version had been written or read before
 * those were last touched the chain says so; here are the others.
 */
function* ownVersions(
  n: Numbering,
  { wrote }: Registers,
  { reads, nextRead }: Versions,
  spans: Spans,
  edges: Edges,
  byLast: Int32Array,
): Generator<Judging, void> {
  for (let i = 0; i < byLast.length; i++) {
    if ((i & 0xfff) === 0) yield { done: i, of: byLast.length };
    const v = byLast[i] as number;
    for (let r = reads[v] as number; r >= 0; r = nextRead[r] as number) {
      const own = wrote[r] as number;
      if (own < 0) continue;
      const t = ownerOf(n, r);
      let at = firstAfter(spans, byLast, spans.first[v] as number);
      for (let looked = 0; at < byLast.length && looked < MOST; at++, looked++) {
        const w = byLast[at] as number;
        if ((spans.last[w] as number) > (spans.first[own] as number)) break;
        if (w === own || w === v) continue;
        edges.add(t, ownerOf(n, w), WW_IN_TIME);
        if ((spans.first[w] as number) < (spans.last[v] as number)) break;
      }
    }
  }
}

/** The place of the first version whose last call comes after a moment. */
function firstAfter(spans: Spans, byLast: Int32Array, moment: number): number {
  let lo = 0;
  let hi = byLast.length;
  while (lo < hi) {
    const middle = (lo + hi) >> 1;
    if ((spans.last[byLast[middle] as number] as number) > moment) hi = middle;
    else lo = middle + 1;
  }
  return lo;
}

/** Why real time puts the version of one transaction before that of another: a key, the two versions, and who touched which when. */
export interface TimeProof {
  readonly earlier: number;
  readonly later: number;
  readonly ended: number;
  readonly began: number;
}

/** The proof that a version comes before another, if real time has one. */
export function proofInTime(
  n: Numbering,
  { reads, nextRead }: Versions,
  spans: Spans,
  earlier: number,
  later: number,
): TimeProof | undefined {
  if ((spans.first[earlier] as number) >= (spans.last[later] as number)) return undefined;
  const touching = function* (v: number): Generator<number> {
    yield ownerOf(n, v);
    for (let r = reads[v] as number; r >= 0; r = nextRead[r] as number) yield ownerOf(n, r);
  };
  const ended = [...touching(earlier)].find((t) => n.ret[t] === spans.first[earlier]);
  const began = [...touching(later)].find((t) => n.call[t] === spans.last[later]);
  return ended === undefined || began === undefined ? undefined : { earlier, later, ended, began };
}
