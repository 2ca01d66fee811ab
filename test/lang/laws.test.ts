import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../src/core/problem.ts';
import { formatStatement, formatValue } from '../../src/lang/format.ts';
import { parseLine, parseScript } from '../../src/lang/parse.ts';
import type { Statement } from '../../src/lang/statement.ts';

const PIECES = [
  'set',
  'x',
  'a',
  '@',
  '@b',
  ' ',
  ' ',
  ' ',
  '=',
  '->',
  '-',
  '>',
  '<',
  '!',
  '|',
  ';',
  '&',
  '"',
  '\\',
  '"a b"',
  '\\u0041',
  '#',
  ':',
  'alice:',
  'é',
  '日',
  '🍎',
  '\ud83c',
  '\u0000',
  '\t',
  '5ms',
  '--',
];
const messy = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 24 })
  .map((parts) => parts.join(''));
const tidy = fc
  .array(fc.constantFrom(...PIECES.filter((piece) => !/[\u0000\ud83c]$/.test(piece))), { maxLength: 24 })
  .map((parts) => parts.join(''));

/** A statement without its places and spacing. */
function meaning(s: Statement): unknown {
  return {
    verb: s.verb,
    words: s.words.map((w) => [w.text, w.quoted]),
    options: s.options.map((o) => [o.name.text, o.value.text, o.value.quoted]),
    at: s.at?.text,
    client: s.client && [s.client.name.text, s.client.home?.text],
    background: s.background,
  };
}

describe('for any line', () => {
  it('parsing ends, and every place lies inside the line', () => {
    fc.assert(
      fc.property(messy, (line) => {
        const found = parseLine(line);
        const places =
          found instanceof Problem
            ? [found.at]
            : found.flatMap((s) => [s.place, s.verbAt, ...s.words, ...s.options.flatMap((o) => [o.name, o.value])]);
        for (const place of places) {
          if (place === undefined) throw new Error('a problem without a place');
          expect(place.from).toBeGreaterThanOrEqual(0);
          expect(place.from).toBeLessThan(place.to);
          expect(place.to).toBeLessThanOrEqual(line.length);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('what a bare word says is what stands at its place', () => {
    fc.assert(
      fc.property(tidy, (line) => {
        const found = parseLine(line);
        if (found instanceof Problem) return;
        for (const s of found) {
          expect(line.slice(s.place.from, s.place.to)).toBe(s.text);
          for (const word of s.words) if (!word.quoted) expect(line.slice(word.from, word.to)).toBe(word.text);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('the canonical form is read back as the same statement', () => {
    fc.assert(
      fc.property(tidy, (line) => {
        const found = parseLine(line);
        if (found instanceof Problem) return;
        for (const s of found) {
          const again = parseLine(formatStatement(s));
          if (again instanceof Problem) throw new Error(`${formatStatement(s)}: ${again}`);
          expect(again.map(meaning)).toEqual([meaning(s)]);
        }
      }),
      { numRuns: 5000 },
    );
  });
});

it('any value can be written down', () => {
  const value = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }).filter((s) => !/[\ud800-\udfff]/.test(s)),
    tidy.filter((s) => !/\ud83c(?!\udf4e)/.test(s)),
  );
  fc.assert(
    fc.property(value, (text) => {
      const found = parseLine(`set x ${formatValue(text)}`);
      if (found instanceof Problem) throw new Error(String(found));
      expect(found.map((s) => s.words.map((w) => w.text))).toEqual([['x', text]]);
    }),
    { numRuns: 3000 },
  );
});

it('a script is its lines', () => {
  fc.assert(
    fc.property(fc.array(tidy, { maxLength: 8 }), (lines) => {
      const script = parseScript(lines.join('\n'), 'f');
      const each = lines.map((line, i) => parseLine(line, { file: 'f', line: i + 1 }));
      expect(script.problems).toEqual(each.filter((found) => found instanceof Problem));
      expect(script.statements).toEqual(each.flatMap((found) => (found instanceof Problem ? [] : found)));
    }),
  );
});
