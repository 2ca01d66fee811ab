import type { Machine } from '../objects/machine.ts';
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
/** How many paths of a proof are looked for: each costs as much as all edges. */
const PATHS = 200;

/**
 * Whether all operations of all objects have one order that keeps the order of each process and in which each finds what it found: sequential consistency (Lamport 1979).
 * First all that reads force is gathered in a graph: a circle refuses, and what is forced guides the search, which decides.
 */
export function decideSequential(story: Story, budget: Budget): Decision {
  const graph = new Graph(story);
  const registers: Exclude<ReturnType<typeof readsOf>, Impossible | undefined>[] = [];
  for (const own of story.objects) {
    const found = ordered(graph, own);
    if (found === undefined) continue;
    if ('ops' in found) return { valid: false, proof: found.ops };
    registers.push(found);
  }
  const withClocks = registers.length > 0 && graph.nodes * story.chains.length <= CLOCKS;
  const rules = new RegisterRules(graph, registers);
  for (let round = 0; ; round++) {
    const cycle = graph.close(withClocks);
    if (cycle !== undefined) {
      const proof = graph.explain(cycle, PATHS);
      return proof === undefined ? { valid: false } : { valid: false, proof };
    }
    if (!withClocks || round === ROUNDS || !rules.round()) break;
  }
  const machines: Machine[] = [];
  for (const own of story.objects) {
    const machine = machineOf(own);
    if (machine === undefined) return { valid: undefined };
    machines.push(machine);
  }
  return searchOrder(story, machines, graph.after(), budget);
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
