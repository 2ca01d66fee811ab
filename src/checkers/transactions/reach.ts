import type { Graph } from './graph.ts';

/** A graph with its edges turned round. */
export interface Backward {
  readonly nodes: number;
  readonly start: Int32Array;
  readonly from: Int32Array;
}

export function backward({ nodes, start, to }: Graph): Backward {
  const turned = new Int32Array(nodes + 1);
  for (const w of to) turned[w + 1] = (turned[w + 1] as number) + 1;
  for (let v = 0; v < nodes; v++) turned[v + 1] = (turned[v + 1] as number) + (turned[v] as number);
  const at = turned.slice(0, nodes);
  const from = new Int32Array(to.length);
  for (let v = 0; v < nodes; v++) {
    for (let e = start[v] as number; e < (start[v + 1] as number); e++) {
      const w = to[e] as number;
      const place = at[w] as number;
      at[w] = place + 1;
      from[place] = v;
    }
  }
  return { nodes, start: turned, from };
}

/** The nodes of a path from `source` to `target` but for `target`; undefined if none was found among the first `most` nodes that lead to it. Only nodes that may be passed are. */
export function reach(
  { start, from }: Backward,
  target: number,
  passes: (node: number) => boolean,
  source: number,
  most: number,
): readonly number[] | undefined {
  const next = new Map<number, number>([[target, -1]]);
  const queue = [target];
  for (let i = 0; i < queue.length && i < most; i++) {
    const w = queue[i] as number;
    if (w === source) {
      const path: number[] = [];
      for (let v = w; v !== target; v = next.get(v) as number) path.push(v);
      return path;
    }
    for (let e = start[w] as number; e < (start[w + 1] as number); e++) {
      const v = from[e] as number;
      if (next.has(v) || !passes(v)) continue;
      next.set(v, w);
      queue.push(v);
    }
  }
  return undefined;
}
