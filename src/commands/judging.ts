import { misfit, models, typed } from '../checkers/index.ts';
import { finish, type Recorded, type Verdict } from '../checkers/model.ts';
import { judgeWish, type Wish } from '../checkers/wish.ts';
import type { Op } from '../core/ids.ts';
import { Problem } from '../core/problem.ts';
import { columnsOf } from '../history/of-operations.ts';
import type { Operation } from '../history/operation.ts';
import type { Live } from '../session/live.ts';
import { operationsOf } from '../session/rows.ts';

/** How far a check of a session's own history may go: far beyond what a reader types. */
const STEPS = 2_000_000;

/** A session's own operations, and the form in which they are judged: row i is operation i. */
export interface Own {
  readonly operations: readonly Operation[];
  readonly recorded: Recorded;
}

/** A verdict on a session's own history. */
export interface Judged extends Verdict {
  readonly wish: Wish;
  readonly operations: readonly Operation[];
}

/** The history so far as it is judged, or why nothing can be said of it. */
export function ownHistory(live: Live): Own | Problem {
  const operations = operationsOf(live);
  const strange = operations.find((op) => op.siblings === true);
  if (strange !== undefined)
    return new Problem(
      `command ${strange.id} read several siblings, and no model of one value can say whether that was right`,
      'read what one client made of them, or look at expect siblings and expect converged',
    );
  const recorded = typed(columnsOf(operations));
  if (!('strange' in recorded)) return { operations, recorded };
  return new Problem(
    `the operations on ${recorded.strange} are those of no one type of object`,
    'use one key as a register, a counter, a set or a list, and not as several of them',
  );
}

/** Whether a model can judge this history; if not, why, and which models can. */
export function fitting({ model }: Wish, { recorded }: Own): Problem | undefined {
  const wrong = misfit(model, recorded);
  if (wrong === undefined) return undefined;
  const able = models.filter((other) => misfit(other, recorded) === undefined).map(({ name }) => name);
  return new Problem(
    `${model.name} does not judge a ${wrong.type.name}, and ${wrong.key} is one`,
    able.length === 0 ? 'no model judges all keys of this history' : `what judges this history: ${able.join(', ')}`,
  );
}

/** Judges in slices. The model must fit. */
export function* judging(wish: Wish, { operations, recorded }: Own, order = false): Generator<void, Judged> {
  const judgement = judgeWish(wish, recorded, { steps: STEPS, order });
  for (;;) {
    const step = judgement.next();
    if (step.done === true) return { ...step.value, wish, operations };
    yield;
  }
}

/** The same at once, for what cannot wait. What a model cannot judge is undecided. */
export function judgeNow(live: Live, wish: Wish): Judged {
  const own = ownHistory(live);
  if (own instanceof Problem) return { valid: 'undecided', reason: own.what, wish, operations: operationsOf(live) };
  const wrong = fitting(wish, own);
  if (wrong !== undefined) return { valid: 'undecided', reason: wrong.what, wish, operations: own.operations };
  const { operations, recorded } = own;
  return { ...finish(judgeWish(wish, recorded, { steps: STEPS, order: false })), wish, operations };
}

/** The numbers of the commands that a counterexample consists of. */
export function witnessOf({ witness = [], operations }: Judged): readonly Op[] {
  return numbersOf(witness, operations);
}

export function numbersOf(rows: readonly number[], operations: readonly Operation[]): readonly Op[] {
  return rows.flatMap((row) => operations[row]?.id ?? []);
}
