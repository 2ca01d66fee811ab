import { ENQUEUE, NEVER } from '../../history/columns.ts';
import { NOTHING } from '../../history/texts.ts';
import type { Answer, Budget, Part } from './part.ts';
import { Tried } from './tried.ts';
import { Tries } from './tries.ts';
import { slots, Window } from './window.ts';

/** Words of a configuration beside those that say what is open. */
const WORDS = 6;
const NOBODY = -1;

/** Whether operations of a queue can be put in an order that a queue allows and that keeps real time, whatever their values. */
export function queueBySearch(part: Part, budget: Budget, wanted: boolean): Answer {
  return new ItemSearch(part, budget).run(wanted);
}

/** What was chosen, and what is to be undone: the moments before it. */
interface Frames {
  /** Who brought the item, or `NOBODY` where a dequeue found the queue empty; and who took it. */
  readonly enqueue: number[];
  readonly dequeue: number[];
  readonly brought: number[];
  readonly taken: number[];
  readonly at: number[];
}

/**
 * A search for the order of items: first in, first out, so one order of items is that of all enqueues and that of all dequeues. What comes next is an enqueue with a dequeue of its value such that
 * neither was called after another of its kind that is left had returned. Both get the first moment they can have: an enqueue after the enqueues before it, a dequeue after its enqueue and the
 * dequeues before it. A dequeue that found nothing comes after all dequeues and before all enqueues that follow it in the order. Some order of moments explains the history if and only if
 * this one of first moments does, by induction over the items; so the search is complete. Unlike a search over states of the queue, it has not to know who comes out first before anybody
 * looked: where enqueues overlap, only what was taken decides between them.
 *
 * Dequeues of unknown outcome may take any item: of those left the first one called can do whatever another can. Items that nobody took are brought behind all others, where nothing hinders them.
 */
class ItemSearch {
  private readonly part: Part;
  private readonly budget: Budget;
  private readonly enqueues: Window;
  private readonly dequeues: Window;
  /** Dequeues of unknown outcome, by call, and how many of them took something. */
  private readonly lost: readonly number[];
  private lostTaken = 0;
  /** How many known dequeues are left. */
  private left = 0;
  /** Enqueues of unknown outcome that were taken, as a set of their numbers. */
  private readonly sets: Tries;
  private readonly number: Int32Array;
  private takenSet = 0;
  private readonly slot: Int32Array;
  private readonly words: number;
  private readonly tried: Tried;
  private readonly frames: Frames = { enqueue: [], dequeue: [], brought: [], taken: [], at: [] };
  /** The moments of the last enqueue and of the last dequeue so far: ranks of the events that they follow. */
  private brought = 0;
  private taken = 0;

  constructor(part: Part, budget: Budget) {
    const { count, effect, ret } = part;
    const all = Array.from({ length: count }, (_, i) => i);
    this.part = part;
    this.budget = budget;
    const enqueues = (i: number): boolean => effect[i] === ENQUEUE;
    this.lost = all.filter((i) => !enqueues(i) && ret[i] === NEVER);
    this.left = all.filter((i) => !enqueues(i) && ret[i] !== NEVER).length;
    this.enqueues = new Window(part, enqueues);
    this.dequeues = new Window(part, (i) => !enqueues(i) && ret[i] !== NEVER);
    const open = all.filter((i) => enqueues(i) && ret[i] === NEVER);
    this.sets = new Tries(open.length);
    this.number = new Int32Array(count);
    for (const [n, i] of open.entries()) this.number[i] = n;
    this.slot = slots(part);
    this.words = 1 + (this.slot.reduce((most, slot) => Math.max(most, slot), 0) >> 5);
    this.tried = new Tried(WORDS + 2 * this.words);
  }

  run(wanted: boolean): Answer {
    let at = 0;
    for (;;) {
      if (this.left === 0) return wanted ? { valid: true, order: this.order() } : { valid: true };
      const option = this.options()[at];
      if (option === undefined) {
        const before = this.goBack();
        if (before === undefined) return { valid: false };
        at = before;
        continue;
      }
      if (this.budget.steps-- <= 0) return { valid: undefined };
      this.choose(option, at + 1);
      if (this.isNew()) at = 0;
      else at = this.goBack() as number;
    }
  }

  /**
   * What may come next, the best guess first: what returns soon, measured from the first return of its kind, since enqueues may be far ahead of dequeues; and what moves the moments little, as later
   * moments leave less room to all that follows.
   */
  private options(): readonly Option[] {
    const { part, brought, taken, lost, lostTaken } = this;
    const { call, ret, value } = part;
    const [ends, takes] = [this.soonest(this.enqueues), this.soonest(this.dequeues)];
    const waiting = this.undominated(this.dequeues.open(), taken);
    const options: Option[] = [];
    const offer = (enqueue: number, dequeue: number): void => {
      const first = enqueue < 0 ? Math.max(taken, call[dequeue] as number) : Math.max(brought, call[enqueue] as number);
      const last = Math.max(taken, first, call[dequeue] as number);
      if (first >= ends || last >= takes) return;
      const wait = (ret[dequeue] as number) - takes + (enqueue < 0 ? (ret[dequeue] as number) - takes : (ret[enqueue] as number) - ends);
      options.push({ enqueue, dequeue, brought: first, taken: last, urgency: 2 * wait + last - taken + first - brought });
    };
    for (const d of waiting) if (value[d] === NOTHING) offer(NOBODY, d);
    for (const e of this.undominated(this.enqueues.open(), brought)) {
      for (const d of waiting) if (value[d] === value[e] && value[d] !== NOTHING) offer(e, d);
      const d = lost[lostTaken];
      if (d !== undefined) offer(e, d);
    }
    return options.sort((a, b) => a.urgency - b.urgency);
  }

