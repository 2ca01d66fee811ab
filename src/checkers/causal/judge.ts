import { APPEND, type Columns, FAIL } from '../../history/columns.ts';
import type { Asked, Judging, Model, Recorded, Verdict } from '../model.ts';
import { withOneNothing } from '../reads-from.ts';
import type { Check } from './checks.ts';
import type { Taste } from './likely.ts';
import { reasonFor } from './reason.ts';
import { search, searched } from './search.ts';
import { shrink, withSources } from './shrink.ts';

/** Shrinking is worth at most so many steps; what it has reached then is the witness. */
const SHRINK_STEPS = 2_000_000;
/** One judgement while shrinking is worth at most so many. */
const PART_STEPS = 20_000;

/** What all models here share: they judge registers, whole histories at once, and know no time. */
export function causalModel(about: Omit<Model, 'judges' | 'judge'>, check: Check, taste: Taste): Model {
  return {
    ...about,
    judges: ['register', 'cas-register', 'kv'],
    *judge({ columns, types }: Recorded, { steps, order, bare }: Asked): Generator<Judging, Verdict> {
      if (columns.effect.some((effect, row) => effect === APPEND && columns.status[row] !== FAIL))
        return {
          valid: 'undecided',
          reason: `${about.name} does not judge texts that are appended to: what such a read returned was not written by one operation`,
        };
      const texts = withOneNothing(columns, types);
      const { outcome, blamed } = yield* search(texts, check, { steps }, taste);
      if (outcome === 'out') return { valid: 'undecided', reason: 'the budget of steps ran out' };
      if (outcome !== undefined) {
        const explained = order === true && 'order' in outcome && outcome.order !== undefined;
        return { valid: true, ...(explained ? { order: Array.from(outcome.order) } : {}) };
      }
      if (bare === true) return { valid: false };
      const witness = shrunk(texts, withSources(texts, [...blamed]), check);
      return { valid: false, witness, reason: reasonFor(texts, witness, check) };
    },
  };
}

function shrunk(columns: Columns, rows: readonly number[], check: Check): readonly number[] {
  let left = SHRINK_STEPS;
  return shrink(columns, rows, (part) => {
    if (left <= 0) return false;
    const { outcome, left: unused } = searched(part, check, Math.min(left, PART_STEPS));
    // Every judgement costs its length, even where it finds something at once.
    left -= part.count + Math.min(left, PART_STEPS) - Math.max(0, unused);
    return outcome === undefined;
  });
}
