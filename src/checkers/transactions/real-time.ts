import { NEVER } from '../../history/columns.ts';
import { type Edges, TIME } from './graph.ts';
import type { Numbering } from './numbering.ts';

/**
 * Which transactions had ended before which began, with an edge or two a transaction: a clock that ticks where transactions return. Each leads to the tick of its return,
 * each tick to the next one, and the last tick before a call to the transaction that was called. Paths over ticks are the order of the intervals, no more and no less.
 */
export function timeEdges(n: Numbering, edges: Edges): void {
  const { columns, count, part, call, ret } = n;
  // Who is called or returns at each rank: t + 1 and -t - 1.
  const events = new Int32Array(columns.ranks + 1);
  for (let t = 0; t < count; t++) {
    if (part[t] === 0) continue;
    events[call[t] as number] = t + 1;
    if (ret[t] !== NEVER) events[ret[t] as number] = -t - 1;
  }
  let tick = -1;
  // Returns without a call between them share a tick.
  let fresh = false;
  for (let rank = 1; rank <= columns.ranks; rank++) {
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
