import { hash32, inRange } from '../../src/core/draw.ts';
import { cpuNs } from './measure.ts';

/**
 * What a message-passing simulator cannot be faster than in this engine: a loop that takes the next event from a binary heap, calls the handler of the
 * node that it is for, which writes into a Map and answers with a new message, and puts that into the heap. No network, no timers to cancel, no clocks.
 */
interface Message {
  readonly from: number;
  readonly key: string;
  readonly value: number;
}

interface Pending {
  readonly at: number;
  readonly seq: number;
  readonly to: number;
  readonly message: Message;
}

function before(a: Pending, b: Pending): boolean {
  return a.at < b.at || (a.at === b.at && a.seq < b.seq);
}

class Heap {
  readonly items: Pending[] = [];

  push(event: Pending): void {
    const { items } = this;
    let at = items.length;
    items.push(event);
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = items[parentAt] as Pending;
      if (!before(event, parent)) break;
      items[at] = parent;
      at = parentAt;
    }
    items[at] = event;
  }

  pop(): Pending {
    const { items } = this;
    const top = items[0] as Pending;
    const last = items.pop() as Pending;
    const { length } = items;
    if (length === 0) return top;
    let at = 0;
    for (;;) {
      let childAt = 2 * at + 1;
      if (childAt >= length) break;
      let child = items[childAt] as Pending;
      const rightAt = childAt + 1;
      if (rightAt < length) {
        const right = items[rightAt] as Pending;
        if (before(right, child)) {
          child = right;
          childAt = rightAt;
        }
      }
      if (!before(child, last)) break;
      items[at] = child;
      at = childAt;
    }
    items[at] = last;
    return top;
  }
}

const NODES = 5;
const KEYS = Array.from({ length: 16 }, (_, i) => `k${i}`);
/** Delays are drawn as the simulator draws them, by a hash of seed, stream and counter; evenly from 0 to 1 ms (the "hold model" of queue benchmarks). */
const MOST_US = 1000;

class Server {
  readonly self: number;
  readonly store = new Map<string, number>();

  constructor(self: number) {
    this.self = self;
  }

  handle(message: Message): Message {
    this.store.set(message.key, message.value);
    return { from: this.self, key: KEYS[message.value % KEYS.length] as string, value: message.value + 1 };
  }
}

function filled(pending: number): Heap {
  const heap = new Heap();
  for (let i = 0; i < pending; i++) {
    const message = { from: 0, key: KEYS[i % KEYS.length] as string, value: i };
    heap.push({ at: inRange(hash32(2, 0, 0, 0, i), 0, MOST_US), seq: i, to: i % NODES, message });
  }
  return heap;
}

/** Nanoseconds for each event of the loop with handlers, with `pending` events in the heap. */
export function bareLoop(pending: number, events: number): number {
  const heap = filled(pending);
  const servers = Array.from({ length: NODES }, (_, i) => new Server(i));
  const ns = cpuNs(() => {
    for (let i = 0; i < events; i++) {
      const event = heap.pop();
      const message = (servers[event.to] as Server).handle(event.message);
      heap.push({ at: event.at + inRange(hash32(1, 0, event.to, 0, i), 0, MOST_US), seq: pending + i, to: i % NODES, message });
    }
  });
  return ns / events;
}

/** The same without handler and messages: heap, events and draws alone. */
export function heapLoop(pending: number, events: number): number {
  const heap = filled(pending);
  const ns = cpuNs(() => {
    for (let i = 0; i < events; i++) {
      const { at, to, message } = heap.pop();
      heap.push({ at: at + inRange(hash32(1, 0, to, 0, i), 0, MOST_US), seq: pending + i, to: i % NODES, message });
    }
  });
  return ns / events;
}
