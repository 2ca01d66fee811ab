import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeOperations, modelNamed } from '../../src/checkers/index.ts';
import { type Known, verdictsOf } from '../../src/commands/verdicts.ts';
import type { Operation } from '../../src/history/operation.ts';
import type { Session } from '../../src/session/session.ts';
import { anySeed, fresh, operationLine, play, script } from '../harness/scripts.ts';

function known(session: Session, before?: Known): Known {
  const judging = verdictsOf(session, before);
  for (;;) {
    const step = judging.next();
    if (step.done === true) return step.value;
  }
}

/** The history as it was at a moment: what ended later was open. */
function at(operations: readonly Operation[], rank: number): readonly Operation[] {
  return operations
    .filter((op) => op.callRank <= rank)
    .map((op) => (op.returnRank <= rank ? op : { ...op, status: 'unknown', returnRank: Number.POSITIVE_INFINITY }));
}

/** Reads at ONE show what quorum reads do not. */
const looseScript = fc.array(
  fc.oneof(
    operationLine,
    fc.constantFrom(
      'read x@a level=ONE',
      'read x@b level=ONE',
      'read y@c level=ONE',
      'partition a',
      'partition c',
      'heal',
      'undo',
      'wait 1s',
    ),
  ),
  { minLength: 4, maxLength: 12 },
);

describe('the verdicts beside the cluster', () => {
  it('are those of the whole history, whether judged after every command or once', () => {
    const seen = new Set<unknown>();
    fc.assert(
      fc.property(anySeed, looseScript, (seed, lines) => {
        const session = fresh('cassandra', seed);
        let after: Known | undefined;
        for (const line of lines) {
          play(session, line);
          after = known(session, after);
        }
        const { models, operations } = after as Known;
        expect(models).toEqual(known(session).models);
        for (const { name, valid } of models) {
          const verdict = judgeOperations(modelNamed(name) as never, operations, { steps: 50_000 });
          if (verdict.valid !== 'undecided' && valid !== 'undecided') expect(valid).toBe(verdict.valid);
          seen.add(valid);
        }
      }),
      { numRuns: 60 },
    );
    expect([seen.has(true), seen.has(false)]).toEqual([true, true]);
  });

  it('name the operation with whose end a model fell: before it the history was valid, with it no longer', () => {
    let named = 0;
    fc.assert(
      fc.property(anySeed, looseScript, (seed, lines) => {
        const session = fresh('cassandra', seed);
        for (const line of lines) play(session, line);
        const { models, operations } = known(session);
        for (const { name, op } of models.filter((model) => model.op !== undefined)) {
          const end = operations.find(({ id }) => id === op)?.returnRank as number;
          const valid = (rank: number): unknown =>
            judgeOperations(modelNamed(name) as never, at(operations, rank), { steps: 50_000 }).valid;
          expect([name, valid(end - 1), valid(end)]).toEqual([name, true, false]);
          named++;
        }
      }),
      { numRuns: 60 },
    );
    expect(named).toBeGreaterThan(0);
  });

  it('call a node unavailable that runs and left a client without an answer, and no other', () => {
    const session = fresh('etcd', 1);
    play(session, 'set x init; partition c; read x@a; read x@c');
    expect(known(session).unavailable).toEqual(['c']);
    const crashed = fresh('etcd', 1);
    play(crashed, 'set x init; crash c; read x@c; cas x apple pear');
    expect(known(crashed).unavailable).toEqual([]);
  });

  it('say that etcd is linearizable whatever happens to it', () => {
    fc.assert(
      fc.property(anySeed, script, (seed, lines) => {
        const session = fresh('etcd', seed);
        let after: Known | undefined;
        for (const line of lines) {
          play(session, line);
          after = known(session, after);
        }
        for (const { name, valid } of after?.models ?? []) expect([name, valid]).not.toEqual([name, false]);
      }),
      { numRuns: 40 },
    );
  });
});
