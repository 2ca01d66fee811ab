import { below } from '../../core/order.ts';
import { NEVER } from '../../history/columns.ts';
import type { Items } from './queues.ts';

/**
 * An order for a queue that has one. The gaps in which dequeues found nothing cut it into blocks, and what can be before a gap is. Inside a block the next item is always
 * one that was brought and taken before no other had certainly been brought or taken; each operation then gets the first moment that it can have.
 */
export function orderOfQueue(items: Items, empty: readonly number[], gaps: Int32Array): readonly number[] {
  const cuts = [...new Set(gaps)].sort((a, b) => a - b);
  const blocks: number[][] = Array.from({ length: cuts.length + 1 }, () => []);
  for (let n = 0; n < items.count; n++) blocks[below(cuts, items.dequeueCall[n] as number)]?.push(n);
  const places: Place[] = [];
  blocks.forEach((block, at) => {
    const begins = cuts[at - 1] ?? 0;
    let brought = begins;
    let taken = begins;
    inOrder(items, block).forEach((n, nth) => {
      brought = Math.max(brought, items.enqueueCall[n] as number);
      places.push({ i: items.enqueue[n] as number, moment: brought, block: 2 * at, kind: 0, nth });
      if (items.dequeue[n] === -1) return;
      taken = Math.max(taken, brought, items.dequeueCall[n] as number);
      places.push({ i: items.dequeue[n] as number, moment: taken, block: 2 * at, kind: 1, nth });
    });
  });
  for (const [e, i] of empty.entries()) {
    const gap = gaps[e] as number;
    places.push({ i, moment: gap, block: 2 * below(cuts, gap + 1) - 1, kind: 0, nth: 0 });
  }
  places.sort((a, b) => a.moment - b.moment || a.block - b.block || a.kind - b.kind || a.nth - b.nth);
  return places.map(({ i }) => i);
}

interface Place {
  readonly i: number;
  readonly moment: number;
  readonly block: number;
  /** At one moment items are brought before they are taken. */
  readonly kind: number;
  readonly nth: number;
}

/** A total order of items that keeps both the order in which they were brought and that in which they were taken, which contradict each other nowhere. */
function inOrder(items: Items, block: readonly number[]): readonly number[] {
  const by = (ranks: readonly number[]): number[] => [...block].sort((a, b) => (ranks[a] as number) - (ranks[b] as number));
  const [calls, returns, takenReturns] = [by(items.enqueueCall), by(items.enqueueReturn), by(items.dequeueReturn)];
  const gone = new Set<number>();
  const waiting = new Heap(items.dequeueCall);
  const order: number[] = [];
  let [call, ret, taken] = [0, 0, 0];
  while (order.length < block.length) {
    while (gone.has(returns[ret] as number)) ret++;
    while (gone.has(takenReturns[taken] as number)) taken++;
    const brought = items.enqueueReturn[returns[ret] as number] as number;
    while (call < calls.length && (items.enqueueCall[calls[call] as number] as number) < brought) waiting.push(calls[call++] as number);
    const end = items.dequeueReturn[takenReturns[taken] as number] as number;
    const n = waiting.pop();
    if (n === undefined || ((items.dequeueCall[n] as number) >= end && end !== NEVER))
      throw new Error('a queue that was found valid has no order; the patterns that refuse queues miss one');
    order.push(n);
    gone.add(n);
  }
  return order;
}

/** Indices by a number of theirs, least first. */
class Heap {
  private readonly heap: number[] = [];
  private readonly keys: readonly number[];

  constructor(keys: readonly number[]) {
    this.keys = keys;
  }

  push(n: number): void {
    const { heap, keys } = this;
    let at = heap.push(n) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if ((keys[heap[above] as number] as number) <= (keys[n] as number)) break;
      heap[at] = heap[above] as number;
      at = above;
    }
    heap[at] = n;
  }

  pop(): number | undefined {
    const { heap, keys } = this;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    const key = keys[last] as number;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && (keys[heap[child + 1] as number] as number) < (keys[heap[child] as number] as number)) child++;
      if ((keys[heap[child] as number] as number) >= key) break;
      heap[at] = heap[child] as number;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}
