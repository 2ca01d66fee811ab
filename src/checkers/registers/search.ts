import { APPEND, CAS, NEVER, READ, WRITE } from '../../history/columns.ts';
import { ANYWHERE, UNSEEN } from './growth.ts';
import { Memo } from './memo.ts';
import { Needs } from './needs.ts';
import { type Part, REFUSED } from './part.ts';
import type { Room } from './room.ts';
import { type Timeline, timelineOf } from './timeline.ts';
import { deadlines, type Unknowns, unknownsOf } from './unknowns.ts';

/** Taken without an alternative: going back goes through it. */
const FORCED = -2;
/** An operation that must happen, and not one of a class of unknown ones. */
const KNOWN = -1;

/**
 * Whether one register's operations can be put in an order that respects real time and in which every read returns the last value written: linearizability (Herlihy & Wing 1990) of one
 * register that begins with no value, for any values, compare-and-set and appending to a text. It is Wing & Gong's (1993) search as Lowe (2017) improved it: operations are taken just in
 * time before the first return that still waits, and a configuration (what is taken, the value) that failed once is not tried again.
 *
 * Not all that could come next is tried. Each rule keeps one order among those that explain the history, if there are any:
 * - what fits the value and does not change it comes at once: later it could only be harder (`settle`);
 * - where nobody can look for the value any more, a write comes at once together with all the reads that may see it, if they all run now (`whole`): wherever such a block stands, it can
 *   be moved here, since what follows here, and what follows there, is a write that does not look;
 * - a value that somebody looks for before anybody can bring it again stays (`Needs.isLast`);
 * - of operations that do the same the one due first comes first, and one that must happen before one that need not (`hasTwin`);
 * - what need not happen comes directly before one that sees it (`Wanted`).
 */
export class Search {
  /** The rank of the return that the furthest configuration waits for: all events before it can be explained. */
  reached = 0;
  /** Undefined as long as it is not known. */
  verdict: boolean | undefined;
  /** Attempts to put an operation next. */
  steps = 0;
  /** The return of the first that found what nobody ever writes; NEVER if there is none. */
  readonly thinAir: number;
  private readonly part: Part;
  private readonly needs: Needs | undefined;
  private readonly line: Timeline | undefined;
  private readonly unknowns: Unknowns;
  private readonly memo: Memo;
  private readonly wanted: Int32Array;
  private stamp = 0;
  private anyWanted = false;
  /** The stack: what each frame took (an entry, or a class of unknown operations), how, and the value before it. */
  private readonly took: Int32Array;
  private readonly how: Int32Array;
  private readonly before: Int32Array;
  private depth = 0;
  private value = 0;
  /** Where to go on in this configuration; a fresh one begins with what is forced. */
  private fresh = true;
  private entry = 0;
  /** The rank of the first return that still waits. */
  private rank = 0;
  private extra = 0;

  constructor(part: Part, room: Room) {
    this.part = part;
    this.needs = part.growth === undefined ? new Needs(part, room) : undefined;
    const due = deadlines(part, this.needs, room);
    this.needs?.bound(due, room);
    this.unknowns = unknownsOf(part, due, this.needs, room);
    this.line = timelineOf(part, due, room);
    this.thinAir = this.needs?.thinAir ?? NEVER;
    if (this.line === undefined || this.thinAir !== NEVER) this.verdict = false;
    const slots = this.line?.slots ?? 0;
    this.memo = new Memo(2 + ((slots + 31) >> 5), this.unknowns.guards, room);
    this.wanted = room.filled('wanted', part.values);
    this.took = room.raw('took', part.count);
    this.how = room.raw('how', part.count);
    this.before = room.raw('before', part.count);
  }

  /** Works for at most so many steps; undefined where they did not suffice, and then it can go on. */
  run(steps: number): boolean | undefined {
    const { line } = this;
    if (this.verdict !== undefined || line === undefined) return this.verdict;
    const most = this.steps + steps;
    for (;;) {
      if (this.fresh) {
        const first = this.settle(line);
        if (first === line.end) return (this.verdict = true);
        this.rank = line.rank[first] as number;
        if (this.rank > this.reached) this.reached = this.rank;
        if (!this.isNew(line)) {
          if (!this.goBack(line)) return (this.verdict = false);
          continue;
        }
        this.fresh = false;
        this.entry = line.next[0] as number;
        this.extra = 0;
      }
      if (this.steps >= most) return undefined;
      if (this.takeKnown(line) || this.takeUnknown(line)) this.fresh = true;
      else if (!this.goBack(line)) return (this.verdict = false);
    }
  }

