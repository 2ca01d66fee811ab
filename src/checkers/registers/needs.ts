import { CAS, NEVER, READ, WRITE } from '../../history/columns.ts';
import { type Part, REFUSED } from './part.ts';
import type { Room } from './room.ts';

/**
 * Who looks for each value and who can bring it, among the operations that are not taken yet. Only where nothing is appended: there a value is what one operation wrote.
 * A rank that is asked about is that of the first return that still waits: what was called later is not taken, and what was called before and is not taken runs now.
 */
export class Needs {
  /** What is left: ok reads of a value, ok comparisons with it, unknown ones, and operations that bring it. */
  readonly reads: Int32Array;
  readonly compares: Int32Array;
  readonly perhaps: Int32Array;
  readonly writers: Int32Array;
  /** Whether a comparison found "another value", for which any other will do. */
  readonly refused: boolean;
  /** The return of the first read, or comparison, of what nobody ever writes; NEVER if there is none. */
  readonly thinAir: number;
  private readonly part: Part;
  /** The moves that look for value v, in order of call, stand in `seekers` from `seekFrom[v]` up to `seekFrom[v + 1]`; the same of those that bring it. */
  private readonly seekers: Int32Array;
  private readonly seekFrom: Int32Array;
  private readonly bringers: Int32Array;
  private readonly bringFrom: Int32Array;
  /** For each write the last call of what may see it; NEVER where that is more than reads. */
  private readonly seenUntil: Int32Array;

  constructor(part: Part, room: Room) {
    const { count, does, value, from, end, values } = part;
    this.part = part;
    this.reads = room.filled('reads', values);
    this.compares = room.filled('compares', values);
    this.perhaps = room.filled('perhaps', values);
    this.writers = room.filled('writers', values);
    let refused = false;
    for (let i = 0; i < count; i++) {
      if (does[i] === REFUSED) refused = true;
      else this.take(does[i] as number, value[i] as number, from[i] as number, end[i] === NEVER, -1);
    }
    let thinAir = NEVER;
    for (let i = 0; i < count; i++) {
      const looks = sought(part, i);
      if (looks > 0 && this.writers[looks] === 0 && (end[i] as number) < thinAir) thinAir = end[i] as number;
    }
    this.refused = refused;
    this.thinAir = thinAir;
    this.seekFrom = room.raw('seekFrom', values + 2);
    this.bringFrom = room.raw('bringFrom', values + 2);
    this.seekers = room.raw('seekers', count);
    this.bringers = room.raw('bringers', count);
    const listed = room.raw('listed', count);
    for (let i = 0; i < count; i++) listed[i] = sought(part, i);
    gather(count, values, listed, this.seekFrom, this.seekers);
    for (let i = 0; i < count; i++) listed[i] = does[i] === WRITE || does[i] === CAS ? (value[i] as number) : -1;
    gather(count, values, listed, this.bringFrom, this.bringers);
    this.seenUntil = room.raw('seenUntil', count);
  }

  /** Says of each write who may see it: nobody who was called after a write had returned that was called after this one had to have happened (`due`). */
  bound(due: Int32Array, room: Room): void {
    if (this.refused) return;
    const { count, does, value, call, end } = this.part;
    const over = room.raw('over', count + 1);
    over[count] = NEVER;
    for (let i = count - 1; i >= 0; i--) {
      const own = does[i] === WRITE || does[i] === CAS ? (end[i] as number) : NEVER;
      over[i] = Math.min(own, over[i + 1] as number);
    }
    const compared = room.raw('compared', count);
    for (let at = 0; at < (this.seekFrom[this.part.values] as number); at++) {
      const i = this.seekers[at] as number;
      const first = at === this.seekFrom[sought(this.part, i)];
      compared[at] = does[i] === CAS ? (end[i] as number) : first ? 0 : (compared[at - 1] as number);
    }
    for (let i = 0; i < count; i++) {
      if (does[i] !== WRITE) continue;
      const v = value[i] as number;
      const later = due[i] === NEVER ? count : place(call, undefined, 0, count, due[i] as number);
      const past = this.after(v, this.seekers, this.seekFrom, over[later] as number);
      const last = past - 1;
      if (past === this.seekFrom[v]) this.seenUntil[i] = 0;
      else this.seenUntil[i] = (compared[last] as number) > (call[i] as number) ? NEVER : (call[this.seekers[last] as number] as number);
    }
  }

