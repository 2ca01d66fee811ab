import { describe, expect, it } from 'vitest';
import { isProblem } from '../../src/core/problem.ts';
import { type Columns, NEVER } from '../../src/history/columns.ts';
import { readIn, where } from './read.ts';

function read(text: string): Columns {
  const columns = readIn(text, 1 << 20);
  if (isProblem(columns)) throw new Error(where(columns));
  return columns;
}

const faults = (text: string): string[] => read(text).faults.map(({ text: says, from, to }) => `${says} ${from}-${to === NEVER ? '' : to}`);
const nemesis = (f: string, value = 'nil'): string => `{:process :nemesis, :type :info, :f ${f}, :value ${value}}`;
const op = (type: string, f = ':read'): string => `{:process 0, :type ${type}, :f ${f}, :value nil}`;

describe('times', () => {
  const times = (text: string): unknown => {
    const { callUs, returnUs } = read(text);
    return callUs === undefined ? undefined : [[...callUs], [...(returnUs as Float64Array)]];
  };

  it('are nanoseconds in events', () => {
    expect(
      times(
        '{:process 0 :type :invoke :f :read :time 1500}{:process 0 :type :ok :f :read :time 7000}{:process 1 :type :invoke :f :read :time 8000}',
      ),
    ).toEqual([
      [1.5, 8],
      [7, Number.POSITIVE_INFINITY],
    ]);
    expect(
      times('{"process":0,"type":"invoke","f":"read","time":1e3}\n{"process":0,"type":"info","f":"read","time":12345678901234567}'),
    ).toEqual([[1], [Number.POSITIVE_INFINITY]]);
    expect(times('{:process 0 :type :ok :f :read :time 2000}')).toEqual([[2], [2]]);
  });

  it('are milliseconds in rows and whole operations', () => {
    expect(times('{"p":0,"f":"r","v":1,"c":3,"r":4,"at":2.5,"took":0.25}\n{"p":0,"f":"w","v":1,"c":1,"r":2,"at":0.001,"took":1}')).toEqual([
      [1, 2500],
      [1001, 2750],
    ]);
  });

  it('are those of all operations, or of none', () => {
    expect(times('{:process 0 :type :invoke :f :read :time 1}{:process 0 :type :ok :f :read}')).toBeUndefined();
    expect(times('{:process 0 :type :invoke :f :read}{:process 0 :type :ok :f :read :time 1}')).toBeUndefined();
    expect(times('{:process 0 :type :invoke :f :read :time nil}')).toBeUndefined();
    expect(times('{:process 0 :type :invoke :f :read :time "now"}')).toBeUndefined();
  });
});

describe('what a nemesis did', () => {
  it.each([
    [
      'lasts until the end of what undoes it',
      [
        op(':invoke'),
        nemesis(':start'),
        nemesis(':start', '"Cut off n1"'),
        op(':ok'),
        nemesis(':stop'),
        op(':invoke'),
        nemesis(':stop', '"healed"'),
        op(':ok'),
        op(':invoke'),
      ],
      ['start "Cut off n1" 1-4'],
    ],
    [
      'lasts until its own end, where nothing undoes it',
      [nemesis(':bump-x'), nemesis(':shift'), op(':invoke'), nemesis(':shift', '{n1 3}'), op(':ok')],
      ['bump-x 0-', "shift {'n1 3} 0-2"],
    ],
    [
      'is undone by subject',
      [
        nemesis(':start-partition'),
        nemesis(':start-partition', ':majority'),
        nemesis(':kill'),
        nemesis(':kill', '{n1 :killed}'),
        op(':invoke'),
        nemesis(':start'),
        nemesis(':start'),
        op(':ok'),
        nemesis(':stop-partition'),
        nemesis(':stop-partition'),
        op(':invoke'),
      ],
      ['start-partition :majority 0-3', "kill {'n1 :killed} 0-2"],
    ],
    ['that was never undone lasts to the end', [op(':invoke'), nemesis(':pause', '#{n2}'), op(':ok')], ["pause #{'n2} 1-"]],
  ])('%s', (_, lines, says) => {
    expect(faults(lines.join('\n'))).toEqual(says);
  });

  it('is told by clients of no number, in logs and in JSON too', () => {
    expect(
      faults(`${op(':invoke')}{:process :clock, :type :info, :f :reset-x}{:process :clock, :type :info, :value 7}${op(':ok')}`),
    ).toEqual(['clock 7 1-2']);
    expect(
      faults(
        'INFO  jepsen.util - :nemesis\t:info\t:start\tnil\nINFO  jepsen.util - 0\t:invoke\t:read\tnil\nINFO  jepsen.util - :nemesis\t:info\t:start\t"Cut off"\nINFO  jepsen.util - 0\t:ok\t:read\tnil',
      ),
    ).toEqual(['start "Cut off" 0-']);
    expect(faults('{"process":0,"type":"invoke","f":"read"}\n{"process":"nemesis","type":"info","f":"kill","value":["n1"]}')).toEqual([
      'kill [n1] 1-',
    ]);
  });
});

describe('what commands did to a cluster', () => {
  const row = (n: number, call: number, back: number): string =>
    `{"n":${n},"command":"set x ${n}","kind":"set","outcome":"ok","client":"c${n}","key":"x","value":"${n}","call":${call},"return":${back}}`;
  const command = (n: number, text: string): string => `{"n":${n},"command":"${text}","kind":"${text.split(' ')[0]}","outcome":"done"}`;

  it.each([
    [
      'stands between the operations before and after',
      [row(1, 1, 2), command(2, 'partition a b'), row(3, 3, 4), command(4, 'heal'), row(5, 5, 6)],
      ['partition a b 2-5'],
    ],
    [
      'stands behind the calls of commands before it',
      [command(2, 'crash a'), row(1, 1, 4), row(3, 2, 3), command(4, 'restart')],
      ['crash a 1-'],
    ],
    [
      'ends for each node and each link on its own',
      [
        command(1, 'crash a b'),
        command(2, 'cut b -> a'),
        row(3, 1, 2),
        command(4, 'restart b'),
        command(5, 'heal a b'),
        row(6, 3, 4),
        command(7, 'restart'),
        row(8, 5, 6),
      ],
      ['crash a 0-5', 'crash b 0-3', 'cut b -> a 0-3'],
    ],
    [
      'a new partition takes the place of the old one',
      [command(1, 'partition a'), row(2, 1, 2), command(3, 'partition b'), row(4, 3, 4)],
      ['partition a 0-3', 'partition b 2-'],
    ],
    ['was taken back', [row(1, 1, 2), command(2, 'partition a'), command(3, 'wait 1s'), command(4, 'undo 2'), row(5, 3, 4)], []],
    [
      'was taken back and done again',
      [row(1, 1, 2), command(2, 'pause a 8s'), command(3, 'undo'), command(4, 'redo'), row(5, 3, 4)],
      ['pause a 2-'],
    ],
  ])('%s', (_, lines, says) => {
    expect(faults(lines.join('\n'))).toEqual(says);
  });

  it('what is not in the rows cannot be gone back to', () => {
    const problem = readIn([row(1, 1, 2), command(2, 'use etcd'), row(3, 1, 2), command(4, 'undo 2')].join('\n'), 1 << 20);
    expect(isProblem(problem) && where(problem)).toBe(
      '4:1: this takes back more than was done with the cluster, so what holds after it is not in these rows',
    );
  });
});
