import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { causal, causalConvergent, pram, weakCausal } from '../../src/checkers/causal.ts';
import { judgeOperations } from '../../src/checkers/index.ts';
import type { Model, Verdict } from '../../src/checkers/model.ts';
import type { Operation } from '../../src/history/operation.ts';
import { anySessions } from './causal-histories.ts';
import * as oracle from './causal-oracle.ts';

const STEPS = 10_000_000;
const check = (model: Model, history: readonly Operation[], steps = STEPS): Verdict =>
  judgeOperations(model, history, { steps, order: true });

const definitions: readonly (readonly [Model, oracle.Definition])[] = [
  [weakCausal, oracle.weakCausal],
  [causalConvergent, oracle.convergent],
  [causal, oracle.causalMemory],
  [pram, oracle.pram],
];

describe.each(definitions)('%o', (model, definition) => {
  it.each([
    ['many values twice', { most: 7, keys: 1, processes: 3 }, 1500],
    ['two keys', { most: 7, keys: 2, processes: 3 }, 1500],
    ['values written once', { most: 8, keys: 2, processes: 4, distinct: true }, 2500],
    ['many reads', { most: 9, keys: 2, processes: 3, readsOften: true }, 1000],
  ])('agrees with its definition: %s', (_, shape, numRuns) => {
    const seen = { true: 0, false: 0 };
    fc.assert(
      fc.property(anySessions(shape), (history) => {
        const wanted = oracle.holds(history, definition);
        expect(check(model, history).valid).toBe(wanted);
        seen[`${wanted}`]++;
      }),
      { numRuns },
    );
    expect(Math.min(seen.true, seen.false)).toBeGreaterThan(numRuns / 20);
  });
});
