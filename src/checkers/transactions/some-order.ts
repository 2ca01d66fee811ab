import type { Judging } from '../model.ts';
import type { Edges, Graph } from './graph.ts';
import { graphOf } from './graph.ts';
import { edgesInTime, type Known } from './known.ts';
import type { Orders } from './orders.ts';
import { timely } from './real-time.ts';
import { explains } from './replay.ts';
import { saturate } from './saturate.ts';
import { thoseIn } from './schedule.ts';
import { search } from './search.ts';
import { type Settled, settle } from './settle.ts';
import { sorted } from './sort.ts';

/** The first attempts are worth so many steps a transaction, and some more: what takes longer takes more than a good guess. */
const STEPS_EACH = 64;
const STEPS_MORE = 4_096;

/** An order that explains all; a contradiction, as a graph with a cycle that conclusions closed; that there is no order; or none found within the steps. */
export type Found =
  | { readonly kind: 'order'; readonly order: Int32Array }
  | { readonly kind: 'cycle'; readonly graph: Graph; readonly orders: Orders }
  | { readonly kind: 'none' }
  | { readonly kind: 'open' };

/** A graph without cycles, its nodes in an order that it allows, and the edges that it was made of. */
interface Sorted {
  readonly edges: Edges;
  readonly graph: Graph;
  readonly order: Int32Array;
}

/**
 * Looks for an order of transactions whose graph has no cycle, and executes it. Over lists with distinct elements any order will do that keeps the edges. Over registers
 * the reads do not tell all: then what follows from them is concluded, and the rest is tried as far as the steps go.
 */
export function* someOrder(known: Known, base: Sorted, realTime: boolean, budget: { steps: number }): Generator<Judging, Found> {
  const { n, isList, repeats } = known;
  const judged = function* (settled: Settled): Generator<Judging, Found> {
    if (typeof settled === 'string') return { kind: settled };
    return (yield* explains(n, isList, settled, realTime)) ? { kind: 'order', order: settled } : { kind: 'open' };
  };
  const first = yield* judged(yield* thoseIn(n, base.order));
  if (first.kind === 'order') return first;
  // Where it is not known who read from whom there is nothing to settle.
  const attempt = function* (sorted: Sorted, steps: number): Generator<Judging, Found> {
    return repeats ? { kind: 'open' } : yield* judged(yield* within(budget, steps, (part) => tried(known, sorted, realTime, part)));
  };
  const quick = yield* attempt(base, Math.min(budget.steps >> 1, STEPS_EACH * n.count + STEPS_MORE));
  if (quick.kind === 'order') return quick;
  const { graph, order, orders } = yield* saturate(known, base.edges, base.graph, base.order, budget);
  if (order === undefined) return { kind: 'cycle', graph, orders };
  const slow = yield* attempt({ edges: base.edges, graph, order }, budget.steps >> 1);
  if (slow.kind !== 'open') return slow;
  const last = yield* judged(repeats || realTime ? 'open' : yield* settle(known, graph, order, budget));
  if (last.kind !== 'open') return last;
  return yield* judged(yield* search(n, isList, graph, budget));
}

/** Spends at most so many of the steps. */
function* within<T>(
  budget: { steps: number },
  steps: number,
  spend: (part: { steps: number }) => Generator<Judging, T>,
): Generator<Judging, T> {
  const part = { steps };
  budget.steps -= steps;
  const result = yield* spend(part);
  budget.steps += part.steps;
  return result;
}

/**
 * Settles what is open. An order that need not keep real time is looked for among those that do, as far as that contradicts nothing: many systems keep it mostly, and such an
 * order is found with much less ado. If there is none of these that says nothing.
 */
function* tried(known: Known, { edges, graph, order }: Sorted, realTime: boolean, budget: { steps: number }): Generator<Judging, Settled> {
  if (realTime) return yield* settle(known, graph, order, budget);
  const { nodes, count } = edges;
  yield* edgesInTime(known, edges);
  const inTime = yield* timely(yield* graphOf(edges), nodes);
  edges.forget(nodes, count);
  const sequence = yield* sorted(inTime);
  if (sequence === undefined) throw new Error('without real time there was no cycle');
  const settled = yield* settle(known, inTime, sequence, budget);
  return settled === 'none' ? 'open' : settled;
}
