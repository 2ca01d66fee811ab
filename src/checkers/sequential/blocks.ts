import { ADD, READ, REMOVE } from '../../history/columns.ts';
import { byNumber } from '../objects/blocks.ts';
import { amountsOf } from '../objects/counters.ts';
import { blocksOf, growthOf } from '../objects/lists.ts';
import { Elements, found, levelsOf } from '../objects/sets.ts';
import type { Graph } from './graph.ts';
import type { Impossible } from './rules.ts';
import type { Own } from './story.ts';

/** An operation that no block has. */
const NO_BLOCK = 0x3fffffff;

/** Says to the graph what the reads of a list tell of the order of its operations. With distinct elements that is all there is to it. */
export function orderList(graph: Graph, { deeds, ops }: Own): Impossible | undefined {
  const grown = growthOf(deeds);
  if (grown === undefined) return undefined;
  const named = (some: readonly number[]): Impossible => ({ ops: some.map((n) => ops[n] as number) });
  if ('apart' in grown) return named(grown.apart);
  const blocks = blocksOf(deeds, grown.growth);
  if (blocks === undefined) return orderReads(graph, ops, grown.growth.length);
  if (blocks.thin) return named([grown.longest]);
  addBlocks(graph, ops, blocks.block);
  return undefined;
}

/** The same of a set to which elements are only added; where an element was added twice nobody knows which addition counted. */
export function orderSet(graph: Graph, { deeds, ops }: Own): Impossible | undefined {
  const { count, effect, value } = deeds;
  const elements = new Elements();
  const adders: number[] = [];
  for (let n = 0; n < count; n++) {
    if (effect[n] !== ADD) continue;
    const element = elements.of(value[n] as number);
    adders[element] = (adders[element] ?? 0) + 1;
  }
  const seen = new Map<number, number>();
  for (let n = 0; n < count; n++) {
    if (effect[n] !== READ) continue;
    for (const code of found(deeds, n)) {
      const element = elements.of(code);
      if (adders[element] === undefined || seen.get(element) === n) return { ops: [ops[n] as number] };
      seen.set(element, n);
    }
  }
  if (effect.includes(REMOVE)) return undefined;
  const levels = levelsOf(deeds, elements);
  if ('apart' in levels) return { ops: levels.apart.map((n) => ops[n] as number) };
  const alone = (n: number): boolean => effect[n] === READ || adders[elements.of(value[n] as number)] === 1;
  addBlocks(graph, ops, levels.block, alone);
  return undefined;
}

/** Reads of a counter that only grows, or only shrinks, come in order of what they found. */
export function orderCounter(graph: Graph, { deeds, ops }: Own): undefined {
  const { amount } = amountsOf(deeds);
  const added = amount.filter((_, n) => deeds.effect[n] === ADD);
  const [raises, lowers] = [added.some((n) => n > 0), added.some((n) => n < 0)];
  if (raises && lowers) return;
  const reads = Array.from(amount.keys()).filter((n) => deeds.effect[n] === READ);
  const ranks = [...new Set(reads.map((n) => amount[n] as number))].sort((a, b) => (lowers ? b - a : a - b));
  const rank = new Map(ranks.map((found, at) => [found, at]));
  return orderReads(
    graph,
    ops,
    Int32Array.from(amount, (found, n) => (deeds.effect[n] === READ ? (rank.get(found) ?? -1) : -1)),
  );
}

function orderReads(graph: Graph, ops: Int32Array, length: Int32Array): undefined {
  addBlocks(
    graph,
    ops,
    length.map((own) => (own < 0 ? NO_BLOCK : own)),
  );
}

/** All operations of a block come before all of the next. Those that are not `whole` come after the blocks before theirs, and before nothing. */
function addBlocks(graph: Graph, ops: Int32Array, block: Int32Array, whole: (n: number) => boolean = () => true): void {
  // Blocks without holes, so that they can be counted.
  const used = [...new Set(block)].filter((own) => own !== NO_BLOCK).sort((a, b) => a - b);
  const dense = new Map(used.map((own, at) => [own, at]));
  const sorted = byNumber(block.map((own) => dense.get(own) ?? used.length));
  let before = -1;
  for (let from = 0; from < sorted.length; ) {
    const own = block[sorted[from] as number] as number;
    if (own === NO_BLOCK) return;
    let helper = -1;
    let to = from;
    for (; to < sorted.length && block[sorted[to] as number] === own; to++) {
      const n = sorted[to] as number;
      if (before >= 0) graph.add(before, ops[n] as number);
      if (!whole(n)) continue;
      if (helper < 0) helper = graph.helper();
      graph.add(ops[n] as number, helper);
    }
    if (helper >= 0) before = helper;
    from = to;
  }
}
