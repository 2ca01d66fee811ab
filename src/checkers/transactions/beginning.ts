import { type Columns, NEVER, UNKNOWN } from '../../history/columns.ts';
import type { Judging, Recorded } from '../model.ts';
import type { Judge } from './shrink.ts';

/** Looking for the longest valid beginning looks at one after the other: with more micro-operations than these it would take longer than the verdict is worth. */
const MOST = 200_000;
/** What looking at one of them may cost. */
const STEPS = 200_000;

/** The longest valid beginning of a history that is not strictly serializable, by its number of events, and the rows that were over at the next one. */
export interface Beginning {
  readonly prefix: number;
  readonly unplaced: readonly number[];
}

/**
 * Every beginning of a strictly serializable history is one, with what has not returned taken for unknown: so the first return that makes it invalid is found by halving.
 * (Without real time this is not so: what a transaction read may be written later.) Undefined where some beginning stays undecided, or the history is too long for it.
 */
export function* longestBeginning(
  { columns, types }: Recorded,
  witness: readonly number[],
  judge: Judge,
): Generator<Judging, Beginning | undefined> {
  const { ret, status, count, transactions } = columns;
  if ((transactions?.f.length ?? 0) > MOST) return undefined;
  const returned = new Int32Array(columns.ranks + 1).fill(-1);
  for (let row = 0; row < count; row++) if (status[row] !== UNKNOWN && ret[row] !== NEVER) returned[ret[row] as number] = row;
  const returns = returned.filter((row) => row >= 0);
  let lo = 0;
  let hi = returns.length - 1;
  // Mostly it is the last return of the counterexample: then two looks are enough.
  const told = new Set(witness);
  const guesses = [returns.findLastIndex((row) => told.has(row))];
  guesses.push((guesses[0] as number) - 1);
  while (lo < hi) {
    const guess = guesses.shift() ?? -1;
    const middle = guess >= lo && guess < hi ? guess : (lo + hi) >> 1;
    const { valid } = yield* judge({ columns: upTo(columns, ret[returns[middle] as number] as number), types }, STEPS);
    if (valid === 'undecided') return undefined;
    if (valid) lo = middle + 1;
    else hi = middle;
  }
  const row = returns[lo];
  return row === undefined ? undefined : { prefix: (ret[row] as number) - 1, unplaced: [row] };
}

/** The events of the first so many ranks. */
function upTo(columns: Columns, rank: number): Columns {
  const { call, transactions } = columns;
  let count = 0;
  while (count < columns.count && (call[count] as number) <= rank) count++;
  const status = columns.status.slice(0, count);
  const ret = columns.ret.slice(0, count);
  for (let row = 0; row < count; row++) {
    if ((ret[row] as number) <= rank) continue;
    status[row] = UNKNOWN;
    ret[row] = NEVER;
  }
  if (transactions === undefined) return { ...columns, count, ranks: rank, status, ret };
  const moves = transactions.from[count] as number;
  const begun = {
    from: transactions.from.subarray(0, count + 1),
    f: transactions.f.subarray(0, moves),
    key: transactions.key.subarray(0, moves),
    value: transactions.value.subarray(0, moves),
  };
  return { ...columns, count, ranks: rank, status, ret, transactions: begun };
}
