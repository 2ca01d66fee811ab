import { NEVER } from '../../history/columns.ts';
import type { Part } from './part.ts';

/**
 * What of some operations is left: their calls and returns in a doubly linked list by rank, whose head is entry 0. Taking an operation unlinks its own, so those that may come next are the calls before
 * the first return (Lowe 2017, section 4). What is given back must be what was taken last.
 */
export class Window {
  /** By entry, which is a rank of the part: the entry after it; `end` behind the last. */
  readonly next: Int32Array;
  readonly end: number;
  private readonly prev: Int32Array;
  private readonly part: Part;

  constructor(part: Part, has: (i: number) => boolean) {
    const { events } = part;
    this.part = part;
    this.end = events.length;
    this.next = new Int32Array(this.end + 1);
    this.prev = new Int32Array(this.end + 1);
    let before = 0;
    for (let rank = 1; rank <= this.end; rank++) {
      if (rank < this.end && !has(Math.abs(events[rank] as number) - 1)) continue;
      this.next[before] = rank;
      this.prev[rank] = before;
      before = rank;
    }
  }

  get isEmpty(): boolean {
    return this.next[0] === this.end;
  }

  /** The first return that is left, or `end`. */
  firstReturn(): number {
    const { events } = this.part;
    let entry = this.next[0] as number;
    while (entry < this.end && (events[entry] as number) > 0) entry = this.next[entry] as number;
    return entry;
  }

  /** What was called before the first return, by call. */
  open(): readonly number[] {
    const { events } = this.part;
    const open: number[] = [];
    for (let entry = this.next[0] as number; entry < this.end && (events[entry] as number) > 0; entry = this.next[entry] as number) {
      open.push((events[entry] as number) - 1);
    }
    return open;
  }

  take(i: number): void {
    this.unlink(this.part.call[i] as number);
    const end = this.part.ret[i] as number;
    if (end !== NEVER) this.unlink(end);
  }

  /** The entries' own pointers still say where they stood. */
  giveBack(i: number): void {
    const end = this.part.ret[i] as number;
    if (end !== NEVER) this.relink(end);
    this.relink(this.part.call[i] as number);
  }

  private unlink(at: number): void {
    this.next[this.prev[at] as number] = this.next[at] as number;
    this.prev[this.next[at] as number] = this.prev[at] as number;
  }

  private relink(at: number): void {
    this.next[this.prev[at] as number] = at;
    this.prev[this.next[at] as number] = at;
  }
}

/** Numbers for operations such that no two that are open at once have the same, and few are needed. */
export function slots({ events, count, ret }: Part): Int32Array {
  const slot = new Int32Array(count);
  const free: number[] = [];
  let used = 0;
  for (let rank = 1; rank < events.length; rank++) {
    const event = events[rank] as number;
    if (event < 0) free.push(slot[-event - 1] as number);
    else if (ret[event - 1] !== NEVER) slot[event - 1] = free.pop() ?? used++;
  }
  return slot;
}
