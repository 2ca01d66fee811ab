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
 * Strongly connected components over the edges of some kinds (Tarjan, SIAM J. Comput. 1(2), 1972), with an explicit stack: a path may be as long as the history.
 * `within` names the nodes to look at, where not all are.
 */
export function* componentsOf(graph: Graph, kinds: number, within?: Int32Array, inside?: Int32Array): Generator<Judging, Components> {
  const { start, to, kind, nodes } = graph;
  const mask = kinds | VIA;
  const of = new Int32Array(nodes).fill(-1);
  const index = new Int32Array(nodes);
  const low = new Int32Array(nodes);
  const edge = new Int32Array(nodes);
  const open = new Int32Array(nodes);
  const path = new Int32Array(nodes);
  const done = new Int32Array(nodes);
  let finished = 0;
  const members: number[] = [];
  const starts: number[] = [0];
  const roots = within?.length ?? nodes;
  let opened = 0;
  let clock = 0;
  for (let r = 0; r < roots; r++) {
    if ((r & 0x3fff) === 0) yield { done: r, of: roots };
    const root = within === undefined ? r : (within[r] as number);
    if (index[root] !== 0) continue;
    let depth = 0;
    path[0] = root;
    for (let v = root; ; ) {
      if (index[v] === 0) {
        index[v] = ++clock;
        low[v] = clock;
        edge[v] = start[v] as number;
        open[opened++] = v;
        if ((clock & 0x3fff) === 0) yield { done: clock, of: nodes };
      }
      let into = -1;
      const end = start[v + 1] as number;
      for (let e = edge[v] as number; e < end; e++) {
        const w = to[e] as number;
        if (((kind[e] as number) & mask) === 0 || (inside !== undefined && inside[w] !== inside[root])) continue;
        if (index[w] === 0) {
          edge[v] = e + 1;
          into = w;
          break;
        }
        // A negative index says that the node's group is known already.
        if ((index[w] as number) > 0 && (index[w] as number) < (low[v] as number)) low[v] = index[w] as number;
      }
      if (into >= 0) {
        path[++depth] = into;
        v = into;
        continue;
      }
      if (low[v] === index[v]) {
        const first = members.length;
        finished++;
        for (;;) {
          const w = open[--opened] as number;
          index[w] = -1;
          done[w] = finished;
          members.push(w);
          if (w === v) break;
        }
        if (members.length === first + 1) members.pop();
        else {
          for (let i = first; i < members.length; i++) of[members[i] as number] = starts.length - 1;
          starts.push(members.length);
        }
      }
      if (depth === 0) break;
      const parent = path[--depth] as number;
      if ((low[v] as number) < (low[parent] as number)) low[parent] = low[v] as number;
      v = parent;
    }
  }
  return { of, count: starts.length - 1, start: Int32Array.from(starts), nodes: Int32Array.from(members), done };
}
