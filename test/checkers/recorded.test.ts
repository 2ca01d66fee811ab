import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finish, type KeyFinding, overall } from '../../src/checkers/model.ts';
import { judgeRegisters } from '../../src/checkers/registers/judge.ts';
import { viewOf } from '../../src/checkers/registers/part.ts';
import { zonesOf } from '../../src/checkers/registers/zones.ts';
import { dataTypes, fits, inferType } from '../../src/checkers/types.ts';
import { isProblem } from '../../src/core/problem.ts';
import { type Columns, operationsOf } from '../../src/history/columns.ts';
import { readHistory } from '../../src/history/read.ts';
import { allRows, bySearch, byZones, searchRows, sparing, stepsOf } from './searching.ts';
import { anyTexts, textOracle } from './texts.ts';

function read(text: string | Uint8Array): Columns {
  const columns = readHistory(typeof text === 'string' ? new TextEncoder().encode(text) : text, 'h');
  if (isProblem(columns)) throw new Error(String(columns));
  return columns;
}

function verdicts(columns: Columns, steps = 20_000_000): readonly KeyFinding[] {
  const type = inferType(columns);
  if (type === undefined) throw new Error('no type fits');
  const judging = judgeRegisters(columns, [...columns.keys.keys()], type, { steps });
  for (;;) {
    const step = judging.next();
    if (step.done === true) return step.value;
  }
}

describe('recorded histories', () => {
  const folder = fileURLToPath(new URL('../histories/', import.meta.url));
  const known = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<string, boolean>;

  it.each(readdirSync(folder).filter((name) => /\.(log|txt)$/.test(name)))('%s gets its known verdict', (name) => {
    expect(overall(verdicts(read(readFileSync(join(folder, name)))))).toBe(known[name]);
  });

  // Twice what each takes today. Without the place of appends c10-bad.txt takes millions, without any other rule of the search some log several times as many.
  it.each(
    Object.entries({
      ...{ 'c01-bad.txt': 40, 'c01-ok.txt': 66, 'c10-bad.txt': 186, 'c10-ok.txt': 418 },
      ...{ 'etcd_000.log': 54, 'etcd_002.log': 66, 'etcd_005.log': 44, 'etcd_007.log': 52, 'etcd_010.log': 20 },
      ...{ 'etcd_016.log': 20, 'etcd_018.log': 56, 'etcd_026.log': 34, 'etcd_040.log': 22, 'etcd_045.log': 56 },
    }),
  )('%s takes few steps', (name, most) => {
    const columns = read(readFileSync(join(folder, name)));
    let steps = 0;
    columns.keys.forEach((_, key) => {
      const rows = allRows(columns).filter((row) => columns.key[row] === key);
      steps += stepsOf(columns, rows);
    });
    expect(steps).toBeGreaterThan(0);
    expect(steps).toBeLessThanOrEqual(most);
  });
});

describe('long histories', () => {
  const lines = (count: number, line: (i: number) => string): string => Array.from({ length: count }, (_, i) => line(i)).join('\n');
  // Forty clients at once; in round r each writes a value, and reads go round behind the writes.
  const rounds = (value: (of: number, i: number) => string): Columns =>
    read(
      lines(8000, (i) => {
        const [round, client] = [Math.floor(i / 40), i % 40];
        const at = 1 + round * 200 + client;
        const [f, of] = client % 2 === 0 ? ['w', i] : ['r', i - 1];
        return `{"p":${client},"k":1,"f":"${f}","v":${value(of, i)},"c":${at},"r":${at + 100}}`;
      }),
    );

  it('with values that come again later take few steps for each operation, however much runs at once', () => {
    // Each value comes back every ten rounds; in every round the reads fix the order of twenty writes at once.
    const columns = rounds((of) => String(of % 400));
    expect(searchRows(columns, allRows(columns))).toBe(true);
    expect(stepsOf(columns, allRows(columns))).toBeLessThan(8000);
  });

  it('that are wrong in one place say so in few operations', () => {
    const columns = rounds((of, i) => (i === 4001 ? '300' : String(of % 400)));
    const [finding] = verdicts(columns, 100_000);
    expect(finding).toMatchObject({ valid: false, unplaced: [4001] });
    expect(finding?.witness?.length).toBeLessThan(4);
  });
});

describe('texts that grow', () => {
  it.each([
    ['ab', 'any'],
    ['<1>', 'marked'],
  ] as const)('agree with the definition on small histories (%s: %s texts)', (_, kind) => {
    const seen = new Set<unknown>();
    fc.assert(
      fc.property(anyTexts(6, kind), (history) => {
        const verdict = bySearch(history);
        seen.add(verdict);
        expect(verdict).toBe(textOracle(history));
      }),
      { numRuns: 1500 },
    );
    expect(seen).toEqual(new Set([true, false]));
  });
});

