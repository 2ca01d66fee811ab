import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isProblem } from '../../src/core/problem.ts';
import { OTHER, operationsOf } from '../../src/history/columns.ts';
import { HISTORY_FORMATS } from '../../src/history/read.ts';
import { readIn } from './read.ts';

const folder = new URL('../histories/', import.meta.url);
const log = readFileSync(new URL('etcd_007.log', folder), 'utf8').split('\n').slice(0, 30).join('\n');
const edn =
  '; c\n#jepsen.history.Op{:index 0, :type :invoke, :process 0, :f :cas, :value ["kéy" [nil "a\\n"]]}\n{:type :ok, :process 0, :f :cas, :value ["kéy" [nil "a\\n"]] #_ x}\n[1 :invoke :read ["kéy" nil]]\n';
const lines =
  '{"process":0,"type":"invoke","f":"write","key":"x","value":"é\\n"}\n{"process":0,"type":"ok","f":"write","key":"x","value":null}\n';
const rows =
  '{"n":1,"command":"cas x 1 2","kind":"cas","outcome":"ok","client":"you","key":"x","value":"2","call":1,"return":2}\n{"p":0,"k":1,"f":"r","v":[1],"c":1,"r":null}\n';
const kv = readFileSync(new URL('c01-bad.txt', folder), 'utf8').split('\n').slice(0, 20).join('\n');
const txns =
  '{:index 0, :time 17, :type :invoke, :process 0, :f :txn, :value [[:append 1 2] [:r "x" nil]]}\n{:index 1, :time 99, :type :ok, :process 0, :f :txn, :value [[:append 1 2] [:r "x" [1 2N]]]}\n{:process :nemesis, :type :info, :f :start, :value {:a #{1}}}\n{:type :invoke, :process 1, :f :read, :value nil}\n{:type :ok, :process 1, :f :read, :value #{3 (1)}}\n';
const whole = Array.from(
  { length: 6 },
  (_, i) => `{"p":${i % 2},"k":1,"f":"${i % 2 === 0 ? 'w' : 'r'}","v":${i >> 1},"c":${2 * i + 1},"r":${2 * i + 2}}`,
).join('\n');
const session =
  '{"n":1,"command":"use etcd","kind":"use","at":0,"took":0,"outcome":"done"}\n{"n":2,"command":"set x 1","kind":"set","at":0,"took":1.5,"outcome":"ok","client":"you","node":"a","key":"x","value":"1","call":1,"return":2}\n{"n":3,"command":"partition a","kind":"partition","outcome":"done","sides":[["a"],["b"]]}\n{"n":4,"command":"undo","kind":"undo","outcome":"done"}\n{"n":5,"command":"cas x 1 2","kind":"cas","outcome":"fail","client":"you","key":"x","value":"2","call":3,"return":4,"expected":"1","compared":true,"process":"you#2"}\n{"summary":true}';
const seeds = [log, edn, `[${edn}]`, lines, rows, `[${lines.trim().replace('\n', ',')}]`, kv, txns, `(${txns})`, whole, session];
// Of most histories there are lines enough for what is learnt of one to be used on the next.
const long = [kv, txns.replaceAll('0, :f', '7, :f'), whole, lines].map((seed) =>
  Array.from({ length: 3 }, (_, i) => seed.replaceAll('"k":1', `"k":${i}`)).join('\n'),
);

/** A text that is almost a history: parts of one cut out, doubled, or replaced by bytes that mean something. */
const damaged = fc
  .record({
    seed: fc.constantFrom(...seeds, ...long),
    cuts: fc.array(
      fc.record({
        at: fc.nat(),
        length: fc.nat({ max: 12 }),
        put: fc.constantFrom(
          '',
          '{',
          '}',
          '[',
          ']',
          '"',
          '\\',
          ':',
          ',',
          '#',
          '#_',
          ';',
          '\n',
          'nil',
          '9',
          '-',
          'é',
          '\u{1f600}',
          ':type',
          '"type":',
          '\r\n',
          '\r',
          '\0',
          '\ufeff',
          '\u0001',
          '(',
          ')',
          '#{',
          '##NaN',
          '12345678901234567890123',
          '-0',
          '1e400',
          '\\u',
          '"\\ud800"',
          ':nemesis',
          '"nemesis"',
        ),
      }),
      { maxLength: 4 },
    ),
    end: fc.option(fc.nat()),
  })
  .map(({ seed, cuts, end }) => {
    let text = seed;
    for (const { at, length, put } of cuts) {
      const from = at % (text.length + 1);
      text = text.slice(0, from) + put + text.slice(from + length);
    }
    return end === null ? text : text.slice(0, end % (text.length + 1));
  });

const format = fc.constantFrom(undefined, ...HISTORY_FORMATS);

function check(bytes: Uint8Array, how: (typeof HISTORY_FORMATS)[number] | undefined, size: number): string {
  const read = readIn(bytes, size, how);
  if (!isProblem(read)) {
    if (![...read.words.values()].some(({ effect }) => effect === OTHER)) operationsOf(read);
    const values = Array.from(read.value, (code) => [read.texts.text(code), read.texts.elements(code)?.length]);
    return JSON.stringify([[...read.call], [...read.ret], values, read.keys, read.faults, [...(read.transactions?.value ?? [])]]);
  }
  expect(read.what).not.toBe('');
  if (read.at === undefined) return read.what;
  const source = new TextDecoder().decode(bytes).split('\n')[(read.at.line ?? 0) - 1];
  // Where the text ends too early the place is its end.
  expect(source).toBeDefined();
  expect(read.at.from).toBeLessThanOrEqual(Math.max(0, (source ?? '').length));
  expect(read.at.to).toBeGreaterThan(read.at.from);
  return `${read.at.line}:${read.at.from} ${read.what}`;
}

