import { NEVER } from '../../history/columns.ts';
import { CANNOT, type Machine } from './machine.ts';
import type { Answer, Budget, Part } from './part.ts';
import { Tried } from './tried.ts';
import { Tries } from './tries.ts';
import { slots, Window } from './window.ts';

/** What may come next, in this order: a goal; operations that return, by return; those of unknown outcome. */
const GOAL = 0;
const KNOWN = 1;
const UNKNOWN = 2;
/** No goal: what comes next is what must return first. */
const NO_GOAL = -1;
/** Words of a configuration beside those that say what is open. */
const WORDS = 5;

/** What was done last, as one number each: what is to be undone and where to go on. */
interface Frames {
  readonly entry: number[];
  readonly extra: number[];
  readonly state: number[];
  readonly goal: number[];
  readonly last: number[];
  readonly phase: number[];
  readonly at: number[];
}

const FORCED = -1;

/** Whether one object's operations can be put in an order that it allows and that keeps real time. */
export function bySearch(part: Part, machine: Machine, budget: Budget, wanted: boolean): Answer {
  return new Search(part, machine, budget).run(wanted);
}

/**
 * The search of Wing & Gong (1993) as Lowe (2017) improved it, over any object: calls and returns of what certainly happened stand in a doubly linked list by rank, entry 0
 * is its head; taking an operation unlinks both, so what may come next are the calls before the first return. A configuration is that return, what of the calls before
 * it is left, the state, what of unknown outcome was taken, and the goal; one that failed is not tried again. Of operations that do the same only the one that returns
 * first is tried: in an order with another one the two can change places.
 */
class Search {
  private readonly part: Part;
  private readonly machine: Machine;
  private readonly budget: Budget;
  private readonly window: Window;
  private readonly unknown: Int32Array;
  /** For each unknown operation the one before it that does exactly the same, or -1. */
  private readonly twin: Int32Array;
  private readonly taken: Uint8Array;
  private readonly sets: Tries;
  /** The set of unknown operations taken. */
  private takenSet = 0;
  private readonly slot: Int32Array;
  private readonly tried: Tried;
  private readonly frames: Frames = { entry: [], extra: [], state: [], goal: [], last: [], phase: [], at: [] };
  private state = 0;
  private goal: number = NO_GOAL;
  /** The place in the order of returns of what was taken last towards the goal. */
  private last = 0;
  private phase = GOAL;
  private at = 0;
  /** Whether the machine knows what may be taken towards the goal. */
  private aimed = false;

  constructor(part: Part, machine: Machine, budget: Budget) {
    const { count, ret } = part;
    this.part = part;
    this.machine = machine;
    this.budget = budget;
    this.window = new Window(part, (i) => ret[i] !== NEVER);
    this.unknown = Int32Array.from({ length: count }, (_, i) => i).filter((i) => ret[i] === NEVER);
    this.taken = new Uint8Array(this.unknown.length);
    this.sets = new Tries(this.unknown.length);
    const latest = new Map<number, number>();
    this.twin = this.unknown.map((i, u) => {
      const kind = machine.kind[i] as number;
      const twin = latest.get(kind) ?? -1;
      latest.set(kind, u);
      return twin;
    });
    this.slot = slots(part);
    this.tried = new Tried(WORDS + 1 + (this.slot.reduce((most, slot) => Math.max(most, slot), 0) >> 5));
  }

  run(wanted: boolean): Answer {
    for (;;) {
      if (this.window.isEmpty) return wanted ? { valid: true, order: this.order() } : { valid: true };
      if (this.takeForced() || this.advance()) {
        this.phase = GOAL;
        this.at = 0;
      } else {
        if (this.budget.steps <= 0) return { valid: undefined };
        if (!this.goBack()) return { valid: false };
      }
    }
  }

  private order(): readonly number[] {
    const { entry, extra } = this.frames;
    return entry.flatMap((e, n) => {
      if (e > 0) return [(this.part.events[e] as number) - 1];
      return (extra[n] as number) >= 0 ? [this.unknown[extra[n] as number] as number] : [];
    });
  }

  /** An operation that only looks is taken as soon as it fits: taking it later could only be harder, and allows nothing more. */
  private takeForced(): boolean {
    const { events } = this.part;
    for (let entry = this.window.next[0] as number; ; entry = this.window.next[entry] as number) {
      const i = (events[entry] as number) - 1;
      if (i < 0) return false;
      if (this.machine.observes[i] === 0 || this.machine.step(this.state, i) === CANNOT) continue;
      this.push(entry, -1, FORCED, 0);
      this.take(i);
      if (i === this.goal) this.goal = NO_GOAL;
      this.aimed = false;
      return true;
    }
  }