  /** The rank of the first return that is left. */
  private soonest(window: Window): number {
    const entry = window.firstReturn();
    return entry === window.end ? NEVER : entry;
  }

  /**
   * Of operations on one value only those that no other can stand in for: one that returns sooner and that makes nothing later. In an order with the two the other way round they can change places: what
   * comes between them only gets earlier, and the one that returns later comes later.
   */
  private undominated(some: readonly number[], moment: number): readonly number[] {
    const { call, ret, value } = this.part;
    return some.filter((i) => {
      const first = Math.max(moment, call[i] as number);
      for (const other of some) {
        if (value[other] !== value[i] || (call[other] as number) > first || other === i) continue;
        if ((ret[other] as number) < (ret[i] as number) || (ret[other] === ret[i] && other < i)) return false;
      }
      return true;
    });
  }

  private choose({ enqueue, dequeue, brought, taken }: Option, at: number): void {
    const { frames } = this;
    frames.enqueue.push(enqueue);
    frames.dequeue.push(dequeue);
    frames.brought.push(this.brought);
    frames.taken.push(this.taken);
    frames.at.push(at);
    this.brought = brought;
    this.taken = taken;
    if (enqueue >= 0) {
      this.enqueues.take(enqueue);
      this.flip(enqueue);
    }
    if (this.part.ret[dequeue] === NEVER) this.lostTaken++;
    else {
      this.left--;
      this.dequeues.take(dequeue);
    }
  }

  /** Undoes what was chosen last; the number of the option to go on with, or undefined where nothing is left. */
  private goBack(): number | undefined {
    const { frames } = this;
    const enqueue = frames.enqueue.pop();
    if (enqueue === undefined) return undefined;
    const dequeue = frames.dequeue.pop() as number;
    this.brought = frames.brought.pop() as number;
    this.taken = frames.taken.pop() as number;
    if (enqueue >= 0) {
      this.enqueues.giveBack(enqueue);
      this.flip(enqueue);
    }
    if (this.part.ret[dequeue] === NEVER) this.lostTaken--;
    else {
      this.left++;
      this.dequeues.giveBack(dequeue);
    }
    return frames.at.pop();
  }

  private flip(enqueue: number): void {
    if (this.part.ret[enqueue] === NEVER) this.takenSet = this.sets.flip(this.takenSet, this.number[enqueue] as number);
  }

  /** Remembers the configuration and tells whether it is new. */
  private isNew(): boolean {
    const { row } = this.tried;
    row.fill(0);
    row[0] = this.enqueues.firstReturn();
    row[1] = this.dequeues.firstReturn();
    row[2] = this.brought;
    row[3] = this.taken;
    row[4] = this.lostTaken;
    row[5] = this.takenSet;
    this.mark(this.enqueues, WORDS);
    this.mark(this.dequeues, WORDS + this.words);
    return this.tried.add();
  }

  private mark(window: Window, from: number): void {
    const { row } = this.tried;
    for (const i of window.open()) {
      if (this.part.ret[i] === NEVER) continue;
      const slot = this.slot[i] as number;
      const word = from + (slot >> 5);
      row[word] = (row[word] as number) | (1 << (slot & 31));
    }
  }

  /** Each operation at its moment; at one moment, as it was chosen, an enqueue before the dequeue of its item. What nobody took comes last. */
  private order(): readonly number[] {
    const { frames, part } = this;
    const places: { readonly i: number; readonly moment: number }[] = [];
    for (const [n, enqueue] of frames.enqueue.entries()) {
      if (enqueue >= 0) places.push({ i: enqueue, moment: frames.brought[n + 1] ?? this.brought });
      places.push({ i: frames.dequeue[n] as number, moment: frames.taken[n + 1] ?? this.taken });
    }
    const brought = new Set(frames.enqueue);
    for (let i = 0; i < part.count; i++) {
      const stays = part.effect[i] === ENQUEUE && part.ret[i] !== NEVER && !brought.has(i);
      if (stays) places.push({ i, moment: Math.max(this.brought, part.call[i] as number) });
    }
    return places.sort((a, b) => a.moment - b.moment).map(({ i }) => i);
  }
}

interface Option {
  readonly enqueue: number;
  readonly dequeue: number;
  readonly brought: number;
  readonly taken: number;
  readonly urgency: number;
}
