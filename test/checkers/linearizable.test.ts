import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeOperations } from '../../src/checkers/index.ts';
import { linearizable } from '../../src/checkers/linearizable.ts';
import { isProblem } from '../../src/core/problem.ts';
import { operationsOf } from '../../src/history/columns.ts';
import type { Operation } from '../../src/history/operation.ts';
import { readHistory } from '../../src/history/read.ts';
import { anyHistory, oracle } from './histories.ts';
import { bySearch, byZones, sparing } from './searching.ts';

const STEPS = 5_000_000;

/** The verdict, its witness by ids. */
function check(history: readonly Operation[], steps: number): { valid: unknown; witness?: readonly number[]; reason?: string | undefined } {
  const sorted = history.toSorted((a, b) => a.callRank - b.callRank);
  const { valid, witness, reason } = judgeOperations(linearizable, sorted, { steps });
  return {
    valid,
    ...(witness === undefined ? {} : { witness: witness.map((row) => sorted[row]?.id as number) }),
    ...(reason === undefined ? {} : { reason }),
  };
}

describe('the search', () => {
  it('agrees with the definition on small histories', () => {
    fc.assert(
      fc.property(anyHistory(6), (history) => {
        expect(bySearch(history)).toBe(oracle(history));
      }),
      { numRuns: 3000 },
    );
  });

  it('agrees where nothing was compared in vain', () => {
    fc.assert(
      fc.property(anyHistory(7, ['ok', 'ok', 'unknown']), (history) => {
        expect(bySearch(history)).toBe(oracle(history));
      }),
      { numRuns: 3000 },
    );
  });

  it('agrees where much is unknown or was compared in vain', () => {
    fc.assert(
      fc.property(anyHistory(6, ['ok', 'unknown', 'unknown', 'fail']), (history) => {
        expect(bySearch(history)).toBe(oracle(history));
      }),
      { numRuns: 3000 },
    );
    // Only the write of b, which nobody read, explains that the comparison with a failed.
    const refused: Operation = { ...op(3, 'cas', 'c', 5, 6), expected: 'a', status: 'fail', compared: true };
    const before = [op(1, 'write', 'a', 1, 2), op(2, 'write', 'b', 3, Number.POSITIVE_INFINITY)];
    expect(bySearch([...before, refused])).toBe(true);
    expect(bySearch([op(1, 'write', 'a', 1, 2), refused])).toBe(false);
  });

  it('keeps apart which unknown operations an order has used up', () => {
    const unknown = (id: number, effect: Operation['effect'], value: string) => ({
      ...op(id, effect, value, id, Number.POSITIVE_INFINITY),
      expected: 'a',
    });
    const reads = [op(4, 'read', 'b', 4, 5), op(5, 'read', 'a', 6, 7)];
    expect(bySearch([unknown(1, 'write', 'a'), unknown(2, 'write', 'b'), ...reads])).toBe(true);
    expect(bySearch([unknown(1, 'write', 'a'), unknown(2, 'cas', 'b'), unknown(3, 'write', 'b'), ...reads])).toBe(true);
    expect(bySearch([unknown(1, 'write', 'a'), unknown(2, 'cas', 'b'), ...reads])).toBe(false);
    // What is read may come of a chain of unknown comparisons, none of which is the only one that leads on.
    const link = (id: number, expected: string, value: string) => ({ ...unknown(id, 'cas', value), expected });
    const chain = [unknown(1, 'write', 'a'), link(2, 'a', 'b'), link(3, 'a', 'b'), link(4, 'b', 'c'), link(5, 'b', 'c')];
    expect(bySearch([...chain, op(6, 'read', 'c', 6, 7)])).toBe(true);
    expect(bySearch([...chain.slice(0, 1), ...chain.slice(3), op(6, 'read', 'c', 6, 7)])).toBe(false);
  });

  it('lets intervals that touch overlap', () => {
    for (const judge of [byZones, (history: readonly Operation[]) => bySearch(history)]) {
      const [a, read, b] = [op(1, 'write', 'a', 1, 2), op(2, 'read', 'a', 4, 5), op(3, 'write', 'b', 3, 4)];
      expect(judge([a, b, read])).toBe(true);
      expect(judge([a, b, { ...read, callRank: 4.5 }])).toBe(false);
      expect(judge([a, { ...b, callRank: 2, returnRank: 3 }, read])).toBe(true);
    }
  });

  it('sees both verdicts among them', () => {
    const verdicts = fc.sample(anyHistory(6), { numRuns: 2000, seed: 1 }).map((history) => bySearch(history));
    expect(new Set(verdicts)).toEqual(new Set([true, false]));
  });

  it('says that it does not know where the budget ends', () => {
    // Each of five values is exchanged for each other one, all at once, beside two values that none of these leads to.
    const pairs = ['a', 'b', 'c', 'd', 'e'].flatMap((from, _, all) => all.filter((to) => to !== from).map((to) => [from, to] as const));
    const history = [
      op(1, 'write', 'a', 1, 2),
      ...[...pairs, ['x', 'y'] as const, ['y', 'x'] as const].map(([expected, value], i) => ({
        ...op(i + 2, 'cas', value, i + 3, i + 100),
        expected,
      })),
    ];
    expect(check(history, 1000)).toMatchObject({ valid: 'undecided' });
  });
});

