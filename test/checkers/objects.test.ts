import { describe, expect, it } from 'vitest';
import { linearizable } from '../../src/checkers/linearizable.ts';
import { finish, type Verdict } from '../../src/checkers/model.ts';
import { decideBySearch } from '../../src/checkers/objects/decide.ts';
import { partOf } from '../../src/checkers/objects/part.ts';
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
const RUNS = 350;

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

/** Operations one after the other or at once, as `process effect value call return`; no return: of unknown outcome; a list in brackets. */
function told(...lines: readonly string[]): Operation[] {
  return lines.map((line, i) => {
    const [process = '', effect = '', value = '', call = '', ret = ''] = line.split(' ');
    const returnRank = ret === '' ? Number.POSITIVE_INFINITY : Number(ret);
    return {
      ...{
        id: (i + 1) as Operation['id'],
        process,
        client: process,
        node: 0 as Operation['node'],
        effect: effect as Operation['effect'],
        key: 'k0',
      },
      value: value === '-' ? null : value.startsWith('[') ? value.slice(1, -1).split(',').filter(Boolean) : value,
      status: ret === '' ? 'unknown' : 'ok',
      ...{ callRank: Number(call), returnRank, callUs: Number(call), returnUs: returnRank },
    };
  });
}

describe('what breaks an object', () => {
  it.each([
    ['counter', ['a add 2 1 2', 'b read 5 3 4'], '#2 read 5, but all that was added by then makes at most 2'],
    ['counter', ['a add 2 1 2', 'a add 3 3 4', 'b read 2 5 6'], '#3 read 2, but what had been added before it began makes at least 5'],
    ['counter', ['a add 2 1 9', 'b read 2 2 3', 'b read - 4 5'], '#3 read nothing after #2 had read 2, and nothing lowers the counter'],
    ['set', ['a add x 1 2', 'b read [] 3 4'], '#2 read a set without x, which #1 had added before #2 began'],
    ['set', ['b read [x] 1 2'], '#1 read x, which nobody had added'],
    ['set', ['b read [x] 1 2', 'a add x 3 4'], '#1 read x before #2 began to add it'],
    ['set', ['a add x 1 9', 'b read [x,x] 3 4'], '#2 read x twice'],
    [
      'set',
      ['a add x 1 9', 'b add y 2 10', 'c read [x] 3 4', 'd read [y] 5 6'],
      '#3 read x and not y, #4 read y and not x, and nothing is removed',
    ],
    [
      'list',
      ['a append x 1 2', 'a append y 3 4', 'b read [y,x] 5 6'],
      '#3 read y before x, although #1 had appended x before #2 began to append y',
    ],
    ['list', ['a append x 1 9', 'b read [x] 2 3', 'b read [] 4 5'], '#3 read a list of 0 after #2 had read one of 1'],
    [
      'queue',
      ['a enqueue x 1 2', 'a enqueue y 3 4', 'b dequeue y 5 6'],
      '#3 took y although x, which #1 had enqueued before #2 began to enqueue y, was still there',
    ],
    ['queue', ['a enqueue x 1 2', 'b dequeue - 3 4'], '#2 found nothing although x, which #1 had enqueued, was there all the time'],
    ['queue', ['a enqueue x 1 9', 'b dequeue x 3 4', 'c dequeue x 5 6'], '#2 and #3 both took x, which was enqueued once'],
    ['lock', ['a acquire - 1 2', 'b acquire - 3 4'], '#2 acquired the lock while #1 held it'],
    ['lock', ['a acquire - 1 2', 'b release - 3 4'], '#2 released a lock that its process did not hold'],
    [
      'lock',
      ['a acquire 7 1 2', 'a release 7 3 4', 'b acquire 6 5 6'],
      '#1 and #3 acquired the lock with tokens 7 and 6, which do not grow',
    ],
    [
      'lock',
      ['a acquire x 1 2', 'a release - 3 4', 'b acquire x 5 6'],
      '#1 and #3 acquired the lock with tokens x and x, which do not grow',
    ],
    ['lock', ['a acquire 7 1 2', 'a release 6 3 4'], '#2 released with token 6 what #1 had acquired with token 7'],
  ])('of a %s: %o', (type, lines, reason) => {
    expect(judge(type, told(...lines))).toMatchObject({ valid: false, reason });
  });

  it('is not what an operation of unknown outcome may have done', () => {
    expect(judge('queue', told('a enqueue x 1 2', 'a enqueue y 3 4', 'c dequeue - 5', 'b dequeue y 6 7')).valid).toBe(true);
    expect(judge('queue', told('a enqueue x 1 2', 'a enqueue y 3 4', 'b dequeue y 6 7', 'c dequeue - 8')).valid).toBe(false);
    expect(judge('lock', told('a acquire - 1 2', 'a release - 3', 'b acquire - 4 5')).valid).toBe(true);
    for (const token of ['y', '7'])
      expect(judge('lock', told(`a acquire ${token} 1 2`, 'a release - 3 4', 'b acquire x 5 6')).valid).toBe(true);
    expect(judge('counter', told('a add -3 1', 'b read -3 2 3', 'b read - 4 5')).valid).toBe(false);
    expect(judge('set', told('a add x 1', 'b read [] 2 3', 'b read [x] 4 5')).valid).toBe(true);
  });

  it('is a token that falls behind one before the last', () => {
    const lines = ['a acquire 7 1 2', 'a release - 3 4', 'b acquire - 5 6', 'b release - 7 8', 'a acquire 6 9 10'];
    expect(judge('lock', told(...lines)).valid).toBe(false);
  });

  it('is found where the first return ends the valid beginning', () => {
    const verdict = judge('list', told('a append x 1 2', 'b read [] 3 4', 'a append y 5 6'));
    expect(verdict).toMatchObject({ valid: false, prefix: 3, witness: [0, 1], unplaced: [1] });
  });

  it('cannot be said of sums that cannot be made', () => {
    expect(judge('counter', told('a add 0.5 1 2', 'b read 1 3 4'))).toMatchObject({
      valid: 'undecided',
      reason: expect.stringContaining('#1 adds'),
    });
    const most = Number.MAX_SAFE_INTEGER;
    expect(judge('counter', told(`a add ${most} 1 2`, `b read ${most} 3 4`, 'a add 0 5 6')).valid).toBe(true);
    expect(judge('counter', told(`a add -${most} 1 2`, 'b read 0 3 4', 'a add 1 5 6'))).toMatchObject({
      valid: 'undecided',
      reason: expect.stringContaining('#3 adds'),
    });
  });
});

