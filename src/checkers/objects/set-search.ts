import { below } from '../../core/order.ts';
import { ADD, NEVER, READ } from '../../history/columns.ts';
import type { Answer, Budget, Part } from './part.ts';
import { Elements, found } from './sets.ts';
import { Tried } from './tried.ts';
import { Tries } from './tries.ts';
import { slots } from './window.ts';

/** What is undone on the way back. */
const LINKED = 0;
const UNLINKED = 1;
const FREED = 2;
const CHANGED = 3;
/** Words of a configuration beside those that say what is open. */
const WORDS = 3;

/** Whether operations of a set can be put in an order that a set allows and that keeps real time, whatever was added and removed how often. */
export function setBySearch(part: Part, budget: Budget, wanted: boolean): Answer {
  return new SetSearch(part, budget).run(wanted);
}

/** Where a choice was made, which one comes next there, and how long the records were. */
interface Frame {
  readonly rank: number;
  readonly option: number;
  readonly trail: number;
  readonly log: number;
}

/**
 * A search that goes through the events and changes the set only where a return forces it: what can be done now can be done before the next return as well. Adding or removing something that leaves the set as
 * it is can be placed at any such moment of its time, so it needs no decision: it is `free` as soon as the set has been as it leaves it. What is free may still be used to change the set until it
 * returns. So what is chosen is only which read comes next, and what becomes of an operation that returns:
 *   - it goes by, if it is free; where the set is as it leaves it, whatever is open against it comes right before it and is free too;
 *   - it changes the set;
 *   - an open one against it comes right after it, so that the set stays as it is;
 *   - a read is reached first, by changing all elements in which the set differs from it.
 * Of operations that do the same the one that returns first is used: it is open when the other one is, and the other one can do for longer what it could. A read that finds the set as it is takes place at once.
 */
class SetSearch {
  private readonly part: Part;
  private readonly budget: Budget;
  private readonly sets: Tries;
  /** What each update is about and leaves: twice its element, and one more if it adds; -1 for reads. What each read found, as a set. */
  private readonly kind: Int32Array;
  private readonly seen: Int32Array;
  /** No read found anything twice. */
  private readonly possible: boolean;
  /** Operations that are open and not used, in a doubly linked list by call; its head is `count`. */
  private readonly next: Int32Array;
  private readonly prev: Int32Array;
  private readonly linked: Uint8Array;
  private readonly free: Uint8Array;
  /** When updates of each kind are called. */
  private readonly calls: readonly number[][];
  private readonly slot: Int32Array;
  private readonly words: number;
  private readonly tried: Tried;
  /** Numbers of updates of unknown outcome, and the set of those used. */
  private readonly number: Int32Array;
  private used = 0;
  private readonly unknowns: Tries;
  private readonly frames: Frame[] = [];
  private readonly trail: number[] = [];
  /** Operations as they were placed; of one that was moved the last place counts. */
  private readonly log: number[] = [];
  private state = 0;
  private rank = 1;

  constructor(part: Part, budget: Budget) {
    const { count, effect, value, ret, call } = part;
    const elements = new Elements();
    this.part = part;
    this.budget = budget;
    this.kind = Int32Array.from(value, (code, i) => (effect[i] === READ ? -1 : 2 * elements.of(code) + (effect[i] === ADD ? 1 : 0)));
    const parts = Array.from({ length: count }, (_, i) =>
      effect[i] === READ ? Array.from(found(part, i), (code) => elements.of(code)) : [],
    );
    this.sets = new Tries(elements.size);
    this.seen = Int32Array.from(parts, (own) => this.sets.of(own));
    this.possible = parts.every((own) => new Set(own).size === own.length);
    this.next = new Int32Array(count + 1).fill(count);
    this.prev = new Int32Array(count + 1).fill(count);
    this.linked = new Uint8Array(count);
    this.free = new Uint8Array(count);
    const calls = Array.from({ length: 2 * elements.size }, (): number[] => []);
    const unknown: number[] = [];
    for (let i = 0; i < count; i++) {
      if (effect[i] === READ) continue;
      calls[this.kind[i] as number]?.push(call[i] as number);
      if (ret[i] === NEVER) unknown.push(i);
    }
    this.calls = calls;
    this.number = new Int32Array(count);
    for (const [n, i] of unknown.entries()) this.number[i] = n;
    this.unknowns = new Tries(unknown.length);
    this.slot = slots(part);
    this.words = 1 + (this.slot.reduce((most, slot) => Math.max(most, slot), 0) >> 5);
    this.tried = new Tried(WORDS + 2 * this.words);
  }

