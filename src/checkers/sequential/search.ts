import { CAS, DEQUEUE } from '../../history/columns.ts';
import { CANNOT, type Machine } from '../objects/machine.ts';
import type { Budget } from '../objects/part.ts';
import { Tried } from '../objects/tried.ts';
import { Tries } from '../objects/tries.ts';
import type { Story } from './story.ts';
import { Vectors } from './vectors.ts';

/** Operations that must come before others: those of operation i stand in `to` from `from[i]` up to `from[i + 1]`. */
export interface Before {
  readonly from: Int32Array;
  readonly to: Int32Array;
}

export interface Found {
  readonly valid: boolean | undefined;
  /** Valid: operations of the story in an order that explains what was seen. */
  readonly order?: readonly number[];
}

const FORCED = -1;

/**
 * Whether the operations have an order that keeps the order of each process, the order `before`, and in which each finds what it found. Depth first: what only looks and
 * fits is taken at once, since it changes nothing and later could only be harder; of what changes something the operation called first is tried first. A configuration
 * (how far each process is, what of unknown outcome was taken, the state of every object) that failed is not tried again.
 */
export function searchOrder(story: Story, machines: readonly Machine[], before: Before, budget: Budget): Found {
  return new Search(story, machines, before, budget).run();
}

class Search {
  private readonly story: Story;
  private readonly machines: readonly Machine[];
  private readonly before: Before;
  private readonly budget: Budget;
  /** How many operations that must come before each are not taken. */
  private readonly waits: Int32Array;
  /** How far each process is. */
  private readonly heads: Int32Array;
  private readonly states: Int32Array;
  private readonly unknown: Int32Array;
  private readonly taken: Uint8Array;
  private readonly twin: Int32Array;
  private readonly kind: Int32Array;
  /** How many operations of each object that look are left: what nobody looks at any more can be changed at will. */
  private readonly looks: Int32Array;
  private readonly vectors: Vectors;
  private readonly places: Vectors;
  private readonly sets: Tries;
  private vector: number;
  private positions: number;
  private takenSet = 0;
  private readonly tried = new Tried(4);
  private done = 0;
  private readonly certain: number;
  /** What was done, in order: operation, state of its object before, where to go on. */
  private readonly ops: number[] = [];
  private readonly olds: number[] = [];
  private readonly ats: number[] = [];
  private at = -1;

  constructor(story: Story, machines: readonly Machine[], before: Before, budget: Budget) {
    this.story = story;
    this.machines = machines;
    this.before = before;
    this.budget = budget;
    const { count, certain, chains, object, local } = story;
    this.waits = new Int32Array(before.from.length);
    for (const to of before.to) this.waits[to] = (this.waits[to] as number) + 1;
    this.heads = new Int32Array(chains.length);
    this.states = new Int32Array(machines.length);
    this.vectors = new Vectors(machines.length);
    this.vector = this.vectors.zeros();
    this.places = new Vectors(chains.length);
    this.positions = this.places.zeros();
    this.unknown = Int32Array.from({ length: count }, (_, i) => i).filter((i) => certain[i] === 0);
    this.certain = count - this.unknown.length;
    this.taken = new Uint8Array(count);
    this.sets = new Tries(count);
    this.kind = Int32Array.from(object, (own, i) => machines[own]?.kind[local[i] as number] as number);
    const latest = new Map<string, number>();
    this.twin = new Int32Array(count).fill(-1);
    for (const i of this.unknown) {
      const kind = `${story.process[i]} ${story.place[i]} ${object[i]} ${this.kind[i]}`;
      this.twin[i] = latest.get(kind) ?? -1;
      latest.set(kind, i);
    }
    this.looks = new Int32Array(machines.length);
    for (let i = 0; i < count; i++) {
      if (this.machineOf(i).observes[local[i] as number] === 1 || this.demands(i))
        this.looks[object[i] as number] = (this.looks[object[i] as number] as number) + 1;
    }
  }

  run(): Found {
    for (;;) {
      if (this.done === this.certain) return { valid: true, order: this.ops };
      if (this.takeForced() || this.takeNext()) {
        this.at = -1;
        continue;
      }
      if (this.budget.steps <= 0) return { valid: undefined };
      if (!this.goBack()) return { valid: false };
    }
  }

  private machineOf(i: number): Machine {
    return this.machines[this.story.object[i] as number] as Machine;
  }

  /** Whether an operation that changes its object also needs it to be in some state. */
  private demands(i: number): boolean {
    const own = this.story.objects[this.story.object[i] as number];
    const effect = own?.deeds.effect[this.story.local[i] as number];
    return effect === CAS || effect === DEQUEUE;
  }

  private stepOf(i: number): number {
    const object = this.story.object[i] as number;
    return (this.machines[object] as Machine).step(this.states[object] as number, this.story.local[i] as number);
  }

