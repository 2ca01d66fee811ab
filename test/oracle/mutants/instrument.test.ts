import { describe, expect, it } from 'vitest';
import { source } from '../../harness/house/source.ts';
import { guarded, NAMES, probed, siteAt, type Watched, watched } from './instrument.ts';

const CODE = [
  'function f(a, b = 3) {',
  '  if (a < 3) return b;',
  '  else if (a > 9) a++;',
  '  for (let i = 0; i < a; i++) if (i & 1) continue;',
  '  const g = (x) => x ? a && b : (() => ({ a }))();',
  '  switch (a) { case 4: { a++; break; } case 5: return g(0).a; default: a--; }',
  '  do a--; while (a > 0);',
  '  return g(1);',
  '}',
  'const K = 7;',
  'class A { x = () => { return 1; }; *g() { for (const x of [1, 2]) yield x; } }',
].join('\n');

const file = (code = CODE): Watched => watched(source('a.js', code), 100);

/** What the sites of an expression's run were, and what it gave. */
function ran(
  text: string,
  expression: string,
  rounds = 1000,
): { readonly result: unknown; readonly seen: Uint8Array; readonly left: number } {
  const seen = new Uint8Array(200);
  const work = {
    left: rounds,
    stop() {
      throw new Error('on and on');
    },
  };
  const result: unknown = new Function(...NAMES, `${text}\nreturn ${expression};`)(seen, work);
  return { result, seen, left: work.left };
}

/** Whether a piece of the text ran. */
const reached = (expression: string, piece: string): boolean => {
  const start = CODE.indexOf(piece);
  const site = siteAt(file(), start, start + piece.length);
  return site === undefined || ran(probed(file()), expression).seen[100 + site] === 1;
};

describe('a text with probes', () => {
  it.each(['f(1)', 'f(4)', 'f(5)', 'f(10)', 'f(12)', 'f(7, 2)', '[...new A().g(), new A().x()]'])('says the same of %s', (expression) => {
    const { result } = ran(CODE, expression);
    expect(ran(probed(file()), expression).result).toEqual(result);
    expect(ran(guarded(file()), expression).result).toEqual(result);
  });

  it.each([
    ['f(1)', 'return b', true],
    ['f(1)', 'a > 9', false],
    ['f(1)', 'b = 3', true],
    ['f(4)', 'a > 9', true],
    ['f(4)', 'a++', false],
    ['f(10)', 'a++', true],
    ['f(4)', 'continue', true],
    ['f(4)', 'break', true],
    ['f(5)', 'break', false],
    ['f(5)', '({ a })', true],
    ['f(6)', '({ a })', false],
    ['f(6)', 'a && b', true],
    ['f(5)', 'a && b', false],
    ['f(6)', 'a--; }', true],
    ['1', 'a < 3', false],
    ['1', '7', true],
    ['new A()', 'return 1', false],
    ['new A().x()', 'return 1', true],
  ])('knows of %s whether it ran `%s`: %s', (expression, piece, expected) => {
    expect(reached(expression, piece)).toBe(expected);
  });
});

describe('a text whose loops are counted', () => {
  const planted = (code: string, from: string, to: string): string => {
    const start = code.indexOf(from);
    return guarded(file(code), { start, end: start + from.length, to });
  };

  it.each([
    ['for (;;) { if (b) break; }', '(b)', '(false)'],
    ['for (let i = 0; i < 9; i++) a++;', 'i++', 'i--'],
    ['while (b) { a++; b = a < 9; }', 'b = a < 9;', ';'],
    ['do b = a++ < 9; while (b)', 'a++', 'a--'],
    ['for (const x of c) { if (c.length < 9) c.push(x); }', 'c.length < 9', 'true'],
    ['for (const x of c) for (;;) { if (x) break; }', 'x) break', '0) break'],
  ])('%s ends with %s -> %s too', (loop, from, to) => {
    const code = `let a = 0, b = true; const c = [1];\n${loop}`;
    expect(() => ran(planted(code, from, to), 'a')).toThrow('on and on');
  });

  it('counts rounds', () => {
    expect(ran(guarded(file('let n = 0;\nfor (let i = 0; i < 9; i++) while (n < 5) n++;')), 'n').left).toBe(1000 - 9 - 5);
  });

  it('takes what is planted, whatever stands around it', () => {
    const code = 'let n = 0;\nfor (let i = 0; i < 9; i++) n += i;\nfor (const x of [1]) { n++; }';
    expect(ran(planted(code, 'n += i;', ';'), 'n').result).toBe(1);
    expect(ran(planted(code, 'n++;', ';'), 'n').result).toBe(36);
    expect(ran(planted(code, '9', '3'), 'n').result).toBe(4);
  });
});
