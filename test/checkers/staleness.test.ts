import { describe, expect, it } from 'vitest';
import { finish, type Model } from '../../src/checkers/model.ts';
import { pick } from '../../src/checkers/rows.ts';
import { clustersOf, sourced, tellingRows } from '../../src/checkers/staleness/clusters.ts';
import { conflict } from '../../src/checkers/staleness/conflict.ts';
import { kStaleness } from '../../src/checkers/staleness/k-staleness.ts';
import { regular } from '../../src/checkers/staleness/regular.ts';
import { tStaleness } from '../../src/checkers/staleness/t-staleness.ts';
import { movesOf } from '../../src/checkers/staleness/texts.ts';
import { isTwoAtomic } from '../../src/checkers/staleness/two-atomic.ts';
import { forced, versionsOf } from '../../src/checkers/staleness/versions.ts';
import { isKAtomic, type Move } from '../../src/checkers/staleness/window-search.ts';
import { zonesOf } from '../../src/checkers/staleness/zones.ts';
import type { Columns } from '../../src/history/columns.ts';
import { columnsFrom, dice, judged, type Line, lines } from './recording.ts';

const k = (...texts: readonly string[]): unknown => judged(kStaleness, lines(...texts)).figures?.[0]?.value;
const us = (...texts: readonly string[]): unknown => judged(tStaleness, lines(...texts)).figures?.[0]?.value;

describe('regular', () => {
  const valid = (...texts: readonly string[]): unknown => judged(regular, lines(...texts), { type: 'register' }).valid;

  it('allows the old and the new value while a write lasts, in any order', () => {
    expect(valid('p w x 1', 'q w x 2 @10-20', 'r r x 2 @11-12', 'r r x 1 @13-14', 'r r x 2 @21-22')).toBe(true);
    expect(valid('p w x 1', 'q w x 2 @10-20', 'r r x 1 @21-22')).toBe(false);
    expect(valid('p w x 1 @1-20', 'q r x nil @2-3', 'q r x 1 @4-5', 'q r x nil @6-7')).toBe(true);
    expect(valid('p w x 1', 'q r x nil')).toBe(false);
    // What came between returned before another write that had begun earlier.
    expect(valid('p w x 1 @1-10', 'q w x 2 @2-3', 'q w x 3 @4-5', 'r r x 2 @11-12')).toBe(false);
    expect(valid('p w x 1 @1-10', 'q w x 2 @2-3', 'q w x 3 @4-5', 'r r x 1 @11-12')).toBe(true);
  });

  it('lets two writes that overlap be read either way, and unknown ones for ever', () => {
    expect(valid('p w x 1 @1-10', 'q w x 2 @2-9', 'r r x 1 @11-12', 'r r x 2 @13-14', 'r r x 1 @15-16')).toBe(true);
    expect(valid('p w x 1?', 'q w x 2', 'r r x 2', 'r r x 1', 'r r x 2')).toBe(true);
    expect(valid('p w x 1!', 'r r x 1')).toBe(false);
    expect(valid('r r x 1 @1-2', 'p w x 1 @3-4')).toBe(false);
    expect(valid('r r x 1 @1-4', 'p w x 1 @3-5')).toBe(true);
  });

  it('takes any write of a value for its source', () => {
    expect(valid('p w x 1', 'q r x 7!', 'q r x 1')).toBe(true);
    expect(valid('p w x 1', 'p w x 2', 'p w x 1', 'q r x 1')).toBe(true);
    expect(valid('p w x 1', 'p w x 2', 'p w x nil', 'q r x nil')).toBe(true);
    expect(valid('p w x 1', 'p w x nil', 'q r x 1')).toBe(false);
  });

  it('says which write came between', () => {
    const told = (...texts: readonly string[]): unknown => {
      const { reason, witness } = judged(regular, lines(...texts), { type: 'register' });
      return [reason, witness];
    };
    expect(told('p w x 1', 'q r x 7')).toEqual(['#2 read 7, which nobody had written', [1]]);
    expect(told('q r x 1', 'p w x 1', 'p w x 1')).toEqual(['#1 read 1 before #2 began to write it', [0, 1]]);
    expect(told('q r x nil @5-6', 'p w x 1 @1-2', 'p w x nil @7-8')).toEqual([
      '#2 read no value although #1 had written 1 and before #2 began',
      [0, 1],
    ]);
    expect(told('p w x 1', 'p w x 1', 'p w x nil', 'q r x 1', 'p w x 1')).toEqual([
      '#4 read 1 although #3 had deleted it, after #2 had ended and before #4 began',
      [1, 2, 3],
    ]);
    expect(judged(regular, lines('p w x 1', 'p w x 2', 'q r x 2', 'q r x 1'))).toMatchObject({
      witness: [0, 1, 3],
      reason: '#4 read 1 although #2 had written 2, after #1 had ended and before #4 began',
    });
  });
});

