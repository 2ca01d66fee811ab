import { CAS, type Columns, NEVER, OK, operationAt, READ, UNEQUAL, UNKNOWN, WRITE } from '../../history/columns.ts';
import type { Operation } from '../../history/operation.ts';
import { NOTHING, rawText } from '../../history/texts.ts';
import type { Finding, Judging } from '../model.ts';
import { type Budget, isInvalid, judgedAt } from './judged.ts';
import type { View } from './part.ts';
import { reasonFor } from './reason.ts';
import { shrink } from './shrink.ts';

/** Trying each operation that was open costs a search of the whole beginning: beyond so much work in all none is tried. */
const MOST_TRIED = 400_000;

/**
 * Why one key's operations cannot be linearized: the longest beginning that can, what cannot be placed in it, and a small counterexample. `reached` is the rank before which all could be
 * explained; `proof`, where there is one, rows that are wrong by themselves.
 */
export function* explain(
  view: View,
  rows: Int32Array,
  reached: number,
  proof: readonly number[] | undefined,
  budget: Budget,
): Generator<Judging, Finding> {
  const { columns } = view;
  const found = yield* longestBeginning(view, rows, reached, proof, budget);
  const small =
    proof === undefined
      ? yield* shrink(view, rows, found?.breaks ?? NEVER, budget)
      : yield* shrink(view, Int32Array.from(new Set(proof)).sort(), NEVER, budget);
  const witness = withWrites(view, rows, small);
  const named = witness.map((row) => ({ ...operationOf(view, row), id: columns.id[row] as number }));
  return {
    valid: false,
    witness,
    reason: reasonFor(named),
    ...(found === undefined ? {} : { prefix: eventsBefore(columns, found.breaks), unplaced: yield* unplaced(view, rows, found, budget) }),
  };
}

interface Break {
  /** The rank of the return with which the history is wrong, and the row that returned. */
  readonly breaks: number;
  readonly row: number;
}

/**
 * The first return with which the beginning of the history is wrong. Beginnings of a linearizable history are linearizable, what is open then counting as unknown; so it can be
 * looked for by halving. Undefined where the budget does not suffice.
 */
function* longestBeginning(
  view: View,
  rows: Int32Array,
  reached: number,
  proof: readonly number[] | undefined,
  budget: Budget,
): Generator<Judging, Break | undefined> {
  const { ret, status } = view.columns;
  const returned = rows
    .filter((row) => status[row] !== UNKNOWN && ret[row] !== NEVER)
    .sort((a, b) => (ret[a] as number) - (ret[b] as number));
  const before = (rank: number): number => returned.findLastIndex((row) => (ret[row] as number) < rank);
  let lo = before(reached);
  let hi = returned.length - 1;
  // Where nothing better is known the first place to look at is where the proof is complete.
  let next = lo >= 0 ? lo + 1 : hi;
  if (proof !== undefined)
    next = before(proof.reduce((last, row) => (ret[row] === NEVER ? last : Math.max(last, ret[row] as number)), 0) + 1);
  for (let stride = 1; lo + 1 < hi || next === hi; stride *= 2) {
    const cut = ret[returned[next] as number] as number;
    const search = yield* judgedAt(view, rows, cut, budget);
    const { verdict } = search;
    if (verdict === undefined) return undefined;
    if (verdict) {
      if (next === hi) return undefined;
      lo = Math.max(lo, next);
    } else {
      hi = next;
      lo = Math.max(lo, before(search.reached));
    }
    next = search.thinAir < cut && lo < hi - 1 ? Math.max(lo + 1, before(search.thinAir)) : Math.min(lo + stride, (lo + hi) >> 1);
    if (next <= lo) next = lo + 1;
    if (next >= hi) break;
  }
  const row = returned[hi];
  return row === undefined ? undefined : { row, breaks: ret[row] as number };
}

/** The operation that cannot return, and whatever else was open then and could not have returned in its stead. */
function* unplaced(view: View, rows: Int32Array, { breaks, row }: Break, budget: Budget): Generator<Judging, number[]> {
  const { call, ret, status } = view.columns;
  const open = rows.filter(
    (other) => (call[other] as number) < breaks && (ret[other] as number) > breaks && (status[other] === OK || status[other] === UNEQUAL),
  );
  const all = [row];
  if (open.length * rows.length <= MOST_TRIED)
    for (const other of open) if (yield* isInvalid(view, rows, breaks - 1, budget, other)) all.push(other);
  return all.sort((a, b) => a - b);
}

/** How many events come before one. */
function eventsBefore({ count, call, ret }: Columns, rank: number): number {
  let events = 0;
  for (let i = 0; i < count; i++) {
    if ((call[i] as number) < rank) events++;
    if ((ret[i] as number) < rank) events++;
  }
  return events;
}

/**
 * With a read of what no write among the rows has written goes the write that came too late, if there is one: the two together are as wrong, and tell more. A comparison with a value is
 * no such write, unless it may not have happened: it would be wrong without the write of that value.
 */
function withWrites({ columns, empty }: View, rows: Int32Array, small: Int32Array): number[] {
  const { call, effect, expected, ret, status, value } = columns;
  const [read] = small;
  if (small.length !== 1 || read === undefined || effect[read] !== READ || value[read] === NOTHING || value[read] === empty)
    return [...small];
  const since = ret[read] as number;
  const writes = (row: number): boolean =>
    status[row] === UNKNOWN
      ? effect[row] === WRITE || effect[row] === CAS
      : status[row] === OK && (effect[row] === WRITE || (effect[row] === CAS && (expected[row] === NOTHING || expected[row] === empty)));
  const late = rows.find((row) => writes(row) && value[row] === value[read] && (call[row] as number) > since);
  return late === undefined ? [read] : [read, late].sort((a, b) => a - b);
}

/** The operation of a row, under the row's number, which no other has. Of a map of texts the values are the texts themselves, and "" is what was never put. */
function operationOf({ columns, texts }: View, row: number): Operation {
  const op = operationAt(columns, row);
  if (!texts) return op;
  const { expected, ...rest } = op;
  const text = (value: string): string | null => {
    const raw = rawText(value);
    return raw === '' ? null : raw;
  };
  const value = typeof op.value === 'string' ? text(op.value) : op.value;
  const compared = expected === undefined ? null : text(expected);
  return { ...rest, value, ...(compared === null ? {} : { expected: compared }) };
}
