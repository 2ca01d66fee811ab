import type { Judging } from '../model.ts';

/**
 * Why one transaction comes before another (Adya 1999, section 4.4.1): it installed the version before the one that the other installed (ww), installed the version
 * that the other read (wr), read the version before the one that the other installed (rw: an anti-dependency), or had ended before the other began. A bit each, the
 * plainest first.
 */
export const WW = 1;
export const WR = 2;
export const RW = 4;
/** The order of the versions follows from real time. */
export const WW_IN_TIME = 8;
export const RW_IN_TIME = 16;
export const TIME = 32;
/** Out of a node that stands for no transaction: it goes on what an edge of another kind began, and is no step by itself. */
export const VIA = 64;
/** A version comes before another because otherwise all would be contradicted. */
export const CONCLUDED = 128;
export const DATA = WW | WR | RW;
/** What only real time tells. */
export const TIMED = WW_IN_TIME | RW_IN_TIME | TIME;

/**
 * Edges as they are found. Nodes from 0 are transactions; those that `helper` gives stand between many transactions and many others, so that "each of these before
 * each of those" costs the sum and not the product of their numbers.
 */
export class Edges {
  nodes: number;
  count = 0;
  from = new Int32Array(1024);
  to = new Int32Array(1024);
  kind = new Uint8Array(1024);
  readonly transactions: number;

  constructor(transactions: number) {
    this.transactions = transactions;
    this.nodes = transactions;
  }

  helper(): number {
    return this.nodes++;
  }

  /** Of a transaction before itself nothing is kept. */
  add(from: number, to: number, kind: number): void {
    if (from === to) return;
    if (this.count === this.from.length) this.grow();
    this.from[this.count] = from;
    this.to[this.count] = to;
    this.kind[this.count++] = from < this.transactions ? kind : VIA;
  }

  /** Leaves the first so many nodes and edges. */
  forget(nodes: number, count: number): void {
    this.nodes = nodes;
    this.count = count;
  }

  private grow(): void {
    const size = this.count * 2;
    const from = new Int32Array(size);
    from.set(this.from);
    this.from = from;
    const to = new Int32Array(size);
    to.set(this.to);
    this.to = to;
    const kind = new Uint8Array(size);
    kind.set(this.kind);
    this.kind = kind;
  }
}

/** Successors in one array: those of node v stand from `start[v]` up to `start[v + 1]`, each once, with all the kinds of edges to it. */
export interface Graph {
  readonly nodes: number;
  readonly transactions: number;
  readonly start: Int32Array;
  readonly to: Int32Array;
  readonly kind: Uint8Array;
}

/** So many edges are looked at between two looks of those who watch, less one; a power of two less one. */
const STRIDE = 0x7fff;

export function* graphOf(edges: Edges): Generator<Judging, Graph> {
  const { nodes, transactions, count } = edges;
  const start = new Int32Array(nodes + 1);
  for (let e = 0; e < count; e++) {
    if ((e & STRIDE) === 0) yield { done: 0, of: count };
    const next = (edges.from[e] as number) + 1;
    start[next] = (start[next] as number) + 1;
  }
  for (let v = 0; v < nodes; v++) {
    if ((v & STRIDE) === 0) yield { done: 0, of: count };
    start[v + 1] = (start[v + 1] as number) + (start[v] as number);
  }
  const to = new Int32Array(count);
  const kind = new Uint8Array(count);
  const at = start.slice(0, nodes);
  for (let e = 0; e < count; e++) {
    if ((e & STRIDE) === 0) yield { done: e, of: count };
    const v = edges.from[e] as number;
    const place = at[v] as number;
    at[v] = place + 1;
    to[place] = edges.to[e] as number;
    kind[place] = edges.kind[e] as number;
  }
  return yield* withoutRepeats({ nodes, transactions, start, to, kind });
}

/** Repeats of an edge fall together in place: `last` remembers where the edge of this node to each other one stands. */
function* withoutRepeats({ nodes, transactions, start, to, kind }: Graph): Generator<Judging, Graph> {
  const last = new Int32Array(nodes).fill(-1);
  let kept = 0;
  for (let v = 0; v < nodes; v++) {
    if ((v & STRIDE) === 0) yield { done: v, of: nodes };
    const from = start[v] as number;
    const end = start[v + 1] as number;
    const first = kept;
    start[v] = first;
    for (let e = from; e < end; e++) {
      const w = to[e] as number;
      const known = last[w] as number;
      if (known >= first) {
        kind[known] = (kind[known] as number) | (kind[e] as number);
        continue;
      }
      last[w] = kept;
      to[kept] = w;
      kind[kept++] = kind[e] as number;
    }
  }
  start[nodes] = kept;
  return { nodes, transactions, start, to: to.subarray(0, kept), kind: kind.subarray(0, kept) };
}

/** So many pairs are joined one by one. */
const PAIRWISE = 16;

/**
 * Each of `before` comes before each of `after`, itself aside. Transactions that stand on both sides exclude each other, and would go through a helper to themselves:
 * they are kept out of it on one side each, and joined through the first of them.
 */
export function joinAll(edges: Edges, before: readonly number[], after: readonly number[], kind: number): void {
  if (before.length * after.length <= PAIRWISE) {
    for (const u of before) for (const v of after) edges.add(u, v, kind);
    return;
  }
  const first = new Set(before);
  const both = [...new Set(after.filter((v) => first.has(v)))];
  const twice = new Set(both);
  through(
    edges,
    before,
    after.filter((v) => !twice.has(v)),
    kind,
  );
  through(
    edges,
    before.filter((u) => !twice.has(u)),
    both,
    kind,
  );
  const [hub] = both;
  for (const v of both) {
    edges.add(hub as number, v, kind);
    edges.add(v, hub as number, kind);
  }
}

function through(edges: Edges, before: readonly number[], after: readonly number[], kind: number): void {
  if (before.length === 0 || after.length === 0) return;
  const helper = edges.helper();
  for (const u of before) edges.add(u, helper, kind);
  for (const v of after) edges.add(helper, v, VIA);
}
