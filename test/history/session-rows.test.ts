import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isProblem } from '../../src/core/problem.ts';
import { type Columns, EFFECTS, NEVER } from '../../src/history/columns.ts';
import { columnsOf } from '../../src/history/of-operations.ts';
import type { Operation } from '../../src/history/operation.ts';
import { ednHistory, jsonHistory } from '../../src/history/write.ts';
import type { Session } from '../../src/session/session.ts';
import { jsonRow } from '../../src/shells/run/jsonl.ts';
import { anySeed, faultLine, fresh, operationLine, play, timeLine } from '../harness/scripts.ts';
import { readIn, where } from './read.ts';

function read(lines: readonly string[]): Columns {
  const columns = readIn(lines.join('\n'), 1 << 20);
  if (isProblem(columns)) throw new Error(`${where(columns)}\n${lines.join('\n')}`);
  return columns;
}

/** What `run --json` prints of these lines. */
function rowsOf(session: Session, lines: readonly string[]): string[] {
  const replies = lines.flatMap((line) => play(session, line));
  const job = session.close();
  for (;;) {
    const step = job.step(50_000);
    if (step.done) return [...replies, step.reply].flatMap((reply) => reply.rows.map((row) => jsonRow(row, undefined)));
  }
}

interface Detail {
  /** How processes and values are called: not everybody can keep their names. */
  readonly process?: (name: string) => string;
  readonly value?: (text: string) => string;
  readonly unequal?: boolean;
}

/** All that columns say, with places in the order of events for ranks. A read whose outcome is unknown says nothing. */
function told(columns: Columns, { process = same, value = same }: Detail = {}): string[] {
  const { count, effect, status, call, ret, key, keys, texts, callUs, returnUs } = columns;
  const ranks = [...call, ...ret].filter((rank) => rank !== NEVER).sort((a, b) => a - b);
  const places = new Map(ranks.map((rank, i) => [rank, i]));
  const valued = (code: number): string => {
    const elements = texts.elements(code);
    const text = (one: number): string => value(texts.text(one) ?? 'nil');
    return elements === undefined ? text(code) : `[${Array.from(elements, text).join(' ')}]`;
  };
  return Array.from({ length: count }, (_, i) => {
    const end = ret[i] === NEVER ? '' : places.get(ret[i] as number);
    const times = callUs === undefined ? '' : `${callUs[i]}..${returnUs?.[i]}`;
    const of = process(texts.text(columns.process[i] as number) ?? 'nil');
    return `${of} ${EFFECTS[effect[i] as number]} ${keys[key[i] as number]} ${valued(columns.expected[i] as number)} ${valued(columns.value[i] as number)} ${status[i]} ${places.get(call[i] as number)}-${end} ${times}`;
  });
}

const same = (text: string): string => text;
const withIds = (columns: Columns): string[] => told(columns).map((line, i) => `#${columns.id[i]} ${line}`);

const cassandraLine = fc.constantFrom(
  'add n 3',
  'add n -2',
  'read n',
  'append l v',
  'append l "a b" &',
  'read l',
  'remove l v',
  'read l@b',
  'set x 7',
  'read x@c',
);
const travelLine = fc.oneof(
  fc.constantFrom('undo', 'undo', 'undo 2', 'redo'),
  fc.integer({ min: 0, max: 3000 }).map((ms) => `rewind ${ms}ms`),
);
const anyScript = (data: fc.Arbitrary<string>, travel: number): fc.Arbitrary<string[]> =>
  fc.array(
    fc.oneof(
      { weight: 6, arbitrary: data },
      { weight: 2, arbitrary: faultLine },
      { weight: 1, arbitrary: timeLine },
      { weight: 1, arbitrary: fc.constantFrom('as bob', 'as you', 'bob: read x', 'bob: set x 1 &') },
      { weight: travel, arbitrary: travelLine },
    ),
    { minLength: 1, maxLength: 16 },
  );

