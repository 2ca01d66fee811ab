import type { Judging } from '../model.ts';
import { CONCLUDED, type Edges, type Graph, graphOf } from './graph.ts';
import { type Numbering, ownerOf } from './numbering.ts';
import type { Step } from './paths.ts';
import { backward } from './reach.ts';
import { type Block, dueTimes, type Reads, Scheduler } from './schedule.ts';
import { type Clause, keyed, named, value } from './words.ts';
import type { Writers } from './writers.ts';

/** Edges that were concluded from others, with what they rest on. */
export class Conclusions {
  private readonly clauses = new Map<string, Clause>();

  add({ from, to, kind }: Step, clause: Clause): void {
    this.clauses.set(`${from} ${to} ${kind}`, clause);
  }

  of({ from, to, kind }: Step): Clause | undefined {
    return this.clauses.get(`${from} ${to} ${kind}`);
  }
}

/** An order of all; a contradiction, as a graph with a cycle if conclusions alone led to it; or nothing within the steps. `near` is a transaction where it came to a halt. */
export type Settled = { readonly near: number } & (
  | { readonly kind: 'order'; readonly order: Int32Array }
  | { readonly kind: 'cycle'; readonly graph: Graph }
  | { readonly kind: 'none' }
  | { readonly kind: 'open' }
);

/** One order of two versions, supposed until it contradicts something. */
interface Guess {
  readonly block: Block;
  /** Added edges and conclusions before it. */
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
export function* settle(
  known: Reads,
  edges: Edges,
  graph: Graph,
  order: Int32Array,
  conclusions: Conclusions,
  budget: { steps: number },
): Generator<Judging, Settled> {
  const back = yield* backward(graph);
  const scheduler = yield* Scheduler.of(known, graph, back, yield* dueTimes(known.n, graph, order));
  const settling = new Settling(known, scheduler, conclusions, budget);
  while (budget.steps > 0) {
    yield { done: settling.scheduler.done, of: graph.nodes };
    if (!settling.scheduler.run(STRIDE, budget)) continue;
    if (settling.scheduler.whole) return { kind: 'order', order: yield* scheduler.order(), near: settling.near };
    if (settling.goOn()) continue;
    // Without any refuted guess the conclusions themselves make a cycle.
    if (settling.refuted) return { kind: 'none', near: settling.near };
    for (const { from, to, kind } of settling.concluded) edges.add(from, to, kind);
    return { kind: 'cycle', graph: yield* graphOf(edges), near: settling.near };
  }
  return { kind: 'open', near: settling.near };
}

class Settling {
  readonly scheduler: Scheduler;
  readonly concluded: Step[] = [];
  /** Whether some edge rests on the contradiction of its opposite. */
  refuted = false;
  /** The transaction at which it came to a halt last. */
  near = 0;
  private readonly guesses: Guess[] = [];
  private readonly known: Reads;
  private readonly conclusions: Conclusions;
  private readonly budget: { steps: number };

  constructor(known: Reads, scheduler: Scheduler, conclusions: Conclusions, budget: { steps: number }) {
    this.known = known;
    this.scheduler = scheduler;
    this.conclusions = conclusions;
    this.budget = budget;
  }

  /** Ends a halt; false where everything was tried. */
  goOn(): boolean {
    const blocks = this.scheduler.blocks();
    this.near = blocks[0]?.txn ?? this.near;
    let open: Block | undefined;
    for (const block of blocks) {
      const done = this.conclude(block);
      if (done === 'contradiction') return this.retreat();
      if (done === 'concluded') return true;
      if (open === undefined || this.placedAt(block) > this.placedAt(open)) open = block;
    }
    if (this.budget.steps <= 0) return true;
    if (open === undefined) return this.retreat();
    this.guesses.push({ block: open, added: this.scheduler.added });
    this.add({ from: open.txn, to: ownerOf(this.known.n, open.version), kind: CONCLUDED });
    return true;
  }

  private placedAt({ version }: Block): number {
    return this.scheduler.placed[ownerOf(this.known.n, version)] as number;
  }

