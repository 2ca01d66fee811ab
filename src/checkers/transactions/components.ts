import type { Judging } from '../model.ts';
import { type Graph, VIA } from './graph.ts';

/** Groups of nodes each of which can be reached from each other: those of two and more, each from its first node on in `nodes`. */
export interface Components {
  /** The group of each node, from 0; -1 for a node that is alone. */
  readonly of: Int32Array;
  readonly count: number;
  /** The nodes of group c stand from `start[c]` up to `start[c + 1]`. */
  readonly start: Int32Array;
  readonly nodes: Int32Array;
  /** When each node's group, or the node alone, was done, from 1: where one node leads to another, the other one is done no later. */
  readonly done: Int32Array;
}

/**
 * Strongly connected components over the edges of some kinds (Tarjan, SIAM J. Comput. 1(2), 1972), with an explicit stack: a path may be as long as the history. `within`
 * names the nodes to look at, where not all are, and `inside` the group of each node: edges from one group to another then do not count.
 */
export function* componentsOf(graph: Graph, kinds: number, within?: Int32Array, inside?: Int32Array): Generator<Judging, Components> {
  const search = new Tarjan(graph, kinds | VIA, inside);
  const roots = within?.length ?? graph.nodes;
  for (let r = 0; r < roots; r++) {
    if ((r & 0x3fff) === 0) yield { done: r, of: roots };
    if (!search.enter(within === undefined ? r : (within[r] as number))) continue;
    for (let i = 1; search.step(); i++) if ((i & 0x3fff) === 0) yield { done: r, of: roots };
  }
  return search.found;
}

class Tarjan {
  private readonly of: Int32Array;
  private readonly done: Int32Array;
  /** When a node was met, from 1; -1 once its group is known. */
  private readonly index: Int32Array;
  private readonly low: Int32Array;
  /** The next edge of each node on the path. */
  private readonly edge: Int32Array;
  private readonly path: Int32Array;
  private readonly open: Int32Array;
  private depth = -1;
  private opened = 0;
  private clock = 0;
  private finished = 0;
  private readonly members: number[] = [];
  private readonly starts: number[] = [0];
  private readonly graph: Graph;
  private readonly mask: number;
  private readonly inside: Int32Array | undefined;

  constructor(graph: Graph, mask: number, inside: Int32Array | undefined) {
    const { nodes } = graph;
    this.graph = graph;
    this.mask = mask;
    this.inside = inside;
    this.of = new Int32Array(nodes).fill(-1);
    this.done = new Int32Array(nodes);
    this.index = new Int32Array(nodes);
    this.low = new Int32Array(nodes);
    this.edge = new Int32Array(nodes);
    this.path = new Int32Array(nodes);
    this.open = new Int32Array(nodes);
  }

  get found(): Components {
    return {
      ...{ of: this.of, count: this.starts.length - 1, done: this.done },
      ...{ start: Int32Array.from(this.starts), nodes: Int32Array.from(this.members) },
    };
  }

  /** Goes on to a node; false where it was met before. */
  enter(v: number): boolean {
    if (this.index[v] !== 0) return false;
    this.index[v] = ++this.clock;
    this.low[v] = this.clock;
    this.edge[v] = this.graph.start[v] as number;
    this.open[this.opened++] = v;
    this.path[++this.depth] = v;
    return true;
  }

  /** One step along the path, or one back; false where it has come to its end. */
  step(): boolean {
    const { index, low, graph, mask, inside } = this;
    const v = this.path[this.depth] as number;
    const end = graph.start[v + 1] as number;
    for (let e = this.edge[v] as number; e < end; e++) {
      const w = graph.to[e] as number;
      if (((graph.kind[e] as number) & mask) === 0 || (inside !== undefined && inside[w] !== inside[v])) continue;
      const met = index[w] as number;
      if (met === 0) {
        this.edge[v] = e + 1;
        return this.enter(w);
      }
      if (met > 0 && met < (low[v] as number)) low[v] = met;
    }
    if (low[v] === index[v]) this.close(v);
    if (this.depth-- === 0) return false;
    const parent = this.path[this.depth] as number;
    if ((low[v] as number) < (low[parent] as number)) low[parent] = low[v] as number;
    return true;
  }

  /** All that was met since a node and has no group yet is the group of that node. */
  private close(v: number): void {
    const first = this.members.length;
    this.finished++;
    for (let w = -1; w !== v; ) {
      w = this.open[--this.opened] as number;
      this.index[w] = -1;
      this.done[w] = this.finished;
      this.members.push(w);
    }
    if (this.members.length === first + 1) {
      this.members.pop();
      return;
    }
    for (let i = first; i < this.members.length; i++) this.of[this.members[i] as number] = this.starts.length - 1;
    this.starts.push(this.members.length);
  }
}
