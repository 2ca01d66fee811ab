import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Operation } from '../../src/history/operation.ts';
import { ReadJudge } from '../../src/history/read-judge.ts';
import { judgeRead } from '../../src/history/stale.ts';
import { anyHistory } from '../checkers/histories.ts';

/** The definition of LANGUAGE section 5 as it is written there. */
function isStale(history: readonly Operation[], read: Operation): boolean {
  const writes = history.filter((op) => op.effect !== 'read' && op.status !== 'fail');
  const acknowledged = writes.filter((w) => w.status === 'ok' && w.returnRank < read.callRank);
  return acknowledged.some((w) =>
    writes.filter((other) => other.value === read.value).every((other) => other.status === 'ok' && other.returnRank < w.callRank),
  );
}

describe('a stale read', () => {
  it('is one by the definition', () => {
    fc.assert(
      fc.property(anyHistory(7), (history) => {
        for (const read of history.filter((op) => op.effect === 'read' && op.status === 'ok'))
          expect(judgeRead(history, read).stale).toBe(isStale(history, read));
      }),
      { numRuns: 3000 },
    );
  });

  it('is judged the same as the history grows', () => {
    fc.assert(
      fc.property(anyHistory(9), (history) => {
        for (const read of history.filter((op) => op.effect === 'read' && op.status === 'ok')) {
          const known = history.filter((op) => op.callRank < read.returnRank);
          const ended = known.filter((op) => op.returnRank <= read.returnRank || (op.status === 'unknown' && op.id % 2 === 0));
          const judge = new ReadJudge();
          for (const op of [...ended].sort((a, b) => a.returnRank - b.returnRank)) judge.add(op);
          // Whether an open write will fail cannot be known yet; the definition knows it afterwards.
          const open = known.filter((op) => !ended.includes(op) && op.status !== 'fail');
          expect(judge.judge(read, open)).toEqual(judgeRead(known, read));
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('knows the latest acknowledged write and its age', () => {
    const write = (id: number, value: string | null, call: number, end: number): Operation => ({
      id,
      process: 'p',
      client: 'you',
      node: 0,
      effect: 'write',
      key: 'x',
      value,
      status: end === Number.POSITIVE_INFINITY ? 'unknown' : 'ok',
      callRank: call,
      returnRank: end,
      callUs: call * 1000,
      returnUs: end * 1000,
    });
    const read = (value: string | null): Operation => ({ ...write(9, value, 10, 11), effect: 'read' });
    const history = [write(1, 'init', 1, 2), write(2, 'apple', 3, 5)];
    expect(judgeRead(history, read('init'))).toMatchObject({ stale: true, latest: 'apple', agoUs: 6000 });
    expect(judgeRead(history, read('apple'))).toMatchObject({ stale: false, latest: 'apple' });
    expect(judgeRead(history, read(null))).toMatchObject({ stale: true, latest: 'apple' });
    expect(judgeRead([], read(null))).toEqual({ stale: false, latest: null });
    // Two writes at once: either may be the last.
    expect(judgeRead([write(1, 'a', 1, 4), write(2, 'b', 2, 3)], read('b')).stale).toBe(false);
    // An unknown write never returns: reading it is not stale, and it makes no other read stale.
    expect(judgeRead([...history, write(3, 'pear', 6, Number.POSITIVE_INFINITY)], read('pear')).stale).toBe(false);
    expect(judgeRead([write(1, 'init', 1, 2), write(3, 'pear', 6, Number.POSITIVE_INFINITY)], read('init')).stale).toBe(false);
    expect(judgeRead([...history, write(4, null, 6, 7)], read('apple'))).toMatchObject({ stale: true, latest: null });
  });
});