  /** Takes an operation out, or with -1 puts it back. */
  take(does: number, value: number, from: number, unknown: boolean, by: 1 | -1): void {
    if (does === READ) bump(this.reads, value, -by);
    else if (does === WRITE || does === CAS) {
      bump(this.writers, value, -by);
      if (does === CAS) bump(unknown ? this.perhaps : this.compares, from, -by);
    }
  }

  /** Whether the value, once gone, would be missed: something that looks for it must end before anything that is left can bring it again. */
  isLast(value: number, rank: number): boolean {
    const seekers = (this.reads[value] as number) + (this.compares[value] as number);
    if (seekers === 0) return false;
    const next = this.after(value, this.bringers, this.bringFrom, rank);
    const left = (this.bringFrom[value + 1] as number) - next;
    if ((this.writers[value] as number) > left) return false;
    if (left === 0) return true;
    const { call, end } = this.part;
    const again = call[this.bringers[next] as number] as number;
    for (let at = this.after(value, this.seekers, this.seekFrom, rank); at < (this.seekFrom[value + 1] as number); at++) {
      const seeker = this.seekers[at] as number;
      if ((call[seeker] as number) > again) return false;
      if ((end[seeker] as number) < again) return true;
    }
    return false;
  }

  isDone(value: number): boolean {
    return this.reads[value] === 0 && this.compares[value] === 0 && this.perhaps[value] === 0;
  }

  /**
   * Whether nobody that runs now looks for a value. Then nobody will see it before something else is written, or it is written again: the first return that waits is of a read of another
   * value, or of a write, and what is called later comes after that.
   */
  isFree(value: number, rank: number): boolean {
    if (this.perhaps[value] !== 0) return false;
    const seekers = (this.reads[value] as number) + (this.compares[value] as number);
    return seekers === 0 || seekers === (this.seekFrom[value + 1] as number) - this.after(value, this.seekers, this.seekFrom, rank);
  }

  /** Whether all that may see what a write wrote are reads that were called before `rank`. */
  isWhole(move: number, rank: number): boolean {
    const v = this.part.value[move] as number;
    return this.perhaps[v] === 0 && (this.isDone(v) || (this.seenUntil[move] as number) < rank);
  }

  /** The first place in the list of a value with a later call. */
  private after(value: number, list: Int32Array, from: Int32Array, rank: number): number {
    return place(this.part.call, list, from[value] as number, from[value + 1] as number, rank);
  }
}

/** The value that an operation must find; -1 where it need not find any. */
export function sought({ does, value, from, end }: Part, i: number): number {
  if (does[i] === READ) return value[i] as number;
  return does[i] === CAS && end[i] !== NEVER ? (from[i] as number) : -1;
}

/** Moves by value (`listed`), in order of call: one counting sort. Those of value -1 are left out. */
function gather(count: number, values: number, listed: Int32Array, from: Int32Array, list: Int32Array): void {
  from.fill(0, 0, values + 2);
  // Two places further at first, so that filling moves each beginning to where it belongs.
  for (let i = 0; i < count; i++) {
    const v = listed[i] as number;
    if (v >= 0) from[v + 2] = (from[v + 2] as number) + 1;
  }
  for (let v = 2; v <= values + 1; v++) from[v] = (from[v] as number) + (from[v - 1] as number);
  for (let i = 0; i < count; i++) {
    const v = listed[i] as number;
    if (v < 0) continue;
    const at = from[v + 1] as number;
    list[at] = i;
    from[v + 1] = at + 1;
  }
}

/** The first place from `lo` up to `hi` of moves in order of call (of `list`, or all) with a later call than `rank`. */
function place(call: Int32Array, list: Int32Array | undefined, lo: number, hi: number, rank: number): number {
  let [low, high] = [lo, hi];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((call[list === undefined ? middle : (list[middle] as number)] as number) > rank) high = middle;
    else low = middle + 1;
  }
  return low;
}

function bump(counts: Int32Array, at: number, by: number): void {
  counts[at] = (counts[at] as number) + by;
}
