import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finish, type Verdict } from '../../src/checkers/model.ts';
import { Edges, graphOf, joinAll, RW } from '../../src/checkers/transactions/graph.ts';
import { serializable, strictSerializable } from '../../src/checkers/transactions/serializable.ts';
import { type Move, recorded, type Txn } from './transactions-histories.ts';

type Type = 'list-append' | 'rw-register';

/**
 * A history in short: `x+1` appends, `x=1` writes, `x[1 2]` and `x:1` read, `x[]` and `x:` read nothing; `!` in front failed, `?` is unknown. One after the other in time,
 * unless they all run at once.
 */
function history(lines: readonly string[], atOnce: boolean): readonly Txn[] {
  return lines.map((line, i) => ({
    status: line.startsWith('!') ? 'fail' : line.startsWith('?') ? 'unknown' : 'ok',
    moves: line.replace(/^[!?]/, '').split(', ').map(move),
    call: atOnce ? i + 1 : 2 * i + 1,
    ret: atOnce ? lines.length + i + 1 : 2 * i + 2,
  }));
}

function move(text: string): Move {
  const [, key = '', f, rest = ''] = /^(\w)([+=:[])([^\]]*)\]?$/.exec(text) ?? [];
  if (f === '+') return ['a', key, Number(rest)];
  if (f === '=') return ['w', key, Number(rest)];
  if (f === ':') return ['r', key, rest === '' ? null : Number(rest)];
  return ['r', key, rest === '' ? [] : rest.split(' ').map(Number)];
}

function judged(type: Type, txns: readonly Txn[], realTime: boolean): Verdict {
  return finish((realTime ? strictSerializable : serializable).judge(recorded(type, txns), { steps: 100_000 }));
}

function anomalies({ figures = [] }: Verdict): string {
  return figures.map(({ name, value }) => `${name} ${value}`).join(', ');
}

