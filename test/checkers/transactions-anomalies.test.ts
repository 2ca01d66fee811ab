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

/** What was planted, and how it is told. */
interface Planted {
  readonly type: Type;
  readonly lines: readonly string[];
  /** Whether it takes real time to be an anomaly. */
  readonly realTime: boolean;
  readonly told: { readonly valid: false; readonly anomalies: string; readonly witness: readonly number[]; readonly reason: string };
}

/** Anomalies that are found once each: the reason, and the rows that show it, are of the first. */
function planted(type: Type, lines: readonly string[], names: string, witness: readonly number[], why: string, realTime = false): Planted {
  const each = names.split(', ');
  return {
    type,
    lines,
    realTime,
    told: { valid: false, anomalies: each.map((name) => `${name} 1`).join(', '), witness, reason: `${each[0]}: ${why}` },
  };
}

const inTime = (...[type, lines, names, witness, why]: Parameters<typeof planted>): Planted =>
  planted(type, lines, names, witness, why, true);

const all: readonly Planted[] = [
  // Adya's H_wcycle: two transactions install their versions of two objects in opposite orders.
  planted(
    'list-append',
    ['x+1, y+1', 'x+2, y+2', 'x[1 2], y[2 1]'],
    'G0',
    [0, 1, 2],
    '#1 appended 1 to x before #2 appended 2; #2 appended 2 to y before #1 appended 1',
  ),
  // The same where no read shows one of the elements: it stands behind all that some read shows.
  planted(
    'list-append',
    ['x+1, y+1', 'x+2, y+2', 'x[1 2]', 'y[2]'],
    'G0, G-single',
    [0, 1, 2, 3],
    '#1 appended 1 to x before #2 appended 2; #2 appended 2 to y before #1 appended 1',
  ),
  planted('list-append', ['!x+1', 'x[1]'], 'G1a', [0, 1], '#2 read 1 in x, which #1 appended and failed'),
  planted('rw-register', ['!x=1', 'x:1'], 'G1a', [0, 1], '#2 read 1 from x, which #1 wrote and failed'),
  // What lies between two versions of one transaction is also passed by in a cycle, where versions are known.
  planted('list-append', ['x+1, x+2', 'x[1]'], 'G1b, G-single', [0, 1], '#2 read x with 1 at its end, after which #1 itself appended 2'),
  planted('rw-register', ['x=1, x=2', 'x:1'], 'G1b', [0, 1], '#2 read 1 from x, over which #1 itself wrote 2 after it'),
  planted(
    'list-append',
    ['x+1, y[1]', 'x+2, y+1', 'x[1 2]'],
    'G1c',
    [0, 1, 2],
    '#1 read 1 in y, which #2 appended; #1 appended 1 to x before #2 appended 2',
  ),
  planted('rw-register', ['x=1, y:1', 'y=1, x:1'], 'G1c', [0, 1], '#2 read 1 from x, which #1 wrote; #1 read 1 from y, which #2 wrote'),
  // Each read what the other wrote and wrote over it: that is G0, and no more than that.
  planted(
    'rw-register',
    ['x=1, y:2, y=3', 'y=2, x:1, x=4'],
    'G0',
    [0, 1],
    '#2 read 1 from x, which #1 wrote, and wrote 4 over it; #1 read 2 from y, which #2 wrote, and wrote 3 over it',
  ),
  // Read skew: the second sees half of the first.
  planted(
    'list-append',
    ['x+1, y+1', 'x[1], y[]'],
    'G-single',
    [0, 1],
    '#2 read [] from y, without 1 of #1; #2 read 1 in x, which #1 appended',
  ),
  planted(
    'rw-register',
    ['x=1, y=1', 'x:1, y:'],
    'G-single',
    [0, 1],
    '#2 read nil from y, to which #1 wrote 1; #2 read 1 from x, which #1 wrote',
  ),
  // Write skew, and lost updates.
  planted(
    'list-append',
    ['x[], y+1', 'y[], x+1'],
    'G2-item',
    [0, 1],
    '#2 read [] from y, without 1 of #1; #1 read [] from x, without 1 of #2',
  ),
  planted(
    'rw-register',
    ['x=0', 'x:0, x=1', 'x:0, x=2'],
    'G2-item',
    [0, 1, 2],
    '#3 read 0 from x, over which #2 wrote 1; #2 read 0 from x, over which #3 wrote 2',
  ),
  // In real time alone: nobody may read an older list than one that had been appended to before.
  inTime(
    'list-append',
    ['x+1', 'x+2', 'x[1]', 'x[1 2]'],
    'G-single-realtime',
    [1, 2],
    '#3 read [1] from x, without 2 of #2; #2 had ended before #3 began',
  ),
  inTime(
    'rw-register',
    ['x=1', 'x=2', 'x:1'],
    'G-single-realtime',
    [0, 1, 2],
    '#3 read 1 in x before #2 wrote 2, since #1 (wrote 1) had ended before #2 (wrote 2) began; #2 had ended before #3 began',
  ),
  inTime(
    'list-append',
    ['x+2', 'x+1', 'x[1 2]'],
    'G0-realtime',
    [0, 1, 2],
    '#2 appended 1 to x before #1 appended 2; #1 had ended before #2 began',
  ),
  inTime('list-append', ['x[1]', 'x+1'], 'G1c-realtime', [0, 1], '#1 read 1 in x, which #2 appended; #1 had ended before #2 began'),
  // Of a value that is written twice nobody knows who wrote what was read: but none of them had begun.
  inTime('rw-register', ['x=1', 'x:2', 'x=2', 'x=2'], 'garbage-read', [1], '#2 read 2 from x, which nobody had written'),
  // Without any cycle.
  planted('list-append', ['x+1, x[]'], 'internal', [0], '#1 read [] from x, though it had appended to it before'),
  // What was written twice does not hide what was not written at all.
  planted('list-append', ['x+1', 'x+1', 'x[1 7]'], 'garbage-read', [2], '#3 read 7 from x, which nobody had appended'),
  planted('rw-register', ['x=1', 'x=1', 'x:7'], 'garbage-read', [2], '#3 read 7 from x, which nobody had written'),
  planted('list-append', ['x+1', 'x+1', '!x+7', 'x[1 7]'], 'G1a', [2, 3], '#4 read 7 from x, which #3 appended and failed'),
  planted('list-append', ['x[], x+1, x[]'], 'internal', [0], '#1 read [] from x after it had read [] and had appended to it once'),
  planted(
    'list-append',
    ['x[], x+1, x+2, x[1]'],
    'internal',
    [0],
    '#1 read [1] from x after it had read [] and had appended to it 2 times',
  ),
  planted('list-append', ['x+1', 'x[1], x[]'], 'internal, G-single', [1], '#2 read [] from x after it had read [1]'),
  planted('rw-register', ['x=1, x:'], 'internal', [0], '#1 read nil from x, where it had itself found or written 1'),
  planted('list-append', ['x[1], x+1'], 'future-read', [0], '#1 read 1 in x before it appended it'),
  planted('rw-register', ['x:1, x=1'], 'future-read', [0], '#1 read 1 from x before it wrote that itself'),
  planted('list-append', ['x+1', 'x[1 7]'], 'garbage-read', [1], '#2 read 7 in x, which nobody had appended'),
  planted('rw-register', ['x=1', 'x:7'], 'garbage-read', [1], '#2 read 7 from x, which nobody had written'),
  planted('list-append', ['!x+1', 'x+2', 'x[1 2]'], 'G1a, dirty-update', [0, 2], '#3 read 1 in x, which #1 appended and failed'),
  planted('list-append', ['x+1', 'x[1 1]'], 'duplicate-elements', [0, 1], '#2 read 1 in x twice, and it was appended once'),
  planted(
    'list-append',
    ['x+1', 'x+2', 'x+3', 'x[1 2]', 'x[1 3 2]'],
    'incompatible-order',
    [3, 4],
    '#4 read [1 2] from x and #5 read [1 3 2]: neither is a beginning of the other',
  ),
  planted('list-append', ['x+1, x+2', 'x[2]'], 'incompatible-order, G-single', [0, 1], '#1 appended 1 to x before 2, but #2 read [2]'),
];

describe('what is planted', () => {
  it.each(all)('$type $lines: $told.reason', ({ type, lines, realTime, told }) => {
    const { valid, witness, reason, ...rest } = judged(type, history(lines, !realTime), realTime);
    expect({ valid, anomalies: anomalies({ valid, ...rest }), witness, reason }).toEqual(told);
    // What takes real time is no anomaly without it.
    if (realTime) expect(judged(type, history(lines, false), false).valid).toBe(true);
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

  it('is nothing where somebody wrote nothing, which is then read', () => {
    const moves: readonly Move[] = [
      ['w', 'x', 1],
      ['w', 'x', null],
      ['r', 'x', null],
    ];
    const txns = moves.map((one, i): Txn => ({ status: 'ok', moves: [one], call: 2 * i + 1, ret: 2 * i + 2 }));
    expect(judged('rw-register', txns, true).valid).toBe(true);
    expect(judged('rw-register', txns.toSpliced(1, 1), true).valid).toBe(false);
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
