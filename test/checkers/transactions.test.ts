import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finish, type Verdict } from '../../src/checkers/model.ts';
import { judgeTransactions } from '../../src/checkers/transactions/judge.ts';
import { partOf } from '../../src/checkers/transactions/part.ts';
import { anyReads, anyTransactions, type Move, oracle, recorded, simulated, type Txn } from './transactions-histories.ts';

const STEPS = 1_000_000;

function judged(type: 'list-append' | 'rw-register', txns: readonly Txn[], realTime: boolean): Verdict {
  return finish(judgeTransactions(recorded(type, txns), { steps: STEPS, order: true }, realTime));
}

/** The verdict is that of the definition; an order that comes with it explains the history all by itself; and what is called a counterexample is none that is valid. */
function agrees(type: 'list-append' | 'rw-register', txns: readonly Txn[], realTime: boolean): void {
  const { valid, order, witness, reason, figures, prefix, unplaced } = judged(type, txns, realTime);
  expect(valid).toBe(oracle(txns, realTime));
  const rows = txns.toSorted((a, b) => a.call - b.call);
  if (valid === true) {
    const taken = (order ?? []).map((row) => rows[row] as Txn);
    expect(taken.filter(({ status }) => status === 'ok')).toHaveLength(txns.filter(({ status }) => status === 'ok').length);
    // Where each has its place no other order is left to try.
    expect(
      oracle(
        taken.map((txn, i) => ({ ...txn, status: 'ok' as const, moves: seen(txn), call: 2 * i, ret: 2 * i + 1 })),
        true,
      ),
    ).toBe(true);
    if (realTime)
      for (const [i, txn] of taken.entries())
        for (const later of taken.slice(i)) expect(later.status === 'ok' && later.ret < txn.call).toBe(false);
    return;
  }
  expect(figures?.length).toBeGreaterThan(0);
  expect(reason).not.toBe('');
  const alone = (witness ?? []).map((row) => rows[row] as Txn);
  expect(alone.length).toBeGreaterThan(0);
  expect(judged(type, alone, realTime).valid).toBe(false);
  if (!realTime) return;
  // One event more than the longest valid beginning, and it is that of the row which cannot be placed.
  const [last] = unplaced ?? [];
  expect(rows[last as number]?.ret).toBe((prefix as number) + 1);
  expect(oracle(upTo(txns, prefix as number), true)).toBe(true);
  expect(oracle(upTo(txns, (prefix as number) + 1), true)).toBe(false);
}

/** The events up to a rank: what has not returned by then may yet do anything. */
function upTo(txns: readonly Txn[], rank: number): readonly Txn[] {
  return txns.filter(({ call }) => call <= rank).map((txn) => (txn.ret <= rank ? txn : { ...txn, status: 'unknown' }));
}

/** What a transaction certainly did: of an unknown one nobody knows what it read. */
function seen({ moves, status }: Txn): Txn['moves'] {
  return status === 'ok' ? moves : moves.filter(([f]) => f !== 'r');
}

for (const type of ['list-append', 'rw-register'] as const) {
  describe(`transactions over a ${type}`, () => {
    for (const realTime of [false, true]) {
      for (const repeats of [false, true]) {
        it(`agree with the definition ${realTime ? 'in real time' : 'in any order'}${repeats ? ' where values repeat' : ''}`, () => {
          fc.assert(
            fc.property(anyTransactions({ type, most: 5, repeats }), (txns) => agrees(type, txns, realTime)),
            { numRuns: 500 },
          );
        });
      }
    }
  });
}

describe('registers whose reads draw from all that was written', () => {
  for (const realTime of [false, true]) {
    it(`agree with the definition ${realTime ? 'in real time' : 'in any order'}`, () => {
      fc.assert(
        fc.property(anyReads(6), (txns) => agrees('rw-register', txns, realTime)),
        { numRuns: 1000 },
      );
    });
  }
});

describe('a part of a history', () => {
  it('is valid where the whole is', () => {
    const types = fc.constantFrom('list-append' as const, 'rw-register' as const);
    const drawn = fc
      .tuple(types, fc.boolean())
      .chain(([type, repeats]) => fc.tuple(fc.constant(type), anyTransactions({ type, most: 5, repeats })));
    fc.assert(
      fc.property(drawn, fc.boolean(), fc.nat(31), ([type, txns], realTime, bits) => {
        fc.pre(oracle(txns, realTime));
        const whole = recorded(type, txns);
        const rows = txns.map((_, row) => row).filter((row) => ((bits >> row) & 1) === 1);
        expect(finish(judgeTransactions(finish(partOf(whole, rows, realTime)).recorded, { steps: STEPS }, realTime)).valid).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a long history of registers', () => {
  it.each([1, 2, 3])('is put in order in a few steps a transaction, whatever it takes back on the way (%i)', (seed) => {
    const history = recorded('rw-register', simulated(1500, 12, seed));
    for (const realTime of [false, true]) {
      const { valid } = finish(judgeTransactions(history, { steps: 1500 * 16 }, realTime));
      expect(valid).toBe(true);
    }
  });
});

describe('one stale read in a long history of registers', () => {
  it.each([2, 3])('is a contradiction that needs no real time, shown by few transactions (%i)', (seed) => {
    const txns = withStaleRead(simulated(1500, 12, seed));
    const { valid, witness = [], reason } = finish(judgeTransactions(recorded('rw-register', txns), { steps: 1500 * 256 }, false));
    expect([valid, reason?.startsWith('G')]).toEqual([false, true]);
    expect(witness.length).toBeLessThan(40);
    const rows = txns.toSorted((a, b) => a.call - b.call);
    const alone = witness.map((row) => rows[row] as Txn);
    expect(judged('rw-register', closed(alone), false).valid).toBe(false);
    // Each of them is needed.
    for (const one of alone) expect(judged('rw-register', closed(alone.filter((other) => other !== one)), false).valid).toBe(true);
  });

  it('need not be one', () => {
    const history = recorded('rw-register', withStaleRead(simulated(1500, 12, 4)));
    expect(finish(judgeTransactions(history, { steps: 1500 * 256 }, false)).valid).toBe(true);
    expect(finish(judgeTransactions(history, { steps: 1500 * 256 }, true)).valid).toBe(false);
  });
});

/** The first read behind the middle that can find what was there eight versions before does. */
function withStaleRead(txns: readonly Txn[]): readonly Txn[] {
  const versions = new Map<string, Move[2][]>();
  const rows = txns.toSorted((a, b) => a.call - b.call);
  let done = false;
  return rows.map((txn, row) => {
    const own = new Set<string>();
    const moves = txn.moves.map(([f, key, value]): Move => {
      const before = versions.get(key) ?? [];
      versions.set(key, before);
      if (f === 'w') before.push(value);
      const old = before.at(-8);
      const stale = !done && f === 'r' && row > rows.length / 2 && !own.has(key) && txn.moves.length > 1 && old !== undefined;
      own.add(key);
      if (!stale) return [f, key, value];
      done = true;
      return [f, key, old];
    });
    return { ...txn, moves };
  });
}

/** Some transactions without what they read from others. */
function closed(txns: readonly Txn[]): readonly Txn[] {
  const wrote = new Set(txns.flatMap(({ moves }) => moves.flatMap(([f, key, value]) => (f === 'w' ? [`${key} ${String(value)}`] : []))));
  return txns.map((txn) => ({
    ...txn,
    moves: txn.moves.filter(([f, key, value]) => f === 'w' || value === null || wrote.has(`${key} ${String(value)}`)),
  }));
}
