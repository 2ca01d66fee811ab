import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finish } from '../../src/checkers/model.ts';
import { Anomalies } from '../../src/checkers/transactions/anomalies.ts';
import { type Graph, graphOf } from '../../src/checkers/transactions/graph.ts';
import { edgesOf, type Known, knownOf } from '../../src/checkers/transactions/known.ts';
import { ownerOf } from '../../src/checkers/transactions/numbering.ts';
import { type Saturated, saturate } from '../../src/checkers/transactions/saturate.ts';
import { sorted } from '../../src/checkers/transactions/sort.ts';
import { anyReads, oracle, recorded, simulated, type Txn } from './transactions-histories.ts';

/** What is concluded about transactions on registers; undefined where what was read makes a cycle by itself. */
function concluded(txns: readonly Txn[], windows?: readonly number[]): { readonly known: Known; readonly found: Saturated } | undefined {
  const known = finish(knownOf(recorded('rw-register', txns), new Anomalies()));
  const edges = finish(edgesOf(known, false));
  const graph = finish(graphOf(edges));
  const order = finish(sorted(graph));
  return order === undefined ? undefined : { known, found: finish(saturate(known, edges, graph, order, { steps: 1e9 }, windows)) };
}

/** Which nodes each node leads to. */
function closure({ nodes, start, to }: Graph, order: Int32Array): readonly Set<number>[] {
  const after = Array.from({ length: nodes }, () => new Set<number>());
  for (const v of order.toReversed()) {
    for (const w of to.subarray(start[v], start[v + 1])) for (const far of [w, ...(after[w] as Set<number>)]) after[v]?.add(far);
  }
  return after;
}

/** For each key its versions, each as who wrote it and who read it, but for those that perhaps never were. */
function versionsOf({ n, versions }: Known): readonly (readonly { readonly writer: number; readonly readers: readonly number[] }[])[] {
  const chain = (first: number, next: Int32Array): number[] => {
    const found: number[] = [];
    for (let m = first; m >= 0; m = next[m] as number) found.push(m);
    return found;
  };
  return Array.from(versions.last, (last) =>
    chain(last, versions.other)
      .filter((v) => n.part[ownerOf(n, v)] === 1)
      .map((v) => ({
        writer: ownerOf(n, v),
        readers: chain(versions.reads[v] as number, versions.nextRead).map((m) => ownerOf(n, m)),
      })),
  );
}

/** Wherever one version is known to come before another, all who read it are known to come before who wrote the other. */
function isComplete(known: Known, graph: Graph, order: Int32Array): boolean {
  const after = closure(graph, order);
  const leads = (a: number, b: number): boolean => a === b || after[a]?.has(b) === true;
  return versionsOf(known).every((versions) =>
    versions.every((u) =>
      versions.every((v) => {
        if (u === v || ![v.writer, ...v.readers].some((t) => t !== u.writer && leads(u.writer, t))) return true;
        return [u.writer, ...u.readers].every((t) => leads(t, v.writer));
      }),
    ),
  );
}

describe('what is concluded about the order of versions', () => {
  it('contradicts itself only where no order explains what was read', () => {
    fc.assert(
      fc.property(anyReads(6), (txns) => {
        if (concluded(txns)?.found.order === undefined) expect(oracle(txns, false)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it('is all that follows', () => {
    fc.assert(
      fc.property(anyReads(9), (txns) => {
        const { known, found } = concluded(txns) ?? {};
        if (known !== undefined && found?.order !== undefined) expect(isComplete(known, found.graph, found.order)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it.each([1, 2])('is all that follows in a longer history, which it does not contradict (%i)', (seed) => {
    const { known, found } = concluded(simulated(150, 6, seed)) as NonNullable<ReturnType<typeof concluded>>;
    expect(found.orders.earlier.length).toBeGreaterThan(50);
    expect(isComplete(known, found.graph, found.order as Int32Array)).toBe(true);
  });

  it.each([32, 64])('is part of that where less is seen at a time (%i)', (window) => {
    const txns = simulated(200, 6, 1);
    const whole = concluded(txns) as NonNullable<ReturnType<typeof concluded>>;
    const part = concluded(txns, [window]) as NonNullable<ReturnType<typeof concluded>>;
    const after = closure(whole.found.graph, whole.found.order as Int32Array);
    const { earlier, later } = part.found.orders;
    expect(earlier.length).toBeGreaterThan(100);
    for (const [i, u] of earlier.entries())
      expect(after[ownerOf(part.known.n, u)]?.has(ownerOf(part.known.n, later[i] as number))).toBe(true);
  });
});
