import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeOperations } from '../../src/checkers/index.ts';
import { linearizable } from '../../src/checkers/linearizable.ts';
import type { Verdict } from '../../src/checkers/model.ts';
import type { Operation } from '../../src/history/operation.ts';
import { anyHistory, oracle } from './histories.ts';
import { anyTexts, textOracle } from './texts.ts';

type Oracle = (history: readonly Operation[]) => boolean;

function judged(history: readonly Operation[]): { readonly sorted: readonly Operation[]; readonly verdict: Verdict } {
  const sorted = history.toSorted((a, b) => a.callRank - b.callRank);
  return { sorted, verdict: judgeOperations(linearizable, sorted, { steps: 1_000_000, order: true }) };
}

/** The history as it stood when the event of a rank had happened: what was open then may have happened or not. */
function until(history: readonly Operation[], rank: number): Operation[] {
  return history.flatMap((op) => {
    if (op.callRank > rank) return [];
    if (op.returnRank <= rank) return [op];
    const { compared, ...rest } = op;
    return [{ ...rest, status: 'unknown' as const, returnRank: Number.POSITIVE_INFINITY }];
  });
}

/** Both verdicts were seen, and each answer held. */
function holds(histories: fc.Arbitrary<readonly Operation[]>, oracle: Oracle, numRuns: number): void {
  const seen = new Set<boolean>();
  fc.assert(
    fc.property(histories, (history) => {
      const { sorted, verdict } = judged(history);
      const valid = oracle(sorted);
      seen.add(valid);
      expect(verdict.valid).toBe(valid);
      if (valid) explains(sorted, verdict.order ?? []);
      else refutes(sorted, verdict, oracle);
    }),
    { numRuns },
  );
  expect(seen.size).toBe(2);
}

/** All that certainly happened stands in the order, nothing stands in it twice, real time is kept, and each finds what it found. */
function explains(history: readonly Operation[], order: readonly number[]): void {
  expect(new Set(order).size).toBe(order.length);
  const must = history.flatMap((op, row) => (op.status === 'ok' || op.compared === true ? [row] : []));
  expect(order).toEqual(expect.arrayContaining(must));
  const grows = history.some(({ effect }) => effect === 'append');
  const texts = new Map<string, string>();
  let latest = 0;
  for (const row of order) {
    const op = history[row] as Operation;
    expect(op.returnRank).toBeGreaterThan(latest);
    latest = Math.max(latest, op.callRank);
    const now = texts.get(op.key) ?? '';
    const value = String(op.value ?? '');
    if (op.effect === 'read') expect(now).toBe(value);
    else if (op.status === 'fail') expect(now).not.toBe(op.expected ?? '');
    else if (op.effect === 'cas') expect(now).toBe(op.expected ?? '');
    if (op.effect !== 'read' && op.status !== 'fail') texts.set(op.key, grows && op.effect === 'append' ? now + value : value);
  }
}

/** The longest valid beginning is valid and one event more is not, the witness is wrong, and what cannot be placed are just those that cannot return next. */
function refutes(history: readonly Operation[], verdict: Verdict, oracle: Oracle): void {
  const ranks = history.flatMap((op) => [op.callRank, op.returnRank]).filter((rank) => rank !== Number.POSITIVE_INFINITY);
  ranks.sort((a, b) => a - b);
  const { prefix = -1, witness = [], unplaced = [] } = verdict;
  const breaks = ranks[prefix] as number;
  expect(oracle(until(history, breaks - 0.5))).toBe(true);
  expect(oracle(until(history, breaks))).toBe(false);
  expect(oracle(witness.map((row) => history[row] as Operation))).toBe(false);
  // Of the key that breaks: each is judged alone.
  const key = history.find((op) => op.returnRank === breaks)?.key;
  const stuck = history.flatMap((op, row) => {
    if (op.key !== key || op.callRank > breaks || op.returnRank < breaks) return [];
    if (op.returnRank === breaks) return [row];
    if (op.status !== 'ok' && op.compared !== true) return [];
    const returned = until(history, breaks - 0.5).map((other) => (other.id === op.id ? { ...op, returnRank: breaks } : other));
    return oracle(returned) ? [] : [row];
  });
  expect(unplaced).toEqual(stuck);
}

/** Two registers. */
const pairOf = (
  histories: fc.Arbitrary<readonly Operation[]>,
  keys: fc.Arbitrary<readonly boolean[]>,
): fc.Arbitrary<readonly Operation[]> =>
  fc.tuple(histories, keys).map(([history, other]) => history.map((op, i) => (other[i] === true ? { ...op, key: 'y' } : op)));
const byKey =
  (oracle: Oracle): Oracle =>
  (history) =>
    ['x', 'y'].every((key) => oracle(history.filter((op) => op.key === key)));

describe('an answer about registers', () => {
  it('is an order that explains them, or says where and by what they break', () => {
    holds(anyHistory(7), oracle, 1000);
    holds(anyHistory(7, ['ok', 'ok', 'unknown', 'fail']), oracle, 1000);
  });

  it('names each of several unknown operations that do the same', () => {
    const op = (id: number, effect: Operation['effect'], value: string, callRank: number, returnRank: number): Operation => ({
      ...{ id, process: `p${id}`, client: `p${id}`, node: 0, effect, key: 'x', value, callRank, returnRank },
      ...{ status: returnRank === Number.POSITIVE_INFINITY ? 'unknown' : 'ok', callUs: callRank, returnUs: returnRank },
    });
    const never = Number.POSITIVE_INFINITY;
    const history = [
      ...[op(1, 'write', 'a', 1, never), op(2, 'write', 'a', 2, never), op(3, 'read', 'a', 3, 4)],
      ...[op(4, 'write', 'b', 5, 6), op(5, 'read', 'b', 7, 8), op(6, 'read', 'a', 9, 10)],
    ];
    expect(judged(history).verdict.valid).toBe(true);
    explains(history, judged(history).verdict.order ?? []);
  });

  it('is as good where values are written once', () => {
    const once = anyHistory(7).map((history) =>
      history.map((op) => (op.effect === 'read' ? op : { ...op, effect: 'write' as const, value: `${op.value}${op.id}`, compared: false })),
    );
    const read = once.map((history) => {
      const values = [null, ...history.flatMap((op) => (op.effect === 'read' ? [] : [op.value]))];
      return history.map((op) => (op.effect === 'read' ? { ...op, value: values[(op.id * 7) % values.length] ?? null } : op));
    });
    holds(read, oracle, 1200);
  });

  it('holds for two of them together', () => {
    holds(pairOf(anyHistory(7), fc.array(fc.boolean(), { minLength: 7, maxLength: 7 })), byKey(oracle), 800);
  });

  it('holds for texts that grow', () => {
    const appending = (kind: 'any' | 'marked'): fc.Arbitrary<readonly Operation[]> =>
      anyTexts(6, kind).filter((history) => history.some(({ effect }) => effect === 'append'));
    holds(appending('any'), textOracle, 500);
    holds(appending('marked'), textOracle, 500);
  });
});