describe('k-staleness', () => {
  it('counts how many versions a read is behind', () => {
    expect(k('p w x 1', 'q r x 1')).toBe(1);
    expect(k('p w x 1', 'p w x 2', 'q r x 1')).toBe(2);
    expect(k('p w x 1', 'p w x 2', 'p w x 3', 'q r x 1')).toBe(3);
    expect(k('p w x 1', 'p w x 2', 'p w x 3', 'q r x nil')).toBe(4);
    expect(k('p w x 1', 'p w y 1', 'p w y 2', 'q r y 1', 'q r x 1')).toBe(2);
    expect(k('q r x 1', 'p w x 1')).toBe(Number.POSITIVE_INFINITY);
    expect(k('p w x 1', 'p w x 1', 'p w x "1"', 'q r x 1')).toBe(2);
    // What a comparison found is not looked at.
    expect(k('p w x 1', 'p w x 2', 'p c x 1 3', 'q r x 3')).toBe(1);
    // Each read could be fresh alone, but not both.
    expect(k('p w x 1 @1-10', 'q w x 2 @2-9', 'r r x 1 @11-12', 'r r x 2 @13-14', 'r r x 1 @15-16')).toBe(2);
    // What nobody knows the end of may stand anywhere.
    expect(k('p w x 1?', 'p w x 2', 'q r x 2', 'q r x 1')).toBe(1);
    expect(k('p w x 1?', 'p w x 2', 'q r x 1', 'q r x 2')).toBe(2);
  });

  it('tells what is worst', () => {
    const told = (...texts: readonly string[]): unknown => {
      const { valid, reason, figures } = judged(kStaleness, lines(...texts), { type: 'register' });
      return [valid, reason, figures];
    };
    const k = (value: number): unknown => [{ name: 'k', value, unit: 'versions' }];
    expect(told('p w x 1', 'q r x 1')).toEqual([true, undefined, k(1)]);
    expect(told('p w y 1', 'p w y 2', 'q r y 2', 'p w x 1', 'p w x 2', 'p w x 3', 'q r x 1', 'p w z 1', 'p w z 2', 'q r z 1')).toEqual([
      true,
      'at worst: #7 read 1, which had been overwritten 2 times before it began, last by #6',
      k(3),
    ]);
    expect(told('p w x 1 @1-10', 'q w x 2 @2-9', 'r r x 1 @11-12', 'r r x 2 @13-14', 'r r x 1 @15-16')).toEqual([
      true,
      'at worst: no order of #1, #2, #4 and #5 lets every read return the newest value',
      k(2),
    ]);
    expect(told('p w x 1', 'q r x 7', 'p w x 2')).toEqual([false, '#2 read 7, which nobody had written', k(Number.POSITIVE_INFINITY)]);
    expect(told('q r x 1', 'p w x 1')).toEqual([false, '#1 read 1 before #2 began to write it', k(Number.POSITIVE_INFINITY)]);
  });

  it('is held against a bound, with operations that prove it', () => {
    const history = lines('p w x 1', 'p w x 2', 'p w x 3', 'r r x 3', 'p w x 4', 'q r x 1', 'q r x 4');
    expect(judged(kStaleness, history)).toMatchObject({ valid: true, figures: [{ name: 'k', value: 4, unit: 'versions' }] });
    expect(judged(kStaleness, history, { bound: 4 }).valid).toBe(true);
    expect(judged(kStaleness, history, { bound: 3 })).toMatchObject({
      valid: false,
      witness: [0, 1, 2, 4, 5],
      reason: '#6 read 1, which had been overwritten 3 times before it began, last by #5',
    });
    expect(judged(kStaleness, lines('p w x 1', 'p w x 1', 'p w x 2', 'q r x 1'), { bound: 1 }).reason).toBe(
      'no order of #1, #2, #3 and #4 lets every read return one of the 1 newest values',
    );
    const two = judged(kStaleness, history, { bound: 2 });
    expect(two.witness).toHaveLength(4);
    expect(judged(kStaleness, pick(columnsFrom(history), two.witness as number[]), { bound: 2 }).valid).toBe(false);
  });

  it('gives bounds where the search would take too long', () => {
    // Forty writes at once of twenty values, and reads that go round among them.
    const history: Line[] = Array.from({ length: 40 }, (_, i) => writeAt(i, String(i % 20), 1 + i, 100 + i));
    for (let i = 0; i < 60; i++) history.push(readAt(String((i * 7) % 20), 200 + 2 * i, 201 + 2 * i));
    const { valid, reason, figures } = judged(kStaleness, history, { steps: 2000 });
    expect(valid).toBe(true);
    expect(figures?.map(({ name }) => name)).toEqual(['k', 'k-at-most']);
    expect(figures?.[1]?.value).toBeGreaterThan(figures?.[0]?.value as number);
    expect(reason).toContain('at least');
    const least = figures?.[0]?.value as number;
    expect(judged(kStaleness, history, { steps: 2000, bound: least }).valid).toBe('undecided');
    expect(judged(kStaleness, history, { steps: 2000, bound: 3 })).toMatchObject({
      valid: 'undecided',
      reason: expect.stringContaining('at least'),
    });
  });
});

