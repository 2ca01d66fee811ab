import { describe, expect, it } from 'vitest';
import { definitionOf, definitions } from './definitions/index.ts';
import { correct } from './generate/history.ts';
import { Requests } from './generate/requests.ts';
import { linesOf } from './history.ts';
import { expectedOf } from './judge.ts';
import { own } from './own.ts';
import { type Course, courses } from './plan.ts';
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
