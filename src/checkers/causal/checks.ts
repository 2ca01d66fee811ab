import type { Judging } from '../model.ts';
import { THIN_AIR } from '../reads-from.ts';
import { Edges } from './edges.ts';
import { circle, type Ordered, proof, type Step, way } from './explain.ts';
import { type Members, NONE } from './members.ts';
import { type Demand, type Overlooked, Past } from './past.ts';
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
const everything = (): boolean => true;

/** CC of Bouajjani, Enea, Guerraoui & Hamza (POPL 2017, section 3.1), by the bad patterns of its table 2: ThinAirRead, CyclicCO, WriteCOInitRead, WriteCORead. */
export function* checkWeak(members: Members, budget: Budget): Generator<Judging, Checked> {
  return thinAir(members) ?? (yield* pass(members, new Edges(), 'weak', budget));
}

/**
 * CCv of the same paper: besides, no cycle of causality and of the orders that reads demand (CyclicCF). Orders are taken up only where the sequence that was tried goes against them; the next one obeys
 * them. Each round but the last takes up an order that the last one did not know, and all of them are demanded in truth; so a circle among them is a proof, and a round
 * that goes against none has found an arbitration.
 */
export function* checkConvergent(members: Members, budget: Budget): Generator<Judging, Checked> {
  const air = thinAir(members);
  if (air !== undefined) return air;
  const edges = new Edges();
  for (;;) {
    const before = edges.count;
    const checked = yield* pass(members, edges, 'convergent', budget);
    if (checked === 'out' || 'because' in checked || edges.count === before) return checked;
  }
}

function* pass(members: Members, edges: Edges, demand: Demand, budget: Budget): Generator<Judging, Checked> {
  const past = new Past(members, edges, demand, edges);
  const known = edges.count;
  const graph: Ordered = { members, edges, follows: everything };
  for (let ended = false; !ended && past.overlooked === undefined; ) {
    const { filled, steps } = past;
    ended = past.advance(CHUNK);
    budget.steps -= past.filled - filled + past.steps - steps;
    if (budget.steps < 0) return 'out';
    yield { done: past.filled, of: members.count };
  }
  if (past.overlooked !== undefined) {
    const { source, write, read } = past.overlooked;
    const steps = [...(source < 0 ? [] : between(graph, source, write, 0)), ...between(graph, write, read, 0)];
    return refutation(graph, steps, [read, write, ...(source < 0 ? [] : [source])], { kind: 'overlooked', ...past.overlooked });
  }
  if (!past.complete) return known === 0 ? circular(graph, past) : disagreement(graph, past, undefined, 'causality');
  return { order: past.order };
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
      if (!causal.complete) return circular({ members, edges: none, follows: everything }, causal);
    }
    const lines = members.first.length;
    for (let line = 0; line < lines; line++) {
      const own = seers(members, line);
      if (own === undefined) continue;
      const checked = yield* checkView(members, own, causal?.order, budget);
      if (checked !== undefined) return checked;
      yield { done: line + 1, of: lines };
    }
    return {};
  };

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
    if (demanded === 0) return undefined;
    if (budget.steps < 0) return 'out';
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
