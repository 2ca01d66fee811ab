import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { causal, causalConvergent, pram, weakCausal } from '../../src/checkers/causal.ts';
import { implied } from '../../src/checkers/implications.ts';
import { models } from '../../src/checkers/index.ts';
import type { Model, Verdict } from '../../src/checkers/model.ts';
import type { Operation } from '../../src/history/operation.ts';
import { anyReplicas, anySessions, everyPair } from './causal-histories.ts';
import { check, ids, named, one, reader, writer } from './causal-operations.ts';
import * as oracle from './causal-oracle.ts';

const definitions: readonly (readonly [name: string, Model, oracle.Definition])[] = [
  ['weak-causal', weakCausal, oracle.weakCausal],
  ['causal-convergent', causalConvergent, oracle.convergent],
  ['causal', causal, oracle.causalMemory],
  ['pram', pram, oracle.pram],
];

/** Holds a verdict to the definition: it is right, and what it proves an invalid one with is wrong by itself. Returns whether the history is valid. */
function held(history: readonly Operation[], model: Model, definition: oracle.Definition): boolean {
  const wanted = oracle.holds(history, definition);
  const { valid, witness, reason } = check(model, history);
  expect(valid).toBe(wanted);
  if (wanted) return true;
  const rows = witness ?? [];
  const part = rows.map((row) => history[row] as Operation);
  expect(oracle.holds(part, definition)).toBe(false);
  expect(rows).toEqual([...rows].sort((a, b) => a - b));
  const named = [...(reason ?? '').matchAll(/#(\d+)/g)].map(([, id]) => Number(id));
  expect(named.length).toBeGreaterThan(0);
  expect(part.map(({ id }) => id)).toEqual(expect.arrayContaining(named));
  return false;
}

describe.each(definitions)('%s', (_name, model, definition) => {
  it.each([
    ['one key', anySessions({ most: 7, keys: 1, processes: 3 }), 200],
    ['two keys', anySessions({ most: 7, keys: 2, processes: 3 }), 200],
    ['values written once', anySessions({ most: 8, keys: 2, processes: 4, distinct: true }), 200],
    ['many reads', anySessions({ most: 8, keys: 2, processes: 3, readsOften: true }), 200],
    ['two replicas', anyReplicas(9, 2, 2), 250],
    ['three replicas', anyReplicas(9, 3, 1), 250],
  ])('agrees with its definition: %s', (_, histories, numRuns) => {
    let invalid = 0;
    fc.assert(
      fc.property(histories, (history) => {
        fc.pre(history.filter(({ status }) => status === 'unknown').length <= 3);
        if (!held(history, model, definition)) invalid++;
      }),
      { numRuns },
    );
    expect(invalid).toBeGreaterThan(2);
    expect(invalid).toBeLessThan(numRuns);
  });
});

describe('two processes, one of which writes and the other reads', () => {
  it('tell convergence from causal memory', () => {
    const classes = new Map<string, number>();
    for (const history of everyPair()) {
      const fits = definitions.map(([, model, definition]) => (held(history, model, definition) ? 1 : 0)).join('');
      classes.set(fits, (classes.get(fits) ?? 0) + 1);
    }
    // Weak, convergent, causal, PRAM. Where only one process reads, PRAM and causal memory are the same.
    expect([...classes.keys()].sort()).toEqual(['0000', '1000', '1100', '1111']);
  });
});

describe('an operation of unknown outcome', () => {
  const [w, r] = [writer(), reader()];
  const lost = (op: Operation): Operation => ({ ...op, status: 'unknown' });
  const verdicts = (...history: Operation[]): unknown[] => named(history).map(([, { valid }]) => valid);

  it('comes after what its process did before', () => {
    const before = [w('p', 'x', 'a'), lost(w('p', 'y', 'b')), r('p', 'x', 'a'), r('q', 'y', 'b')];
    expect(verdicts(...before, r('q', 'x', null))).toEqual([false, false, false, false]);
    expect(verdicts(...before, r('q', 'x', 'a'))).toEqual([true, true, true, true]);
  });

  it('comes before nothing', () => {
    const after = [lost(w('p', 'x', 'a')), w('p', 'y', 'b'), r('q', 'y', 'b'), r('q', 'x', null)];
    expect(verdicts(...after, r('q', 'x', 'a'))).toEqual([true, true, true, true]);
    expect(verdicts(...after, r('p', 'x', null))).toEqual([true, true, true, true]);
  });

  it('comes after that even where the order of the writes settles when', () => {
    const [early, late] = [w('p', 'x', '1'), lost(w('p', 'y', 's'))];
    const history = [early, w('e', 'y', 'e'), w('e', 'x', 'd'), late, w('p', 'z', '0'), w('c', 'y', 'c')];
    // c before s; s before e, and so before d; d before 1. But 1 comes before s.
    const reads = [r('r', 'y', 'c'), r('r', 'y', 's'), r('s', 'y', 's'), r('s', 'y', 'e'), r('t', 'x', 'd')];
    expect(check(causalConvergent, ids([...history, ...reads])).valid).toBe(true);
    expect(held(ids([...history, ...reads, r('t', 'x', '1')]), causalConvergent, oracle.convergent)).toBe(false);
  });

  it('need not have happened, unless somebody read from it', () => {
    const cas = lost({ ...one('p', 'cas', 'x', 'b'), expected: 'air' });
    expect(verdicts(cas, r('q', 'x', null))).toEqual([true, true, true, true]);
    expect(verdicts(cas, r('q', 'x', 'b'))).toEqual([false, false, false, false]);
  });

  it('saw nothing that its process learned of later', () => {
    const cas = lost({ ...one('p', 'cas', 'x', '2'), expected: '1' });
    expect(verdicts(w('q', 'x', '1'), w('q', 'x', '3'), cas, r('p', 'x', '3'), r('p', 'x', '2'))).toEqual([true, true, true, true]);
    expect(verdicts(w('q', 'x', '1'), w('q', 'x', '3'), r('p', 'x', '3'), cas, r('p', 'x', '2'))).toEqual([false, false, false, false]);
  });
});

describe('what implies what', () => {
  // As the list has them, which looks at sessions first.
  const ours = models.filter((model) => [causal, causalConvergent, weakCausal, pram].some(({ name }) => name === model.name));

  it('no history satisfies a model and violates one that it implies', () => {
    const theirs = ours.flatMap((model) => implied(model));
    const all = models.filter((model) => ours.includes(model) || implied(model).some((weaker) => ours.includes(weaker)));
    let valid = 0;
    fc.assert(
      fc.property(fc.oneof(anySessions({ most: 8, keys: 2 }), anyReplicas(10, 3, 2)), (history) => {
        for (const model of all) {
          if (check(model, history).valid !== true) continue;
          valid++;
          for (const weaker of implied(model).filter((one) => ours.includes(one) || theirs.includes(one)))
            expect(`${model.name}, ${weaker.name}: ${check(weaker, history).valid}`).toMatch(/: true$/);
        }
      }),
      { numRuns: 250 },
    );
    expect(valid).toBeGreaterThan(250);
  });

  it('causes in a circle are none for PRAM', () => {
    const history = ids([reader()('p', 'x', '1'), writer()('p', 'y', '1'), reader()('q', 'y', '1'), writer()('q', 'x', '1')]);
    expect(definitions.map(([, model, definition]) => held(history, model, definition))).toEqual([false, false, false, true]);
  });

  it('causal convergence does not imply PRAM', () => {
    const [w, r] = [writer(), reader()];
    const history = [
      w('q', 'x', '2'),
      r('q', 'z', null),
      w('p', 'z', '1'),
      w('p', 'x', '1'),
      w('p', 'y', '1'),
      r('q', 'y', '1'),
      r('q', 'x', '2'),
    ];
    expect(named(history).map(([model, { valid }]) => [model, valid])).toEqual([
      ['causal-convergent', true],
      ['weak-causal', true],
      ['causal', false],
      ['pram', false],
    ]);
  });
});

describe('a reason', () => {
  const says = (model: Model, ...history: Operation[]): [Verdict['valid'], number[] | undefined, string | undefined] => {
    const { valid, witness, reason } = check(model, ids(history));
    return [valid, witness?.map((row) => row + 1), reason];
  };
  const [w, r] = [writer(), reader()];

  it('names what was read and what should have been', () => {
    const answered = [w('p', 'post', 'a'), r('q', 'post', 'a'), w('q', 'answer', 'b'), r('r', 'answer', 'b'), r('r', 'post', null)];
    for (const model of [weakCausal, causalConvergent, causal])
      expect(says(model, ...answered)).toEqual([
        false,
        [1, 2, 3, 4, 5],
        '#5 read no value although it comes causally after #1, which wrote a',
      ]);
    expect(says(pram, w('p', 'x', 'a'), w('p', 'y', 'b'), r('q', 'y', 'b'), r('q', 'x', null))[2]).toBe(
      '#4 read no value although its process must have seen #1 before, which wrote a',
    );
    expect(says(pram, ...answered)).toEqual([true, undefined, undefined]);
    expect(says(weakCausal, w('p', 'x', 'a'), w('p', 'x', 'b'), w('p', 'y', 'c'), r('q', 'y', 'c'), r('q', 'x', 'a'))).toEqual([
      false,
      [1, 2, 3, 4, 5],
      '#5 read a from #1 although it comes causally after #2, which wrote b and follows #1',
    ]);
    expect(says(pram, w('p', 'x', 'a'), r('q', 'x', 'b'))).toEqual([false, [2], '#2 read b, which nobody had written']);
    expect(says(causal, r('p', 'x', 'a'), w('p', 'x', 'a'))).toEqual([
      false,
      [1, 2],
      '#1 read a, which its own process wrote only later, in #2',
    ]);
    expect(says(causal, r('p', 'x', 'a'), w('p', 'y', 'b'), r('q', 'y', 'b'), w('q', 'x', 'a'))[2]).toMatch(
      /^#\d read [ab] from #\d, which itself comes causally after #\d$/,
    );
  });

  it('names the orders that do not fit together', () => {
    const both = [w('p', 'x', 'a'), w('q', 'x', 'b'), r('r', 'x', 'a'), r('r', 'x', 'b'), r('s', 'x', 'b'), r('s', 'x', 'a')];
    expect(says(causalConvergent, ...both)).toEqual([
      false,
      [1, 2, 3, 4, 5, 6],
      'no order of the writes is the same for all: #4 needs #1 before #2, and #6 needs #2 before #1',
    ]);
    expect(says(causal, ...both)[0]).toBe(true);
    expect(says(pram, w('p', 'x', 'a'), w('q', 'x', 'b'), r('r', 'x', 'a'), r('r', 'x', 'b'), r('r', 'x', 'a'))).toEqual([
      false,
      [1, 2, 3, 4, 5],
      'no order of the writes fits what process r saw: #4 needs #1 before #2, and #5 needs #2 before #1',
    ]);
  });

  it('says so where equal writes leave open what was read', () => {
    const history = [w('p', 'x', 'a'), w('p', 'x', 'b'), w('q', 'x', 'a'), w('q', 'x', 'c'), w('q', 'y', 'd'), w('p', 'z', 'e')];
    const late = [r('r', 'y', 'd'), r('r', 'z', 'e'), r('r', 'x', 'a')];
    expect(says(weakCausal, ...history, ...late)).toEqual([
      false,
      [1, 2, 3, 4, 5, 6, 7, 8, 9],
      'whichever of the equal writes was read, no causal order fits; in one case, #9 read a from #1 although it comes causally after #2, which wrote b and follows #1',
    ]);
  });
});