  /** The rows in the order found, once the verdict is that there is one. */
  order(): number[] {
    const { took, how, part, line, unknowns } = this;
    const counts = new Int32Array(unknowns.classes);
    return Array.from(took.subarray(0, this.depth), (what, d) => {
      const c = how[d] as number;
      if (c === KNOWN || c === FORCED) return part.row[((line as Timeline).owner[what] as number) - 1] as number;
      const nth = counts[c] as number;
      counts[c] = nth + 1;
      return part.row[unknowns.members[(unknowns.start[c] as number) + nth] as number] as number;
    });
  }

  /** Takes what is forced, and returns the entry of the first return that then still waits. */
  private settle(line: Timeline): number {
    const { does, value, from } = this.part;
    for (;;) {
      let entry = line.next[0] as number;
      for (let owner = line.owner[entry] as number; owner > 0; owner = line.owner[entry] as number) {
        const i = owner - 1;
        const left = line.prev[entry] as number;
        if ((does[i] === READ && value[i] === this.value) || (does[i] === REFUSED && from[i] !== this.value)) {
          this.push(line, entry, FORCED, this.value);
          entry = line.next[left] as number;
        } else entry = line.next[entry] as number;
      }
      const block = this.whole(line, entry);
      if (block < 0) return entry;
      this.push(line, block, FORCED, value[(line.owner[block] as number) - 1] as number);
    }
  }

  /** The call of a write that can come now together with all that looks for its value; -1 where there is none. */
  private whole(line: Timeline, first: number): number {
    const { needs, part } = this;
    if (needs === undefined || needs.refused) return -1;
    const rank = line.rank[first] as number;
    if (!needs.isFree(this.value, rank)) return -1;
    let entry = line.next[0] as number;
    for (let owner = line.owner[entry] as number; owner > 0; owner = line.owner[entry] as number) {
      if (part.does[owner - 1] === WRITE && needs.isWhole(owner - 1, rank)) return entry;
      entry = line.next[entry] as number;
    }
    return -1;
  }

  private takeKnown(line: Timeline): boolean {
    const { rank } = this;
    for (let { entry } = this; (line.owner[entry] as number) > 0; entry = line.next[entry] as number) {
      const i = (line.owner[entry] as number) - 1;
      const { does, value, from } = this.part;
      if (!this.fits(does[i] as number, from[i] as number) || this.hasTwin(line, i)) continue;
      this.steps++;
      const after = this.after(does[i] as number, value[i] as number);
      const before = this.value;
      this.push(line, entry, KNOWN, after);
      if (after === before || this.needs?.isLast(before, rank) !== true) return true;
      this.pop(line);
    }
    this.entry = line.end;
    return false;
  }

  private takeUnknown(line: Timeline): boolean {
    const { unknowns } = this;
    if (this.extra >= unknowns.classes) return false;
    const { rank } = this;
    this.markWanted(line, rank);
    for (let c = this.extra; c < unknowns.classes; c++) {
      const i = unknowns.members[unknowns.start[c] as number] as number;
      const does = this.part.does[i] as number;
      if (!this.isOpen(c, rank) || !this.fits(does, this.part.from[i] as number)) continue;
      const after = this.after(does, this.part.value[i] as number);
      if (after === this.value || !this.isWanted(after) || this.hasTwin(line, i)) continue;
      this.steps++;
      const before = this.value;
      this.push(line, c, c, after);
      if (this.needs?.isLast(before, rank) !== true) return true;
      this.pop(line);
    }
    this.extra = unknowns.classes;
    return false;
  }

  /** Whether one of a class is left that was called before `rank`. */
  private isOpen(c: number, rank: number): boolean {
    const { start, used, members } = this.unknowns;
    const at = (start[c] as number) + (used[c] as number);
    return at < (start[c + 1] as number) && (this.part.call[members[at] as number] as number) < rank;
  }

  /** Marks the values that something which runs now looks for, or that lead to one by unknown comparisons. */
  private markWanted(line: Timeline, rank: number): void {
    const { unknowns, wanted } = this;
    const { does, value, from, growth } = this.part;
    const stamp = ++this.stamp;
    this.anyWanted = growth !== undefined;
    let entry = line.next[0] as number;
    for (let owner = line.owner[entry] as number; owner > 0 && !this.anyWanted; owner = line.owner[entry] as number) {
      const i = owner - 1;
      if (does[i] === READ) wanted[value[i] as number] = stamp;
      else if (does[i] === CAS) wanted[from[i] as number] = stamp;
      else if (does[i] === REFUSED) this.anyWanted = true;
      entry = line.next[entry] as number;
    }
    for (let again = !this.anyWanted; again; ) {
      again = false;
      for (let c = 0; c < unknowns.classes; c++) {
        const i = unknowns.members[unknowns.start[c] as number] as number;
        const looks = from[i] as number;
        if (does[i] !== CAS || wanted[looks] === stamp || wanted[value[i] as number] !== stamp || !this.isOpen(c, rank)) continue;
        wanted[looks] = stamp;
        again = true;
      }
    }
  }

  private isWanted(value: number): boolean {
    return this.anyWanted || this.wanted[value] === this.stamp;
  }