describe('readers of damaged histories', () => {
  it('never throw, and point into the text; pieces of any size say the same', () => {
    let refused = 0;
    fc.assert(
      fc.property(damaged, format, fc.integer({ min: 1, max: 40 }), (text, how, size) => {
        const bytes = new TextEncoder().encode(text);
        const whole = check(bytes, how, 1 << 20);
        if (/^\d+:/.test(whole)) refused++;
        expect(check(bytes, how, size)).toBe(whole);
      }),
      { numRuns: 1500 },
    );
    expect(refused).toBeGreaterThan(300);
  });

  it('read a history with bytes changed, or say where they do not', () => {
    let refused = 0;
    const changed = fc.tuple(
      fc.constantFrom(...seeds, ...long),
      fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('flip', 'put', 'cut', 'end')), { minLength: 1, maxLength: 3 }),
    );
    fc.assert(
      fc.property(changed, format, fc.integer({ min: 1, max: 200 }), ([seed, changes], how, size) => {
        let bytes = new TextEncoder().encode(seed);
        for (const [place, byte, what] of changes) {
          const at = place % (bytes.length + 1);
          const rest = bytes.slice(what === 'put' ? at : at + 1);
          bytes = Uint8Array.from([
            ...bytes.slice(0, at),
            ...(what === 'flip' || what === 'put' ? [byte] : []),
            ...(what === 'end' ? [] : rest),
          ]);
        }
        // The marks of other encodings are told by what comes first.
        if ((bytes[0] as number) >= 0xfe) return;
        const said = check(bytes, how, 1 << 20);
        if (/^\d+:/.test(said)) refused++;
        expect(check(bytes, how, size)).toBe(said);
      }),
      { numRuns: 1000 },
    );
    expect(refused).toBeGreaterThan(500);
  });

  it('take any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), format, (bytes, how) => {
        check(
          bytes.map((byte, i) => (i < 2 && byte >= 0xfe ? 1 : byte)),
          how,
          7,
        );
      }),
      { numRuns: 1000 },
    );
  });
});

describe('readers of what is far too much of something', () => {
  const many = 100_000;
  const event = (value: string): string => `{:process 0 :type :invoke :f :write :value ${value}}\n{:process 0 :type :ok :f :write}`;
  const object = (value: string): string => `{"p":0,"f":"w","v":${value},"c":1,"r":2}`;

  // Each of these takes a moment where the work is linear, and minutes where it is not.
  it.each([
    ['brackets', event('['.repeat(many)), '1:'],
    ['brackets and braces', object('[{"a":'.repeat(many)), '1:'],
    ['closing brackets', object(']'.repeat(many)), '1:'],
    ['digits', event('7'.repeat(many)), 'read'],
    ['digits', object(`1${'0'.repeat(many)}`), 'read'],
    ['a long string', object(`"${'\\n'.repeat(many)}"`), 'read'],
    ['a string without end', event(`"${'\\"'.repeat(many)}`), '2:'],
    ['a long keyword', event(`:${'a'.repeat(many)}`), 'read'],
    ['a long list', event(`[${'1 '.repeat(many)}]`), 'read'],
    ['a long list', object(`[${'1,'.repeat(many)}1]`), 'read'],
    ['a wide map', event(`{${Array.from({ length: many / 5 }, (_, i) => `:k${i} [${i}]`).join(' ')}}`), 'read'],
    ['discarded forms', `${'#_ '.repeat(many)}${event('1')}`, '1:'],
    ['comments', `${';\n'.repeat(many)}${event('1')}`, 'read'],
    ['lines of nothing', `${'\n'.repeat(many)}${object('1')}`, 'read'],
    ['blanks in a log', `INFO jepsen.util${' '.repeat(many)}`, 'h:'],
    ['beginnings in a log', `${'INFO jepsen.util - '.repeat(many / 10)}`, '1:'],
    ['tags', `${'#a '.repeat(many)}${event('1')}`, '1:'],
    [
      'nemeses',
      '{:process :nemesis :type :info :f :start-x :value 1}\n{:process :nemesis :type :info :f :kill}\n'.repeat(many / 10) + event('1'),
      'read',
    ],
    [
      'journeys',
      `${'{"n":1,"kind":"set","outcome":"ok","key":"x","value":"1","call":1,"return":2}\n'.repeat(many / 25)}${'{"n":2,"kind":"undo","command":"undo 3000"}\n{"n":2,"kind":"redo","command":"redo 3000"}\n'.repeat(many / 25)}`,
      'read',
    ],
    ['fields', `{${Array.from({ length: many / 5 }, (_, i) => `"x${i}":${i},`).join('')}"p":0,"f":"w","v":1,"c":1,"r":2}`, 'read'],
    ['processes', Array.from({ length: many / 20 }, (_, i) => `{:process ${i * 99_991} :type :invoke :f :read}`).join('\n'), 'read'],
  ])('%s, %#', (_, text, says) => {
    for (const how of [undefined, ...HISTORY_FORMATS]) {
      const said = check(new TextEncoder().encode(text), how, 50_000);
      if (how === undefined) expect(said.startsWith('[') ? 'read' : said.slice(0, says.length)).toBe(says);
    }
  });
});

it('every recorded history is read whole, in pieces too', () => {
  const path = fileURLToPath(folder);
  for (const name of readdirSync(path).filter((file) => /\.(log|txt)$/.test(file))) {
    const bytes = readFileSync(`${path}${name}`);
    const whole = check(bytes, undefined, bytes.length);
    expect(whole).not.toMatch(/^\d+:/);
    expect(check(bytes, undefined, 1000)).toBe(whole);
    expect(check(bytes, 'porcupine', 1 << 20)).toBe(whole);
  }
});
