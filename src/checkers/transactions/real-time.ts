import { NEVER } from '../../history/columns.ts';
import type { Judging } from '../model.ts';
import { componentsOf } from './components.ts';
import { CONCLUDED, DATA, type Edges, type Graph, TIME, TIMED } from './graph.ts';
import type { Numbering } from './numbering.ts';

/**
 * Which transactions had ended before which began, with an edge or two a transaction: a clock that ticks where transactions return. Each leads to the tick of its return,
 * each tick to the next one, and the last tick before a call to the transaction that was called. Paths over ticks are the order of the intervals, no more and no less.
 */
export function* timeEdges(n: Numbering, edges: Edges): Generator<Judging, void> {
  const { columns, count, call, ret } = n;
  // Who is called or returns at each rank: t + 1 and -t - 1.
  const events = new Int32Array(columns.ranks + 1);
  for (let t = 0; t < count; t++) {
    if ((t & 0xffff) === 0) yield { done: 0, of: columns.ranks };
    events[call[t] as number] = t + 1;
    if (ret[t] !== NEVER) events[ret[t] as number] = -t - 1;
  }
  let tick = -1;
  // Returns without a call between them share a tick.
  let fresh = false;
  for (let rank = 1; rank <= columns.ranks; rank++) {
    if ((rank & 0x7fff) === 0) yield { done: rank, of: columns.ranks };
    const event = events[rank] as number;
    if (event > 0) {
      if (tick >= 0) edges.add(tick, event - 1, TIME);
      fresh = false;
    } else if (event < 0) {
      if (!fresh) {
        const next = edges.helper();
        if (tick >= 0) edges.add(tick, next, TIME);
        tick = next;
        fresh = true;
      }
      edges.add(-event - 1, tick, TIME);
    }
  }
}

/** Whether a transaction had ended before another began. */
export function endedBefore({ call, ret }: Numbering, a: number, b: number): boolean {
  return (ret[a] as number) < (call[b] as number);
}

/**
 * The graph without what real time says inside groups whose nodes all lead to each other: so much of it as contradicts nothing. Nodes from `timeless` on are helpers that
 * tell of real time.
 */
export function* timely(graph: Graph, timeless: number): Generator<Judging, Graph> {
  const { of, count } = yield* componentsOf(graph, DATA | TIMED | CONCLUDED);
  if (count === 0) return graph;
  const { nodes, transactions, start, to, kind } = graph;
  const fewer = { start: start.slice(), to: to.slice(), kind: kind.slice() };
  let kept = 0;
  for (let v = 0; v < nodes; v++) {
    if ((v & 0x7fff) === 0) yield { done: v, of: nodes };
    fewer.start[v] = kept;
    for (let e = start[v] as number; e < (start[v + 1] as number); e++) {
      const inside = (of[v] as number) >= 0 && of[v] === of[to[e] as number];
      const told = v < transactions ? ((kind[e] as number) & (DATA | CONCLUDED)) !== 0 : v < timeless;
      if (inside && !told) continue;
      fewer.to[kept] = to[e] as number;
      fewer.kind[kept++] = kind[e] as number;
    }
  }
  fewer.start[nodes] = kept;
  return { nodes, transactions, start: fewer.start, to: fewer.to.subarray(0, kept), kind: fewer.kind.subarray(0, kept) };
}
