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
  for (let key = 0; key < holds.length; key++) {
    if ((key & 0x3ff) === 0) yield { done: key, of: holds.length };
    for (let v = versions.last[key] as number; v >= 0; v = versions.other[v] as number) {
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
  const { holds } = registers;
  for (let key = 0; key < holds.length; key++) {
    if ((key & 0x3f) === 0) yield { done: key, of: holds.length };
    const all: number[] = [];
    for (let v = versions.last[key] as number; v >= 0; v = versions.other[v] as number) all.push(v);
    if (all.length < 2) continue;
    const byFirst = all
      .filter((v) => spans.first[v] !== NEVER)
      .sort((a, b) => (spans.first[a] as number) - (spans.first[b] as number) || a - b);
    const byLast = all.sort((a, b) => (spans.last[a] as number) - (spans.last[b] as number) || a - b);
    later(n, registers, versions, spans, edges, byFirst, byLast);
  }
}

/**
 * A chain of helpers along the versions by their first return: who wrote or read the i-th enters at the i-th helper, and a version leaves the chain behind the last whose first
 * return comes before its own last call. A version must not meet itself there: where it stands before that place it leaves the chain before itself, and what lies
 * between is joined one by one. Those are few, unless there is a contradiction: then the first will do.
 */
function later(
  n: Numbering,
  registers: Registers,
  versions: Versions,
  spans: Spans,
  edges: Edges,
  byFirst: readonly number[],
  byLast: readonly number[],
): void {
  const place = new Map(byFirst.map((v, i) => [v, i]));
  const helpers = byFirst.map((v, i) => {
    const helper = edges.helper();
    if (i > 0) edges.add(helper - 1, helper, VIA);
    enter(n, registers, versions, edges, v, helper);
    return helper;
  });
  let end = 0;
  for (const w of byLast) {
    const last = spans.last[w] as number;
    while (end < byFirst.length && (spans.first[byFirst[end] as number] as number) < last) end++;
    const own = place.get(w) ?? end;
    const exit = Math.min(own, end) - 1;
    if (exit >= 0) edges.add(helpers[exit] as number, ownerOf(n, w), VIA);
    for (let i = own + 1; i < end && i <= own + MOST; i++) {
      const v = byFirst[i] as number;
      enter(n, registers, versions, edges, v, ownerOf(n, w));
      if ((spans.first[w] as number) < (spans.last[v] as number)) break;
    }
  }
  ownVersions(n, registers, versions, spans, edges, byLast);
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
function ownVersions(
  n: Numbering,
  { wrote, source }: Registers,
  { reads, nextRead }: Versions,
  spans: Spans,
  edges: Edges,
  byLast: readonly number[],
): void {
  for (const v of byLast) {
    for (let r = reads[v] as number; r >= 0; r = nextRead[r] as number) {
      const own = wrote[r] as number;
      if (own < 0 || source[r] !== v) continue;
      const t = ownerOf(n, r);
      let at = firstAfter(spans, byLast, spans.first[v] as number);
      for (let i = 0; at < byLast.length && i < MOST; at++, i++) {
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
function firstAfter(spans: Spans, byLast: readonly number[], moment: number): number {
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
