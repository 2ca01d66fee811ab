import { describe, expect, it } from 'vitest';
import type { Model, Verdict } from '../../src/checkers/model.ts';
import { definitionOf, definitions } from './definitions/index.ts';
import { correct } from './generate/history.ts';
import { Requests } from './generate/requests.ts';
import { linesOf } from './history.ts';
import { type Checkers, expectedOf } from './judge.ts';
import { own } from './own.ts';
import { type Course, courses, outcomeAt } from './plan.ts';
import { Random } from './random.ts';
import { nothing, sum, type Tally, tally, told } from './tally.ts';

/** A share of what `npm run oracle` does, under seeds of its own: every checker against the definition of its model. */
const HISTORIES = 14_000;
const SEED = 11;

const all = courses(own);
const each = Math.ceil(HISTORIES / all.length);
const done = new Map<Course, Tally>();

describe('every checker agrees with the definition', () => {
  it.each(all)('of $model on $type', (course) => {
    const result = tally(own, course, SEED, 0, each);
    done.set(course, result);
    expect(result.wrong.map(told)).toEqual([]);
  });
});

describe('a checker with a mistake is found out', () => {
  const says = (model: Model, verdict: Verdict): Checkers => ({
    models: [
      {
        ...model,
        *judge() {
          yield { done: 0, of: 1 };
          return verdict;
        },
      },
    ],
    implied: () => [],
  });
  const keysOf = (valid: boolean): Partial<Verdict> => (valid ? {} : { witness: [0], reason: 'it is so' });

  it.each(own.models.map((model) => [model.name, model] as const))('%s, if it says the same of all', (name, model) => {
    const [course] = all.filter((one) => one.model === name);
    if (course === undefined) throw new Error(`${name} judges no type`);
    for (const valid of [true, false]) {
      const outcomes = Array.from({ length: 60 }, (_, i) => outcomeAt(says(model, { valid, ...keysOf(valid) }), course, SEED, i));
      expect(outcomes.some(({ wrong }) => wrong !== undefined && /by definition it is/.test(wrong))).toBe(true);
    }
  });
});

describe('the histories are worth judging', () => {
  const of = (model: string): Tally =>
    all.filter((course) => course.model === model).reduce((total, course) => sum(total, done.get(course) ?? nothing), nothing);

  it.each([...new Set(all.map(({ model }) => model))])('both verdicts are frequent for %s, and undecided is rare', (model) => {
    const { histories, valid, invalid, undecided } = of(model);
    expect(valid / histories).toBeGreaterThan(0.1);
    expect(invalid / histories).toBeGreaterThan(0.1);
    // Where the definition itself says what is undecided, the checkers said the same each time.
    if (definitionOf(model)?.exact !== true) expect(undecided / histories).toBeLessThan(0.03);
  });

  it.each([...new Set(all.map(({ type }) => type))])('a correct %s satisfies every definition', (type) => {
    const wrong = Array.from({ length: 60 }, (_, i) => {
      const random = new Random(SEED, 1, i);
      const size = { operations: 6, processes: 3, keys: 2, appends: false };
      const history = correct(type, random, size, new Requests(type, random, 2, false));
      const names = all.filter((course) => course.type === type).map(({ model }) => model);
      return definitions
        .filter((one) => names.includes(one.name) && expectedOf(one, history) === false)
        .map(({ name }) => `${name}\n${linesOf(history)}`);
    });
    expect(wrong.flat()).toEqual([]);
  });

  it('is written down for every model', () => {
    expect(own.models.map(({ name }) => name).filter((name) => definitionOf(name) === undefined)).toEqual([]);
    expect(new Set(definitions.map(({ name }) => name)).size).toBe(definitions.length);
  });
});
