import type { Judging } from '../model.ts';
import type { Graph } from './graph.ts';

/** A graph with its edges turned round. */
export interface Backward {
  readonly nodes: number;
  readonly start: Int32Array;
  readonly from: Int32Array;
}

export function* backward({ nodes, start, to }: Graph): Generator<Judging, Backward> {
  const turned = new Int32Array(nodes + 1);
  for (let e = 0; e < to.length; e++) {
    if ((e & 0xffff) === 0) yield { done: 0, of: nodes };
    const next = (to[e] as number) + 1;
    turned[next] = (turned[next] as number) + 1;
  }
  for (let v = 0; v < nodes; v++) {
    if ((v & 0xffff) === 0) yield { done: 0, of: nodes };
    turned[v + 1] = (turned[v + 1] as number) + (turned[v] as number);
  }
  const at = turned.slice(0, nodes);
  const from = new Int32Array(to.length);
  for (let v = 0; v < nodes; v++) {
    if ((v & 0x7fff) === 0) yield { done: v, of: nodes };
    for (let e = start[v] as number; e < (start[v + 1] as number); e++) {
      const w = to[e] as number;
      const place = at[w] as number;
      at[w] = place + 1;
      from[place] = v;
    }
  }
  return { nodes, start: turned, from };
}
