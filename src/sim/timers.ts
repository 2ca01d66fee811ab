import type { Event } from './queue.ts';

/** A power of two: nearly every process has fewer timers armed. */
const BUCKETS = 32;

/** The armed timers of one process, by kind and tag: a hash table whose chains run through the events themselves, so that arming allocates nothing. */
export class TimerTable {
  readonly #heads: (Event | undefined)[] = new Array<Event | undefined>(BUCKETS).fill(undefined);

  get(kind: number, tag: number): Event | undefined {
    let event = this.#heads[bucketOf(kind, tag)];
    while (event !== undefined && (event.b !== tag || event.a !== kind)) event = event.nextTimer;
    return event;
  }

  /** Adds a timer; there must be none of its kind and tag. */
  add(event: Event): void {
    const at = bucketOf(event.a, event.b);
    event.nextTimer = this.#heads[at];
    this.#heads[at] = event;
  }

  /** Takes a timer out, if it is there. */
  take(kind: number, tag: number): Event | undefined {
    const at = bucketOf(kind, tag);
    let before: Event | undefined;
    for (let event = this.#heads[at]; event !== undefined; before = event, event = event.nextTimer) {
      if (event.b !== tag || event.a !== kind) continue;
      if (before === undefined) this.#heads[at] = event.nextTimer;
      else before.nextTimer = event.nextTimer;
      event.nextTimer = undefined;
      return event;
    }
    return undefined;
  }

  /** All of them, as a list of its own: whoever walks it may take timers out. */
  all(): Event[] {
    const out: Event[] = [];
    for (const head of this.#heads) for (let event = head; event !== undefined; event = event.nextTimer) out.push(event);
    return out;
  }

  clear(): void {
    this.#heads.fill(undefined);
  }
}

function bucketOf(kind: number, tag: number): number {
  return (kind + tag) & (BUCKETS - 1);
}
