import type { Edges } from './edges.ts';
import { type Members, NONE } from './members.ts';
import type { Sequence } from './sequence.ts';

/** An order between two operations and where it comes from: an edge, or NONE for a line or for what was read. */
export interface Step {
  readonly from: number;
  readonly to: number;
  readonly edge: number;
}

/** What orders operations: lines, what the rows that follow their sources read, and edges. */
export interface Ordered {
  readonly members: Members;
  readonly edges: Edges;
  /** Where known: the places of the rows in a sequence that respects all but the edges. */
  readonly at?: Int32Array;
  follows(row: number): boolean;
}

/** The circle that keeps an incomplete sequence from going on: each step's `to` stands in its line before (or at) the next step's `from`. */
export function circle(sequence: Sequence, { line }: Members): readonly Step[] {
  const steps: Step[] = [];
  const met = new Map<number, number>();
  let own = sequence.head.findIndex((row) => row !== NONE);
  while (!met.has(own)) {
    met.set(own, steps.length);
    const to = sequence.head[own] as number;
    const { from, edge } = sequence.obstacle(to);
    steps.push({ from, to, edge });
    own = line[from] as number;
  }
  return steps.slice(met.get(own)).reverse();
}

interface Reached {
  readonly row: number;
  /** The row that was before, and the reached row that it belongs to. */
  readonly via: number;
  readonly edge: number;
  readonly towards: Reached | undefined;
}

/**
 * The steps of a way from one operation to another with as few as possible; lines are free. Edges count only if they are older than `young`. Undefined where there is none. Goes back
 * from the end line by line and looks at each row once, and at none that stands before the beginning in a sequence.
 */
export function way(graph: Ordered, from: number, to: number, young: number): readonly Step[] | undefined {
  const { members, edges } = graph;
  const { before, source, columns } = members;
  const visited = new Uint8Array(columns.count);
  const at = young === 0 ? graph.at : undefined;
  const begin = at === undefined ? 0 : (at[from] as number);
  const demanded = young === 0 ? undefined : edges.lists(columns.count, edges.to);
  const queue: Reached[] = [{ row: to, via: NONE, edge: NONE, towards: undefined }];
  for (let q = 0; q < queue.length; q++) {
    const reached = queue[q] as Reached;
    for (let row = reached.row; row !== NONE && visited[row] === 0; row = before[row] as number) {
      if (row === from && (row !== to || q > 0)) return stepsOf(reached);
      if (at !== undefined && (at[row] as number) < begin) break;
      visited[row] = 1;
      const read = source[row] as number;
      if (read >= 0 && graph.follows(row)) queue.push({ row: read, via: row, edge: NONE, towards: reached });
      if (demanded === undefined) continue;
      for (let e = demanded.newest[row] as number; e !== NONE; e = demanded.older[e] as number) {
        if (e < young) queue.push({ row: edges.from[e] as number, via: row, edge: e, towards: reached });
      }
    }
  }
  return undefined;
}

function stepsOf(reached: Reached): readonly Step[] {
  const steps: Step[] = [];
  for (let at: Reached | undefined = reached; at !== undefined && at.via !== NONE; at = at.towards) {
    steps.push({ from: at.row, to: at.via, edge: at.edge });
  }
  return steps;
}

/**
 * All operations that prove those orders: the ends of each step, and for each edge the read that demands it and a way from the write that it must not find to that read. Such a way uses
 * only older edges, so that this comes to an end.
 */
export function proof(graph: Ordered, steps: readonly Step[], justifying: 'edges' | 'causality'): Set<number> {
  const rows = new Set<number>();
  const open = [...steps];
  const done = new Set<number>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    rows.add(next.from);
    rows.add(next.to);
    if (next.edge === NONE || done.has(next.edge)) continue;
    done.add(next.edge);
    const by = graph.edges.by[next.edge] as number;
    rows.add(by);
    const found = way(graph, next.from, by, justifying === 'edges' ? next.edge : 0);
    if (found === undefined) throw new Error('a read demands an order only of what comes before it: an edge was added without a way');
    open.push(...found);
  }
  return rows;
}
