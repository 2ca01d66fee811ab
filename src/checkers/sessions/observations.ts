import { CAS, type Columns, OK, READ } from '../../history/columns.ts';
import { isWrite, type ReadsFrom, readsFrom, type Sessions, sessionsOf } from '../reads-from.ts';
import { type Groups, grouped } from '../rows.ts';

const NONE = -1;

/** What the session guarantees look at, beside which write each read read from. */
export interface Observations {
  readonly columns: Columns;
  readonly from: ReadsFrom;
  readonly sessions: Sessions;
  /** The rows of each process, in its order. */
  readonly rows: Groups;
  /** For each write its process's next ok write of the same key, or -1; for each row of `firsts` below the first one. */
  readonly next: Int32Array;
  /** The first ok write of each process that wrote a key, by key. */
  readonly firsts: Groups;
}

/** Whether a row observed something: an ok read, or an ok `cas`, which read what it compared with. */
export function observes({ effect, status }: Columns, row: number): boolean {
  return status[row] === OK && (effect[row] === READ || effect[row] === CAS);
}

/** Sessions know no time; but what a process did later is not where it read from before. */
export function observe(columns: Columns): Observations {
  const from = readsFrom(columns, { realTime: false, sessions: true });
  const sessions = sessionsOf(columns);
  const next = new Int32Array(columns.count).fill(NONE);
  const firstOf = new Int32Array(columns.count).fill(NONE);
  const { rows, from: start } = grouped(sessions.of, sessions.count);
  const seen = new Int32Array(columns.keys.length).fill(NONE);
  for (let p = 0; p < sessions.count; p++) {
    // Backwards, so that what comes next is known; then the keys are given back.
    for (let at = (start[p + 1] as number) - 1; at >= (start[p] as number); at--) {
      const row = rows[at] as number;
      const k = columns.key[row] as number;
      if (!isWrite(columns, row)) continue;
      next[row] = seen[k] as number;
      if (columns.status[row] === OK) seen[k] = row;
    }
    for (let at = start[p] as number; at < (start[p + 1] as number); at++) {
      const k = columns.key[rows[at] as number] as number;
      if (seen[k] !== NONE) firstOf[seen[k] as number] = k;
      seen[k] = NONE;
    }
  }
  return { columns, from, sessions, rows: { from: start, rows }, next, firsts: grouped(firstOf, columns.keys.length) };
}