it('an unknown append may be what an unknown comparison found', () => {
  const rows = [
    '{"process":0,"f":"append","key":"x","value":"<1","call":1}',
    '{"process":1,"f":"cas","key":"x","expected":"<1","value":"<2","call":2}',
    '{"process":2,"f":"read","key":"x","value":"<2","call":3,"return":4}',
  ];
  expect(overall(verdicts(read(rows.join('\n'))))).toBe(true);
  expect(overall(verdicts(read(rows.slice(1).join('\n'))))).toBe(false);
});

/**
 * Operations of two registers in which each value is written once, as JSON Lines with ranks of their own. Values are distinct in the whole history or only for each key, lie near each
 * other or far apart, and may be numbers and texts: what was written is looked up in other ways then.
 */
const columnsOf = fc
  .tuple(
    fc.array(
      fc.record({
        write: fc.boolean(),
        key: fc.nat({ max: 1 }),
        pick: fc.nat({ max: 4 }),
        status: fc.constantFrom('ok', 'ok', 'ok', 'unknown', 'fail'),
        gap: fc.nat({ max: 2 }),
        length: fc.integer({ min: 1, max: 8 }),
      }),
      { minLength: 1, maxLength: 9 },
    ),
    fc.boolean(),
    fc.constantFrom(1, 100_000_000),
    fc.boolean(),
  )
  .map(([list, shared, apart, texts]) => {
    const named = (n: number): number | string => (texts && n % 2 === 0 ? `v${n}` : n * apart);
    let now = 1;
    const written = [0, 0];
    return list
      .map(({ write, key, pick, status, gap, length }, i) => {
        now += gap;
        if (write) written[key] = (written[key] as number) + 1;
        const value = write ? named(shared ? (written[key] as number) : i + 1) : pick === 0 ? null : named(pick);
        return JSON.stringify({ process: i, f: write ? 'write' : 'read', key: `k${key}`, value, call: now, return: now + length, status });
      })
      .join('\n');
  });

describe('zones over columns', () => {
  it('say what the zones of each key say, and prove what they refuse', () => {
    const seen = new Set<unknown>();
    fc.assert(
      fc.property(columnsOf, (text) => {
        const columns = read(text);
        const zones = finish(zonesOf(viewOf(columns, false)));
        const operations = operationsOf(columns);
        columns.keys.forEach((key, k) => {
          const part = operations.filter((op) => op.key === key);
          const broken = zones.broken.get(k);
          seen.add(broken?.length);
          expect(zones.open[k]).toBe(0);
          expect(broken === undefined).toBe(bySearch(part));
          if (broken !== undefined) expect(byZones(operationsOf(columns, new Set(broken)))).toBe(false);
        });
      }),
      { numRuns: 2000 },
    );
    expect(seen.size).toBeGreaterThan(2);
  });

  it('leave to the search what was written twice, compared or deleted', () => {
    const open = (...lines: string[]): number | undefined => finish(zonesOf(viewOf(read(lines.join('\n')), false))).open[0];
    const one = '{"process":0,"f":"write","key":"x","value":1,"call":1,"return":2}';
    expect(open(one, one.replace('"call":1', '"call":3').replace('"return":2', '"return":4'))).toBe(1);
    expect(open(one, '{"process":0,"f":"cas","key":"x","value":[1,2],"call":3,"return":4}')).toBe(1);
    expect(open(one, '{"process":0,"f":"write","key":"x","value":null,"call":3,"return":4}')).toBe(1);
    expect(open(one)).toBe(0);
  });

  it('find what nobody wrote beside a key that is left to the search', () => {
    const one = '{"process":0,"f":"write","key":"x","value":1,"call":1,"return":2}';
    const again = '{"process":0,"f":"write","key":"x","value":1,"call":5,"return":6}';
    const zones = finish(
      zonesOf(viewOf(read([one, '{"process":1,"f":"read","key":"y","value":7,"call":3,"return":4}', again].join('\n')), false)),
    );
    expect([...zones.open]).toEqual([1, 0]);
    expect([...zones.broken]).toEqual([[1, [1]]]);
  });

  it('do not mind how long a history is or how much runs at once', () => {
    // Forty thousand writes by fifty clients at once, some read; then a value that was overwritten long ago.
    const lines: string[] = [];
    for (let i = 0; i < 40_000; i++) {
      const at = 200 * Math.floor(i / 50) + (i % 50);
      lines.push(
        `{"p":${i % 50},"k":1,"f":"w","v":${i},"c":${at},"r":${at + 50}}`,
        `{"p":${50 + (i % 50)},"k":1,"f":"r","v":${i},"c":${at + 100},"r":${at + 150 + (i % 50)}}`,
      );
      if (i % 50 !== 49) lines.pop();
    }
    expect(verdicts(read(lines.join('\n')), 0)).toMatchObject([{ valid: true, operations: 40_800 }]);
    const stale = verdicts(read([...lines, '{"p":0,"k":1,"f":"r","v":5000,"c":9000000,"r":9000001}'].join('\n')), 0);
    expect(stale).toMatchObject([{ valid: false, reason: expect.stringContaining('#40801') }]);
    expect(stale[0]?.witness?.length).toBeLessThanOrEqual(6);
  });
});

