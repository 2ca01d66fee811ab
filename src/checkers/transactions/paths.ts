import type { Judging } from '../model.ts';
import { type Graph, VIA } from './graph.ts';

/** One transaction before another, and why: one of the kinds of edges. */
export interface Step {
  readonly from: number;
  readonly to: number;
  readonly kind: number;
}

/** Nodes that searches may still look at. */
export interface Fuel {
  left: number;
}

/** Shortest paths between transactions of one group; its arrays serve all searches one after the other. */
export class Paths {
  private readonly graph: Graph;
  private readonly distance: Int32Array;
  private readonly before: Int32Array;
  private readonly edge: Int32Array;
  private readonly touched: number[] = [];

  constructor(graph: Graph) {
    this.graph = graph;
    this.distance = new Int32Array(graph.nodes).fill(-1);
    this.before = new Int32Array(graph.nodes);
    this.edge = new Int32Array(graph.nodes);
  }

  /**
   * The nodes of a shortest path inside the group of `target`, as edges; undefined where there is none or the fuel ends. Leaving a helper costs nothing, leaving a
   * transaction one: what is reached by steps of one cost waits until nothing of this cost is left.
   */
  *find(source: number, target: number, kinds: number, inside: Int32Array, fuel: Fuel): Generator<Judging, readonly number[] | undefined> {
    for (const v of this.touched) this.distance[v] = -1;
    this.touched.length = 0;
    const { start, to, kind, transactions } = this.graph;
    const mask = kinds | VIA;
    const group = inside[target];
    let now = [source];
    this.reach(source, 0, -1, -1);
    for (let cost = 0; now.length > 0; cost++) {
      const later: number[] = [];
      for (let i = 0; i < now.length; i++) {
        const v = now[i] as number;
        if (this.distance[v] !== cost) continue;
        if (v === target) return this.back(target);
        if (--fuel.left < 0) return undefined;
        if ((fuel.left & 0xfff) === 0) yield { done: 0, of: fuel.left };
        const price = v < transactions ? 1 : 0;
        const end = start[v + 1] as number;
        for (let e = start[v] as number; e < end; e++) {
          const w = to[e] as number;
          if (((kind[e] as number) & mask) === 0 || inside[w] !== group) continue;
          const known = this.distance[w] as number;
          if (known >= 0 && known <= cost + price) continue;
          this.reach(w, cost + price, v, e);
          (price === 0 ? now : later).push(w);
        }
      }
      now = later;
    }
    return undefined;
  }

  private reach(v: number, cost: number, before: number, edge: number): void {
    if ((this.distance[v] as number) < 0) this.touched.push(v);
    this.distance[v] = cost;
    this.before[v] = before;
    this.edge[v] = edge;
  }

  private back(target: number): readonly number[] {
    const edges: number[] = [];
    for (let v = target; (this.before[v] as number) >= 0; v = this.before[v] as number) edges.push(this.edge[v] as number);
    return edges.reverse();
  }

  /** Edges one after the other, from the transaction `from` on, as steps between transactions. An edge of several kinds counts as the plainest that is allowed. */
  steps(from: number, edges: readonly number[], kinds: number): readonly Step[] {
    const { to, kind, transactions } = this.graph;
    const steps: Step[] = [];
    let at = from;
    let why = 0;
    for (const e of edges) {
      if (why === 0) {
        const possible = (kind[e] as number) & kinds;
        why = possible & -possible;
      }
      const w = to[e] as number;
      if (w >= transactions) continue;
      steps.push({ from: at, to: w, kind: why });
      at = w;
      why = 0;
    }
    return steps;
  }
}
