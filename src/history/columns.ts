import type { Effect, Operation } from './operation.ts';
import type { Texts } from './texts.ts';
import { transactionText } from './transaction-text.ts';

/** The effect of an operation in a column; `OTHER` stands for words that no model here knows (`txn`, `acquire`). */
export const READ = 0;
export const WRITE = 1;
export const CAS = 2;
export const APPEND = 3;
export const ADD = 4;
export const REMOVE = 5;
export const OTHER = 6;
export const ENQUEUE = 7;
export const DEQUEUE = 8;
export const ACQUIRE = 9;
export const RELEASE = 10;
/** Hands out an id that nobody else gets. */
export const GENERATE = 11;
/** A transaction; what it did stands in `transactions`. */
export const TXN = 12;

export const EFFECTS: readonly (Effect | undefined)[] = [
  ...(['read', 'write', 'cas', 'append', 'add', 'remove', undefined] as const),
  ...(['enqueue', 'dequeue', 'acquire', 'release', 'generate', 'txn'] as const),
];

export const OK = 0;
export const FAIL = 1;
export const UNKNOWN = 2;
/** A `cas` that failed because it compared and found another value. */
export const UNEQUAL = 3;

/** The return rank of what never returned. */
export const NEVER = 0x7fffffff;

/**
 * A recorded history as columns of numbers, one row an operation, in order of invocation. Ranks are distinct, from 1 to `ranks`: the place of the call or the return in
 * the whole history. Where a recording leaves ties, calls come before returns.
 */
export interface Columns {
  readonly count: number;
  readonly ranks: number;
  /** The number that people know it by. */
  readonly id: Int32Array;
  /** The line on which it was invoked, from 1. */
  readonly line: Int32Array;
  readonly process: Int32Array;
  /** Whose session each operation belongs to, where that is not the process: a client's session goes on over its processes. */
  readonly session?: Int32Array;
  readonly effect: Uint8Array;
  readonly status: Uint8Array;
  /** An index into `keys`. */
  readonly key: Int32Array;
  /**
   * Codes of `texts`: what was written, appended, added or enqueued; what an ok read or dequeue returned; the token of an ok acquire or of a release (`NOTHING`: none was
   * named); the id that an ok generate returned.
   */
  readonly value: Int32Array;
  /** What a `cas` compares with. */
  readonly expected: Int32Array;
  readonly call: Int32Array;
  readonly ret: Int32Array;
  readonly keys: readonly string[];
  readonly texts: Texts;
  /** The words of the operations, as the history spells them, each with the line that has it first. */
  readonly words: ReadonlyMap<string, { readonly effect: number; readonly line: number }>;
  /** Whether the operations name a key. */
  readonly keyed: boolean;
  /** Bit `e` is set where some operation may have effect `e`. */
  readonly effects: number;
  /** Whether some ok read returned a collection. */
  readonly collections: boolean;
  /** What the transactions did, where there are any. */
  readonly transactions?: Transactions;
  /** When each operation was called and returned, in microseconds, where the recording says so; `Infinity` for what never returned. */
  readonly callUs?: Float64Array;
  readonly returnUs?: Float64Array;
  /** What was done to the system meanwhile, in order, where the recording says so. */
  readonly faults: readonly Fault[];
  /** What a reader of the verdict should know about how the history was read. */
  readonly notes: readonly string[];
}

/**
 * The micro-operations of the transactions, one after the other: those of row i stand from `from[i]` up to `from[i + 1]` (none for a row of another effect). In `f` stand READ, WRITE and
 * APPEND; `key` is an index into `keys`; `value` is what was written, appended or, in an ok transaction, read (a collection for lists; `NOTHING` where nothing was there or nobody knows).
 */
export interface Transactions {
  readonly from: Int32Array;
  readonly f: Uint8Array;
  readonly key: Int32Array;
  readonly value: Int32Array;
}

/** Something that a nemesis or a fault command did, over a span of ranks: after the event of rank `from`, before that of rank `to` (`NEVER`: to the end). */
export interface Fault {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** One operation of the columns as checkers and pictures take it. Its times are ranks: a recording orders events and nothing more. */
export function operationAt(columns: Columns, i: number): Operation {
  const { texts } = columns;
  const effect = EFFECTS[columns.effect[i] as number];
  if (effect === undefined) throw new Error('an operation that no model knows must be refused before it is judged');
  const status = columns.status[i] as number;
  const ret = columns.ret[i] as number;
  const returnRank = status === UNKNOWN || ret === NEVER ? Number.POSITIVE_INFINITY : ret;
  const process = texts.text(columns.process[i] as number) ?? 'nil';
  const expected = effect === 'cas' ? texts.text(columns.expected[i] as number) : null;
  const callRank = columns.call[i] as number;
  return {
    id: columns.id[i] as number,
    process,
    client: process,
    node: -1,
    effect,
    key: columns.keys[columns.key[i] as number] as string,
    value: effect === 'txn' ? transactionText(columns, i) : texts.text(columns.value[i] as number),
    ...(expected === null ? {} : { expected }),
    ...(status === UNEQUAL ? { compared: true } : {}),
    status: status === OK ? 'ok' : status === UNKNOWN ? 'unknown' : 'fail',
    callRank,
    returnRank,
    callUs: callRank,
    returnUs: returnRank,
  };
}

/** All of them, or those in some rows. */
export function operationsOf(columns: Columns, rows: Iterable<number> = columns.call.keys()): Operation[] {
  return Array.from(rows, (i) => operationAt(columns, i));
}
