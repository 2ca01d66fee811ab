import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isProblem } from '../../src/core/problem.ts';
import { operationsOf } from '../../src/history/columns.ts';
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
const seeds = [log, edn, `[${edn}]`, lines, rows, `[${lines.trim().replace('\n', ',')}]`];

/** A text that is almost a history: parts of one cut out, doubled, or replaced by bytes that mean something. */
const damaged = fc
  .record({
    seed: fc.constantFrom(...seeds),
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
    if (read.words.size > 0 && ![...read.words.values()].some(({ effect }) => effect > 5)) operationsOf(read);
    return JSON.stringify([...read.call, ...read.ret, ...read.value]);
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
      { numRuns: 3000 },
    );
    expect(refused).toBeGreaterThan(300);
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
      { numRuns: 1500 },
    );
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
