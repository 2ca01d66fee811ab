import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finish, type Verdict } from '../../src/checkers/model.ts';
import { judgeTransactions } from '../../src/checkers/transactions/judge.ts';
import { anyTransactions, oracle, recorded, type Txn } from './transactions-histories.ts';

const STEPS = 1_000_000;

function judged(type: 'list-append' | 'rw-register', txns: readonly Txn[], realTime: boolean): Verdict {
  return finish(judgeTransactions(recorded(type, txns), { steps: STEPS }, realTime));
}

for (const type of ['list-append', 'rw-register'] as const) {
  describe(`transactions over a ${type}`, () => {
    for (const realTime of [false, true]) {
      for (const repeats of [false, true]) {
        it(`agree with the definition ${realTime ? 'in real time' : 'in any order'}${repeats ? ' where values repeat' : ''}`, () => {
          fc.assert(
            fc.property(anyTransactions({ type, most: 5, repeats }), (txns) => {
              expect(judged(type, txns, realTime).valid).toBe(oracle(txns, realTime));
            }),
            { numRuns: 2000 },
          );
        });
      }
    }
  });
}