  private advance(): boolean {
    if (this.goal !== NO_GOAL && !this.aimed) this.aim();
    if (this.phase === GOAL) {
      if (this.goal === NO_GOAL && this.setGoal()) return true;
      this.phase = KNOWN;
      this.at = 0;
    }
    if (this.phase === KNOWN) {
      if (this.takeKnown()) return true;
      this.phase = UNKNOWN;
      this.at = 0;
    }
    return this.takeUnknown();
  }

  /**
   * Whether an operation that changes the object is worth taking now, `first` being the one that returns first. Where there are goals it must either return first or lead to the goal; and as all of
   * these commute, those for one goal are taken by return only, and behind them those of unknown outcome.
   */
  private isWorth(i: number, place: number, first: number): boolean {
    const { goals } = this.machine;
    if (goals === undefined) return true;
    if (this.goal === NO_GOAL) return i === first;
    return place > this.last && goals.leads(this.state, this.goal, i);
  }

  private takeKnown(): boolean {
    const { part, machine } = this;
    const first = this.first();
    for (;;) {
      const entry = this.nextByReturn(this.at);
      if (entry < 0) return false;
      const i = (part.events[entry] as number) - 1;
      const place = part.ret[i] as number;
      this.at = place;
      if (!this.isWorth(i, place, first) || this.hasEarlierTwin(i)) continue;
      const after = machine.step(this.state, i);
      if (after === CANNOT) continue;
      if (this.budget.steps-- <= 0) return false;
      const last = this.goal === NO_GOAL ? 0 : place;
      this.take(i);
      if (this.isNew(after, this.goal, last)) {
        this.push(entry, -1, KNOWN, place);
        this.state = after;
        this.last = last;
        return true;
      }
      this.giveBack(i);
    }
  }

  /** Of what has an unknown outcome only what changes the state is worth taking, and of those that do the same the oldest, and only where none that returns does it. */
  private takeUnknown(): boolean {
    const { part, machine } = this;
    const before = this.window.firstReturn();
    const first = this.first();
    for (let u = this.at; u < this.unknown.length; u++) {
      const i = this.unknown[u] as number;
      if ((part.call[i] as number) > before) return false;
      const twin = this.twin[u] as number;
      const place = part.events.length + u;
      if (this.taken[u] === 1 || (twin >= 0 && this.taken[twin] === 0)) continue;
      if (!this.isWorth(i, place, first) || this.hasEarlierTwin(i)) continue;
      const after = machine.step(this.state, i);
      if (after === CANNOT || after === this.state) continue;
      if (this.budget.steps-- <= 0) return false;
      const last = this.goal === NO_GOAL ? 0 : place;
      this.flip(u, i);
      if (this.isNew(after, this.goal, last)) {
        this.push(0, u, UNKNOWN, u + 1);
        this.state = after;
        this.last = last;
        return true;
      }
      this.flip(u, i);
    }
    return false;
  }

  private setGoal(): boolean {
    const goals = this.goals();
    while (this.at < goals.length) {
      const goal = goals[this.at++] as number;
      if (this.budget.steps-- <= 0) return false;
      if (!this.isNew(this.state, goal, 0)) continue;
      this.push(0, -1, GOAL, this.at);
      this.goal = goal;
      this.last = 0;
      this.aimed = false;
      return true;
    }
    return false;
  }

  /** Nothing that observes and is left may be passed over, so only what was called before the first of its returns can be taken towards a goal: by return, then what is of unknown outcome. */
  private aim(): void {
    const { part, machine, unknown, last } = this;
    const { events, ret } = part;
    this.aimed = true;
    const some: number[] = [];
    let entry = this.window.next[0] as number;
    for (; ; entry = this.window.next[entry] as number) {
      const event = events[entry] as number;
      const i = Math.abs(event) - 1;
      if (machine.observes[i] === 0 && event > 0 && (ret[i] as number) > last) some.push(i);
      if (machine.observes[i] === 1 && event < 0) break;
    }
    some.sort((a, b) => (ret[a] as number) - (ret[b] as number));
    for (const [u, i] of unknown.entries()) {
      if (this.taken[u] === 0 && part.events.length + u > last && (part.call[i] as number) < entry) some.push(i);
    }
    this.budget.steps -= (machine.goals?.aim(this.state, this.goal, some) ?? 0) >> 7;
  }

