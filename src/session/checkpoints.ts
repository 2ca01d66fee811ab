import type { Live } from './live.ts';
import type { Moment } from './timeline.ts';

const MOST = 48;

/**
 * Where to keep copies of the state. A copy is made when the events since the last one have cost several times what the copy costs, so that
 * checkpoints add a bounded share to running and undo has a bounded way to replay. Both sides are counted, not timed: the same run keeps the same checkpoints everywhere.
 */
export class Checkpoints {
  #kept: Moment[] = [];
  #since = 0;

  /** After a command that cost `events` handler calls. */
  consider(moment: Moment, live: Live, events: number): void {
    this.#since += events + 20;
    if (this.#since < 6 * copyCost(live)) return;
    this.keep(moment, live);
  }

  keep(moment: Moment, live: Live): void {
    if (moment.checkpoint !== undefined) return;
    this.#since = 0;
    moment.checkpoint = live.copy();
    this.#kept.push(moment);
    if (this.#kept.length <= MOST) return;
    // Thin out the older half: far undos replay a little more.
    const old = this.#kept.slice(0, MOST / 2);
    this.#kept = [...old.filter((_, i) => i % 2 === 1), ...this.#kept.slice(MOST / 2)];
    old.forEach((other, i) => {
      if (i % 2 === 0) delete other.checkpoint;
    });
  }
}

/** What a copy costs, in handler calls: spines are copied, entries are shared (measured; only the proportion matters). */
function copyCost(live: Live): number {
  const { world } = live;
  const entries = world.nodes.reduce((sum, node) => sum + node.disk.length, 0) + live.history.length;
  return 10 * world.nodes.length + entries / 50 + world.queue.length / 2 + world.network.blocked.length / 20;
}
