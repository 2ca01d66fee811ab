import type { Judging } from '../model.ts';
import { THIN_AIR } from '../reads-from.ts';
import { Clocks } from './clocks.ts';
import { Comparison, type Demand, type Overlooked } from './compare.ts';
import { Edges } from './edges.ts';
import { circle, type Ordered, proof, type Step, way } from './explain.ts';
import { type Members, NONE } from './members.ts';
import type { Sequence } from './sequence.ts';
import { type Binding, Bound, View } from './views.ts';

/** What is wrong, by rows. */
export type Because =
  | { readonly kind: 'thin-air'; readonly read: number }
  /** A read comes before what it read from. */
  | { readonly kind: 'circle'; readonly read: number; readonly source: number }
  | ({ readonly kind: 'overlooked' } & Overlooked)
  /** Orders that reads demand (`by`) and that causality or a line has (`NONE`) close a circle. In the view of one process, or for all. */
  | { readonly kind: 'orders'; readonly process: number | undefined; readonly orders: readonly Demanded[] }
  /** In every view of the process of the read a write of its key stands before it, and it found the beginning. */
  | { readonly kind: 'beginning'; readonly read: number; readonly write: number };

export interface Demanded {
  readonly from: number;
  readonly to: number;
  readonly by: number;
}

/** Operations that cannot stand together if their reads read what they read. */
export interface Refutation {
  readonly rows: readonly number[];
  readonly because: Because;
}

/** What a check came to: a proof against the history, or nothing against it, with an order that explains it where the model has one; `out` where its steps ended before. */
export type Checked = Refutation | { readonly order?: Int32Array } | 'out';

export type Check = (members: Members, budget: Budget) => Generator<Judging, Checked>;

export interface Budget {
  steps: number;
}

const CHUNK = 16_384;
/** How many entries of clocks may be joined before others get a turn, and how many may be kept at all (1 GB). */
const WIDE = 1_048_576;
const MOST_ENTRIES = 0x1000_0000;
const everything = (): boolean => true;

/** CC of Bouajjani, Enea, Guerraoui & Hamza (POPL 2017, section 3.1), by the bad patterns of its table 2: ThinAirRead, CyclicCO, WriteCOInitRead, WriteCORead. */
export const checkWeak: Check = (members, budget) => checkPasts(members, 'weak', budget);

/**
 * CCv of the same paper: besides, no cycle of causality and of the orders that reads demand (CyclicCF). Orders are taken up only where the sequence that was tried goes against them; the next one obeys
 * them. Each round but the last takes up an order that the last one did not know, and all of them are demanded in truth; so a circle among them is a proof, and a round
 * that goes against none has found an arbitration. Pasts do not depend on the sequence: they are computed once.
 */
export const checkConvergent: Check = (members, budget) => checkPasts(members, 'convergent', budget);

function* checkPasts(members: Members, demand: Demand, budget: Budget): Generator<Judging, Checked> {
  const air = thinAir(members);
  if (air !== undefined) return air;
  const edges = new Edges();
  const clocks = new Clocks(members);
  // Wide clocks make for few rows at a time.
  const chunk = Math.max(64, Math.min(CHUNK, Math.floor(WIDE / Math.max(1, members.width))));
  for (let ended = false; !ended; ) {
    const { filled, steps } = clocks;
    ended = clocks.advance(chunk);
    budget.steps -= clocks.filled - filled + clocks.steps - steps;
    if (budget.steps < 0 || clocks.entries.length > MOST_ENTRIES) return 'out';
    yield { done: clocks.filled, of: members.count };
  }
  if (!clocks.complete) return circular({ members, edges, follows: everything }, clocks);
  const graph: Ordered = { members, edges, at: clocks.at, follows: everything };
  const comparison = new Comparison(members, clocks, demand, edges);
  for (let sequence: Sequence = clocks; ; ) {
    const known = edges.count;
    comparison.begin(sequence);
    for (let ended = false; !ended; ) {
      const { steps } = comparison;
      ended = comparison.advance(CHUNK);
      budget.steps -= CHUNK + comparison.steps - steps;
      if (comparison.overlooked !== undefined) return overlooking(graph, comparison.overlooked);
      if (budget.steps < 0) return 'out';
      yield { done: members.count, of: members.count };
    }
    if (edges.count === known) return { order: sequence.order };
    if (sequence instanceof Bound) sequence.again();
    else sequence = new Bound(members, edges, undefined);
    while (!sequence.advance(CHUNK)) yield { done: members.count, of: members.count };
    budget.steps -= members.count;
    if (!sequence.complete) return disagreement(graph, sequence, undefined, 'causality');
  }
}

function overlooking(graph: Ordered, overlooked: Overlooked): Refutation {
  const { source, write, read } = overlooked;
  const steps = [...(source < 0 ? [] : between(graph, source, write, 0)), ...between(graph, write, read, 0)];
  return refutation(graph, steps, [read, write, ...(source < 0 ? [] : [source])], { kind: 'overlooked', ...overlooked });
}