describe('long histories', () => {
  it.each(['list', 'set', 'queue', 'lock', 'counter'])('of a %s cost no step of search where it is clear what happened', (type) => {
    const shape = { operations: 3000, processes: 12, keys: 1, unknown: 2, mutated: 0, values: 0, reading: 5, plain: true };
    const operations = history([type], new Dice(5), shape);
    expect(judge(type, operations, 1).valid).toBe(true);
  });

  it('end undecided where the search may not go on', () => {
    const operations = history(['queue'], new Dice(5), { operations: 60, processes: 4, keys: 1, unknown: 5, mutated: 0, values: 2 });
    expect(judge('queue', operations, 20)).toMatchObject({ valid: 'undecided', reason: 'the budget of steps ran out' });
    expect(judge('queue', operations, 100_000).valid).toBe(true);
  });
});

describe('dense histories of 50 processes, in which much could be much', () => {
  const DENSE = { operations: 600, processes: 50, keys: 1, unknown: 0, mutated: 0, values: 5 };
  const shapes: readonly (readonly [string, Shape])[] = [
    ['queue', DENSE],
    ['queue', { ...DENSE, unknown: 3 }],
    ['queue', { ...DENSE, values: 100 }],
    ['set', DENSE],
    ['set', { ...DENSE, values: 50, unknown: 1 }],
    ['counter', { ...DENSE, values: 2 }],
    ['counter', { ...DENSE, values: 2, unknown: 1 }],
  ];
  it.each(shapes)('of a %s are decided in at most 200 steps for each operation: %o', (type, shape) => {
    for (let seed = 1; seed <= 2; seed++) {
      const operations = history([type], new Dice(seed), shape);
      const { valid, keys } = judge(type, operations, 200 * shape.operations);
      expect(valid).toBe(true);
      const order = keys?.[0]?.order ?? [];
      expect(explains(() => type, operations, order, realTime)).toBe(true);
    }
  });
});

describe('what a search remembers', () => {
  const HARD: readonly Shape[] = [
    { operations: 16, processes: 8, keys: 1, unknown: 0, mutated: 0, values: 2 },
    { operations: 24, processes: 12, keys: 1, unknown: 15, mutated: 0, values: 2 },
  ];
  it.each(['queue', 'set', 'counter', 'lock'] as const)('never hides the order that a %s took', (type) => {
    for (const [n, shape] of HARD.entries()) {
      for (let seed = 1; seed <= (n === 0 ? 150 : 60); seed++) {
        const columns = columnsOfHistory(history([type], new Dice(seed), shape));
        const part = partOf(columns, Array.from(columns.call.keys()));
        expect(decideBySearch(part, type, { steps: 20_000 }).valid, `${type} ${n} ${seed}`).not.toBe(false);
      }
    }
  });
});

function upTo(operations: readonly Operation[], rank: number): readonly Operation[] {
  return operations
    .filter((op) => op.callRank <= rank)
    .map((op) => (op.returnRank <= rank ? op : { ...op, status: 'unknown' as const, returnRank: Number.POSITIVE_INFINITY }));
}
