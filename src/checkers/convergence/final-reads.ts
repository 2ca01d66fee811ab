import { type Columns, FAIL, OK, READ, UNEQUAL, UNKNOWN } from '../../history/columns.ts';
import { byKey, type Groups } from '../rows.ts';

/** One key once everything has been written. */
export interface Ending {
  readonly key: number;
  readonly operations: number;
  /** The rows of what changed it and was acknowledged, and of what may have changed it. */
  readonly done: readonly number[];
  readonly unknown: readonly number[];
  /** The last ok read of each process that was called after the last acknowledged change had returned, by row. */
  readonly reads: readonly number[];
}

/** The endings of all keys. */
export function endingsOf(columns: Columns): readonly Ending[] {
  const { from, rows }: Groups = byKey(columns);
  return columns.keys.map((_, k) => endingOf(columns, k, rows.subarray(from[k], from[k + 1])));
}

function endingOf(columns: Columns, key: number, rows: Int32Array): Ending {
  const { effect, status, call, ret, process } = columns;
  const done: number[] = [];
  const unknown: number[] = [];
  let quiet = 0;
  for (const row of rows) {
    if (effect[row] === READ || status[row] === FAIL || status[row] === UNEQUAL) continue;
    if (status[row] === UNKNOWN) unknown.push(row);
    else {
      done.push(row);
      quiet = Math.max(quiet, ret[row] as number);
    }
  }
  const last = new Map<number, number>();
  for (const row of rows)
    if (effect[row] === READ && status[row] === OK && (call[row] as number) > quiet) last.set(process[row] as number, row);
  return { key, operations: rows.length, done, unknown, reads: [...last.values()].sort((a, b) => a - b) };
}
