import { NO_OP, NO_PROC, type Op, type Proc } from '../core/ids.ts';
import { Deferred } from './deferred.ts';

/** What an event does when its time comes. */
export const DELIVER = 0;
export const TIMER = 1;
export const CALL = 2;
export const BROKEN = 3;
export const FLUSHED = 4;
export const RESUME = 5;

/**
 * One pending event. Objects are reused: an event lives in the queue, or in a paused process' inbox, or in the free list.
 * `a` and `b` depend on the kind: TIMER kind and tag, BROKEN 0 refused / 1 reset / 2 unreachable, FLUSHED mark and disk generation.
 */
export class Event {
  at = 0;
  seq = 0;
  /** Index in the heap, -1 outside. */
  pos = -1;
  kind = DELIVER;
  to: Proc = NO_PROC;
  from: Proc = NO_PROC;
  op: Op = NO_OP;
  /** Trace row that caused it; 0 when it was made with the trace off. */
  cause = 0;
  a = 0;
  b = 0;
  /** Incarnation of `to` that it is meant for. */
  epoch = 0;
  /** Periodic work, which an idle cluster does too. */
  background = false;
  /** 1: data on its way, which `settle` waits for. */
  weight: 0 | 1 = 0;
  /** The receiver's slowness has been waited out. */
  slowed = false;
  /** How often a client's connection has sent it again; while `waiting`, its time is that of the next attempt, not of its arrival. */
  attempts = 0;
  waiting = false;
  body: unknown = undefined;
  /** TIMER: the next one in its chain of the process' table (timers.ts). */
  nextTimer: Event | undefined = undefined;
}

/**
 * A binary heap of events by (time, sequence number) that knows where each event lies, so that a cancelled timer leaves at
 * once: leaderless systems arm a timer of seconds for each request of a millisecond.
 */
export class EventQueue {
  readonly heap: Event[] = [];
  #free: Event[] = [];

  get length(): number {
    return this.heap.length;
  }

  /** A blank event to fill and `push`. */
  take(): Event {
    return this.#free.pop() ?? new Event();
  }

  /** Gives an event back that nothing refers to any more. */
  release(event: Event): void {
    event.body = undefined;
    this.#free.push(event);
  }

  peek(): Event | undefined {
    return this.heap[0];
  }

  push(event: Event): void {
    event.pos = this.heap.length;
    this.heap.push(event);
    this.#up(event, event.pos);
  }

  /** Takes the next event out; there must be one. */
  pop(): Event {
    const { heap } = this;
    const top = heap[0] as Event;
    const last = heap.pop() as Event;
    top.pos = -1;
    if (last !== top) this.#down(last, 0);
    return top;
  }

  remove(event: Event): void {
    const at = event.pos;
    const last = this.heap.pop() as Event;
    event.pos = -1;
    if (last === event) return;
    if (at > 0 && before(last, this.heap[(at - 1) >> 1] as Event)) this.#up(last, at);
    else this.#down(last, at);
  }

  /** After times were changed in a way that may break the heap's order. */
  rebuild(): void {
    for (let i = (this.heap.length >> 1) - 1; i >= 0; i--) this.#down(this.heap[i] as Event, i);
  }

  #up(event: Event, from: number): void {
    const heap = this.heap;
    let at = from;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = heap[parentAt] as Event;
      if (!before(event, parent)) break;
      heap[at] = parent;
      parent.pos = at;
      at = parentAt;
    }
    heap[at] = event;
    event.pos = at;
  }

  #down(event: Event, from: number): void {
    const heap = this.heap;
    const length = heap.length;
    let at = from;
    for (;;) {
      let childAt = 2 * at + 1;
      if (childAt >= length) break;
      let child = heap[childAt] as Event;
      const rightAt = childAt + 1;
      if (rightAt < length) {
        const right = heap[rightAt] as Event;
        if (before(right, child)) {
          child = right;
          childAt = rightAt;
        }
      }
      if (!before(child, event)) break;
      heap[at] = child;
      child.pos = at;
      at = childAt;
    }
    heap[at] = event;
    event.pos = at;
  }

  /** The same events as other objects, in the same places. */
  copy(cloned: (from: Event, to: Event) => void): EventQueue {
    const out = new EventQueue();
    for (const event of this.heap) {
      const twin = cloneEvent(event);
      out.heap.push(twin);
      cloned(event, twin);
    }
    return out;
  }
}

export function cloneEvent(event: Event): Event {
  const twin = Object.assign(new Event(), event);
  twin.nextTimer = undefined;
  if (twin.body instanceof Deferred) twin.body = twin.body.copy();
  return twin;
}

function before(x: Event, y: Event): boolean {
  return x.at < y.at || (x.at === y.at && x.seq < y.seq);
}
