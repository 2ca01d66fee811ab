import type { Columns } from '../../history/columns.ts';
import type { Judging } from '../model.ts';
import type { Clusters } from './clusters.ts';
import { zonesOf } from './zones.ts';

const NONE = -1;

/** A list of numbers from which elements are taken out and put back in the opposite order. */
class Linked {
  private readonly next: Int32Array;
  private readonly prev: Int32Array;
  private readonly head: number;

  constructor(order: Int32Array, size: number) {
    this.head = size;
    this.next = new Int32Array(size + 1);
    this.prev = new Int32Array(size + 1);
    let at = size;
    for (const one of order) {
      this.next[at] = one;
      this.prev[one] = at;
      at = one;
    }
    this.next[at] = size;
    this.prev[size] = at;
  }

  /** The last element, or -1. */
  last(): number {
    return this.before(this.head);
  }

  before(one: number): number {
    const prev = this.prev[one] as number;
    return prev === this.head ? NONE : prev;
  }

  take(one: number): void {
    const [next, prev] = [this.next[one] as number, this.prev[one] as number];
    this.next[prev] = next;
    this.prev[next] = prev;
  }

  restore(one: number): void {
    this.next[this.prev[one] as number] = one;
    this.prev[this.next[one] as number] = one;
  }
}

/**
 * Whether one key whose reads have one source each is 2-atomic: every read returns one of the two newest values. Limited backtracking (LBT:
 * Golab, Hurwitz & Li, On the k-atomicity-verification problem, ICDCS 2013). The order of the writes is built from its end. A
 * write may be the last of those left if none of these began after it had taken effect. All reads left that began after that then read the
 * write before it, so at most one value; if there is one, its write is forced to be the next, else the choice is free again, and there
 * whatever led here may stay: taking away a value with its reads makes no history less atomic. So only the choice at the last free point is
 * ever taken back. Of several choices each is followed for a while, then for twice as long. Undefined where the budget ran out. A step is
 * one operation put into its place.
 */
export function isTwoAtomic(columns: Columns, clusters: Clusters, budget: { steps: number }): Generator<Judging, boolean | undefined> {
  return new Placing(columns, clusters, budget).run();
}

class Placing {
  private readonly columns: Columns;
  private readonly clusters: Clusters;
  private readonly budget: { steps: number };
  private readonly effect: Float64Array;
  private readonly clusterOf: Int32Array;
  private readonly readRow: Int32Array;
  /** The writes that are left, by call and by effect, and the reads by call, which are numbered as the clusters have them. */
  private readonly byCall: Linked;
  private readonly byEffect: Linked;
  private readonly reads: Linked;
  private readonly placed: number[] = [];
  private rested: number;

  constructor(columns: Columns, clusters: Clusters, budget: { steps: number }) {
    this.columns = columns;
    this.clusters = clusters;
    this.budget = budget;
    this.rested = budget.steps;
    const { from, order } = zonesOf(columns, clusters);
    this.effect = from;
    const { size, reads } = clusters;
    this.clusterOf = new Int32Array(reads.rows.length);
    for (let c = 0; c < size; c++) this.clusterOf.fill(c, reads.from[c], reads.from[c + 1]);
    this.readRow = reads.rows;
    const inOrder = Int32Array.from({ length: reads.rows.length }, (_, i) => i).sort(
      (a, b) => (reads.rows[a] as number) - (reads.rows[b] as number),
    );
    this.byCall = new Linked(
      Int32Array.from({ length: size }, (_, c) => c),
      size,
    );
    this.byEffect = new Linked(order, size);
    this.reads = new Linked(inOrder, reads.rows.length);
  }

  *run(): Generator<Judging, boolean | undefined> {
    for (;;) {
      yield* this.breath();
      const newest = this.byCall.last();
      if (newest === NONE) return true;
      const epoch = yield* this.epoch(this.candidates(newest));
      if (epoch !== true) return epoch;
    }
  }

  /** The writes that may be last: the one called last, and those that had not taken effect by then. */
  private candidates(newest: number): number[] {
    const found = [newest];
    for (let c = this.byEffect.last(); c !== NONE && (this.effect[c] as number) > this.callOf(newest); c = this.byEffect.before(c))
      if (c !== newest) found.push(c);
    return found;
  }

  private *epoch(candidates: readonly number[]): Generator<Judging, boolean | undefined> {
    let open = candidates;
    for (let limit = 4; open.length > 0; limit *= 2) {
      const further: number[] = [];
      for (const candidate of open) {
        const result = this.follow(candidate, limit);
        yield* this.breath();
        if (result === true) return true;
        if (this.budget.steps < 0) return undefined;
        if (result === undefined) further.push(candidate);
      }
      open = further;
    }
    return false;
  }

  /** Places a write and those that it forces. Whatever did not come to a free point is taken back. */
  private follow(candidate: number, limit: number): boolean | undefined {
    const mark = this.placed.length;
    let next = candidate;
    for (let i = 0; i < limit; i++) {
      if (!this.mayBeLast(next)) return this.takeBack(mark);
      this.place(next);
      const forced = this.forcedBy(next);
      if (forced === NONE) return true;
      if (forced < 0) return this.takeBack(mark);
      next = forced;
    }
    this.takeBack(mark);
    return undefined;
  }

  /** Lets others have a turn after every few thousand steps. */
  private *breath(): Generator<Judging, void> {
    if (this.rested - this.budget.steps < 4096) return;
    this.rested = this.budget.steps;
    yield { done: this.placed.length, of: this.clusters.size };
  }

  private mayBeLast(c: number): boolean {
    const last = this.byCall.last();
    const other = last === c ? this.byCall.before(c) : last;
    return other === NONE || this.callOf(other) < (this.effect[c] as number);
  }

  private place(c: number): void {
    const { from } = this.clusters.reads;
    this.byCall.take(c);
    this.byEffect.take(c);
    for (let read = from[c] as number; read < (from[c + 1] as number); read++) this.reads.take(read);
    this.budget.steps -= 1 + (from[c + 1] as number) - (from[c] as number);
    this.placed.push(c);
  }

  /**
   * The one value that the reads left found which began after a write had taken effect; -1 where there are none, -2 where they found
   * several.
   */
  private forcedBy(c: number): number {
    let forced = NONE;
    for (let read = this.reads.last(); read !== NONE; read = this.reads.before(read)) {
      if ((this.columns.call[this.readRow[read] as number] as number) < (this.effect[c] as number)) break;
      const cluster = this.clusterOf[read] as number;
      if (forced !== NONE && forced !== cluster) return -2;
      forced = cluster;
    }
    return forced;
  }

  private takeBack(mark: number): false {
    const { from } = this.clusters.reads;
    while (this.placed.length > mark) {
      const c = this.placed.pop() as number;
      for (let read = (from[c + 1] as number) - 1; read >= (from[c] as number); read--) this.reads.restore(read);
      this.byEffect.restore(c);
      this.byCall.restore(c);
    }
    return false;
  }

  private callOf(c: number): number {
    const row = this.clusters.write[c] as number;
    return row < 0 ? 0 : (this.columns.call[row] as number);
  }
}