/**
 * Causal memory (Ahamad, Neiger, Burns, Kohli & Hutto 1995; CM of POPL 2017), or with `own` PRAM (Lipton & Sandberg 1988): process by process a view is tried for. What
 * it lacks becomes an order that the next try obeys; such an order holds in every view, so that a circle is a proof (CyclicHB, and WriteHBInitRead where the beginning was read).
 */
export const checkViews = (binding: Binding): Check =>
  function* (members, budget) {
    const air = thinAir(members);
    if (air !== undefined) return air;
    const none = new Edges();
    const causal = binding === 'all' ? new Bound(members, none, undefined) : undefined;
    if (causal !== undefined) {
      causal.advance(members.columns.count);
      budget.steps -= members.count;
      if (budget.steps < 0) return 'out';
      if (!causal.complete) return circular({ members, edges: none, follows: everything }, causal);
    }
    const lines = members.first.length;
    for (let line = 0; line < lines; line++) {
      const own = seers(members, line);
      if (own === undefined) continue;
      const checked = yield* checkView(members, own, causal?.order, budget);
      if (checked !== undefined) return binding === 'all' ? yield* plainest(members, checked, budget) : checked;
      yield { done: line + 1, of: lines };
    }
    return {};
  };

/** What is overlooked in a past is wrong in every view, and takes fewer operations to tell, which leaves fewer ways out to try. */
function* plainest(members: Members, checked: Checked, budget: Budget): Generator<Judging, Checked> {
  if (checked === 'out') return checked;
  const weak = yield* checkWeak(members, budget);
  return weak !== 'out' && 'because' in weak ? weak : checked;
}

function* checkView(
  members: Members,
  own: Int32Array,
  causal: Int32Array | undefined,
  budget: Budget,
): Generator<Judging, Checked | undefined> {
  const edges = new Edges();
  let bound: Uint8Array | undefined;
  if (causal === undefined) {
    bound = new Uint8Array(members.columns.count);
    for (const row of own) bound[row] = 1;
  }
  const graph: Ordered = { members, edges, follows: (row) => bound === undefined || bound[row] === 1 };
  const process = members.columns.process[own[0] as number] as number;
  for (let order = causal; ; order = undefined) {
    if (order === undefined) {
      const sequence = new Bound(members, edges, bound);
      sequence.advance(members.columns.count);
      budget.steps -= members.count;
      if (!sequence.complete) return edges.count === 0 ? circular(graph, sequence) : disagreement(graph, sequence, process, 'edges');
      order = sequence.order;
    }
    const young = edges.count;
    const view = new View(members, own, edges, bound);
    const demanded = view.demands(order);
    budget.steps -= view.steps + members.count;
    if (view.beginning !== undefined) {
      const { read, write } = view.beginning;
      return refutation(graph, between(graph, write, read, young), [read, write], { kind: 'beginning', read, write });
    }
    if (budget.steps < 0) return 'out';
    if (demanded === 0) return undefined;
    yield { done: 0, of: 1 };
  }
}

/** The rows of one who sees: a line and, where it branches off, what its process did before. Undefined where no read of its own binds it. */
function seers({ first, next, before, source }: Members, line: number): Int32Array | undefined {
  let last = first[line] as number;
  if (last === NONE) return undefined;
  let reads = (source[last] as number) >= THIN_AIR;
  for (let row = next[last] as number; row !== NONE; row = next[row] as number) {
    last = row;
    reads ||= (source[row] as number) >= THIN_AIR;
  }
  if (!reads) return undefined;
  const rows: number[] = [];
  for (let row = last; row !== NONE; row = before[row] as number) rows.push(row);
  return Int32Array.from(rows.reverse());
}

/** A read of what nobody wrote. */
function thinAir({ source, line, columns }: Members): Refutation | undefined {
  for (let i = 0; i < columns.count; i++) {
    if (source[i] === THIN_AIR && line[i] !== NONE) return { rows: [i], because: { kind: 'thin-air', read: i } };
  }
  return undefined;
}

/** What is read comes before the read, and goes round in a circle. */
function circular(graph: Ordered, sequence: Sequence): Refutation {
  const steps = circle(sequence, graph.members);
  const step = steps.find(({ from, to }) => graph.members.source[to] === from);
  if (step === undefined) throw new Error('lines alone are no circle: the sequence lost an operation');
  return refutation(graph, steps, [], { kind: 'circle', read: step.to, source: step.from });
}

function disagreement(graph: Ordered, sequence: Sequence, process: number | undefined, justifying: 'edges' | 'causality'): Refutation {
  const steps = circle(sequence, graph.members);
  const orders = steps.map(({ from, to, edge }) => ({ from, to, by: edge === NONE ? NONE : (graph.edges.by[edge] as number) }));
  return { rows: [...proof(graph, steps, justifying)], because: { kind: 'orders', process, orders } };
}

function refutation(graph: Ordered, steps: readonly Step[], rows: readonly number[], because: Because): Refutation {
  const all = proof(graph, steps, 'edges');
  for (const row of rows) all.add(row);
  return { rows: [...all], because };
}

function between(graph: Ordered, from: number, to: number, young: number): readonly Step[] {
  const steps = way(graph, from, to, young);
  if (steps === undefined) throw new Error('what comes before an operation must be found on a way to it: a clock counts too much');
  return steps;
}
