import type { Columns } from '../../history/columns.ts';
import type { Asked, Finding, Judging, KeyFinding } from '../model.ts';
import { amountsOf } from './counters.ts';
import { decide, type ObjectName } from './decide.ts';
import { type Budget, partOf } from './part.ts';
import { reasonFor } from './reason.ts';
import { counterexample } from './shrink.ts';

/** What every key may use before any may use more, and by how much that grows: an easy key that is wrong is found even beside a hard one. */
const FIRST_STEPS = 20_000;
const GROWTH = 8;
/** Shrinking is worth at most looking at each operation so many times, and no fewer than the least; what it has reached then is the witness. */
const SHRINK_STEPS = 40;
const LEAST_SHRINK_STEPS = 1_000_000;

/**
 * Linearizability of those `keys` that are of one type of `OBJECTS`, key by key, which loses nothing (Herlihy & Wing 1990, theorem 1). Yields between keys. The findings
 * stand in the order of `keys`; their prefix counts the events of the whole history up to the one that breaks the key.
 */
export function* judgeObjects(
  columns: Columns,
  keys: readonly number[],
  type: ObjectName,
  { steps, order = false, bare = false }: Asked,
): Generator<Judging, readonly KeyFinding[]> {
  const rows = rowsOf(columns, keys);
  const findings = new Map<number, Finding>();
  const budget: Budget = { steps };
  let open = keys;
  for (let share = FIRST_STEPS; open.length > 0 && budget.steps > 0; share *= GROWTH) {
    const undecided: number[] = [];
    for (const key of open) {
      yield { done: findings.size, of: keys.length };
      const own: Budget = { steps: Math.min(share, budget.steps) };
      const before = own.steps;
      const finding = judgeOne(columns, rows.get(key) ?? [], type, own, { order, bare });
      budget.steps -= before - Math.max(0, own.steps);
      if (finding === undefined) undecided.push(key);
      else findings.set(key, finding);
    }
    open = undecided;
  }
  for (const key of open) findings.set(key, { valid: 'undecided', reason: 'the budget of steps ran out' });
  return keys.map((key) => ({ key, operations: rows.get(key)?.length ?? 0, ...(findings.get(key) ?? { valid: true }) }));
}

interface Wanted {
  readonly order: boolean;
  readonly bare: boolean;
}

function judgeOne(columns: Columns, rows: readonly number[], type: ObjectName, budget: Budget, asked: Wanted): Finding | undefined {
  const part = partOf(columns, rows);
  if (type === 'counter') {
    const { strange } = amountsOf(part);
    if (strange >= 0) {
      const id = columns.id[part.rows[strange] as number];
      return { valid: 'undecided', reason: `#${id} adds what cannot be added up exactly: only whole numbers below 2^53 can` };
    }
  }
  const answer = decide(part, type, budget, asked.order);
  if (answer.valid === undefined) return undefined;
  if (answer.valid) return { valid: true, ...(asked.order ? { order: (answer.order ?? []).map((i) => part.rows[i] as number) } : {}) };
  if (asked.bare) return { valid: false };
  const shrinking = { steps: Math.max(LEAST_SHRINK_STEPS, SHRINK_STEPS * part.count) };
  const { witness, prefix, breaks } = counterexample(columns, rows, type, answer, shrinking);
  return {
    valid: false,
    witness,
    reason: reasonFor(columns, witness, type),
    ...(prefix === undefined ? {} : { prefix }),
    ...(breaks === undefined ? {} : { unplaced: [breaks] }),
  };
}

/** The rows of each of some keys, in order. */
function rowsOf({ count, key, keys: names }: Columns, keys: readonly number[]): ReadonlyMap<number, readonly number[]> {
  const rows = new Map<number, number[]>(keys.map((one) => [one, []]));
  if (names.length === 1 && keys.length === 1) {
    rows.set(
      0,
      Array.from({ length: count }, (_, i) => i),
    );
    return rows;
  }
  for (let i = 0; i < count; i++) rows.get(key[i] as number)?.push(i);
  return rows;
}