describe('the search for an order', () => {
  it('takes what need not have happened only where somebody reads it, and what does the same once', () => {
    const steps = (unknown: number): number => {
      const again = Array.from({ length: unknown }, (_, i) => move(1, 3 + i, Number.POSITIVE_INFINITY));
      const reads = [2, 3, 2, 1].map((value, i) => ({ ...move(value, 70 + 2 * i, 71 + 2 * i), read: true }));
      const left = { steps: 10_000 };
      expect(finish(isKAtomic([move(1, 1, 2), ...again, move(2, 50, 60), move(3, 51, 61), ...reads], 1, left))).toBe(false);
      return 10_000 - left.steps;
    };
    expect(steps(16)).toBe(steps(1));
  });
});

describe('texts that were appended to', () => {
  const kv = { type: 'kv' };
  const of = (model: Model, ...texts: readonly string[]): unknown => {
    const { valid, reason, figures } = judged(model, lines(...texts), kv);
    return valid === true ? (figures?.[0]?.value ?? true) : [valid, reason];
  };

  it('are what was there with the rest behind it', () => {
    const both = ['p w x a', 'p + x b'];
    expect(of(kStaleness, ...both, 'q r x ab')).toBe(1);
    expect(of(kStaleness, ...both, 'q r x a')).toBe(2);
    expect(of(kStaleness, ...both, 'q r x nil')).toBe(3);
    expect(of(kStaleness, ...both, 'q r x ba')).toEqual([
      false,
      'no order of #1, #2 and #3 lets every read return what was there at some time',
    ]);
    expect(of(tStaleness, 'p w x a @1-2', 'p + x b @3-4', 'q r x a @24-25')).toBe(20);
    expect(of(tStaleness, ...both, 'q r x ba')).toEqual([
      false,
      'no order of #1, #2 and #3 makes what the reads among them returned, however long before',
    ]);
    expect(of(regular, 'p w x a @1-2', 'p + x b @3-9', 'q r x ab @4-5', 'q r x a @6-7')).toBe(true);
    expect(of(regular, ...both, 'q r x a')).toEqual([false, '#3 read a, which no order of #1 and #2 makes']);
    expect(of(regular, ...both, 'q r x c')).toEqual([false, '#3 read c, which nobody had written']);
  });

  it('of unknown outcome may be there or not', () => {
    for (const found of ['a', 'ab', 'abc', 'ac']) expect(of(kStaleness, 'p w x a', 'p + x b?', 'q + x c?', `r r x ${found}`)).toBe(1);
    expect(of(kStaleness, 'p w x a', 'p + x b?', 'q + x c?', 'r r x ac', 'r r x acb', 'r r x ac')).toBe(2);
  });

  it('are shown with what the reads found', () => {
    const history = lines('p w x a', 'p + x b', 'p w y c', 'p + x d', 'q r x abd', 'q r x a');
    expect(judged(kStaleness, history, { ...kv, bound: 1 }).witness).toEqual([0, 1, 5]);
    expect(judged(kStaleness, history, { ...kv, bound: 2 }).witness).toEqual([0, 1, 3, 5]);
    expect(judged(regular, history, kv).witness).toEqual([0, 3, 5]);
  });

  it('are left out of what is measured where there are too many', () => {
    const many = Array.from({ length: 101 }, () => 'p + x a');
    for (const model of [kStaleness, tStaleness, regular])
      expect(judged(model, lines(...many), kv)).toMatchObject({ valid: 'undecided', reason: expect.stringContaining('appended') });
    expect(judged(kStaleness, lines(...many.slice(1)), kv).valid).toBe(true);
    expect(judged(kStaleness, lines('p w y a', 'p w y b', 'q r y a', ...many), kv)).toMatchObject({ figures: [{ name: 'k', value: 2 }] });
  });
});

