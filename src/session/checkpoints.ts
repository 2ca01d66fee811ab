import type { Live } from './live.ts';
import type { Moment } from './timeline.ts';

const MOST = 48;
/** Events that reading, running and answering a command cost besides its own. */
const COMMAND_EVENTS = 20;

/**
 * Where to keep copies of the state. A copy is made when the events since the last one have cost several times what the copy costs, so that
 * checkpoints add a bounded share to running and undo has a bounded way to replay. Both sides are counted, not timed: the same run keeps the same checkpoints everywhere.
 */
export class Checkpoints {
  /** Moments that have a checkpoint, oldest first. */
  #kept: Moment[] = [];
  #since = 0;

  /** After a command that cost `events` handler calls. */
  consider(moment: Moment, live: Live, events: number): void {
    this.#since += events + COMMAND_EVENTS;
    if (this.#since < 6 * copyCost(live)) return;
    this.keep(moment, live);
  }

  keep(moment: Moment, live: Live): void {
    if (moment.checkpoint !== undefined) return;
    this.#since = 0;
    moment.checkpoint = live.copy();
    let at = this.#kept.length;
    while (at > 0 && (this.#kept[at - 1] as Moment).n > moment.n) at--;
    this.#kept.splice(at, 0, moment);
    if (this.#kept.length > MOST) this.#thin(moment);
  }

  /** Hands a checkpoint over to whoever goes on from it: going back over many commands then costs one copy for each, not two. */
  take(moment: Moment): Live | undefined {
    const live = moment.checkpoint;
    delete moment.checkpoint;
    const at = this.#kept.indexOf(moment);
    if (at >= 0) this.#kept.splice(at, 1);
    return live;
  }

  /**
   * Gives one checkpoint up. What lies far ahead of where we are is wanted only by `redo`, which goes forward from here anyway; then goes the one whose
   * loss lengthens the way back the least, for its distance: near undos stay cheap, far ones replay a little more.
   */
  #thin(now: Moment): void {
    const kept = this.#kept;
    const last = kept.length - 1;
    let victim = last;
    if ((kept[last] as Moment).n - now.n <= MOST) {
      let least = Number.POSITIVE_INFINITY;
      for (let i = 1; i < last; i++) {
        const at = (kept[i] as Moment).n;
        const gap = (kept[i + 1] as Moment).n - (kept[i - 1] as Moment).n;
        const cost = gap / (MOST + Math.abs(now.n - at));
        if (cost >= least) continue;
        least = cost;
        victim = i;
      }
    }
    delete (kept[victim] as Moment).checkpoint;
    kept.splice(victim, 1);
  }
}

/** What a copy costs, in handler calls: spines are copied, entries are shared (measured; only the proportion matters). */
function copyCost(live: Live): number {
  const { world } = live;
  const entries = world.nodes.reduce((sum, node) => sum + node.disk.length, 0) + live.history.length;
  return 10 * world.nodes.length + entries / 50 + world.queue.length / 2 + world.network.blocked.length / 20;
}