  private conclude(block: Block): 'contradiction' | 'concluded' | 'nothing' {
    const { scheduler, known } = this;
    const { txn, version } = block;
    const writer = ownerOf(known.n, version);
    const since = scheduler.placed[writer] as number;
    const readers = scheduler.readersLeft(known.versions, version, txn);
    const after = this.way(txn, writer, (v) => (scheduler.placed[v] as number) >= since);
    for (const reader of readers) {
      const before = this.way(reader, txn, (v) => scheduler.placed[v] === 0);
      if (before === undefined) continue;
      this.add({ from: txn, to: writer, kind: CONCLUDED }, () => beforeWriter(known, block, reader, before), after !== undefined);
      return after === undefined ? 'concluded' : 'contradiction';
    }
    if (after === undefined) return 'nothing';
    for (const reader of readers) this.add({ from: reader, to: txn, kind: CONCLUDED }, () => afterReader(known, block, reader, after));
    return 'concluded';
  }

  /** `contradicts`: it is noted down, for others to find the cycle that it closes. */
  private add(step: Step, clause?: () => Clause, contradicts = false): void {
    if (this.guesses.length === 0) {
      this.concluded.push(step);
      if (clause !== undefined) this.conclusions.add(step, clause());
    }
    if (!contradicts) this.scheduler.add(step.from, step.to);
  }

  /** Gives up the last guess: its opposite holds. */
  private retreat(): boolean {
    const guess = this.guesses.pop();
    if (guess === undefined) return false;
    this.refuted = true;
    const { n, versions } = this.known;
    const { txn, version } = guess.block;
    const writer = ownerOf(n, version);
    this.scheduler.forget(guess.added);
    this.add({ from: writer, to: txn, kind: CONCLUDED });
    for (let r = versions.reads[version] as number; r >= 0; r = versions.nextRead[r] as number) {
      if (ownerOf(n, r) !== txn) this.add({ from: ownerOf(n, r), to: txn, kind: CONCLUDED });
    }
    return true;
  }

  /** The nodes of a path from `source` to `target`, but for `target`, over nodes that may be passed. */
  private way(target: number, source: number, passes: (node: number) => boolean): readonly number[] | undefined {
    const { start, from } = this.scheduler.backward;
    const next = new Map<number, number>([[target, -1]]);
    const queue = [target];
    const look = (v: number, w: number): void => {
      if (next.has(v) || !passes(v)) return;
      next.set(v, w);
      queue.push(v);
    };
    for (let i = 0; i < queue.length; i++) {
      const w = queue[i] as number;
      if (w === source) {
        const path: number[] = [];
        for (let v = w; v !== target; v = next.get(v) as number) path.push(v);
        return path;
      }
      if (--this.budget.steps <= 0) return undefined;
      for (let e = start[w] as number; e < (start[w + 1] as number); e++) look(from[e] as number, w);
      this.scheduler.eachAddedBefore(w, (v) => look(v, w));
    }
    return undefined;
  }
}

/** T before R, which read from W: T before W. */
function beforeWriter({ n, writers }: Reads, { txn, version }: Block, reader: number, way: readonly number[]): Clause {
  const own = writeOf(n, writers, txn, version);
  const [t, r, w] = [txn, reader, ownerOf(n, version)].map((each) => named(n, n.row[each] as number));
  const text = `${t} wrote ${value(n, own)} to ${keyed(n, version)} before ${w} wrote ${value(n, version)}, which ${r} read after ${t}`;
  return { text, rows: rowsOf(n, [reader, ...way]) };
}

/** T after W: T after R, which read from W. */
function afterReader({ n, writers }: Reads, { txn, version }: Block, reader: number, way: readonly number[]): Clause {
  const own = writeOf(n, writers, txn, version);
  const [t, r, w] = [txn, reader, ownerOf(n, version)].map((each) => named(n, n.row[each] as number));
  const text = `${r} read ${value(n, version)} of ${w} from ${keyed(n, version)} before ${t} wrote ${value(n, own)}, since ${t} comes after ${w}`;
  return { text, rows: rowsOf(n, [ownerOf(n, version), ...way]) };
}

function rowsOf(n: Numbering, transactions: readonly number[]): readonly number[] {
  return transactions.filter((t) => t < n.count).map((t) => n.row[t] as number);
}

/** The version that a transaction wrote to the key of another version. */
function writeOf(n: Numbering, writers: Writers, t: number, version: number): number {
  const row = n.row[t] as number;
  for (let m = n.txns.from[row] as number; m < (n.txns.from[row + 1] as number); m++)
    if (n.txns.key[m] === n.txns.key[version] && writers.next[m] === -1 && n.txns.f[m] === n.txns.f[version]) return m;
  throw new Error('a transaction can only be blocked at a key that it writes');
}
