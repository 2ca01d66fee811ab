import { APPEND, type Columns, FAIL, NEVER, OK, READ, type Transactions, TXN, UNKNOWN, WRITE } from '../../history/columns.ts';
import type { Judging } from '../model.ts';

/**
 * The transactions of a history that may have happened, numbered from 0 in order of invocation: those that are ok and those of unknown outcome. Of the others only the
 * writes matter, to tell who wrote what should not have been read.
 */
export interface Numbering {
  readonly columns: Columns;
  readonly txns: Transactions;
  readonly count: number;
  /** The row of each number, and the number of each row, or -1. */
  readonly row: Int32Array;
  readonly number: Int32Array;
  /** The row in which each micro-operation stands. */
  readonly rowOf: Int32Array;
  /** 1 for the numbers that took part: the ok ones from the beginning, unknown ones once somebody was seen to have read from them. Nothing comes behind the others. */
  readonly part: Uint8Array;
  /** Call and return of each number; `NEVER` for what has no known return. */
  readonly call: Int32Array;
  readonly ret: Int32Array;
}

const NONE: Transactions = { from: new Int32Array(1), f: new Uint8Array(), key: new Int32Array(), value: new Int32Array() };

export function* numbered(columns: Columns): Generator<Judging, Numbering> {
  const { count: rows, effect, status } = columns;
  const txns = columns.transactions ?? { ...NONE, from: new Int32Array(rows + 1) };
  const number = new Int32Array(rows).fill(-1);
  const rowOf = new Int32Array(txns.f.length);
  let count = 0;
  for (let i = 0; i < rows; i++) {
    if ((i & 0xffff) === 0) yield { done: i, of: rows };
    const end = txns.from[i + 1] as number;
    for (let m = txns.from[i] as number; m < end; m++) rowOf[m] = i;
    if (effect[i] === TXN && (status[i] === OK || status[i] === UNKNOWN)) number[i] = count++;
  }
  const row = new Int32Array(count);
  const part = new Uint8Array(count);
  const call = new Int32Array(count);
  const ret = new Int32Array(count);
  for (let i = 0; i < rows; i++) {
    if ((i & 0xffff) === 0) yield { done: i, of: rows };
    const t = number[i] as number;
    if (t < 0) continue;
    row[t] = i;
    call[t] = columns.call[i] as number;
    if (status[i] === OK) part[t] = 1;
    ret[t] = status[i] === OK ? (columns.ret[i] as number) : NEVER;
  }
  return { columns, txns, count, row, number, rowOf, part, call, ret };
}

/** The number of the transaction in which a micro-operation stands, or -1. */
export function ownerOf({ number, rowOf }: Numbering, m: number): number {
  return number[rowOf[m] as number] as number;
}

export function isRead({ txns, columns, rowOf }: Numbering, m: number): boolean {
  // What a transaction of unknown outcome read nobody knows.
  return txns.f[m] === READ && columns.status[rowOf[m] as number] === OK;
}

export function isUpdate({ txns }: Numbering, m: number): boolean {
  return txns.f[m] === APPEND || txns.f[m] === WRITE;
}

/** Whether a micro-operation stands in a transaction that certainly did not happen. */
export function isFailed({ columns, rowOf }: Numbering, m: number): boolean {
  return columns.status[rowOf[m] as number] === FAIL;
}
