import { describe, expect, it } from 'vitest';
import { linearizable } from '../../src/checkers/linearizable.ts';
import { finish, type Verdict } from '../../src/checkers/model.ts';
import { typeNamed } from '../../src/checkers/types.ts';
import type { Operation } from '../../src/history/operation.ts';
import { columnsOfHistory, Dice, explains, history, OBJECT_TYPES, realTime, type Shape, someOrder } from './objects-histories.ts';

function judge(type: string, operations: readonly Operation[], steps = 1_000_000): Verdict {
  const columns = columnsOfHistory(operations);
  const own = typeNamed(type);
  if (own === undefined) throw new Error(`no type ${type}`);
  return finish(linearizable.judge({ columns, types: columns.keys.map(() => own) }, { steps, order: true }));
}

const SHAPES: readonly Shape[] = [
  { operations: 6, processes: 3, keys: 1, unknown: 0, mutated: 60, values: 0 },
  { operations: 7, processes: 3, keys: 1, unknown: 20, mutated: 50, values: 0 },
  { operations: 6, processes: 4, keys: 1, unknown: 30, mutated: 50, values: 2 },
  { operations: 7, processes: 3, keys: 1, unknown: 10, mutated: 50, values: 3 },
];
const RUNS = Number(process.env['RUNS'] ?? 700);

describe.each(OBJECT_TYPES)('linearizability of a %s', (type) => {
  it.each(SHAPES)('is what the definition says: %o', (shape) => {
    const seen = { valid: 0, invalid: 0 };
    for (let seed = 1; seed <= RUNS; seed++) {
      const operations = history([type], new Dice(seed), shape);
      const verdict = judge(type, operations);
      const valid = someOrder(() => type, operations, realTime);
      const told = JSON.stringify({
        seed,
        operations: operations.map((op) => [op.id, op.process, op.effect, op.value, op.status, op.callRank, op.returnRank]),
      });
      expect(verdict.valid, told).toBe(valid);
      if (valid) {
        seen.valid++;
        const [order = []] = (verdict.keys ?? []).map((finding) => finding.order ?? []);
        expect(
          explains(() => type, operations, order, realTime),
          `${told} ${order.join(' ')}`,
        ).toBe(true);
      } else {
        seen.invalid++;
        const { witness = [], prefix = -1 } = verdict;
        const part = operations.filter((_, row) => witness.includes(row));
        expect(
          someOrder(() => type, part, realTime),
          `${told} ${witness.join(' ')}`,
        ).toBe(false);
        expect(
          someOrder(() => type, upTo(operations, prefix), realTime),
          `${told} ${prefix}`,
        ).toBe(true);
        expect(
          someOrder(() => type, upTo(operations, prefix + 1), realTime),
          `${told} ${prefix}`,
        ).toBe(false);
      }
    }
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(RUNS / 20);
  });
});

function upTo(operations: readonly Operation[], rank: number): readonly Operation[] {
  return operations
    .filter((op) => op.callRank <= rank)
    .map((op) =>
      op.returnRank <= rank || op.status === 'fail' ? op : { ...op, status: 'unknown' as const, returnRank: Number.POSITIVE_INFINITY },
    );
}