  run(wanted: boolean): Answer {
    if (!this.possible) return { valid: false };
    let option = 0;
    for (;;) {
      if (option === 0 && !this.sweep()) return wanted ? { valid: true, order: this.order() } : { valid: true };
      const i = -(this.part.events[this.rank] as number) - 1;
      if ((option > 0 || this.isNew()) && this.takeFrom(option, i)) {
        option = 0;
        continue;
      }
      if (this.budget.steps <= 0) return { valid: undefined };
      const frame = this.frames.pop();
      if (frame === undefined) return { valid: false };
      this.undo(frame);
      option = frame.option;
    }
  }

  /** Goes on to the next return that asks for a choice; false at the end. */
  private sweep(): boolean {
    const { events } = this.part;
    for (; this.rank < events.length; this.rank++) {
      const event = events[this.rank] as number;
      if (event > 0) this.called(event - 1);
      else if (this.linked[-event - 1] === 1) return true;
    }
    return false;
  }

  private called(i: number): void {
    if (this.kind[i] === -1) {
      if (this.seen[i] === this.state) this.log.push(i);
      else this.link(i);
      return;
    }
    this.link(i);
    if (this.agrees(i)) this.setFree(i);
  }

  /** Whether the set is as an update leaves it. */
  private agrees(i: number): boolean {
    const kind = this.kind[i] as number;
    return this.sets.has(this.state, kind >> 1) === ((kind & 1) === 1);
  }

  /** Takes the first choice from `option` on that leads somewhere, with a frame to come back by. */
  private takeFrom(option: number, i: number): boolean {
    const goals = this.goals();
    for (let at = option; at < goals.length + 3; at++) {
      const frame = { rank: this.rank, option: at + 1, trail: this.trail.length, log: this.log.length };
      if (this.budget.steps-- <= 0) return false;
      const goal = goals[at - 3];
      if (goal === undefined ? this.take(at, i) : this.reach(goal)) {
        this.frames.push(frame);
        return true;
      }
      this.undo(frame);
    }
    return false;
  }

  /** What becomes of an update that returns. */
  private take(choice: number, i: number): boolean {
    const kind = this.kind[i] as number;
    if (kind === -1) return false;
    const agrees = this.agrees(i);
    if (choice === 0) {
      if (!agrees && this.free[i] === 0) return false;
      if (agrees) this.absorb(i);
      this.unlink(i);
    } else if (choice === 1) {
      if (agrees || this.free[i] === 1) return false;
      const against = this.first(kind ^ 1);
      if (against < 0) return false;
      this.unlink(i);
      this.log.push(i);
      this.absorb(against);
      this.use(against);
    } else {
      if (agrees) return false;
      this.change(i);
    }
    this.rank++;
    return this.bears(kind >> 1);
  }

  /** Places an update that leaves the set as it is, and before it whatever is open against it and has no place yet. */
  private absorb(i: number): void {
    const against = (this.kind[i] as number) ^ 1;
    const { count } = this.part;
    for (let other = this.next[count] as number; other !== count; other = this.next[other] as number) {
      if (this.kind[other] === against && this.free[other] === 0 && this.part.ret[other] !== NEVER) this.setFree(other);
    }
    this.log.push(i);
  }

  /** Changes the set by an update; all that are open and leave it so are free, and reads that find it so take place. */
  private change(i: number): void {
    const kind = this.kind[i] as number;
    const { count } = this.part;
    this.use(i);
    this.log.push(i);
    this.trail.push(CHANGED, this.state);
    this.state = this.sets.flip(this.state, kind >> 1);
    for (let other = this.next[count] as number; other !== count; other = this.next[other] as number) {
      if (this.kind[other] === kind && this.free[other] === 0 && this.part.ret[other] !== NEVER) this.setFree(other);
      else if (this.kind[other] === -1 && this.seen[other] === this.state) {
        this.unlink(other);
        this.log.push(other);
      }
    }
  }

  /** Changes the set to what a read found; false where that cannot be or leaves another read without hope. */
  private reach(goal: number): boolean {
    const changed: number[] = [];
    const wanted = this.seen[goal] as number;
    while (this.state !== wanted) {
      const element = this.sets.difference(this.state, wanted);
      const by = this.first(2 * element + (this.sets.has(wanted, element) ? 1 : 0));
      if (by < 0) return false;
      changed.push(element);
      this.change(by);
      this.budget.steps--;
    }
    return changed.every((element) => this.bears(element));
  }

