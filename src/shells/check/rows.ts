import type { Valid } from '../../checkers/model.ts';
import type { Columns } from '../../history/columns.ts';
import type { Judged } from './judged.ts';

/** The verdict for programs: a line for each key, then one for the whole. */
export function verdictRows(judged: readonly Judged[], file: string, columns: Columns): readonly string[] {
  const ids = (rows: readonly number[] | undefined): number[] | undefined => rows?.map((row) => columns.id[row] as number);
  const rows = judged.flatMap(({ model, type, parts }) =>
    parts.map(({ key, operations, valid, witness, reason, prefix, unplaced, order }) =>
      JSON.stringify({
        ...{ model, type, key, operations },
        valid: said(valid),
        witness: ids(witness),
        lines: witness?.map((row) => columns.line[row]),
        ...{ reason, prefix },
        unplaced: ids(unplaced),
        order: ids(order),
      }),
    ),
  );
  const models = Object.fromEntries(
    judged.map(({ model, valid, figures }) => [
      model,
      {
        valid: said(valid),
        ...(figures.length === 0 ? {} : { figures: Object.fromEntries(figures.map(({ name, value }) => [name, value])) }),
      },
    ]),
  );
  const operations = columns.count;
  return [...rows, JSON.stringify({ summary: true, file, operations, keys: columns.keys.length, models, format: 1 })];
}

function said(valid: Valid): boolean | 'unknown' {
  return valid === 'undecided' ? 'unknown' : valid;
}
