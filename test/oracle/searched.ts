import { type KeyFinding, type Model, verdictOf } from '../../src/checkers/model.ts';
import type { decideBySearch, Searched } from '../../src/checkers/objects/decide.ts';
import type { partOf } from '../../src/checkers/objects/part.ts';

export const SEARCHED = 'linearizable by search';
/** The file whose imports it goes through. */
export const SEARCHES = 'src/checkers/objects/decide.ts';

/**
 * Linearizability of objects by nothing but the searches, as a model: `linearizable` itself asks them only where quicker judgements leave a history open, which small histories seldom are. Its counterexample
 * is all there is.
 */
export const searched = (by: { readonly decideBySearch: typeof decideBySearch; readonly partOf: typeof partOf }): Model => ({
  name: SEARCHED,
  aliases: [],
  says: '',
  source: '',
  implies: [],
  judges: ['counter', 'set', 'queue', 'lock'],
  *judge({ columns, types }, { steps, order = false }) {
    const findings: KeyFinding[] = [];
    for (const [key, { name }] of types.entries()) {
      yield { done: key, of: types.length };
      const rows = Array.from(columns.key.keys()).filter((row) => columns.key[row] === key);
      const part = by.partOf(columns, rows);
      const answer = by.decideBySearch(part, name as Searched, { steps }, order);
      const told =
        answer.valid === undefined
          ? { valid: 'undecided' as const, reason: 'the budget of steps ran out' }
          : answer.valid
            ? { valid: true as const, ...(order ? { order: (answer.order ?? []).map((i) => part.rows[i] as number) } : {}) }
            : { valid: false as const, witness: rows, reason: 'no order was found' };
      findings.push({ key, operations: rows.length, ...told });
    }
    return verdictOf(findings);
  },
});