  /** Whether something else that does the same and must happen runs now and is due before this one. */
  private hasTwin(line: Timeline, i: number): boolean {
    const { does, value, from } = this.part;
    const { owner, next, returnOf } = line;
    if (this.needs !== undefined && (this.needs.writers[value[i] as number] as number) < 2) return false;
    const due = returnOf[i] as number;
    let entry = next[0] as number;
    for (let other = owner[entry] as number; other > 0; other = owner[entry] as number) {
      const o = other - 1;
      if (value[o] === value[i] && does[o] === does[i] && (does[o] === WRITE || from[o] === from[i]) && o !== i) {
        if (due < 0 || (returnOf[o] as number) < due) return true;
      }
      entry = next[entry] as number;
    }
    return false;
  }

  /** Whether an operation that may change the value can come next. */
  private fits(does: number, from: number): boolean {
    if (does === WRITE) return true;
    if (does === CAS) return from === this.value;
    return does === APPEND && (from === ANYWHERE || from === UNSEEN || from === this.value);
  }

  private after(does: number, value: number): number {
    const { growth } = this.part;
    if (does !== APPEND || growth === undefined) return value;
    return this.value === UNSEEN ? UNSEEN : growth.states.after(this.value, growth.words[value] as string);
  }

  private push(line: Timeline, what: number, how: number, after: number): void {
    this.took[this.depth] = what;
    this.how[this.depth] = how;
    this.before[this.depth++] = this.value;
    this.count(line, what, how, 1);
    if (how < 0) unlink(line, what);
    this.value = after;
  }

  private pop(line: Timeline): void {
    const d = --this.depth;
    const what = this.took[d] as number;
    const how = this.how[d] as number;
    if (how < 0) relink(line, what);
    this.count(line, what, how, -1);
    this.value = this.before[d] as number;
  }

  private count(line: Timeline, what: number, how: number, by: 1 | -1): void {
    const { needs, part, unknowns } = this;
    if (how >= 0) {
      unknowns.used[how] = (unknowns.used[how] as number) + by;
      const word = unknowns.word[how] as number;
      this.memo.counts[word] = (this.memo.counts[word] as number) + (by << (unknowns.shift[how] as number));
    }
    if (needs === undefined) return;
    const i = how < 0 ? (line.owner[what] as number) - 1 : (unknowns.members[unknowns.start[how] as number] as number);
    needs.take(part.does[i] as number, part.value[i] as number, part.from[i] as number, part.end[i] === NEVER, by);
  }

  /** Goes back to the last configuration with something left to try; false where there is none. */
  private goBack(line: Timeline): boolean {
    while (this.depth > 0) {
      const what = this.took[this.depth - 1] as number;
      const how = this.how[this.depth - 1] as number;
      this.pop(line);
      if (how === FORCED) continue;
      // After a known operation its later neighbours and all unknown ones are left to try; after an unknown one, its later ones.
      this.entry = how === KNOWN ? (line.next[what] as number) : line.end;
      this.extra = how + 1;
      this.rank = line.rank[this.firstReturn(line)] as number;
      this.fresh = false;
      return true;
    }
    return false;
  }

  /**
   * Remembers the configuration and tells whether it is new. What is not taken and was called before the first waiting return, together with the unknown
   * operations taken, determines all that is taken: everything else called earlier has returned, and nothing called later can be taken.
   */
  private isNew(line: Timeline): boolean {
    const { row } = this.memo;
    for (let i = 2; i < row.length; i++) row[i] = 0;
    let entry = line.next[0] as number;
    for (let owner = line.owner[entry] as number; owner > 0; owner = line.owner[entry] as number) {
      const slot = line.slot[owner - 1] as number;
      const word = 2 + (slot >> 5);
      row[word] = (row[word] as number) | (1 << (slot & 31));
      entry = line.next[entry] as number;
    }
    row[0] = entry;
    row[1] = this.value;
    return this.memo.add();
  }

  private firstReturn(line: Timeline): number {
    let entry = line.next[0] as number;
    while ((line.owner[entry] as number) > 0) entry = line.next[entry] as number;
    return entry;
  }
}

function unlink({ owner, returnOf, next, prev }: Timeline, call: number): void {
  const end = returnOf[(owner[call] as number) - 1] as number;
  next[prev[call] as number] = next[call] as number;
  prev[next[call] as number] = prev[call] as number;
  next[prev[end] as number] = next[end] as number;
  prev[next[end] as number] = prev[end] as number;
}

/** The reverse of the unlinking that came last for these entries: their own pointers still say where they stood. */
function relink({ owner, returnOf, next, prev }: Timeline, call: number): void {
  const end = returnOf[(owner[call] as number) - 1] as number;
  next[prev[end] as number] = end;
  prev[next[end] as number] = end;
  next[prev[call] as number] = call;
  prev[next[call] as number] = call;
}
