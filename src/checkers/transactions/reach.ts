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
  for (const w of to) turned[w + 1] = (turned[w + 1] as number) + 1;
  for (let v = 0; v < nodes; v++) turned[v + 1] = (turned[v + 1] as number) + (turned[v] as number);
  const at = turned.slice(0, nodes);
  const from = new Int32Array(to.length);
  for (let v = 0; v < nodes; v++) {
    if ((v & 0x1ffff) === 0) yield { done: v, of: nodes };
    for (let e = start[v] as number; e < (start[v + 1] as number); e++) {
      const w = to[e] as number;
      const place = at[w] as number;
      at[w] = place + 1;
      from[place] = v;
    }
  }
  return { nodes, start: turned, from };
}
