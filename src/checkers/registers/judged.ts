import type { Judging } from '../model.ts';
import { partOf, type View } from './part.ts';
import { Search } from './search.ts';

/** How much work is left. */
export interface Budget {
  steps: number;
}

/** Steps between two moments at which a judgement can be watched and stopped. */
const SLICE = 10_000;
const WORKING: Judging = { done: 0, of: 0 };

/** Searches on within the budget. */
export function* searched(search: Search, budget: Budget): Generator<Judging, Search> {
  for (let before = search.steps; budget.steps > 0; before = search.steps) {
    const verdict = search.run(Math.min(SLICE, budget.steps));
    budget.steps -= search.steps - before;
    if (verdict !== undefined) break;
    yield WORKING;
  }
  return search;
}

/** The search through rows of one key as they stood at `cut`. Looking at a part at all costs its length. */
export function* judgedAt(view: View, rows: Int32Array, cut: number, budget: Budget, next = -1): Generator<Judging, Search> {
  budget.steps -= 4 + (rows.length >> 2);
  return yield* searched(new Search(partOf(view, rows, cut, next), view.room), budget);
}

/** Whether they cannot be linearized; false also where the budget did not suffice. */
export function* isInvalid(view: View, rows: Int32Array, cut: number, budget: Budget, next = -1): Generator<Judging, boolean> {
  const { verdict } = yield* judgedAt(view, rows, cut, budget, next);
  return verdict === false;
}