/** What is planted, whether it takes real time to be one, what it is called, by which rows it is shown, and the reason. */
const planted: readonly (readonly [Type, readonly string[], 'any order' | 'real time', string, readonly number[], string])[] = [
  // Adya's H_wcycle: two transactions install their versions of two objects in opposite orders.
  [
    'list-append',
    ['x+1, y+1', 'x+2, y+2', 'x[1 2], y[2 1]'],
    'any order',
    'G0 1',
    [0, 1, 2],
    'G0: #1 appended 1 to x before #2 appended 2; #2 appended 2 to y before #1 appended 1',
  ],
  // The same where no read shows one of the elements: it stands behind all that some read shows.
  [
    'list-append',
    ['x+1, y+1', 'x+2, y+2', 'x[1 2]', 'y[2]'],
    'any order',
    'G0 1, G-single 1',
    [0, 1, 2, 3],
    'G0: #1 appended 1 to x before #2 appended 2; #2 appended 2 to y before #1 appended 1',
  ],
  ['list-append', ['!x+1', 'x[1]'], 'any order', 'G1a 1', [0, 1], 'G1a: #2 read 1 in x, which #1 appended and failed'],
  ['rw-register', ['!x=1', 'x:1'], 'any order', 'G1a 1', [0, 1], 'G1a: #2 read 1 from x, which #1 wrote and failed'],
  // What lies between two versions of one transaction is also passed by in a cycle, where versions are known.
  [
    'list-append',
    ['x+1, x+2', 'x[1]'],
    'any order',
    'G1b 1, G-single 1',
    [0, 1],
    'G1b: #2 read x with 1 at its end, after which #1 itself appended 2',
  ],
  ['rw-register', ['x=1, x=2', 'x:1'], 'any order', 'G1b 1', [0, 1], 'G1b: #2 read 1 from x, over which #1 itself wrote 2 after it'],
  [
    'list-append',
    ['x+1, y[1]', 'x+2, y+1', 'x[1 2]'],
    'any order',
    'G1c 1',
    [0, 1, 2],
    'G1c: #1 read 1 in y, which #2 appended; #1 appended 1 to x before #2 appended 2',
  ],
  [
    'rw-register',
    ['x=1, y:1', 'y=1, x:1'],
    'any order',
    'G1c 1',
    [0, 1],
    'G1c: #2 read 1 from x, which #1 wrote; #1 read 1 from y, which #2 wrote',
  ],
  // Each read what the other wrote and wrote over it: that is G0, and no more than that.
  [
    'rw-register',
    ['x=1, y:2, y=3', 'y=2, x:1, x=4'],
    'any order',
    'G0 1',
    [0, 1],
    'G0: #2 read 1 from x, which #1 wrote, and wrote 4 over it; #1 read 2 from y, which #2 wrote, and wrote 3 over it',
  ],
  // Read skew: the second sees half of the first.
  [
    'list-append',
    ['x+1, y+1', 'x[1], y[]'],
    'any order',
    'G-single 1',
    [0, 1],
    'G-single: #2 read [] from y, without 1 of #1; #2 read 1 in x, which #1 appended',
  ],
  [
    'rw-register',
    ['x=1, y=1', 'x:1, y:'],
    'any order',
    'G-single 1',
    [0, 1],
    'G-single: #2 read nil from y, to which #1 wrote 1; #2 read 1 from x, which #1 wrote',
  ],
  // Write skew, and lost updates.
  [
    'list-append',
    ['x[], y+1', 'y[], x+1'],
    'any order',
    'G2-item 1',
    [0, 1],
    'G2-item: #2 read [] from y, without 1 of #1; #1 read [] from x, without 1 of #2',
  ],
  [
    'rw-register',
    ['x=0', 'x:0, x=1', 'x:0, x=2'],
    'any order',
    'G2-item 1',
    [0, 1, 2],
    'G2-item: #3 read 0 from x, over which #2 wrote 1; #2 read 0 from x, over which #3 wrote 2',
  ],
  // In real time alone: nobody may read an older list than one that had been appended to before.
  [
    'list-append',
    ['x+1', 'x+2', 'x[1]', 'x[1 2]'],
    'real time',
    'G-single-realtime 1',
    [1, 2],
    'G-single-realtime: #3 read [1] from x, without 2 of #2; #2 had ended before #3 began',
  ],
  [
    'rw-register',
    ['x=1', 'x=2', 'x:1'],
    'real time',
    'G-single-realtime 1',
    [0, 1, 2],
    'G-single-realtime: #3 read 1 in x before #2 wrote 2, since #1 (wrote 1) had ended before #2 (wrote 2) began; #2 had ended before #3 began',
  ],
  [
    'list-append',
    ['x+2', 'x+1', 'x[1 2]'],
    'real time',
    'G0-realtime 1',
    [0, 1, 2],
    'G0-realtime: #2 appended 1 to x before #1 appended 2; #1 had ended before #2 began',
  ],
  [
    'list-append',
    ['x[1]', 'x+1'],
    'real time',
    'G1c-realtime 1',
    [0, 1],
    'G1c-realtime: #1 read 1 in x, which #2 appended; #1 had ended before #2 began',
  ],
  // Of a value that is written twice nobody knows who wrote what was read: but none of them had begun.
  [
    'rw-register',
    ['x=1', 'x:2', 'x=2', 'x=2'],
    'real time',
    'garbage-read 1',
    [1],
    'garbage-read: #2 read 2 from x, which nobody had written',
  ],
  // Without any cycle.
  ['list-append', ['x+1, x[]'], 'any order', 'internal 1', [0], 'internal: #1 read [] from x, though it had appended to it before'],
  ['rw-register', ['x=1, x:'], 'any order', 'internal 1', [0], 'internal: #1 read nil from x, where it had itself found or written 1'],
  ['list-append', ['x[1], x+1'], 'any order', 'future-read 1', [0], 'future-read: #1 read 1 in x before it appended it'],
  ['rw-register', ['x:1, x=1'], 'any order', 'future-read 1', [0], 'future-read: #1 read 1 from x before it wrote that itself'],
  ['list-append', ['x+1', 'x[1 7]'], 'any order', 'garbage-read 1', [1], 'garbage-read: #2 read 7 in x, which nobody had appended'],
  ['rw-register', ['x=1', 'x:7'], 'any order', 'garbage-read 1', [1], 'garbage-read: #2 read 7 from x, which nobody had written'],
  [
    'list-append',
    ['!x+1', 'x+2', 'x[1 2]'],
    'any order',
    'G1a 1, dirty-update 1',
    [0, 2],
    'G1a: #3 read 1 in x, which #1 appended and failed',
  ],
  [
    'list-append',
    ['x+1', 'x[1 1]'],
    'any order',
    'duplicate-elements 1',
    [0, 1],
    'duplicate-elements: #2 read 1 in x twice, and it was appended once',
  ],
  [
    'list-append',
    ['x+1', 'x+2', 'x+3', 'x[1 2]', 'x[1 3 2]'],
    'any order',
    'incompatible-order 1',
    [3, 4],
    'incompatible-order: #4 read [1 2] from x and #5 read [1 3 2]: neither is a beginning of the other',
  ],
  [
    'list-append',
    ['x+1, x+2', 'x[2]'],
    'any order',
    'incompatible-order 1, G-single 1',
    [0, 1],
    'incompatible-order: #1 appended 1 to x before 2, but #2 read [2]',
  ],
];

