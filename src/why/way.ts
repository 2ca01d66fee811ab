import type { Proc } from '../core/ids.ts';
import type { Line } from '../view/block.ts';
import type { Teller } from './teller.ts';
import { line, span } from './words.ts';

/** What became of some messages from one process to another. */
export interface Way {
  readonly from: Proc;
  readonly to: Proc;
  readonly sent: readonly number[];
  /** Rows in which they were handled. */
  readonly handled: readonly number[];
  /** LOST rows. */
  readonly lost: readonly number[];
  /** Message rows without an end yet. */
  readonly underway: readonly number[];
}

export function way(teller: Teller, from: Proc, to: Proc, sent: readonly number[]): Way {
  const handled: number[] = [];
  const lost: number[] = [];
  const underway: number[] = [];
  for (const row of sent) {
    const end = teller.reading.end(row);
    if (end > 0) handled.push(end);
    else if (end < 0) lost.push(-end);
    else underway.push(row);
  }
  return { from, to, sent, handled, lost, underway };
}

/** Where messages are that neither arrived nor were lost: `waits in the frozen process b, paused by command 4, pause b`. */
export function whereabouts(teller: Teller, way: Way): Line {
  const paused = teller.pausedBy(way.to);
  if (paused !== undefined) {
    teller.blame('paused', paused.command, [way.to]);
    return line('waits in the frozen process of ', span(teller.name(way.to), 'node'), ', paused by ', teller.command(paused.command));
  }
  const culprit = culpritOf(teller, way);
  if (culprit === undefined) return line('is still on its way');
  return line(teller.slowedBy(way.to) === undefined ? 'is still on its way, ' : `waits at ${teller.name(way.to)}, `, culprit);
}

/** What makes messages slow on this way, if a command did: `slowed by command 5, slow c 2s`. */
export function culpritOf(teller: Teller, { from, to }: Way): Line | undefined {
  const slow = teller.slowedBy(to);
  if (slow !== undefined) {
    teller.blame('slow', slow.command, [to]);
    return line('slowed by ', teller.command(slow.command));
  }
  const delayed = teller.delayedBy(from, to);
  if (delayed === undefined) return undefined;
  teller.blame('delay', delayed.command, [from, to]);
  return line('delayed by ', teller.command(delayed.command));
}
