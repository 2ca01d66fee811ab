import type { Judging } from '../model.ts';
import { CONCLUDED, type Edges, type Graph, graphOf, VIA } from './graph.ts';
import { ownerOf } from './numbering.ts';
import { isVersion, Orders } from './orders.ts';
import { dueTimes, type Reads } from './schedule.ts';
import { sorted } from './sort.ts';

/** How far ahead in the order of nodes it is known what a node leads to, in powers of two: most follows from what is near, and costs less there. */
const WINDOWS = [256, 4096];
/** So many accesses to a key are looked at behind a version of it. */
const MOST = 512;
/** So many readers of a version are asked one by one whether they come before another. */
const ASKED = 8;

/** A graph with all that could be concluded; no order where that contradicts itself. */
export interface Saturated {
  readonly graph: Graph;
  readonly order: Int32Array | undefined;
  readonly orders: Orders;
}

/**
 * What holds in every order of versions, concluded until nothing new follows: if who wrote a version comes before somebody who wrote or read another version of the same
 * register, the other one is the later, since nobody writes between a write and its reads; and all who read the earlier one come before who wrote the later. (The
 * saturation of Biswas & Enea, OOPSLA 2019, section 4, with anti-dependencies too, as polygraphs have them: Papadimitriou, J. ACM 26(4), 1979.) This finds every contradiction that
 * does not rest on a choice. What nodes lead to is known for so many nodes ahead, in the order of what was over first: what lies further apart mostly follows.
 */
export function* saturate(
  known: Reads,
  edges: Edges,
  graph: Graph,
  order: Int32Array,
  budget: { steps: number },
  windows: readonly number[] = WINDOWS,
): Generator<Judging, Saturated> {
  const orders = new Orders();
  let now: Saturated & { readonly order: Int32Array } = { graph, order, orders };
  for (let i = 0; i < windows.length && budget.steps > 0; ) {
    const before = orders.earlier.length;
    const round = new Round(known, edges, now.graph, orders, windows[i] as number, budget);
    yield* round.run(yield* byDue(known, now.graph, now.order));
    if (orders.earlier.length === before) {
      i++;
      continue;
    }
    const next = yield* graphOf(edges);
    const sequence = yield* sorted(next);
    if (sequence === undefined) return { graph: next, order: undefined, orders };
    now = { graph: next, order: sequence, orders };
  }
  return now;
}

/** The nodes by when they were over if things went in real time: each still behind those that lead to it. */
function* byDue({ n }: Reads, graph: Graph, order: Int32Array): Generator<Judging, Int32Array> {
  const due = yield* dueTimes(n, graph, order);
  const { ranks } = n.columns;
  const at = new Int32Array(ranks + 3);
  const slot = (v: number): number => Math.min(due[v] as number, ranks + 1);
  for (let v = 0; v < due.length; v++) {
    if ((v & 0x7fff) === 0) yield { done: v, of: due.length };
    const next = slot(v) + 1;
    at[next] = (at[next] as number) + 1;
  }
  for (let rank = 0; rank <= ranks + 1; rank++) at[rank + 1] = (at[rank + 1] as number) + (at[rank] as number);
  const found = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) {
    if ((i & 0x7fff) === 0) yield { done: i, of: order.length };
    const v = order[i] as number;
    const place = at[slot(v)] as number;
    found[place] = v;
    at[slot(v)] = place + 1;
  }
  return found;
}

/** One look at all nodes, from the last one back. Bits tell which of those at the next places a node leads to; places that are further away than the window share bits with nearer ones. */
class Round {
  private readonly known: Reads;
  private readonly edges: Edges;
  private readonly graph: Graph;
  private readonly orders: Orders;
  private readonly budget: { steps: number };
  private readonly window: number;
  private readonly words: number;
  private readonly bits: Int32Array;
  private readonly covered: Int32Array;
  private readonly place: Int32Array;
  /** The accesses to each key at later places, the nearest first. */
  private readonly nearest: Int32Array;
  private readonly next: Int32Array;
  /** The first place that shares no bit with those behind the window. */
  private base = 0;

  constructor(known: Reads, edges: Edges, graph: Graph, orders: Orders, most: number, budget: { steps: number }) {
    this.known = known;
    this.edges = edges;
    this.graph = graph;
    this.orders = orders;
    this.budget = budget;
    let window = 32;
    while (window < most && window < graph.nodes) window *= 2;
    this.window = window;
    this.words = window >> 5;
    this.bits = new Int32Array(window * this.words);
    this.covered = new Int32Array(this.words);
    this.place = new Int32Array(graph.nodes);
    this.nearest = new Int32Array(known.registers.holds.length).fill(-1);
    this.next = new Int32Array(known.registers.source.length);
  }

  *run(order: Int32Array): Generator<Judging, void> {
    const { place, budget, graph } = this;
    for (let p = 0; p < order.length; p++) {
      if ((p & 0xffff) === 0) yield { done: p, of: order.length };
      place[order[p] as number] = p;
    }
    this.base = (order.length + 31) & ~31;
    for (let p = order.length - 1; p >= 0 && budget.steps > 0; p--) {
      if ((p & 0x3ff) === 0) yield { done: order.length - p, of: order.length };
      if (p < this.base) this.turn();
      const v = order[p] as number;
      this.spread(v, p);
      if (v < graph.transactions) this.look(v);
    }
  }

