import type { Columns } from '../../history/columns.ts';
import type { Finding } from '../model.ts';
import { distinct } from '../rows.ts';
import { said } from '../staleness/words.ts';
import type { Ending } from './final-reads.ts';

/** More different sums than this are not told apart: then any number between the least and the greatest will do. */
const MOST_SUMS = 4096;

/**
 * Counters: every last read finds the sum of all acknowledged additions and of some of the unknown ones; the same one where none is
 * unknown.
 */
export function sumsAgree(columns: Columns, { done, unknown, reads }: Ending): Finding {
  const { id } = columns;
  const number = (row: number): number => Number(columns.texts.text(columns.value[row] as number) ?? 0);
  const sum = done.reduce((total, row) => total + number(row), 0);
  if (unknown.length === 0) {
    const [one] = reads;
    const other = reads.find((read) => number(read) !== number(one as number));
    if (one !== undefined && other !== undefined) {
      const reason = `#${id[one]} read ${said(columns, one)} and #${id[other]} read ${said(columns, other)}, although nothing was being added any more`;
      return { valid: false, witness: [one, other], reason };
    }
  }
  let low = sum;
  let high = sum;
  let sums: Set<number> | undefined = new Set([sum]);
  for (const row of unknown) {
    const more = number(row);
    low += Math.min(0, more);
    high += Math.max(0, more);
    if (sums === undefined) continue;
    for (const one of [...sums]) sums.add(one + more);
    if (sums.size > MOST_SUMS) sums = undefined;
  }
  const possible = (read: number): boolean => (sums === undefined ? number(read) >= low && number(read) <= high : sums.has(number(read)));
  const wrong = reads.find((read) => !possible(read));
  if (wrong === undefined) return { valid: true };
  const unsure = unknown.length === 0 ? '' : `, and with any of the additions of unknown outcome something else`;
  const reason = `#${id[wrong]} read ${said(columns, wrong)} although what was added and acknowledged before makes ${sum}${unsure}`;
  return { valid: false, witness: distinct([...done, ...unknown, wrong]), reason };
}
