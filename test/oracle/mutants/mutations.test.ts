import { describe, expect, it } from 'vitest';
import { source } from '../../harness/house/source.ts';
import { mutationsOf } from './mutations.ts';

const mutants = (code: string): string[] =>
  mutationsOf(source('a.ts', code)).map(({ start, end, to }) => code.slice(0, start) + to + code.slice(end));

describe('planted mistakes', () => {
  it.each([
    ['f(a < b);', ['f(a <= b);']],
    ['f(a && b || c);', ['f(a && b && c);', 'f(a || b || c);']],
    ['const x = a + 1;', ['const x = a - 1;', 'const x = a + 2;', 'const x = a + 0;']],
    ['const x = !done;', ['const x = (done);']],
    ['const x = true;', ['const x = false;']],
    ['const x = a ? b : c;', ['const x = true ? b : c;', 'const x = false ? b : c;']],
    ['for (;;) { if (a) continue; }', ['if (true)', 'if (false)', 'if (a) ;']],
  ])('%s', (code, expected) => {
    const found = mutants(code);
    for (const one of expected) expect(found.some((text) => text.includes(one))).toBe(true);
  });

  it.each(['budget.steps -= look(4 - 3);', 'budget.rows -= 4;', 'steps -= 4;', 'budget.steps -= n++;', 'if (--budget.steps <= 0) f();'])(
    'some in %s',
    (code) => {
      expect(mutants(code)).not.toEqual([]);
    },
  );

  it.each([
    "import { a } from './a.ts';",
    'type A = 1 | 2; let x: A;',
    'function* f() { yield { done: 0, of: n }; if ((i & 7) === 0) yield { done: i, of: n }; }',
    'const x = `a` + "b";',
    'throw new Error(String(1 + 2));',
    'const room = 1024;',
    'budget.steps -= 4 + (rows.length >> 2) * (at[i] as number);',
    'this.steps += end - begin;',
  ])('none in %s', (code) => {
    expect(mutants(code)).toEqual([]);
  });
});