describe('the zones', () => {
  // Each value is written once, "no value" never.
  const unique = anyHistory(8, ['ok', 'ok', 'ok', 'unknown', 'fail']).map((history) => {
    const seen = new Set<unknown>([null]);
    return history.map((one) => {
      if (one.effect === 'read') return one;
      const write: Operation = { ...one, effect: 'write', value: seen.has(one.value) ? `only ${one.id}` : one.value };
      seen.add(one.value);
      return write;
    });
  });

  it('agree with the definition where each value is written once', () => {
    const verdicts = new Set<unknown>();
    fc.assert(
      fc.property(unique, (history) => {
        fc.pre(!history.some((one) => one.compared));
        const verdict = byZones(history);
        verdicts.add(verdict);
        expect(verdict).toBe(oracle(history));
      }),
      { numRuns: 3000 },
    );
    expect(verdicts).toEqual(new Set([true, false]));
  });

  it('leave to the search what they cannot judge', () => {
    const twice = [op(1, 'write', 'a', 1, 2), op(2, 'write', 'a', 3, 4)];
    expect([byZones(twice), byZones([op(1, 'write', null, 1, 2)]), byZones([{ ...op(1, 'cas', 'a', 1, 2), expected: 'b' }])]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('do not mind how many clients run at once', () => {
    // Forty writes at once, each read once, one after the other.
    const writes = Array.from({ length: 40 }, (_, i) => op(i + 1, 'write', `v${i}`, i, 1000 + i));
    const reads = writes.map((write, i) => op(100 + i, 'read', write.value, 100 + 2 * i, 101 + 2 * i));
    expect(check([...writes, ...reads], 1).valid).toBe(true);
    const back = check([...writes, ...reads, op(200, 'read', 'v3', 300, 301)], 1);
    expect(back).toMatchObject({ valid: false, reason: expect.stringContaining('no order of') });
  });
});

describe('a witness', () => {
  it('is made by dropping only what a linearizable history can spare', () => {
    fc.assert(
      fc.property(anyHistory(6, ['ok', 'ok', 'unknown', 'fail']), fc.nat({ max: 5 }), fc.nat({ max: 5 }), (history, from, size) => {
        fc.pre(oracle(history));
        expect(oracle(sparing(history, from, Math.min(history.length, from + size)))).toBe(true);
      }),
      { numRuns: 2000 },
    );
    const refused: Operation = { ...op(3, 'cas', 'c', 5, 6), expected: 'a', status: 'fail', compared: true };
    expect(oracle(sparing([op(1, 'write', 'a', 1, 2), op(2, 'write', 'b', 3, 4), refused], 1, 2))).toBe(true);
  });

  it('is itself wrong by the definition, and needs each of its operations', () => {
    fc.assert(
      fc.property(anyHistory(7), (history) => {
        const verdict = check(history, STEPS);
        expect(verdict.valid).toBe(oracle(history));
        if (verdict.valid !== false) return;
        const part = history.filter((one) => verdict.witness?.includes(one.id));
        // The beginning up to its last return is what was judged; operations that returned later were still open.
        expect(oracle(part)).toBe(false);
        expect(verdict.witness).toEqual(part.toSorted((a, b) => a.callRank - b.callRank).map((one) => one.id));
        expect(verdict.reason).toMatch(/#\d/);
        for (const read of part.filter((one) => one.effect === 'read' && one.status === 'ok')) {
          const rest = part.filter((one) => one !== read);
          if (!part.some((one) => one.compared)) expect(oracle(rest)).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('tells in one sentence what is wrong', () => {
    const reason = (...history: Operation[]): unknown => {
      const { valid, witness, reason: says } = check(history, STEPS);
      return [valid, witness, says];
    };
    const init = op(1, 'write', 'init', 1, 2);
    const apple = op(2, 'write', 'apple', 3, 4);
    expect(reason(init, apple, op(3, 'read', 'apple', 5, 6), op(4, 'read', 'init', 7, 8))).toEqual([
      false,
      [1, 2, 4],
      '#4 read init although #2 had written apple before #4 began',
    ]);
    expect(reason(init, op(3, 'read', 'pear', 5, 6))).toEqual([false, [3], '#3 read pear, which nobody had written']);
    expect(
      reason(init, op(2, 'write', 'apple', 3, Number.POSITIVE_INFINITY), op(3, 'read', 'apple', 5, 6), op(4, 'read', 'init', 7, 8)),
    ).toEqual([false, [1, 2, 3, 4], '#4 read init after #3 had read apple, which is newer']);
    expect(reason(init, op(2, 'write', null, 3, 4), op(3, 'read', 'init', 5, 6))).toEqual([
      false,
      [1, 2, 3],
      '#3 read init although #2 had deleted it before #3 began',
    ]);
    expect(reason(init, apple, op(3, 'read', 'apple', 5, 6))).toEqual([true, undefined, undefined]);
    const early = op(3, 'read', 'pear', 5, 6);
    const told = [false, [3, 5], '#3 read pear before #5 began to write it'];
    expect(reason(init, early, op(5, 'write', 'pear', 7, 8))).toEqual(told);
    // Whether a comparison wrote is not known; one that did would be wrong by itself without the write of what it found.
    const cas = { ...op(5, 'cas', 'pear', 7, Number.POSITIVE_INFINITY), expected: 'init' };
    expect(reason(init, early, cas)).toEqual(told);
    expect(reason(init, early, { ...op(5, 'cas', 'pear', 7, 8), expected: 'init' })).toEqual([
      false,
      [3],
      '#3 read pear, which nobody had written',
    ]);
  });

  it('stays small in a long history', () => {
    const history: Operation[] = [];
    for (let i = 0; i < 400; i++)
      history.push(
        op(2 * i + 1, 'write', `v${i}`, 4 * i + 1, 4 * i + 2),
        op(2 * i + 2, 'read', i === 200 ? 'v150' : `v${i}`, 4 * i + 3, 4 * i + 4),
      );
    expect(check(history, STEPS).witness).toHaveLength(3);
  });
});

it('keys are judged one by one, and foreign operations not at all', () => {
  const y = { ...op(3, 'read', 'init', 5, 6), key: 'y' };
  expect(check([op(1, 'write', 'init', 1, 2), y], STEPS)).toMatchObject({ valid: false, witness: [3] });
  expect(check([op(1, 'add', '3', 1, 2), op(2, 'cas', 'a', 3, 4)], STEPS).valid).toBe('undecided');
});

describe('recorded histories', () => {
  const folder = fileURLToPath(new URL('../histories/', import.meta.url));
  const verdicts = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<string, boolean>;

  it.each(readdirSync(folder).filter((name) => name.endsWith('.log')))('%s gets its known verdict', (name) => {
    const columns = readHistory(readFileSync(join(folder, name)), name);
    if (isProblem(columns)) throw new Error(String(columns));
    expect(columns.count).toBeGreaterThan(50);
    const verdict = check(operationsOf(columns), STEPS);
    expect(verdict.valid).toBe(verdicts[name]);
  });
});

function op(id: number, effect: Operation['effect'], value: Operation['value'], callRank: number, returnRank: number): Operation {
  const status = returnRank === Number.POSITIVE_INFINITY ? 'unknown' : 'ok';
  return {
    id,
    process: `p${id}`,
    client: 'you',
    node: 0,
    effect,
    key: 'x',
    value,
    status,
    callRank,
    returnRank,
    callUs: callRank,
    returnUs: returnRank,
  };
}