  /** The open operations that observe, the nearest first; of those equally near the one that returns first. */
  private goals(): readonly number[] {
    const { events, ret } = this.part;
    const { machine, state } = this;
    const known = machine.goals;
    if (known === undefined) return [];
    const goals: number[] = [];
    for (let entry = this.window.next[0] as number; ; entry = this.window.next[entry] as number) {
      const i = (events[entry] as number) - 1;
      if (i < 0) break;
      if (machine.observes[i] === 1) goals.push(i);
    }
    const far = new Map(goals.map((goal) => [goal, known.distance(state, goal)]));
    return goals.sort((a, b) => (far.get(a) as number) - (far.get(b) as number) || (ret[a] as number) - (ret[b] as number));
  }

  /** Of the open operations that change the object the one that returns first after some rank; its entry or -1. */
  private nextByReturn(after: number): number {
    const { events, ret } = this.part;
    let best = -1;
    let soonest = NEVER;
    for (let entry = this.window.next[0] as number; ; entry = this.window.next[entry] as number) {
      const i = (events[entry] as number) - 1;
      if (i < 0) return best;
      const end = ret[i] as number;
      if (end <= after || end >= soonest || this.machine.observes[i] === 1) continue;
      best = entry;
      soonest = end;
    }
  }

  private hasEarlierTwin(i: number): boolean {
    const { events, ret } = this.part;
    const { kind } = this.machine;
    for (let entry = this.window.next[0] as number; ; entry = this.window.next[entry] as number) {
      const other = (events[entry] as number) - 1;
      if (other < 0) return false;
      if (kind[other] === kind[i] && (ret[other] as number) < (ret[i] as number)) return true;
    }
  }

  private push(entry: number, extra: number, phase: number, at: number): void {
    const { frames } = this;
    frames.entry.push(entry);
    frames.extra.push(extra);
    frames.state.push(this.state);
    frames.goal.push(this.goal);
    frames.last.push(this.last);
    frames.phase.push(phase);
    frames.at.push(at);
  }

  /** Undoes what was done last and had an alternative, and goes on behind it; false where nothing is left. */
  private goBack(): boolean {
    const { frames } = this;
    this.aimed = false;
    for (let entry = frames.entry.pop(); entry !== undefined; entry = frames.entry.pop()) {
      const extra = frames.extra.pop() as number;
      if (entry > 0) this.giveBack((this.part.events[entry] as number) - 1);
      else if (extra >= 0) this.flip(extra, this.unknown[extra] as number);
      this.state = frames.state.pop() as number;
      this.goal = frames.goal.pop() as number;
      this.last = frames.last.pop() as number;
      this.phase = frames.phase.pop() as number;
      this.at = frames.at.pop() as number;
      if (this.phase !== FORCED) return true;
    }
    return false;
  }

  /** Remembers the configuration and tells whether it is new. */
  private isNew(state: number, goal: number, last: number): boolean {
    const { row } = this.tried;
    const { events } = this.part;
    row.fill(0);
    let entry = this.window.next[0] as number;
    for (let i = (events[entry] ?? 0) - 1; i >= 0; i = (events[entry] ?? 0) - 1) {
      const slot = this.slot[i] as number;
      const word = WORDS + (slot >> 5);
      row[word] = (row[word] as number) | (1 << (slot & 31));
      entry = this.window.next[entry] as number;
    }
    row[0] = entry;
    row[1] = state;
    row[2] = goal;
    row[3] = last;
    row[4] = this.takenSet;
    return this.tried.add();
  }

  /** The rank of the first return that still waits. */
  private first(): number {
    return -(this.part.events[this.window.firstReturn()] as number) - 1;
  }

  private flip(u: number, i: number): void {
    const taken = 1 - (this.taken[u] as number);
    this.taken[u] = taken;
    this.takenSet = this.sets.flip(this.takenSet, u);
    if (taken === 1) this.machine.took(i);
    else this.machine.gaveBack(i);
  }

  private take(i: number): void {
    this.window.take(i);
    this.machine.took(i);
  }

  private giveBack(i: number): void {
    this.window.giveBack(i);
    this.machine.gaveBack(i);
  }
}
