import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, fitted, styledWidth } from '../../src/shells/tui/styled.ts';
import { selfContained, wrapHard, wrapWords } from '../../src/shells/tui/wrap.ts';
import { drawn } from './oracle.ts';

const bare = (text: string): string => text.replace(/\u001b\[[\d;]*m/g, '');
const letters = (text: string): string => bare(text).replace(/\s/g, '');

const word = fc.constantFrom('a', 'word', 'long-hyphened/word', 'é', '한국어', 'x'.repeat(30), '✓', '—');
const style = fc.constantFrom(
  '1',
  '2',
  '22',
  '3',
  '23',
  '4',
  '24',
  '7',
  '27',
  '31',
  '39',
  '92',
  '38;5;9',
  '38;2;1;2;3',
  '44',
  '49',
  '0',
  '1;31',
  '',
);
const piece = fc.oneof(
  { weight: 3, arbitrary: word },
  { weight: 3, arbitrary: fc.constantFrom(' ', '  ', '\n', '\n\n') },
  { weight: 2, arbitrary: style.map((code) => `\u001b[${code}m`) },
);
const styled = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(''));
const width = fc.integer({ min: 2, max: 40 });

describe('wrapping', () => {
  it('breaks between words, drops the blanks there, and keeps line ends', () => {
    expect(wrapWords('one two  three\nfour', 8)).toEqual(['one two', 'three', 'four']);
    expect(wrapWords('', 8)).toEqual(['']);
    expect(wrapWords('  a\n\nb', 8)).toEqual(['a', '', 'b']);
  });

  it('breaks a word that is too long, after a hyphen or slash if it can', () => {
    expect(wrapWords('a https://example.org/x/y', 14)).toEqual(['a https://', 'example.org/x/', 'y']);
    expect(wrapWords('xxxxxxxxxxxxxxxxxxxx', 8)).toEqual(['xxxxxxxx', 'xxxxxxxx', 'xxxx']);
  });

  it('closes and opens styles at every line end, nested ones too', () => {
    expect(wrapWords('\u001b[1mone \u001b[33mtwo three\u001b[39m four\u001b[22m', 7)).toEqual([
      '\u001b[1mone \u001b[33mtwo\u001b[39m\u001b[22m',
      '\u001b[1m\u001b[33mthree\u001b[39m\u001b[22m',
      '\u001b[1mfour\u001b[22m',
    ]);
  });

  it('keeps the blanks of code', () => {
    expect(wrapHard('  a   bcd', 5)).toEqual(['  a  ', ' bcd']);
  });

  it('clips and fills', () => {
    expect(clip('\u001b[31mabcdef\u001b[39m', 4, '…')).toBe('\u001b[31mabc\u001b[39m…');
    expect(clip('한국어', 3)).toBe('한');
    expect(fitted('ab', 4)).toBe('ab  ');
    expect([clip('abc', 0), clip('abc', 1, '…'), clip('abc', -3)]).toEqual(['', 'a', '']);
  });
});

describe('laws of wrapping', () => {
  it.each([
    ['words', wrapWords],
    ['hard', wrapHard],
  ])('%s: no line is too wide and no letter is lost', (_how, wrap) => {
    fc.assert(
      fc.property(styled, width, (text, cols) => {
        const lines = wrap(text, cols);
        for (const line of lines) expect(styledWidth(line)).toBeLessThanOrEqual(cols);
        expect(letters(lines.join(''))).toBe(letters(text));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['words', wrapWords],
    ['hard', wrapHard],
    ['not at all', selfContained],
  ])('%s: every letter looks on its line, alone, as it looked in the whole', async (_how, wrap) => {
    await fc.assert(
      fc.asyncProperty(styled, width, async (text, cols) => {
        const lines = wrap(text, cols).slice(0, 38);
        const [whole = [], bar = [], ...looks] = await drawn([text.replace(/\n/g, ' '), '|', ...lines, ...lines.map((l) => `${l}|`)]);
        const apart = looks.slice(0, lines.length).flat();
        // What comes after a line takes on nothing from it.
        for (const look of looks.slice(lines.length)) expect(look.at(-1)).toBe(bar[0]);
        expect(apart).toEqual(lines.length < 38 ? whole : whole.slice(0, apart.length));
      }),
      { numRuns: 250 },
    );
  });

  it('clipping keeps the beginning, its looks, and leaves no style open', async () => {
    await fc.assert(
      fc.asyncProperty(styled, fc.nat(40), async (text, cols) => {
        const [line = ''] = selfContained(text);
        const cut = clip(line, cols);
        expect(styledWidth(cut)).toBeLessThanOrEqual(cols);
        const [whole = [], looks = [], after = [], bar = []] = await drawn([line, cut, `${cut}|`, '|']);
        expect(looks).toEqual(whole.slice(0, looks.length));
        expect(after.at(-1)).toBe(bar[0]);
        expect(styledWidth(fitted(line, cols))).toBe(cols);
      }),
      { numRuns: 100 },
    );
  });
});