  /** The open update of a kind that returns first, or -1. */
  private first(kind: number): number {
    const { count, ret } = this.part;
    let best = -1;
    for (let i = this.next[count] as number; i !== count; i = this.next[i] as number) {
      if (this.kind[i] === kind && (best < 0 || (ret[i] as number) < (ret[best] as number))) best = i;
    }
    return best;
  }

  /** Whether every open read that differs from the set in an element can still be reached: some update changes it, that is open or will be in time. */
  private bears(element: number): boolean {
    const { count, ret } = this.part;
    const has = this.sets.has(this.state, element);
    const kind = 2 * element + (has ? 0 : 1);
    if (this.first(kind) >= 0) return true;
    const calls = this.calls[kind] as number[];
    const later = calls[below(calls, this.rank)] ?? NEVER;
    for (let i = this.next[count] as number; i !== count; i = this.next[i] as number) {
      if (this.kind[i] === -1 && (ret[i] as number) < later && this.sets.has(this.seen[i] as number, element) !== has) return false;
    }
    return true;
  }

  /** Open reads, the nearest first; of those equally near the one that returns first. */
  private goals(): readonly number[] {
    const { count, ret } = this.part;
    const far = new Map<number, number>();
    for (let i = this.next[count] as number; i !== count; i = this.next[i] as number) {
      if (this.kind[i] === -1) far.set(i, this.sets.distance(this.state, this.seen[i] as number));
    }
    return [...far.keys()].sort((a, b) => (far.get(a) as number) - (far.get(b) as number) || (ret[a] as number) - (ret[b] as number));
  }

  /** Remembers the configuration and tells whether it is new. */
  private isNew(): boolean {
    const { count, ret } = this.part;
    const { row } = this.tried;
    row.fill(0);
    row[0] = this.rank;
    row[1] = this.state;
    row[2] = this.used;
    for (let i = this.next[count] as number; i !== count; i = this.next[i] as number) {
      if (ret[i] === NEVER) continue;
      const slot = this.slot[i] as number;
      const word = WORDS + 2 * (slot >> 5);
      row[word] = (row[word] as number) | (1 << (slot & 31));
      if (this.free[i] === 1) row[word + 1] = (row[word + 1] as number) | (1 << (slot & 31));
    }
    return this.tried.add();
  }

  private link(i: number): void {
    const { count } = this.part;
    this.trail.push(LINKED, i);
    this.linked[i] = 1;
    const last = this.prev[count] as number;
    this.next[last] = i;
    this.prev[i] = last;
    this.next[i] = count;
    this.prev[count] = i;
  }

  private unlink(i: number): void {
    this.trail.push(UNLINKED, i);
    this.takeOut(i);
  }

  private takeOut(i: number): void {
    this.linked[i] = 0;
    this.next[this.prev[i] as number] = this.next[i] as number;
    this.prev[this.next[i] as number] = this.prev[i] as number;
  }

  /** An update that changes the set, or keeps it against another one, is used up. */
  private use(i: number): void {
    this.unlink(i);
    if (this.part.ret[i] === NEVER) this.used = this.unknowns.flip(this.used, this.number[i] as number);
  }

  private setFree(i: number): void {
    this.trail.push(FREED, i);
    this.free[i] = 1;
    if (this.part.ret[i] !== NEVER) this.log.push(i);
  }

  private undo({ rank, trail, log }: Frame): void {
    while (this.trail.length > trail) {
      const about = this.trail.pop() as number;
      const what = this.trail.pop() as number;
      if (what === CHANGED) this.state = about;
      else if (what === FREED) this.free[about] = 0;
      else if (what === LINKED) this.takeOut(about);
      else this.putBack(about);
    }
    this.log.length = log;
    this.rank = rank;
  }

  private putBack(i: number): void {
    this.linked[i] = 1;
    this.next[this.prev[i] as number] = i;
    this.prev[this.next[i] as number] = i;
    if (this.part.ret[i] === NEVER) this.used = this.unknowns.flip(this.used, this.number[i] as number);
  }

  private order(): readonly number[] {
    return [...new Set(this.log.reverse())].reverse();
  }
}
