import { type Columns, READ } from '../../history/columns.ts';
import type { Judging, Recorded } from '../model.ts';
import { Pairs } from './pairs.ts';

/** Some transactions of a history, as a history; `rows` tells which rows of the whole they were. */
export interface Part {
  readonly recorded: Recorded;
  readonly rows: readonly number[];
}

/**
 * The transactions in some rows, ascending, without those of their reads that may have read from others: in real time not from one that was called after the read had
 * returned. If the whole has an order that explains it, so has the part, since what is left finds the same without the others: a part that no order explains proves
 * the same of the whole.
 */
export function* partOf({ columns, types }: Recorded, rows: readonly number[], realTime: boolean): Generator<Judging, Part> {
  const { transactions, texts, call, ret } = columns;
  if (transactions === undefined) throw new Error('only transactions have parts');
  const { from, f, key, value } = transactions;
  const inside = new Uint8Array(columns.count);
  for (const row of rows) inside[row] = 1;
  // When the first of the others that wrote a value was called. Rows stand in order of their calls.
  const gone = new Pairs(f.length);
  for (let row = 0; row < columns.count; row++) {
    if ((row & 0x3fff) === 0) yield { done: row, of: columns.count };
    if (inside[row] === 1) continue;
    for (let m = from[row] as number; m < (from[row + 1] as number); m++) {
      if (f[m] === READ || gone.get(key[m] as number, value[m] as number) >= 0) continue;
      gone.set(key[m] as number, value[m] as number, call[row] as number);
    }
  }
  const safe = (row: number, k: number, code: number): boolean => {
    const called = gone.get(k, code);
    return called < 0 || (realTime && called > (ret[row] as number));
  };
  const moves: number[] = [];
  const starts = [0];
  for (let i = 0; i < rows.length; i++) {
    if ((i & 0x3fff) === 0) yield { done: i, of: rows.length };
    const row = rows[i] as number;
    for (let m = from[row] as number; m < (from[row + 1] as number); m++) {
      const code = value[m] as number;
      const codes = f[m] === READ ? (texts.elements(code) ?? [code]) : [];
      if (codes.every((each: number) => safe(row, key[m] as number, each))) moves.push(m);
    }
    starts.push(moves.length);
  }
  const picked = {
    f: Uint8Array.from(moves, (m) => f[m] as number),
    key: pick(key, moves),
    value: pick(value, moves),
    from: Int32Array.from(starts),
  };
  return { recorded: { columns: { ...rowsOf(columns, rows), transactions: picked }, types }, rows };
}

function rowsOf(columns: Columns, rows: readonly number[]): Columns {
  const { id, line, process, key, value, expected, call, ret } = columns;
  return {
    ...columns,
    count: rows.length,
    id: pick(id, rows),
    line: pick(line, rows),
    process: pick(process, rows),
    effect: Uint8Array.from(rows, (row) => columns.effect[row] as number),
    status: Uint8Array.from(rows, (row) => columns.status[row] as number),
    key: pick(key, rows),
    value: pick(value, rows),
    expected: pick(expected, rows),
    call: pick(call, rows),
    ret: pick(ret, rows),
  };
}

function pick(column: Int32Array, places: readonly number[]): Int32Array {
  return Int32Array.from(places, (place) => column[place] as number);
}