  /** Frees the bits of the next places. */
  private turn(): void {
    const { bits, words, window } = this;
    this.base -= 32;
    const word = (this.base & (window - 1)) >> 5;
    for (let row = word; row < window * words; row += words) bits[row] = 0;
  }

  private row(place: number): number {
    return (place & (this.window - 1)) * this.words;
  }

  private isNear(place: number): boolean {
    return place - this.base < this.window;
  }

  /** Whether the node at one place leads to that of a later one, as far as is known. */
  private leads(from: number, to: number): boolean {
    if (to <= from || !this.isNear(to)) return false;
    return (((this.bits[this.row(from) + ((to & (this.window - 1)) >> 5)] as number) >>> (to & 31)) & 1) === 1;
  }

  /** A node leads to itself, and where those lead to which it leads. */
  private spread(v: number, p: number): void {
    const { graph, bits, words, place, budget } = this;
    const own = this.row(p);
    bits.fill(0, own, own + words);
    bits[own + ((p & (this.window - 1)) >> 5)] = 1 << (p & 31);
    const end = graph.start[v + 1] as number;
    for (let e = graph.start[v] as number; e < end; e++) {
      const q = place[graph.to[e] as number] as number;
      if (this.isNear(q)) this.join(own, q);
    }
    budget.steps -= 1 + (((end - (graph.start[v] as number)) * words) >> 6);
  }

  private join(row: number, place: number): void {
    const { bits, words } = this;
    const other = this.row(place);
    for (let w = 0; w < words; w++) bits[row + w] = (bits[row + w] as number) | (bits[other + w] as number);
  }

  /** Concludes what follows from the versions of a transaction, and puts its accesses before all later ones. */
  private look(t: number): void {
    const { known, nearest, next } = this;
    const { n, registers } = known;
    if (n.part[t] !== 1) return;
    const row = n.row[t] as number;
    const from = n.txns.from[row] as number;
    const end = n.txns.from[row + 1] as number;
    for (let m = from; m < end; m++) if (isVersion(this.known, m)) this.conclude(m, t);
    for (let m = from; m < end; m++) {
      if (!isVersion(this.known, m) && (registers.source[m] as number) < 0) continue;
      const key = n.txns.key[m] as number;
      next[m] = nearest[key] as number;
      nearest[key] = m;
    }
  }

  /** The versions that come behind one, but for those that follow from others of them. */
  private conclude(u: number, t: number): void {
    const { known, place, covered, bits, words, next, budget } = this;
    const { n, registers } = known;
    const p = place[t] as number;
    covered.fill(0);
    let looked = 0;
    for (let m = this.nearest[n.txns.key[u] as number] as number; m >= 0 && looked < MOST; m = next[m] as number, looked++) {
      const b = ownerOf(n, m);
      const q = place[b] as number;
      if (!this.isNear(q)) break;
      if ((((covered[(q & (this.window - 1)) >> 5] as number) >>> (q & 31)) & 1) === 1 || !this.leads(p, q)) continue;
      const read = registers.source[m] as number;
      const v = read >= 0 ? read : m;
      if (v === u) continue;
      const w = ownerOf(n, v);
      this.put(u, v, b);
      const at = place[w] as number;
      if (at <= p || !this.isNear(at)) continue;
      this.join(this.row(p), at);
      // What lies behind who wrote it follows; what that transaction itself read before does not.
      const other = this.row(at);
      const own = (at & (this.window - 1)) >> 5;
      const before = covered[own] as number;
      for (let i = 0; i < words; i++) covered[i] = (covered[i] as number) | (bits[other + i] as number);
      covered[own] = (covered[own] as number) & (before | ~(1 << (at & 31)));
    }
    budget.steps -= looked >> 3;
  }

  /** One version before another: unless the graph says so, all who read it, or if nobody did who wrote it, before who wrote the other. */
  private put(u: number, v: number, b: number): void {
    const { n, versions } = this.known;
    const { edges, orders } = this;
    const t = ownerOf(n, u);
    const w = ownerOf(n, v);
    const at = this.place[w] as number;
    let told = this.leads(this.place[t] as number, at);
    let readers = 0;
    let reader = -1;
    for (let r = versions.reads[u] as number; r >= 0; r = versions.nextRead[r] as number) {
      reader = ownerOf(n, r);
      // Who read it and wrote over it stands right behind it.
      if (reader === w) return;
      if (++readers > ASKED || !this.leads(this.place[reader] as number, at)) told = false;
    }
    if (told || !orders.add(u, v, b)) return;
    if (readers < 2) {
      edges.add(readers === 0 ? t : reader, w, CONCLUDED);
      return;
    }
    let helper = orders.behind.get(u);
    if (helper === undefined) {
      helper = edges.helper();
      orders.behind.set(u, helper);
      orders.versionOf.set(helper, u);
      for (let r = versions.reads[u] as number; r >= 0; r = versions.nextRead[r] as number) edges.add(ownerOf(n, r), helper, CONCLUDED);
    }
    edges.add(helper, w, VIA);
  }
}