describe('a counterexample among texts', () => {
  it('is made by dropping only what a linearizable history can spare', () => {
    let smaller = 0;
    fc.assert(
      fc.property(anyTexts(6, 'any'), fc.nat({ max: 5 }), fc.nat({ max: 5 }), (history, from, size) => {
        fc.pre(textOracle(history));
        const part = sparing(history, from, Math.min(history.length, from + size));
        if (part.length < history.length) smaller++;
        expect(textOracle(part)).toBe(true);
      }),
      { numRuns: 1500 },
    );
    expect(smaller).toBeGreaterThan(150);
  });

  it('says what a read lacks', () => {
    const event = (process: number, type: string, f: string, value: string): string =>
      `{:process ${process} :type :${type} :f :${f} :key 1 :value ${value}}`;
    const done = (process: number, f: string, value: string): string[] => [
      event(process, 'invoke', f, f === 'get' ? 'nil' : value),
      event(process, 'ok', f, value),
    ];
    const reason = (...events: readonly string[][]): unknown => verdicts(read(events.flat().join('\n')))[0]?.reason;
    expect(reason(done(0, 'append', '"a"'), done(0, 'append', '"b"'), done(1, 'get', '"b"'))).toBe(
      '#3 read a text without a, which #1 had appended before #3 began',
    );
    const open = [event(0, 'invoke', 'append', '"a"')];
    expect(reason(open, done(1, 'get', '"a"'), done(2, 'get', '""'))).toBe(
      '#3 read a text that does not go on from what #2 had read before #3 began',
    );
    expect(reason(done(0, 'put', '"a"'), done(1, 'get', '"ab"'))).toMatch(/#\d/);
  });
});

describe('the type of the objects', () => {
  const typed = (...fs: readonly string[]): unknown => {
    const columns = read(fs.map((f, i) => `{:process ${i} :type :invoke :f :${f} :key 1 :value [1 2]}`).join('\n'));
    return [inferType(columns)?.name, dataTypes.filter((type) => fits(type, columns)).map(({ name }) => name)];
  };

  it('is the simplest that has all operations', () => {
    expect(typed('read', 'write')).toEqual(['register', ['register', 'cas-register', 'kv']]);
    expect(typed('read', 'cas')).toEqual(['cas-register', ['cas-register', 'kv']]);
    expect(typed('get', 'put')).toEqual(['kv', ['register', 'cas-register', 'kv']]);
    expect(typed('read', 'append')).toEqual(['kv', ['kv', 'list']]);
    expect(typed('write', 'append')).toEqual(['kv', ['kv']]);
    expect(typed('read', 'add', 'cas')).toEqual([undefined, []]);
  });

  it('reads nothing as "" in a map of texts alone', () => {
    const history = (put: string, get: string): Columns =>
      read(
        `{:process 0 :type :invoke :f :${get} :key 1}{:process 0 :type :ok :f :${get} :key 1 :value ""}{:process 0 :type :invoke :f :${put} :key 1 :value "a"}`,
      );
    expect(overall(verdicts(history('put', 'get')))).toBe(true);
    expect(overall(verdicts(history('write', 'read')))).toBe(false);
  });
});

it('an easy key that is wrong is found beside a hard one', () => {
  const hard: string[] = [];
  // Each of five values is exchanged for each other one, all at once, beside two values that none of these leads to.
  const pairs = [0, 1, 2, 3, 4].flatMap((from) => [0, 1, 2, 3, 4].filter((to) => to !== from).map((to) => `[${from},${to}]`));
  hard.push('{"p":0,"k":1,"f":"w","v":0,"c":1,"r":2}');
  for (const [i, pair] of [...pairs, '[8,9]', '[9,8]'].entries())
    hard.push(`{"p":${i},"k":1,"f":"cas","v":${pair},"c":${i + 3},"r":${100 + i}}`);
  const easy = [
    '{"p":30,"k":2,"f":"w","v":1,"c":500,"r":501}',
    '{"p":30,"k":2,"f":"w","v":1,"c":502,"r":503}',
    '{"p":30,"k":2,"f":"r","v":null,"c":504,"r":505}',
  ];
  const columns = read([...hard, ...easy].join('\n'));
  const [first, second] = verdicts(columns, 10_000);
  expect([first?.valid, second?.valid]).toEqual(['undecided', false]);
  expect(second?.witness?.map((row) => columns.effect[row])).toContain(0);
});
