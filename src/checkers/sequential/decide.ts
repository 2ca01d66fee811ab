import type { Budget } from '../objects/part.ts';
import { orderCounter, orderList, orderSet } from './blocks.ts';
import { Graph } from './graph.ts';
import { type Impossible, RegisterRules, readsOf } from './rules.ts';
import { searchOrder } from './search.ts';
import { machineOf, type Own, type Story } from './story.ts';

/** What was found out about a story. */
export interface Decision {
  /** Undefined: the budget ended first. */
  readonly valid: boolean | undefined;
  /** Valid: operations in an order that explains what was seen. */
  readonly order?: readonly number[];
  /** Invalid: operations that wait for each other in a circle, or that alone cannot be. */
  readonly proof?: readonly number[];
}

/** The room that clocks may take, in numbers: beyond it what follows from what is not looked for. */
const CLOCKS = 0x4000000;
/** How often what was found may lead to more. */
const ROUNDS = 40;
/** How many steps for each operation are tried before what follows from what is looked for. */
const FIRST_STEPS = 3;
/** How many paths of a proof are looked for: each costs as much as all edges. */
const PATHS = 200;

/**
 * Whether all operations of all objects have one order that keeps the order of each process and in which each finds what it found: sequential consistency (Lamport 1979).
 * First all that reads force is gathered in a graph: a circle refuses, and what is forced guides the search, which decides. `firstSteps` are the steps for each operation
 * that a search may take before what follows from what is looked for.
 */
export function decideSequential(story: Story, budget: Budget, firstSteps: number = FIRST_STEPS): Decision {
  const graph = new Graph(story);
  const registers: Exclude<ReturnType<typeof readsOf>, Impossible | undefined>[] = [];
  for (const own of story.objects) {
    const found = ordered(graph, own);
    if (found === undefined) continue;
    if ('ops' in found) return { valid: false, proof: found.ops };
    registers.push(found);
  }
  const circle = refusal(graph, graph.close(false));
  if (circle !== undefined) return circle;
  // Most histories that are right need no more than what reads tell directly.
  const withClocks = registers.length > 0 && graph.nodes * story.chains.length <= CLOCKS;
  if (withClocks) {
    const most = Math.min(budget.steps, firstSteps * story.count);
    const first: Budget = { steps: most };
    const found = searchOrder(story, story.objects.map(machineOf), graph.after(), first);
    if (found.valid !== undefined) return found;
    budget.steps -= most - first.steps;
    if (budget.steps <= 0) return found;
    const refused = saturate(graph, new RegisterRules(graph, registers));
    if (refused !== undefined) return refused;
  }
  // Machines count what is left, so that each search needs its own.
  return searchOrder(story, story.objects.map(machineOf), graph.after(), budget);
}

/** Adds what follows until nothing more does, or it goes round in a circle. */
function saturate(graph: Graph, rules: RegisterRules): Decision | undefined {
  for (let round = 0; ; round++) {
    const refused = refusal(graph, graph.close(true));
    if (refused !== undefined || round === ROUNDS || !rules.round()) return refused;
  }
}

function refusal(graph: Graph, cycle: readonly number[] | undefined): Decision | undefined {
  if (cycle === undefined) return undefined;
  const proof = graph.explain(cycle, PATHS);
  return proof === undefined ? { valid: false } : { valid: false, proof };
}

/** Says to the graph what the reads of one object force, and gives back what may force more. */
function ordered(graph: Graph, own: Own): ReturnType<typeof readsOf> {
  switch (own.type.name) {
    case 'list':
      return orderList(graph, own);
    case 'set':
      return orderSet(graph, own);
    case 'counter':
      return orderCounter(graph, own);
    case 'queue':
      return undefined;
    default:
      return readsOf(graph, own);
  }
}
