import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Check, checkConvergent, checkViews, checkWeak } from '../../src/checkers/causal/checks.ts';
import { searched } from '../../src/checkers/causal/search.ts';
import { causal, causalConvergent, pram, weakCausal } from '../../src/checkers/causal.ts';
import { judgeOperations } from '../../src/checkers/index.ts';
import { columnsOf } from '../../src/history/of-operations.ts';
import type { Operation } from '../../src/history/operation.ts';
import { recordStore } from '../bench/causal-store.ts';
import { check, ids, named, operations, reader, STEPS, writer } from './causal-operations.ts';

describe('long histories', () => {
  /** CCv by its bad patterns, with all pairs: what a read must not have overlooked, and a circle of orders. Only for values that are written once, and without any read of the beginning after a write in its past. */
  function slowly(history: readonly Operation[]): { readonly weak: boolean; readonly convergent: boolean } {
    const n = history.length;
    const words = (n + 31) >> 5;
    const source = history.map((op) =>
      history.findIndex((other) => other.effect === 'write' && other.value === op.value && op.effect === 'read'),
    );
    const past = history.map(() => new Int32Array(words));
    const has = (set: Int32Array, i: number): boolean => (((set[i >> 5] as number) >> (i & 31)) & 1) === 1;
    // The recording stands in an order of causes.
    for (const [i, op] of history.entries()) {
      const last = history.slice(0, i).findLastIndex(({ process }) => process === op.process);
      for (const before of [last, source[i] as number].filter((row) => row >= 0)) {
        for (let word = 0; word < words; word++)
          (past[i] as Int32Array)[word] = ((past[i] as Int32Array)[word] as number) | ((past[before] as Int32Array)[word] as number);
        (past[i] as Int32Array)[before >> 5] = ((past[i] as Int32Array)[before >> 5] as number) | (1 << (before & 31));
      }
    }
    const after = past.map((set) => history.flatMap((_, j) => (has(set, j) ? [j] : [])));
    let weak = true;
    for (const [i, op] of history.entries()) {
      if (op.effect !== 'read') continue;
      for (const [j, other] of history.entries()) {
        if (other.effect !== 'write' || other.key !== op.key || j === source[i] || !has(past[i] as Int32Array, j)) continue;
        if ((source[i] as number) < 0 || has(past[j] as Int32Array, source[i] as number)) weak = false;
        else after[source[i] as number]?.push(j);
      }
    }
    const left = new Set(history.keys());
    for (let fewer = true; fewer; ) {
      fewer = false;
      for (const i of left) {
        if (after[i]?.some((j) => left.has(j))) continue;
        left.delete(i);
        fewer = true;
      }
    }
    return { weak, convergent: weak && left.size === 0 };
  }

  it('with reads far behind on few keys agree with the patterns', () => {
    const seen = { true: 0, false: 0 };
    const shape = fc.record({
      seed: fc.nat(),
      sessions: fc.integer({ min: 2, max: 6 }),
      keys: fc.integer({ min: 1, max: 2 }),
      odd: fc.nat(),
      older: fc.nat(),
    });
    fc.assert(
      fc.property(shape, ({ seed, sessions, keys, odd, older }) => {
        const history = operations(recordStore(200, sessions, keys, 160, seed));
        const reads = history.filter(({ effect, value }) => effect === 'read' && value !== null);
        const read = reads[odd % reads.length];
        const writes = history.filter((op) => op.effect === 'write' && op.key === read?.key && op.callRank < read.callRank);
        const other = writes.at(-1 - (older % writes.length));
        const changed = history.map((op) => (op === read && other !== undefined ? { ...op, value: other.value } : op));
        const wanted = slowly(changed);
        expect(check(weakCausal, changed).valid).toBe(wanted.weak);
        expect(check(causalConvergent, changed).valid).toBe(wanted.convergent);
        seen[`${wanted.convergent}`]++;
      }),
      { numRuns: 40 },
    );
    expect(Math.min(seen.true, seen.false)).toBeGreaterThan(5);
  });

  it('find what was overlooked long ago behind many writes that nobody knows of', () => {
    const [w, r] = [writer(), reader()];
    const many = (from: number, to: number): Operation[] => Array.from({ length: to - from }, (_, i) => w('p', 'x', `p${from + i}`));
    const verdicts = (history: readonly Operation[]): unknown[] =>
      [weakCausal, causalConvergent].map((model) => check(model, ids(history)).valid);
    // What another wrote, what its own process wrote; what is concurrent with what was read, and another read settles which is later.
    expect(verdicts([...many(0, 100), r('q', 'x', 'p50'), r('q', 'x', 'p10')])).toEqual([false, false]);
    expect(verdicts([...many(0, 100), r('q', 'x', 'p50'), r('q', 'x', 'p50')])).toEqual([true, true]);
    expect(verdicts([...many(0, 5), r('q', 'x', 'p4'), w('q', 'x', 'q'), ...many(5, 100), r('q', 'x', 'p4')])).toEqual([false, false]);
    expect(verdicts([...many(0, 5), r('q', 'x', 'p4'), w('q', 'x', 'q'), ...many(5, 100), r('q', 'x', 'q')])).toEqual([true, true]);
    expect(verdicts([w('q', 'x', 'q'), ...many(0, 100), r('q', 'x', null)])).toEqual([false, false]);
    const parted = [...many(0, 5), w('q', 'x', 'q'), r('s', 'x', 'q'), r('s', 'x', 'p4'), ...many(5, 100), r('r', 'x', 'p4')];
    expect(verdicts([...parted, r('r', 'x', 'q')])).toEqual([true, false]);
    expect(verdicts([...parted, r('r', 'x', 'p4')])).toEqual([true, true]);
  });

  it('come with the order that explains them', () => {
    const history = operations(recordStore(400, 5, 3, 100, 7));
    const { valid, order } = check(causalConvergent, history);
    expect(valid).toBe(true);
    expect([...(order ?? [])].sort((a, b) => a - b)).toEqual([...history.keys()]);
    const at = new Map((order ?? []).map((row, place) => [row, place]));
    for (const [row, op] of history.entries()) {
      const before = history.findLastIndex((other, j) => j < row && other.process === op.process);
      if (before >= 0) expect(at.get(before)).toBeLessThan(at.get(row) as number);
    }
  });

  it('are judged without recursion, in steps that grow with their length', () => {
    const steps = (n: number, patterns: Check): number =>
      STEPS - searched(columnsOf(operations(recordStore(n, 4, 10, 50, 7))), patterns, STEPS).left;
    for (const patterns of [checkWeak, checkConvergent, checkViews('all'), checkViews('own')]) {
      expect(steps(1000, patterns)).toBeGreaterThan(1000);
      expect(steps(4000, patterns) / steps(1000, patterns)).toBeLessThan(6);
    }
    // One chain of causes through all of it.
    const [w, r] = [writer(), reader()];
    const chain = Array.from({ length: 9000 }, (_, i) => [w(`p${i % 7}`, 'x', `v${i}`), r(`p${(i + 1) % 7}`, 'x', `v${i}`)]).flat();
    for (const [, { valid }] of named(chain)) expect(valid).toBe(true);
  });

  it.each([0, 60])('with the same few values again and again are found valid: %i operations late', (lag) => {
    // A hundred steps an operation are a hundredth of what trying the sources one after the other would take.
    for (const seed of [1, 2]) {
      const history = operations(recordStore(4000, 8, 4, lag, seed)).map((op) => ({ ...op, value: again(op.value) }));
      for (const model of [weakCausal, causalConvergent, causal, pram]) expect(check(model, history, 400_000).valid).toBe(true);
    }
  });

  it('with the same few values again and again are found invalid where one read is certainly wrong', () => {
    const [w, r] = [writer(), reader()];
    const history: Operation[] = operations(recordStore(4000, 8, 4, 60, 1)).map((op) => ({ ...op, value: again(op.value) }));
    const wrong = [w('p0', 'k0', 'first'), r('p1', 'k0', 'first'), w('p1', 'k0', 'then'), r('p2', 'k0', 'then'), r('p2', 'k0', 'first')];
    history.splice(2000, 0, ...wrong);
    const witnesses = [weakCausal, causalConvergent, causal].map((model) => check(model, ids(history), 1_000_000).witness?.join(' '));
    expect(new Set(witnesses)).toEqual(new Set(['2000 2001 2002 2003 2004']));
  });

  it('get a bare verdict where that will do', () => {
    const air = ids([reader()('p', 'x', 'air')]);
    for (const model of [weakCausal, causalConvergent, causal, pram])
      expect(judgeOperations(model, air, { steps: STEPS, bare: true })).toEqual({ valid: false });
  });

  it('that leave too much open stay undecided', () => {
    const [w, r] = [writer(), reader()];
    for (const model of [weakCausal, causalConvergent, causal, pram]) {
      const short = check(model, ids([w('p', 'x', 'a'), r('q', 'x', 'a')]), 1);
      expect(short).toMatchObject({ valid: 'undecided', reason: 'the budget of steps ran out' });
    }
    const append: Operation = { ...w('p', 'x', 'a'), effect: 'append', value: 'a' };
    const text: Operation = { ...r('p', 'x', 'a'), value: 'a' };
    expect(check(pram, ids([append, text]))).toMatchObject({ valid: 'undecided' });
  });
});

/** The value as one of four. */
const again = (value: Operation['value']): string | null => (value === null ? null : `v${Number(String(value).slice(1)) % 4}`);