describe('t-staleness', () => {
  it('counts from the return of what came later to the call of the read', () => {
    expect(us('p w x 1 @0-10', 'p w x 2 @20-30', 'q r x 1 @40-50')).toBe(10);
    expect(us('p w x 1 @0-10', 'p w x 2 @20-30', 'q r x 1 @30-50')).toBe(0);
    expect(us('p w x 1 @0-10', 'p w x 2 @20-30', 'q r x nil @1040-1050')).toBe(1030);
    expect(us('p w x 1 @0-10', 'p w x 2 @20-90', 'r r x 2 @25-35', 'q r x 1 @40-50')).toBe(5);
    expect(us('q r x 1 @0-10', 'p w x 1 @20-30')).toBe(Number.POSITIVE_INFINITY);
    // A microsecond counts, and comes from the read alone.
    expect(us('p w x 1 @0-10', 'p w x 2 @20-30', 'q r x 1 @31-50')).toBe(1);
    expect(us('p w x 1 @0-10', 'p w x 2 @11-20', 'p w x 2 @21-22', 'q r x 1 @30-31')).toBe(10);
    // What touches overlaps.
    expect(us('q r x 1 @0-10', 'p w x 1 @10-20')).toBe(0);
  });

  it('is held against a bound', () => {
    const history = lines('p w x 1 @0-10', 'p w x 2 @20-30', 'q r x 1 @1040-1050', 'q r x 2 @1060-1070');
    expect(judged(tStaleness, history, { bound: 1010 }).valid).toBe(true);
    expect(judged(tStaleness, history, { bound: 1009 })).toMatchObject({
      valid: false,
      witness: [0, 1, 2],
      reason: '#3 read 1 1.010 ms after #2 had written 2, and the other way round it is worse',
      figures: [{ name: 'staleness', value: 1010, unit: 'us' }],
    });
  });

  it('tells what is worst', () => {
    const told = (...texts: readonly string[]): unknown => {
      const { valid, reason, figures } = judged(tStaleness, lines(...texts), { type: 'register' });
      return [valid, reason, figures];
    };
    const staleness = (value: number): unknown => [{ name: 'staleness', value, unit: 'us' }];
    expect(told('p w x 1 @0-10', 'q r x 1 @20-30')).toEqual([true, undefined, staleness(0)]);
    const y = ['p w y 1 @0-10', 'p w y 2 @20-30', 'q r y 1 @33-35'];
    const x = ['p w x 1 @40-50', 'p w x 2 @60-70', 'q r x 1 @80-90'];
    expect(told(...y, ...x)).toEqual([
      true,
      'at worst: #6 read 1 10.000 µs after #5 had written 2, and the other way round it is worse',
      staleness(10),
    ]);
    expect(told('p w x 1 @0-10', 'p w x 2 @20-90', 'r r x 2 @25-35', 'q r x 1 @40-50', 'r r x nil @95-99')).toEqual([
      true,
      'at worst: #5 read no value 85.000 µs after #1 had written 1, and the other way round it is worse',
      staleness(85),
    ]);
    expect(told('p w x 1 @0-10', 'p w x 2 @20-90', 'r r x 2 @25-35', 'q r x 1 @40-50')).toEqual([
      true,
      'at worst: #4 read 1 5.000 µs after #3 had read 2, and the other way round it is worse',
      staleness(5),
    ]);
  });

  it('gives bounds where the search would take too long', () => {
    const history: Line[] = Array.from({ length: 40 }, (_, i) => writeAt(i, String(i % 20), 1 + i, 100 + i));
    for (let i = 0; i < 60; i++) history.push(readAt(String((i * 7) % 20), 200 + 2 * i, 201 + 2 * i));
    const { valid, figures } = judged(tStaleness, history, { steps: 20_000 });
    expect([valid, figures?.map(({ name }) => name)]).toEqual([true, ['staleness', 'staleness-at-most']]);
    expect(judged(tStaleness, history, { steps: 2000, bound: 1 })).toMatchObject({
      valid: 'undecided',
      reason: 'reads are at least 0.000 µs stale, and the budget of steps ran out',
    });
    expect(judged(tStaleness, history, { steps: 20_000, bound: figures?.[0]?.value as number }).valid).toBe('undecided');
  });

  it('needs to know when operations ran', () => {
    const { callUs: _, returnUs: __, ...columns } = columnsFrom(lines('p w x 1', 'q r x 1'));
    expect(judged(tStaleness, columns)).toMatchObject({ valid: 'undecided', reason: expect.stringContaining('does not say when') });
    // When what never returned did so nobody can know.
    const open = columnsFrom(lines('p w x 1?', 'p w x 2', 'q r x 2', 'q r x 1'));
    expect(judged(tStaleness, { ...open, returnUs: (open.returnUs as Float64Array).with(0, 2) }).figures?.[0]?.value).toBe(0);
    const back = { ...columns, callUs: Float64Array.of(9, 3), returnUs: Float64Array.of(10, 4) };
    expect(judged(tStaleness, back)).toMatchObject({ valid: 'undecided', reason: expect.stringContaining('contradict') });
  });
});

