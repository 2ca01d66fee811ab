import type { Judging } from '../model.ts';
import type { Graph } from './graph.ts';

/** All nodes, each behind those that lead to it (Kahn 1962); undefined where some lead to themselves. */
export function* sorted({ nodes, start, to }: Graph): Generator<Judging, Int32Array | undefined> {
  const waiting = new Int32Array(nodes);
  for (let e = 0; e < to.length; e++) {
    if ((e & 0xffff) === 0) yield { done: 0, of: nodes };
    waiting[to[e] as number] = (waiting[to[e] as number] as number) + 1;
  }
  const order = new Int32Array(nodes);
  let size = 0;
  for (let v = 0; v < nodes; v++) {
    if ((v & 0xffff) === 0) yield { done: 0, of: nodes };
    if (waiting[v] === 0) order[size++] = v;
  }
  for (let i = 0; i < size; i++) {
    if ((i & 0x3fff) === 0) yield { done: i, of: nodes };
    const v = order[i] as number;
    const end = start[v + 1] as number;
    for (let e = start[v] as number; e < end; e++) {
      const w = to[e] as number;
      const left = (waiting[w] as number) - 1;
      waiting[w] = left;
      if (left === 0) order[size++] = w;
    }
  }
  return size === nodes ? order : undefined;
}
