import { type History, linesOf } from './history.ts';
import type { Checkers } from './judge.ts';
import { type Course, outcomeAt, shrunk } from './plan.ts';

/** What came of a stretch of histories. */
export interface Tally {
  readonly histories: number;
  readonly valid: number;
  readonly invalid: number;
  readonly undecided: number;
  readonly wrong: readonly Wrong[];
}

export interface Wrong {
  readonly course: Course;
  readonly seed: number;
  readonly index: number;
  readonly says: string;
  readonly history: History;
}

export const nothing: Tally = { histories: 0, valid: 0, invalid: 0, undecided: 0, wrong: [] };

export const sum = (a: Tally, b: Tally): Tally => ({
  histories: a.histories + b.histories,
  valid: a.valid + b.valid,
  invalid: a.invalid + b.invalid,
  undecided: a.undecided + b.undecided,
  wrong: [...a.wrong, ...b.wrong],
});

/** Only the first few are worth shrinking: one mistake shows in many histories. */
const TOLD = 5;

export function tally(checkers: Checkers, course: Course, seed: number, from: number, to: number): Tally {
  const counts = { histories: to - from, valid: 0, invalid: 0, undecided: 0 };
  const wrong: Wrong[] = [];
  for (let index = from; index < to; index++) {
    const outcome = outcomeAt(checkers, course, seed, index);
    if (outcome.valid === 'undecided') counts.undecided++;
    else if (outcome.valid) counts.valid++;
    else counts.invalid++;
    if (outcome.wrong === undefined) continue;
    const { history, wrong: says } =
      wrong.length < TOLD ? shrunk(checkers, course.model, outcome.history) : { history: outcome.history, wrong: outcome.wrong };
    wrong.push({ course, seed, index, says, history });
  }
  return { ...counts, wrong };
}

/** A disagreement for people: what is wrong, how to see it again, and the history. */
export const told = ({ course, seed, index, says, history }: Wrong): string =>
  `${course.model} on ${course.type}, seed ${seed}, history ${index}: ${says}\n${linesOf(history)}`;
