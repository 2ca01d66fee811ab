import { type Columns, OK, READ, UNKNOWN } from '../../history/columns.ts';
import { INITIAL, type ReadsFrom, readsFrom, THIN_AIR } from '../reads-from.ts';
import { byKey, type Groups } from '../rows.ts';
import { said } from './words.ts';
import { mayWrite } from './writes.ts';

const NONE = -1;

/** Reads and writes by key, and which write each read read from; a `cas` that may have taken effect stands for a write of its new value. */
export interface Sourced {
  readonly columns: Columns;
  readonly from: ReadsFrom;
  readonly keyed: Groups;
  /** For each key: 1 if texts were appended to. What a read of such a key read from only an order of all operations tells. */
  readonly texts: Uint8Array;
  /** For each key: an ok read that no write explains, or -1. */
  readonly strange: Int32Array;
  /** For each key: 1 if some ok read has more than one possible source. */
  readonly open: Uint8Array;
}

export function sourced(columns: Columns, texts: Uint8Array = new Uint8Array(columns.keys.length)): Sourced {
  const from = readsFrom(columns, { realTime: true, sessions: false });
  const strange = new Int32Array(columns.keys.length).fill(NONE);
  const open = texts.slice();
  for (let i = columns.count - 1; i >= 0; i--)
    if (isOkRead(columns, i) && from.source[i] === THIN_AIR && texts[columns.key[i] as number] === 0) strange[columns.key[i] as number] = i;
  for (const row of from.open) if (isOkRead(columns, row)) open[columns.key[row] as number] = 1;
  return { columns, from, keyed: byKey(columns), texts, strange, open };
}

export function isOkRead({ effect, status }: Columns, row: number): boolean {
  return effect[row] === READ && status[row] === OK;
}

/** The reads and writes of a key that say something, in order of call. */
export function tellingRows({ columns, keyed }: Sourced, key: number): number[] {
  const rows: number[] = [];
  for (let at = keyed.from[key] as number; at < (keyed.from[key + 1] as number); at++) {
    const row = keyed.rows[at] as number;
    if (isOkRead(columns, row) || mayWrite(columns, row)) rows.push(row);
  }
  return rows;
}

/**
 * The operations of one key by value: a write and the ok reads that read from it. Cluster 0 is the beginning; the others are those of
 * writes in order of call, without the unknown ones that nobody read, which need not have happened.
 */
export interface Clusters {
  readonly size: number;
  /** The row of the write; -1 for the beginning. */
  readonly write: Int32Array;
  /** The row that returned first, write or read; -1 for the beginning. By then the write had taken effect. */
  readonly first: Int32Array;
  /** The read that was called last; -1 where nobody read it. */
  readonly last: Int32Array;
  /** The reads of cluster c, in order of call, are `reads.rows[reads.from[c]]` up to `reads.from[c + 1]`. */
  readonly reads: Groups;
}

export function clustersOf({ columns, from }: Sourced, rows: readonly number[]): Clusters {
  const { status, ret } = columns;
  const numbers = new Map<number, number>([[INITIAL, 0]]);
  const read = new Set<number>();
  for (const row of rows) if (isOkRead(columns, row)) read.add(from.source[row] as number);
  for (const row of rows) if (!isOkRead(columns, row) && (status[row] !== UNKNOWN || read.has(row))) numbers.set(row, numbers.size);
  const size = numbers.size;
  const write = Int32Array.from(numbers.keys());
  const first = Int32Array.from(write, (row) => (status[row] === OK ? row : NONE));
  const last = new Int32Array(size).fill(NONE);
  const start = new Int32Array(size + 1);
  for (const row of rows) {
    if (!isOkRead(columns, row)) continue;
    const c = numbers.get(from.source[row] as number) as number;
    start[c + 1] = (start[c + 1] as number) + 1;
    // Rows are in order of call.
    last[c] = row;
    if (c > 0 && (first[c] === NONE || (ret[row] as number) < (ret[first[c] as number] as number))) first[c] = row;
  }
  for (let c = 0; c < size; c++) start[c + 1] = (start[c + 1] as number) + (start[c] as number);
  const reads = new Int32Array(start[size] as number);
  const at = start.slice();
  for (const row of rows) {
    if (!isOkRead(columns, row)) continue;
    const c = numbers.get(from.source[row] as number) as number;
    reads[at[c] as number] = row;
    at[c] = (at[c] as number) + 1;
  }
  return { size, write, first, last, reads: { from: start, rows: reads } };
}

/** What a read that no write explains shows, with the write that came too late, if there is one. */
export function strangeRead(columns: Columns, row: number): { readonly witness: readonly number[]; readonly reason: string } {
  const { id, key, value } = columns;
  let late = NONE;
  for (let i = 0; i < columns.count && late === NONE; i++)
    if (key[i] === key[row] && value[i] === value[row] && mayWrite(columns, i)) late = i;
  const what = `#${id[row]} read ${said(columns, row)}`;
  if (late === NONE) return { witness: [row], reason: `${what}, which nobody had written` };
  return { witness: [row, late], reason: `${what} before #${id[late]} began to write it` };
}
