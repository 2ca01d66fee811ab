import type { Judging } from '../model.ts';
import { type Edges, type Graph, graphOf, RW, WW } from './graph.ts';
import { type Numbering, ownerOf } from './numbering.ts';
import type { Step } from './paths.ts';
import { backward, reach } from './reach.ts';
import type { Versions } from './register-edges.ts';
import type { Registers } from './registers.ts';
import { type Block, type Schedule, Scheduler } from './schedule.ts';
import { sorted } from './sort.ts';
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

/** What all edges and all that follows from them came to: an order of all, a graph with cycles, or neither. */
export interface Settled {
  readonly order?: Int32Array;
  readonly cyclic?: Graph;
}

interface Known {
  readonly n: Numbering;
  readonly registers: Registers;
  readonly versions: Versions;
  readonly writers: Writers;
}

interface Edge {
  readonly step: Step;
  readonly clause: Clause;
}

/** So often it guesses anew where nothing more can be concluded. */
const GUESSES = 24;
/** A search back over what has been put in order looks at so many nodes. */
const FAR = 4_000;
/** At one halt so many blocks are looked at. */
const BLOCKS = 64;

/**
 * Orders of versions of registers, concluded where they are needed. If T writes a register, R read the version of W there, and T comes before R, then T comes before W
 * (between W and R nobody may write); if T comes after W, it comes after R. (The rules of polygraphs, Papadimitriou 1979.) Where the scheduler comes to a halt, T waits
 * for such an R: one of the rules may apply. Otherwise one of several T comes before its W, and a guess says which: what rests on guesses proves only what is valid.
 */
export function* settle(known: Known, edges: Edges, conclusions: Conclusions, budget: { steps: number }): Generator<Judging, Settled> {
  const base = edges.count;
  let kept = base;
  let guessed = false;
  for (let guesses = 0; budget.steps > 0; ) {
    const graph = graphOf(edges);
    budget.steps -= graph.nodes + graph.to.length;
    const order = yield* sorted(graph);
    if (order === undefined) {
      if (!guessed) return { cyclic: graph };
      edges.count = kept;
      guessed = false;
      if (guesses >= GUESSES) return {};
      continue;
    }
    const scheduler = new Scheduler(known.n, graph, known.registers, known.writers, known.versions);
    const schedule = yield* scheduler.run();
    if (schedule.blocks.length === 0) return complete(known.n, schedule);
    const forced = conclude(known, graph, scheduler, schedule, budget);
    for (const { step, clause } of forced) {
      edges.add(step.from, step.to, step.kind);
      if (!guessed) conclusions.add(step, clause);
    }
    if (forced.length > 0) {
      if (!guessed) kept = edges.count;
      continue;
    }
    if (guesses++ >= GUESSES) return {};
    const step = guess(known, scheduler, schedule.blocks, guesses);
    edges.add(step.from, step.to, step.kind);
    guessed = true;
  }
  return {};
}

function complete({ part }: Numbering, { order, count }: Schedule): Settled {
  let all = 0;
  for (const took of part) if (took === 1) all++;
  return count === all ? { order: order.subarray(0, count) } : {};
}

/** What follows at a halt from either rule. */
function conclude(known: Known, graph: Graph, scheduler: Scheduler, { blocks }: Schedule, budget: { steps: number }): readonly Edge[] {
  const { n, versions } = known;
  const back = backward(graph);
  const edges: Edge[] = [];
  for (const block of blocks.slice(0, BLOCKS)) {
    const writer = ownerOf(n, block.version);
    const after = reach(back, block.txn, () => true, writer, FAR);
    budget.steps -= FAR;
    for (const reader of scheduler.readersLeft(versions, block.version)) {
      if (reader === block.txn) continue;
      if (after !== undefined) edges.push(afterReader(known, block, reader, after));
      const way = reach(back, reader, (v) => v >= n.count || scheduler.placed[v] === 0, block.txn, FAR);
      budget.steps -= FAR;
      if (way === undefined) continue;
      edges.push(beforeWriter(known, block, reader, way));
      break;
    }
  }
  return edges;
}

/** T before R, which read from W: T before W. */
function beforeWriter({ n, writers }: Known, { txn, version }: Block, reader: number, way: readonly number[]): Edge {
  const own = writeOf(n, writers, txn, version);
  const [t, r, w] = [txn, reader, ownerOf(n, version)].map((each) => named(n, n.row[each] as number));
  const text = `${t} wrote ${value(n, own)} to ${keyed(n, version)} before ${w} wrote ${value(n, version)}, which ${r} read after ${t}`;
  return { step: { from: txn, to: ownerOf(n, version), kind: WW }, clause: { text, rows: rowsOf(n, [reader, ...way]) } };
}

/** T after W: T after R, which read from W. */
function afterReader({ n, writers }: Known, { txn, version }: Block, reader: number, way: readonly number[]): Edge {
  const own = writeOf(n, writers, txn, version);
  const [t, r, w] = [txn, reader, ownerOf(n, version)].map((each) => named(n, n.row[each] as number));
  const text = `${r} read ${value(n, version)} of ${w} from ${keyed(n, version)} before ${t} wrote ${value(n, own)}, since ${t} comes after ${w}`;
  return { step: { from: reader, to: txn, kind: RW }, clause: { text, rows: rowsOf(n, [ownerOf(n, version), ...way]) } };
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

/** One blocked transaction before the writer that it is blocked by: by turns a different one, beginning with the writer that was put in order last. */
function guess({ n }: Known, { placed }: Scheduler, blocks: readonly Block[], turn: number): Step {
  const by = (block: Block): number => placed[ownerOf(n, block.version)] as number;
  const sortedBlocks = [...blocks].sort((a, b) => by(b) - by(a) || a.txn - b.txn);
  const { txn, version } = sortedBlocks[(turn - 1) % sortedBlocks.length] as Block;
  return { from: txn, to: ownerOf(n, version), kind: WW };
}
