import { describe, expect, it } from 'vitest';
import { convergence } from '../../src/checkers/convergence.ts';
import { noLostWrite } from '../../src/checkers/elements/no-lost-write.ts';
import { setFull } from '../../src/checkers/elements/set-full.ts';
import { uniqueIds } from '../../src/checkers/elements/unique-ids.ts';
import type { Model } from '../../src/checkers/model.ts';
import { pick } from '../../src/checkers/rows.ts';
import { columnsFrom, dice, judged, type Line, lines } from './recording.ts';

const witnessOf = (model: Model, type: string, ...texts: readonly string[]): unknown => judged(model, lines(...texts), { type }).witness;

const says = (model: Model, type: string, ...texts: readonly string[]): unknown => {
  const columns = columnsFrom(lines(...texts));
  const { valid, witness, reason } = judged(model, columns, { type });
  if (witness !== undefined) expect(judged(model, pick(columns, witness), { type }).valid).toBe(false);
  return valid === true ? true : [valid, reason];
};

describe('set-full', () => {
  const figures = (...texts: readonly string[]): unknown =>
    Object.fromEntries((judged(setFull, lines(...texts), { type: 'set' }).figures ?? []).map(({ name, value }) => [name, value]));

  it('tells what became of each element', () => {
    const none = { lost: 0, stale: 0, 'never-read': 0, stable: 0, duplicated: 0, unexpected: 0 };
    expect(figures('p a x 1', 'q r x [1]')).toEqual({ ...none, stable: 1 });
    expect(figures('p a x 1', 'q r x []', 'q r x [1]')).toEqual({ ...none, stable: 1, stale: 1 });
    expect(figures('p a x 1', 'q r x [1]', 'q r x []')).toEqual({ ...none, lost: 1 });
    expect(figures('p a x 1?', 'q r x []')).toEqual({ ...none, 'never-read': 1 });
    expect(figures('p a x 1?', 'q r x [1]', 'q r x []')).toEqual({ ...none, lost: 1 });
    expect(figures('p a x 1', 'p a x 2', 'q r x [1,1,2,3]', 'p a x 3')).toEqual({ ...none, stable: 3, duplicated: 1, unexpected: 1 });
    expect(figures('p a x 1', 'p - x 1', 'q r x []')).toEqual(none);
    // A read that began before the add was acknowledged may miss it, however late it ends.
    expect(figures('p a x 1 @1-10', 'r r x [1] @3-4', 'q r x [] @2-20')).toEqual({ ...none, stable: 1 });
    expect(figures('p a x 1 @1-10', 'r r x [1] @3-4', 'q r x [] @5-20')).toEqual({ ...none, lost: 1 });
  });

  it('says which read shows it', () => {
    expect(says(setFull, 'set', 'p a x 1', 'q r x []')).toEqual([
      false,
      '#2 does not show 1, which #1 had added before #2 began, and no later read shows it',
    ]);
    expect(says(setFull, 'set', 'p a x 1?', 'q r x [1]', 'q r x []')).toEqual([
      false,
      '#3 does not show 1, which #2 had read before #3 began, and no later read shows it',
    ]);
    expect(says(setFull, 'set', 'q r x [4]', 'p a x 4')).toEqual([false, '#1 read 4 before #2 began to add it']);
    expect(says(setFull, 'set', 'q r x [4]', 'p a x 4!')).toEqual([false, '#1 read 4, which nobody had added']);
    expect(says(setFull, 'set', 'p a x 1', 'q r x [1,1]')).toEqual([false, '#2 read 1 more than once']);
    expect(says(setFull, 'set', 'p a x 1?')).toEqual(['undecided', 'no read shows any of the elements, and none had to']);
    expect(says(setFull, 'set', 'q r x []')).toBe(true);
  });

  it('lets a list show an element as often as it was appended', () => {
    expect(says(setFull, 'list', 'p + x 1', 'q r x []')).toEqual([
      false,
      '#2 does not show 1, which #1 had appended before #2 began, and no later read shows it',
    ]);
    expect(says(setFull, 'list', 'p + x 1', 'p + x 1', 'q r x [1,1]')).toBe(true);
    expect(says(setFull, 'list', 'p + x 1', 'p + x 1', 'q r x [1,1,1]')).toEqual([
      false,
      '#3 read 1 more often than the 2 times that it was appended',
    ]);
  });

  it('judges reads that are acknowledged, and elements whatever they are', () => {
    expect(says(setFull, 'set', 'p a x 1', 'q r x [9]!', 'q r x [1]')).toBe(true);
    // A collection may be an element, and is not shown by being added.
    expect(says(setFull, 'set', 'p a x [7,7]', 'q r x [8]', 'p a x 8')).toEqual([false, '#2 read 8 before #3 began to add it']);
    // Whoever removes what nobody has added yet adds nothing.
    expect(says(setFull, 'set', 'p - x 1', 'q r x [1]', 'p a x 1')).toEqual([false, '#2 read 1 before #3 began to add it']);
  });

  it('shows what proves it and no more', () => {
    expect(witnessOf(setFull, 'set', 'p a x 1', 'p a x 1', 'q r x []')).toEqual([0, 2]);
    expect(witnessOf(setFull, 'set', 'p a x 1?', 'q r x [1]', 'q r x []')).toEqual([0, 1, 2]);
    expect(witnessOf(setFull, 'set', 'p a x 1', 'p a x 2', 'p a x 1', 'q r x [1,1]')).toEqual([0, 3]);
    const again = ['p + x 1', 'p + x 2', 'p + x 1', 'p + x 1!', 'p + y 1', 'q r x [1,1,1]'];
    expect(witnessOf(setFull, 'list', ...again)).toEqual([0, 2, 5]);
  });

  it('agrees with its definition on longer histories', () => {
    const next = dice(4);
    const seen = { lost: 0, stale: 0, neverRead: 0, stable: 0 };
    for (let i = 0; i < 100; i++) {
      const history = drawn(next, 30);
      const reads = history.filter((op) => op.effect === 'read');
      const shows = (read: Line, element: string): boolean => (read.value as readonly string[]).includes(element);
      const expected = { lost: 0, stale: 0, neverRead: 0, stable: 0 };
      for (const { value, status, return: end } of history.filter((op) => op.effect === 'add')) {
        const element = value as string;
        const known = Math.min(...reads.filter((read) => shows(read, element)).map((read) => read.return), status === 'ok' ? end : 1e9);
        const missed = Math.max(-1, ...reads.filter((read) => read.call > known && !shows(read, element)).map((read) => read.call));
        const last = Math.max(-1, ...reads.filter((read) => shows(read, element)).map((read) => read.call));
        if (missed > last) expected.lost++;
        else if (last < 0) expected.neverRead++;
        else expected.stable++;
        if (missed >= 0 && missed < last) expected.stale++;
      }
      const { figures: measured } = judged(setFull, history, { type: 'set' });
      expect(measured?.slice(0, 4).map(({ value }) => value)).toEqual([expected.lost, expected.stale, expected.neverRead, expected.stable]);
      for (const fate of ['lost', 'stale', 'neverRead', 'stable'] as const) seen[fate] += expected[fate];
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(50);
  });
});

/** Adds of distinct elements and overlapping reads that show most of those of which the add has begun. */
function drawn(next: (below: number) => number, operations: number): Line[] {
  const begun: string[] = [];
  return Array.from({ length: operations }, (_, i): Line => {
    const call = 10 * i + next(9) + 0.1;
    const add = next(2) === 0;
    const value = add ? String(i) : begun.filter(() => next(5) > 0);
    if (add) begun.push(String(i));
    const status = add && next(5) === 0 ? 'unknown' : 'ok';
    return { process: `p${i}`, effect: add ? 'add' : 'read', key: 'x', value, status, call, return: call + 1 + next(40) + i / 1000 };
  });
}

describe('unique-ids', () => {
  it('refuses an id that was handed out twice', () => {
    expect(says(uniqueIds, 'ids', 'p g x 1', 'q g x 2', 'p g x 3')).toBe(true);
    expect(says(uniqueIds, 'ids', 'p g x 1', 'q g y 1')).toEqual([false, '#1 and #2 were both given the id 1']);
    expect(says(uniqueIds, 'ids', 'p g x 1', 'q g y 1?', 'r g y 1!')).toBe(true);
    expect(judged(uniqueIds, lines('p g x 1', 'q g x 1', 'r g x 1')).figures).toEqual([{ name: 'duplicated', value: 2 }]);
  });
});

describe('no-lost-write', () => {
  it('takes a write for lost that the last reads miss for good', () => {
    const register = (...texts: readonly string[]): unknown => says(noLostWrite, 'register', ...texts);
    expect(register('p w x 1', 'q w x 2', 'r r x 1')).toEqual([
      false,
      '#3, the last read, found 1 although #2 had written 2 before, and nothing shows that or anything later',
    ]);
    expect(register('p w x 1', 'r r x nil', 'r r x 1')).toBe(true);
    expect(register('p w x 1', 'r r x 1', 'r r x nil')).not.toBe(true);
    // What came beside it or later may have replaced it.
    expect(register('p w x 1 @1-10', 'q w x 2 @2-9', 'r r x 2 @11-12')).toBe(true);
    expect(register('p w x 1', 'q w x 2?', 'r r x 2')).toBe(true);
    expect(register('p w x 2?', 'q w x 1', 'r r x 2')).toBe(true);
    expect(register('p w x 1', 'q w x 2!', 'r r x 1')).toBe(true);
    expect(register('p w x 1', 'q w x nil', 'r r x nil')).toBe(true);
    expect(register('q w x nil', 'p w x 1', 'r r x nil')).not.toBe(true);
    // A read beside the last one shows it.
    expect(register('p w x 1', 'r r x 1 @10-20', 's r x nil @11-12')).toBe(true);
    expect(register('p w x 1', 'r r x 1 @10-20', 's r x nil @21-22')).not.toBe(true);
    expect(register('r r x 2 @1-9', 'p w x 1 @2-3', 'p w x 2 @4-5', 's r x 1 @6-7')).toBe(true);
    // Nobody looked afterwards.
    expect(register('r r x nil', 'p w x 1')).toBe(true);
    expect(register('p w x 1 @1-10', 'r r x nil @9-20')).toBe(true);
  });

  it('says what was done', () => {
    expect(says(noLostWrite, 'register', 'q w x nil', 'p w x 1', 'r r x nil')).toEqual([
      false,
      '#3, the last read, found no value although #2 had written 1 before, and nothing shows that or anything later',
    ]);
    expect(says(noLostWrite, 'register', 'q w x 1', 'p w x nil', 'r r x 1')).toEqual([
      false,
      '#3, the last read, found 1 although #2 had deleted it before, and nothing shows that or anything later',
    ]);
    expect(says(noLostWrite, 'set', 'p a x 1', 'q r x []')).toEqual([
      false,
      '#1 had added 1 before #2 began, and neither that read nor a later one shows it',
    ]);
    expect(says(noLostWrite, 'list', 'p + x 1', 'q r x []')).toEqual([
      false,
      '#1 had appended 1 before #2 began, and neither that read nor a later one shows it',
    ]);
  });

  it('judges each key as what it is', () => {
    const { valid, figures, keys } = judged(noLostWrite, lines('p w x 1', 'p a y 1', 'q r x nil', 'q r y [2]', 'q r y [1]'));
    expect(valid).toBe(false);
    expect(keys?.map((finding) => finding.valid)).toEqual([false, true]);
    expect(figures).toEqual([{ name: 'lost', value: 1, unit: 'operations' }]);
    // A text that was appended to is left out.
    expect(judged(noLostWrite, lines('p w x a', 'p + x b', 'p w x c', 'q r x a'), { type: 'kv' })).toMatchObject({
      valid: 'undecided',
      figures: [{ name: 'lost', value: 0, unit: 'operations' }],
    });
  });

  it('counts writes and elements', () => {
    const lost = (type: string, ...texts: readonly string[]): unknown => judged(noLostWrite, lines(...texts), { type }).figures;
    expect(lost('register', 'p w x 1', 'p w x 2', 'p w x 3', 'q r x 1')).toEqual([{ name: 'lost', value: 2, unit: 'operations' }]);
    expect(lost('set', 'p a x 1', 'p a x 2', 'p a x 3', 'q r x [1]', 'q r x [2]')).toEqual([{ name: 'lost', value: 2, unit: 'elements' }]);
    expect(lost('list', 'p + x 1', 'q r x []', 'q r x [1]')).toEqual([{ name: 'lost', value: 0, unit: 'elements' }]);
    expect(lost('set', 'p a x 1?', 'q r x [1]', 'q r x []')).toEqual([{ name: 'lost', value: 0, unit: 'elements' }]);
  });
});

describe('convergence', () => {
  it('wants registers to agree on what was written last or beside the last', () => {
    const register = (...texts: readonly string[]): unknown => says(convergence, 'register', ...texts);
    const both = ['p w x 1 @1-4', 'q w x 2 @2-5'];
    expect(register(...both, 'r r x 2 @6-7', 's r x 2 @8-9')).toBe(true);
    expect(register(...both, 'r r x 1 @6-7', 's r x 1 @8-9')).toBe(true);
    expect(register(...both, 'r r x 2 @6-7', 's r x 1 @8-9')).toEqual([
      false,
      '#3 read 2 and #4 read 1, although no write was going on any more',
    ]);
    // Only the last read of each process counts, and only after the last write.
    expect(register(...both, 'r r x 2 @6-7', 'r r x 1 @8-9', 's r x 1 @10-11')).toBe(true);
    expect(register(...both, 'r r x 2 @4-7', 's r x 1 @8-9')).toBe(true);
    expect(register('p w x 1', 'p w x 2', 'q r x 1')).toEqual([
      false,
      '#3 read 1 although #2 had written 2 later and all writes had ended',
    ]);
    expect(register('p w x 1', 'q r x nil')).not.toBe(true);
    expect(register('p w x 1', 'q w x 2?', 'r r x 1', 's r x 2', 't r x 1')).toBe(true);
    expect(register('p w x 1?', 'r r x 1', 's r x nil')).toBe(true);
    expect(register('r r x 7')).toEqual([false, '#1 read 7, which nobody had written']);
  });

  it('wants counters to be the sum', () => {
    const counter = (...texts: readonly string[]): unknown => says(convergence, 'counter', ...texts);
    expect(counter('p a x 2', 'p a x 3', 'q r x 5', 'r r x 5')).toBe(true);
    expect(counter('p a x 2', 'p a x 3', 'q r x 5', 'r r x 2')).toEqual([
      false,
      '#3 read 5 and #4 read 2, although nothing was being added any more',
    ]);
    expect(counter('p a x 2', 'p a x 3', 'q r x 3', 'r r x 3')).toEqual([
      false,
      '#3 read 3 although what was added and acknowledged before makes 5',
    ]);
    expect(counter('p a x 2', 'p a x -3?', 'q r x -1', 'r r x 2')).toBe(true);
    expect(counter('p a x 2', 'p a x 3?', 'q r x 4')).toEqual([
      false,
      '#3 read 4 although what was added and acknowledged before makes 2, and with any of the additions of unknown outcome something else',
    ]);
  });

  it('knows every sum of twelve unknown additions, and of more the least and the greatest', () => {
    const twelve = Array.from({ length: 12 }, (_, i) => `p a x ${2 ** (i + 1)}?`);
    const counter = (found: number, ...more: readonly string[]): unknown =>
      says(convergence, 'counter', 'p a x 1', ...twelve, ...more, `q r x ${found}`);
    for (const sum of [1, 3, 8191]) expect(counter(sum)).toBe(true);
    for (const none of [0, 2, 4000, 8193]) expect(counter(none)).not.toBe(true);
    for (const sum of [-9, 4000, 8191]) expect(counter(sum, 'p a x -4?', 'p a x -6?')).toBe(true);
    for (const none of [-10, 8192]) expect(counter(none, 'p a x -4?', 'p a x -6?')).not.toBe(true);
  });

  it('wants sets and lists to show what was acknowledged, and the same', () => {
    const set = (...texts: readonly string[]): unknown => says(convergence, 'set', ...texts);
    const list = (...texts: readonly string[]): unknown => says(convergence, 'list', ...texts);
    expect(set('p a x 1', 'p a x 2', 'q r x [1,2]', 'r r x [2,1]')).toBe(true);
    expect(set('p a x 1', 'p a x 2', 'q r x [1]')).toEqual([
      false,
      '#3 does not show 2, which #2 had put there, although nothing was going on any more',
    ]);
    expect(set('p a x 1', 'p - x 1', 'q r x [1]', 'r r x []')).toEqual([
      false,
      '#3 and #4 disagree about 1, although nothing was going on any more',
    ]);
    expect(set('p a x 1?', 'q r x [1]', 'r r x []')).toBe(true);
    expect(set('q r x [1]')).toEqual([false, '#1 read 1, which nobody had added']);
    expect(list('p + x 1', 'p + x 2', 'q r x [1,2]', 'r r x [2,1]')).toEqual([
      false,
      '#3 and #4 show 1 and 2 in different orders, although nothing was going on any more',
    ]);
    expect(list('p + x 1', 'p + x 2?', 'q r x [1,2]', 'r r x [2,1]')).toBe(true);
    // What was appended again may differ in the first place alone, or at the end.
    const thrice = ['p + x 1', 'p + x 1', 'p + x 2'];
    expect(list(...thrice, 'q r x [1,1,2]', 'r r x [2,1,2]')).toEqual([
      false,
      '#4 and #5 show 1 and 2 in different orders, although nothing was going on any more',
    ]);
    expect(list(...thrice, 'q r x [1,2]', 'r r x [1,2,1]')).toEqual([
      false,
      '#4 and #5 disagree about 1, although nothing was going on any more',
    ]);
    expect(witnessOf(convergence, 'list', ...thrice, 'q r x [1,2,1]', 'r r x [1,2]')).toEqual([0, 1, 3, 4]);
  });

  it('shows what the reads found with them', () => {
    const both = ['p w x 1 @1-4', 'q w x 2 @2-5'];
    expect(witnessOf(convergence, 'register', ...both, 'r r x 2 @6-7', 's r x 1 @8-9')).toEqual([0, 1, 2, 3]);
    expect(says(convergence, 'register', 'p w x 1', 'p w x nil', 'q r x 1')).toEqual([
      false,
      '#3 read 1 although #2 had deleted it later and all writes had ended',
    ]);
  });

  it('says so where there is nothing to compare', () => {
    expect(judged(convergence, lines('q r x nil', 'p w x 1'))).toMatchObject({
      valid: true,
      reason: 'there is nothing to compare: no read began after all writes had ended',
    });
    expect(judged(convergence, lines('p w x 1', 'q r x 1')).reason).toBeUndefined();
    const one = judged(convergence, lines('p w x 1', 'q r x 1', 'q r y nil', 'p w y 1'));
    expect(one.keys?.map(({ reason }) => reason)).toEqual([undefined, expect.stringContaining('nothing to compare')]);
    expect(one).toMatchObject({ valid: true });
    expect(one.reason).toBeUndefined();
    const wrong = judged(convergence, lines('q r x nil', 'p w x 1', 'q r y 7'));
    expect([wrong.valid, wrong.reason]).toEqual([false, '#3 read 7, which nobody had written']);
  });
});

describe('what was missed', () => {
  it.each([
    [convergence, 'register', ['p w x 1', 'p w x 2', 'q r x 1', 'q r x 2']],
    [noLostWrite, 'register', ['p w x 1', 'p w x 2', 'q r x 1', 'q r x 2']],
    [setFull, 'set', ['p a x 1', 'q r x []', 'q r x [1]']],
  ] as const)('a later read may mend, as $0.name says', (model, type, texts) => {
    expect(model.mendable).toBe(true);
    expect(says(model, type, ...texts.slice(0, -1))).not.toBe(true);
    expect(says(model, type, ...texts)).toBe(true);
  });
});
