import type { Judging } from '../model.ts';
import type { Graph } from './graph.ts';
import { ownerOf } from './numbering.ts';
import { backward } from './reach.ts';
import { type Block, dueTimes, type Reads, Scheduler } from './schedule.ts';

/** An order of all; `none` if there is none, `open` if none was found within the steps. */
export type Settled = Int32Array | 'none' | 'open';

/** One order of two versions, supposed until it contradicts something. */
interface Guess {
  readonly block: Block;
  /** Added edges before it. */
  readonly added: number;
}

/** So many nodes are put in order between two looks of those who watch. */
const STRIDE = 4_096;

/**
 * The orders of versions of registers that reads alone do not tell, concluded or guessed where they are needed. If T writes a register, R read the version of W there, and
 * T comes before R, then T comes before W, since nobody writes between W and R; and if T comes after W, it comes after R (polygraphs: Papadimitriou, J. ACM 26(4), 1979).
 * The scheduler comes to a halt where T waits for such an R: then the rules are tried, and where neither applies, T before W is supposed. A contradiction shows
 * that W comes before T, as far as what was supposed before holds. So all orders are gone through that matter, and few of them are.
 */
export function* settle(known: Reads, graph: Graph, order: Int32Array, budget: { steps: number }): Generator<Judging, Settled> {
  const back = yield* backward(graph);
  const scheduler = yield* Scheduler.of(known, graph, back, yield* dueTimes(known.n, graph, order));
  const settling = new Settling(known, scheduler, budget);
  while (budget.steps > 0) {
    yield { done: scheduler.done, of: graph.nodes };
    if (!scheduler.run(STRIDE, budget)) continue;
    if (scheduler.whole) return yield* scheduler.order();
    if (!(yield* settling.goOn())) return 'none';
  }
  return 'open';
}

class Settling {
  private readonly guesses: Guess[] = [];
  private readonly known: Reads;
  private readonly scheduler: Scheduler;
  private readonly budget: { steps: number };
  /** In which look back each node was met last. */
  private readonly met: Int32Array;
  private readonly queue: Int32Array;
  private looks = 0;

  constructor(known: Reads, scheduler: Scheduler, budget: { steps: number }) {
    this.known = known;
    this.scheduler = scheduler;
    this.budget = budget;
    this.met = new Int32Array(scheduler.placed.length);
    this.queue = new Int32Array(scheduler.placed.length);
  }

  /** Ends a halt; false where everything was tried. */
  *goOn(): Generator<Judging, boolean> {
    const blocks = this.scheduler.blocks();
    let open: Block | undefined;
    for (const block of blocks) {
      const done = yield* this.conclude(block);
      if (done === 'contradiction') return this.retreat();
      if (done === 'concluded') return true;
      if (open === undefined || this.placedAt(block) > this.placedAt(open)) open = block;
    }
    if (this.budget.steps <= 0) return true;
    if (open === undefined) return this.retreat();
    this.guesses.push({ block: open, added: this.scheduler.added });
    this.scheduler.add(open.txn, ownerOf(this.known.n, open.version));
    return true;
  }

  private placedAt({ version }: Block): number {
    return this.scheduler.placed[ownerOf(this.known.n, version)] as number;
  }

  private *conclude({ txn, version }: Block): Generator<Judging, 'contradiction' | 'concluded' | 'nothing'> {
    const { scheduler, known } = this;
    const writer = ownerOf(known.n, version);
    const readers = scheduler.readersLeft(known.versions, version, txn);
    const after = yield* this.leads(writer, txn, scheduler.placed[writer] as number);
    for (const reader of readers) {
      if (!(yield* this.leads(txn, reader, 0))) continue;
      if (after) return 'contradiction';
      scheduler.add(txn, writer);
      return 'concluded';
    }
    if (!after) return 'nothing';
    for (const reader of readers) scheduler.add(reader, txn);
    return 'concluded';
  }

  /** Gives up the last guess: its opposite holds. */
  private retreat(): boolean {
    const guess = this.guesses.pop();
    if (guess === undefined) return false;
    const { n, versions } = this.known;
    const { txn, version } = guess.block;
    this.scheduler.forget(guess.added);
    this.scheduler.add(ownerOf(n, version), txn);
    for (let r = versions.reads[version] as number; r >= 0; r = versions.nextRead[r] as number) {
      if (ownerOf(n, r) !== txn) this.scheduler.add(ownerOf(n, r), txn);
    }
    return true;
  }

  /** Whether one node leads to another over nodes that were put in order since a moment; over none that were, if that is 0. */
  private *leads(source: number, target: number, since: number): Generator<Judging, boolean> {
    const { met, queue, budget, scheduler } = this;
    const { start, from } = scheduler.backward;
    const look = ++this.looks;
    let size = 0;
    const meet = (v: number): void => {
      const placed = scheduler.placed[v] as number;
      if (met[v] === look || (since === 0 ? placed !== 0 : placed < since)) return;
      met[v] = look;
      queue[size++] = v;
    };
    met[target] = look;
    queue[size++] = target;
    for (let i = 0; i < size; i++) {
      const w = queue[i] as number;
      if (w === source) return true;
      if (--budget.steps <= 0) return false;
      if ((i & 0x1fff) === 0x1fff) yield { done: scheduler.done, of: met.length };
      for (let e = start[w] as number; e < (start[w + 1] as number); e++) meet(from[e] as number);
      scheduler.eachAddedBefore(w, meet);
    }
    return false;
  }
}