  private takeForced(): boolean {
    const { chains, object, local } = this.story;
    for (let p = 0; p < chains.length; p++) {
      const chain = chains[p] as Int32Array;
      const at = this.heads[p] as number;
      if (at === chain.length) continue;
      const i = chain[at] as number;
      if ((this.waits[i] as number) > 0) continue;
      const observes = this.machineOf(i).observes[local[i] as number] === 1;
      if (!observes && (this.looks[object[i] as number] as number) > 0) continue;
      const after = this.stepOf(i);
      if (after === CANNOT) continue;
      this.push(i, after, FORCED);
      return true;
    }
    return false;
  }

  /** The next operation that changes something, in order of call, certain ones first. */
  private takeNext(): boolean {
    const { story } = this;
    const last = story.count;
    for (;;) {
      const i = this.at < last ? this.nextHead() : this.nextUnknown();
      if (i < 0) {
        if (this.at >= last) return false;
        this.at = last;
        continue;
      }
      const certain = story.certain[i] === 1;
      this.at = certain ? i : last + 1 + i;
      const after = this.stepOf(i);
      if (after === CANNOT || (!certain && after === this.states[story.object[i] as number])) continue;
      if (this.budget.steps-- <= 0) return false;
      this.push(i, after, this.at);
      if (this.isNew()) return true;
      this.pop();
    }
  }

  private nextHead(): number {
    const { chains, local } = this.story;
    let best = this.story.count;
    for (let p = 0; p < chains.length; p++) {
      const chain = chains[p] as Int32Array;
      const at = this.heads[p] as number;
      if (at === chain.length) continue;
      const i = chain[at] as number;
      if (i <= this.at || i >= best || (this.waits[i] as number) > 0 || this.machineOf(i).observes[local[i] as number] === 1) continue;
      best = i;
    }
    return best === this.story.count ? -1 : best;
  }

  /** Of what has an unknown outcome the next that may come; of those that do the same the oldest, and none that a certain one could do for it. */
  private nextUnknown(): number {
    const { process, place } = this.story;
    for (const i of this.unknown) {
      if (this.story.count + 1 + i <= this.at || this.taken[i] === 1) continue;
      const twin = this.twin[i] as number;
      if ((this.heads[process[i] as number] as number) < (place[i] as number) || (this.waits[i] as number) > 0) continue;
      if ((twin >= 0 && this.taken[twin] === 0) || this.hasCertainTwin(i)) continue;
      return i;
    }
    return -1;
  }

  private hasCertainTwin(i: number): boolean {
    const { chains, object } = this.story;
    return chains.some((chain, p) => {
      const head = chain[this.heads[p] as number];
      return head !== undefined && object[head] === object[i] && this.kind[head] === this.kind[i] && this.waits[head] === 0;
    });
  }

  private push(i: number, after: number, at: number): void {
    const object = this.story.object[i] as number;
    this.ops.push(i);
    this.olds.push(this.states[object] as number);
    this.ats.push(at);
    this.move(i, 1);
    this.setState(object, after);
  }

  private pop(): number {
    const i = this.ops.pop() as number;
    this.setState(this.story.object[i] as number, this.olds.pop() as number);
    this.move(i, -1);
    return this.ats.pop() as number;
  }

  private setState(object: number, state: number): void {
    if (this.states[object] === state) return;
    this.states[object] = state;
    this.vector = this.vectors.with(this.vector, object, state);
  }

  private move(i: number, by: 1 | -1): void {
    const { story, machines } = this;
    const object = story.object[i] as number;
    const local = story.local[i] as number;
    const machine = machines[object] as Machine;
    if (by === 1) machine.took(local);
    else machine.gaveBack(local);
    if (machine.observes[local] === 1 || this.demands(i)) this.looks[object] = (this.looks[object] as number) - by;
    if (story.certain[i] === 1) {
      const p = story.process[i] as number;
      this.heads[p] = (this.heads[p] as number) + by;
      this.positions = this.places.with(this.positions, p, this.heads[p] as number);
      this.done += by;
    } else {
      this.taken[i] = by === 1 ? 1 : 0;
      this.takenSet = this.sets.flip(this.takenSet, i);
    }
    this.release(i, by);
  }

  /** What waits for an operation waits for it no longer, or again. Helpers are no operations: they are done when nothing is left that they wait for. */
  private release(node: number, by: 1 | -1): void {
    const { from, to } = this.before;
    const { waits } = this;
    for (let e = from[node] as number; e < (from[node + 1] as number); e++) {
      const next = to[e] as number;
      const left = waits[next] as number;
      waits[next] = left - by;
      // No helper stands before another, so this goes one deep.
      if (next >= this.story.count && (by === 1 ? left === 1 : left === 0)) this.release(next, by);
    }
  }

  /** Undoes what was done last and had an alternative. */
  private goBack(): boolean {
    while (this.ops.length > 0) {
      this.at = this.pop();
      if (this.at !== FORCED) return true;
    }
    return false;
  }

  private isNew(): boolean {
    const { row } = this.tried;
    row[0] = this.done + 1;
    row[1] = this.positions;
    row[2] = this.vector;
    row[3] = this.takenSet;
    return this.tried.add();
  }
}