describe('what a session did', () => {
  it.each([
    ['etcd', operationLine],
    ['cassandra', cassandraLine],
  ] as const)('is read again from the rows of its run, from its JSON Lines and from its EDN (%s)', (system, data) => {
    let operations = 0;
    fc.assert(
      fc.property(anyScript(data, 0), anySeed, (lines, seed) => {
        const session = fresh(system, seed);
        const rows = rowsOf(session, lines);
        const done = session.operations();
        if (done.length === 0) return;
        operations += done.length;
        const columns = columnsOf(done);
        expect(withIds(read(rows))).toEqual(withIds(columns));
        expect(withIds(read(jsonHistory(done, () => 'a')))).toEqual(withIds(columns));
        const numbered = columnsOf(done.map((op, i) => ({ ...op, process: numbersOf(done)[i] as string })));
        const unquoted = { value: (text: string) => text.replace(/^"(.*)"$/, '$1') };
        expect(told(read(ednHistory(done)), unquoted)).toEqual(told(numbered, unquoted));
      }),
      { numRuns: 60 },
    );
    expect(operations).toBeGreaterThan(150);
  });

  it('is what was not taken back', () => {
    let travels = 0;
    fc.assert(
      fc.property(anyScript(operationLine, 3), anySeed, (lines, seed) => {
        const session = fresh('etcd', seed);
        // What was taken back shows only where something follows.
        const rows = rowsOf(session, [...lines, 'read x']);
        const columns = readIn(rows.join('\n'), 1 << 20);
        if (isProblem(columns)) return;
        const done = session.operations();
        if (done.length === 0) return;
        if (rows.some((row) => /"kind":"(undo|rewind)"/.test(row))) travels++;
        expect(withIds(columns)).toEqual(withIds(columnsOf(done)));
      }),
      { numRuns: 120 },
    );
    expect(travels).toBeGreaterThan(30);
  });

  it('what was open when the run went back is open again, unless its end is told again', () => {
    const row = (n: number, call: number, back: number): string =>
      `{"n":${n},"kind":"set","outcome":"ok","client":"c${n}","key":"x","value":"${n}","call":${call},"return":${back}}`;
    const undo = '{"n":4,"kind":"undo","command":"undo","outcome":"done"}';
    const rows = [row(1, 1, 2), row(3, 4, 5), row(2, 3, 6), undo, row(5, 4, 5)];
    const of = (lines: readonly string[]): string[] => withIds(read(lines)).map((line) => line.replace(/ [\d.NaN]*$/, ''));
    expect(of(rows)).toEqual(['#1 c1 write x nil 1 0 0-1', '#2 c2 write x nil 2 2 2-', '#5 c5 write x nil 5 0 3-4']);
    expect(of([...rows, row(2, 3, 7)])[1]).toBe('#2 c2 write x nil 2 0 2-5');
  });

  it('an operation that still runs can be taken back too', () => {
    const session = fresh('etcd', 1);
    const columns = read(rowsOf(session, ['set x 1 &', 'undo', 'set x 2 &', 'partition a', 'undo', 'read x']));
    expect(withIds(columns)).toEqual(withIds(columnsOf(session.operations())));
    expect(columns.count).toBe(2);
    expect(columns.faults).toEqual([]);
  });
});

it('EDN names no process again that got no answer', () => {
  const op = (id: number, call: number, back: number, status: Operation['status']): Operation => ({
    ...{ id, process: 'p', client: 'p', node: 0, effect: 'cas', key: 'x', value: 'a b', expected: '7', status },
    ...{ callRank: call, returnRank: back, callUs: call * 10, returnUs: back * 10 },
  });
  expect(
    ednHistory([op(1, 1, Number.POSITIVE_INFINITY, 'unknown'), op(2, 2, 3, 'ok'), { ...op(3, 4, 5, 'fail'), compared: true }]),
  ).toEqual([
    '{:index 0, :time 10000, :type :invoke, :process 0, :f :cas, :value ["x" [7 "a b"]]}',
    '{:index 1, :time 20000, :type :invoke, :process 1, :f :cas, :value ["x" [7 "a b"]]}',
    '{:index 2, :time 30000, :type :ok, :process 1, :f :cas, :value ["x" [7 "a b"]]}',
    '{:index 3, :time 40000, :type :invoke, :process 1, :f :cas, :value ["x" [7 "a b"]]}',
    '{:index 4, :time 50000, :type :fail, :process 1, :f :cas, :value ["x" [7 "a b"]], :compared true}',
  ]);
});

/** A number for each process, in order of their first operations; a process that got no answer goes on under a new one. */
function numbersOf(done: ReturnType<Session['operations']>): string[] {
  const numbers = new Map<string, string>();
  let next = 0;
  return [...done]
    .sort((a, b) => a.callRank - b.callRank)
    .map(({ process, returnRank }) => {
      const number = numbers.get(process) ?? String(next++);
      if (Number.isFinite(returnRank)) numbers.set(process, number);
      else numbers.delete(process);
      return number;
    });
}

describe('sessions of clients', () => {
  const at = (id: number, process: string, key: string, callRank: number, returnRank: number): Operation => ({
    ...{ id, process, client: process.replace(/#\d+$/, ''), node: 0, effect: 'read', key, value: null },
    ...{ status: Number.isFinite(returnRank) ? 'ok' : 'unknown', callRank, returnRank, callUs: callRank, returnUs: returnRank },
  });

  it('go on over processes, from what had returned, with the same key first', () => {
    const { session } = columnsOf([
      at(1, 'you', 'x', 1, Number.POSITIVE_INFINITY),
      at(2, 'you#2', 'x', 2, 3),
      at(3, 'bob', 'x', 4, 5),
      at(4, 'you#3', 'x', 6, 9),
      at(5, 'you#4', 'y', 7, 10),
      at(6, 'you#2', 'y', 8, 11),
      at(7, 'you#2', 'x', 12, 13),
      at(8, 'you#2', 'y', 14, 15),
      at(9, 'you#2', 'z', 16, 17),
    ]);
    // The fourth goes on from the first line; what overlaps it has lines of its own; later ones go on where their key was last.
    expect([...(session ?? [])]).toEqual([0, 0, 1, 0, 2, 3, 0, 3, 3]);
  });
});