/** A write as the search takes it. */
function move(value: number, call: number, end: number): Move {
  return { read: false, appends: false, value, call, end };
}

function writeAt(process: number, value: string, call: number, end: number): Line {
  return { process: `p${process}`, effect: 'write', key: 'x', value, status: 'ok', call, return: end };
}

function readAt(value: string | null, call: number, end: number): Line {
  return { process: 'reader', effect: 'read', key: 'x', value, status: 'ok', call, return: end };
}

/** Overlapping writes of distinct values and reads of one of the last few written before they return; rarely unknown. */
function drawn(next: (below: number) => number, operations: number, width: number, depth: number): Columns {
  const written: (string | null)[] = [null];
  return columnsFrom(
    Array.from({ length: operations }, (_, i): Line => {
      const call = 10 * i + next(9);
      const write = next(2) === 0;
      const value = write ? String(i) : (written[Math.max(0, written.length - 1 - next(depth))] as string | null);
      if (write) written.push(value);
      const status = write && next(12) === 0 ? 'unknown' : 'ok';
      const compared = write && next(6) === 0 ? ({ effect: 'cas', expected: written[next(written.length)] ?? 'nil' } as const) : {};
      const effect = write ? 'write' : 'read';
      return { process: `p${i}`, effect, key: 'x', value, status, call, return: call + 1 + next(10 * width), ...compared };
    }),
  );
}

