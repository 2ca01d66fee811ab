import { type Columns, operationAt } from '../../history/columns.ts';
import type { Operation } from '../../history/operation.ts';
import { NOTHING, rawText } from '../../history/texts.ts';
import type { Asked, Finding, Judging, KeyFinding } from '../model.ts';
import type { DataType } from '../types.ts';
import { reasonFor } from './reason.ts';
import { type Budget, isLinearizable } from './search.ts';
import { shrink } from './shrink.ts';
import { zonesOf } from './zone-columns.ts';

/** What every key may use before any may use more, and by how much that grows: an easy key that is wrong is found even beside a hard one. */
const FIRST_STEPS = 2_000;
const GROWTH = 8;
/** Shrinking is worth at most so many steps; what it has reached then is the witness. */
const SHRINK_STEPS = 1_000_000;

/**
 * Linearizability of those `keys` of a recorded history that are of one type, key by key, which loses nothing (Herlihy & Wing 1990, theorem 1). Keys with distinct
 * written values are judged by zones, all in one pass; the others by search, with a budget of steps for all of them together. Yields between keys, so that a long
 * judgement can be watched and stopped. The findings stand in the order of `keys`.
 */
export function* judgeRegisters(
  recorded: Columns,
  keys: readonly number[],
  type: DataType,
  { steps }: Asked,
): Generator<Judging, readonly KeyFinding[]> {
  const columns = type.texts ? withoutEmpty(recorded) : recorded;
  const zones = zonesOf(columns);
  const rows = rowsByKey(columns);
  const verdicts = new Map<number, Finding>();
  const part = (key: number): readonly Operation[] => rows.of(key).map((row) => operation(columns, row, type));
  for (const key of keys) {
    const proof = zones.open[key] === 1 ? undefined : zones.broken.get(key);
    if (proof === undefined) continue;
    const witness = [...new Set(proof)].sort((a, b) => a - b).map((row) => operation(columns, row, type));
    verdicts.set(key, because(columns, witness));
  }
  const budget: Budget = { steps };
  let open = keys.filter((key) => zones.open[key] === 1);
  const ofKeys = open.length;
  for (let share = FIRST_STEPS; open.length > 0 && budget.steps > 0; share *= GROWTH) {
    const undecided: number[] = [];
    for (const key of open) {
      yield { done: verdicts.size, of: ofKeys };
      const operations = part(key);
      const own: Budget = { steps: Math.min(share, budget.steps) };
      const before = own.steps;
      const valid = isLinearizable(operations, own);
      budget.steps -= before - Math.max(0, own.steps);
      if (valid === undefined) undecided.push(key);
      else verdicts.set(key, valid ? { valid } : because(columns, operations));
    }
    open = undecided;
  }
  for (const key of open) verdicts.set(key, { valid: 'undecided', reason: 'the budget of steps ran out' });
  return keys.map((key) => ({ key, operations: rows.count(key), ...(verdicts.get(key) ?? { valid: true }) }));
}

/** The smallest counterexample that one key's operations can be shrunk to, and one sentence about it. */
function because(columns: Columns, operations: readonly Operation[]): Finding {
  const witness = [...shrink(operations, { steps: SHRINK_STEPS })].sort((a, b) => a.callRank - b.callRank);
  const named = witness.map((op) => ({ ...op, id: columns.id[op.id] as number }));
  return { valid: false, witness: witness.map((op) => op.id), reason: reasonFor(named) };
}

/** The operation of a row, under the row's number, which no other has. Of a map of texts the values are the texts themselves, and "" is what was never put. */
function operation(columns: Columns, row: number, type: DataType): Operation {
  const op = { ...operationAt(columns, row), id: row };
  if (!type.texts) return op;
  const { expected, ...rest } = op;
  const text = (value: string): string | null => {
    const raw = rawText(value);
    return raw === '' ? null : raw;
  };
  const value = typeof op.value === 'string' ? text(op.value) : op.value;
  const compared = expected === undefined ? null : text(expected);
  return { ...rest, value, ...(compared === null ? {} : { expected: compared }) };
}

function withoutEmpty(columns: Columns): Columns {
  const empty = columns.texts.find('');
  return empty === undefined ? columns : { ...columns, value: columns.value.map((code) => (code === empty ? NOTHING : code)) };
}

/** The rows of each key, in order: one counting sort for all of them. */
function rowsByKey(columns: Columns): { of(key: number): number[]; count(key: number): number } {
  const { key, count, keys } = columns;
  const from = new Int32Array(keys.length + 1);
  for (let i = 0; i < count; i++) {
    const next = (key[i] as number) + 1;
    from[next] = (from[next] as number) + 1;
  }
  for (let k = 0; k < keys.length; k++) from[k + 1] = (from[k + 1] as number) + (from[k] as number);
  const rows = new Int32Array(count);
  const at = from.slice();
  for (let i = 0; i < count; i++) {
    const k = key[i] as number;
    rows[at[k] as number] = i;
    at[k] = (at[k] as number) + 1;
  }
  return {
    of: (k) => Array.from(rows.subarray(from[k], from[k + 1])),
    count: (k) => (from[k + 1] as number) - (from[k] as number),
  };
}