describe('what is planted', () => {
  it.each(planted)('%s %j in %s: %s', (type, lines, where, names, rows, reason) => {
    const txns = history(lines, where === 'any order');
    const verdict = judged(type, txns, where === 'real time');
    expect({ valid: verdict.valid, anomalies: anomalies(verdict), witness: verdict.witness, reason: verdict.reason }).toEqual({
      valid: false,
      anomalies: names,
      witness: rows,
      reason,
    });
    // What takes real time is no anomaly without it.
    if (where === 'real time') expect(judged(type, txns, false).valid).toBe(true);
  });

  it('is nothing in histories that only look odd', () => {
    const fine: readonly (readonly [Type, readonly string[]])[] = [
      // An unknown transaction that nobody has seen need not have happened, and what it read nobody knows.
      ['list-append', ['?x+2, y[]', 'x+1, y+1', 'x[1 2], y[1]']],
      ['rw-register', ['?x=2', 'x:']],
      ['rw-register', ['?x=2, y=1', 'y:1', 'x:2']],
      // Its own appends and writes a transaction sees at once, and none of them is between two versions for it.
      ['list-append', ['x[], x+1, x[1], x+2, x[1 2]', 'x[1 2]']],
      ['rw-register', ['x:, x=1, x:1, x=2, x:2', 'x:2']],
      // Elements that nobody has read come after those that somebody has.
      ['list-append', ['x+1', 'x[1]', 'x+2', 'x+3']],
      // The same value twice: which of them was read nobody knows, and some order explains it.
      ['rw-register', ['x=1', 'x=2', 'x=1', 'x:1']],
      ['list-append', ['x+1', 'x+1', 'x[1 1]']],
    ];
    for (const [type, lines] of fine) expect([lines, judged(type, history(lines, false), true).valid]).toEqual([lines, true]);
  });

  it('is told of once for each group of transactions that it entangles, and once for each read that shows it', () => {
    const lines = ['x[], y+1', 'y[], x+1', 'z[], u+1', 'u[], z+1', 'v[9]', 'v[9]'];
    expect(anomalies(judged('list-append', history(lines, true), false))).toBe('garbage-read 2, G2-item 2');
  });

  it('is undecided, and says so, where the steps do not suffice', () => {
    const lines = ['x=1', 'x=2', 'x=1', 'x:1', 'x:2', 'x:1', 'x:2'];
    const verdict = finish(serializable.judge(recorded('rw-register', history(lines, true)), { steps: 1 }));
    expect(verdict).toEqual({ valid: 'undecided', reason: 'no anomaly was found, and no order either within the steps' });
  });
});

describe('many before many', () => {
  const nodes = 30;
  const some = fc.uniqueArray(fc.nat(nodes - 1), { maxLength: nodes });

  it('leads where the pairs lead, by about as many edges as there are transactions', () => {
    fc.assert(
      fc.property(some, some, (before, after) => {
        const edges = new Edges(nodes);
        joinAll(edges, before, after, RW);
        expect(edges.count).toBeLessThanOrEqual(4 * (before.length + after.length) + 64);
        const pairs = new Edges(nodes);
        for (const u of before) for (const v of after) pairs.add(u, v, RW);
        expect(reached(edges)).toEqual(reached(pairs));
      }),
      { numRuns: 200 },
    );
  });
});

/** Which of the transactions each of them leads to. */
function reached(edges: Edges): readonly (readonly number[])[] {
  const building = graphOf(edges);
  let built = building.next();
  while (built.done !== true) built = building.next();
  const { start, to, transactions } = built.value;
  return Array.from({ length: transactions }, (_, source) => {
    const met = new Set<number>();
    const open = [source];
    for (let v = open.pop(); v !== undefined; v = open.pop()) {
      for (const w of to.subarray(start[v], start[v + 1])) {
        if (met.has(w)) continue;
        met.add(w);
        open.push(w);
      }
    }
    return [...met].filter((v) => v < transactions).sort((a, b) => a - b);
  });
}