describe('on longer histories with distinct values', () => {
  const next = dice(5);
  const histories = Array.from({ length: 260 }, (_, i) => drawn(next, 10 + next(50), 1 + (i % 4), 1 + (i % 5)));
  const budget = () => ({ steps: 200_000 });

  it('zones, limited backtracking and the search agree', () => {
    const seen = new Map<string, number>();
    const count = (what: string): unknown => seen.set(what, (seen.get(what) ?? 0) + 1);
    for (const columns of histories) {
      const history = sourced(columns);
      if (history.strange[0] !== -1) continue;
      const rows = tellingRows(history, 0);
      const clusters = clustersOf(history, rows);
      const searched = [1, 2, 3].map((bound) => finish(isKAtomic(movesOf(columns, rows, false).moves, bound, budget())));
      const zones = zonesOf(columns, clusters);
      expect(conflict(zones) === undefined).toBe(searched[0]);
      expect(finish(isTwoAtomic(columns, clusters, budget()))).toBe(searched[1]);
      const { least, most } = finish(versionsOf(history, 0, budget()));
      expect(least).toBe(most);
      for (const steps of [1, 8, 30]) {
        const hasty = finish(versionsOf(history, 0, { steps }));
        expect(hasty.least).toBeLessThanOrEqual(least);
        expect(hasty.most).toBeGreaterThanOrEqual(least);
      }
      expect(least <= 3).toBe(searched[2]);
      expect(forced(columns, clusters, zones).versions).toBeLessThanOrEqual(least);
      count(`k ${Math.min(least, 4)}`);
    }
    expect([...seen.keys()].sort()).toEqual(['k 1', 'k 2', 'k 3', 'k 4']);
    expect(Math.min(...seen.values())).toBeGreaterThan(10);
  });

  it('a witness is enough by itself', () => {
    let found = 0;
    for (const columns of histories.slice(0, 120)) {
      for (const model of [kStaleness, tStaleness, regular]) {
        const figure = judged(model, columns, { type: 'cas-register' }).figures?.[0]?.value ?? 0;
        const bound = figure - 1;
        if (bound < 0 && model !== regular) continue;
        const { valid, witness } = judged(model, columns, { type: 'cas-register', bound });
        if (model !== regular && figure > 1) expect(valid).toBe(false);
        if (witness === undefined) continue;
        found++;
        expect(judged(model, pick(columns, witness), { type: 'cas-register', bound }).valid).toBe(false);
      }
    }
    expect(found).toBeGreaterThan(150);
  });

  it('two-atomicity takes steps in proportion to the length', () => {
    const steps = (length: number): number => {
      const columns = drawn(dice(9), length, 1, 2);
      const history = sourced(columns);
      const left = { steps: 10_000_000 };
      expect(finish(isTwoAtomic(columns, clustersOf(history, tellingRows(history, 0)), left))).toBeDefined();
      return 10_000_000 - left.steps;
    };
    expect(steps(8_000)).toBeLessThan(6 * steps(2_000));
  });
});
