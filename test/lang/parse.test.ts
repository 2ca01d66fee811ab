import { describe, expect, it } from 'vitest';
import { Problem } from '../../src/core/problem.ts';
import { parseLine, parseScript } from '../../src/lang/parse.ts';
import type { Statement } from '../../src/lang/statement.ts';

function statements(line: string): readonly Statement[] {
  const found = parseLine(line);
  if (found instanceof Problem) throw new Error(`${found} at ${JSON.stringify(found.at)}`);
  return found;
}

function one(line: string): Statement {
  const found = statements(line);
  expect(found.length).toBe(1);
  const first = found[0];
  if (first === undefined) throw new Error('no statement');
  return first;
}

function problem(line: string): Problem {
  const found = parseLine(line);
  if (!(found instanceof Problem)) throw new Error(`this was read without a problem: ${line}`);
  return found;
}

const words = (line: string): string[] => one(line).words.map((word) => word.text);
const options = (line: string): string[] => one(line).options.map((option) => `${option.name.text}:${option.value.text}`);

describe('a line', () => {
  it('may be empty or a comment', () => {
    for (const line of ['', '   ', '\t', '# set x 1', '  # ; &', ';', ' ; ; ', '\ufeff', '\ufeff# note', '\r'])
      expect(statements(line)).toEqual([]);
  });

  it('is a verb with words', () => {
    const set = one('  SET x Apple  # a note');
    expect([set.verb, set.text, set.background]).toEqual(['set', 'SET x Apple', false]);
    expect(words('set x Apple')).toEqual(['x', 'Apple']);
    expect(set.place).toEqual({ from: 2, to: 13 });
    expect(set.words[1]).toEqual({ text: 'Apple', quoted: false, from: 8, to: 13 });
  });

  it('holds several commands', () => {
    expect(statements('set x 1 & set x 2 &').map((s) => [s.text, s.background])).toEqual([
      ['set x 1', true],
      ['set x 2', true],
    ]);
    expect(statements('set x 1;set y 2 ; ; show # all').map((s) => s.text)).toEqual(['set x 1', 'set y 2', 'show']);
    expect(statements('set x "a;b & c"; show').map((s) => s.text)).toEqual(['set x "a;b & c"', 'show']);
    expect(problem('& set x 1').at).toEqual({ from: 0, to: 1 });
    expect(problem('set x 1 && set x 2').at).toEqual({ from: 9, to: 10 });
  });

  it('takes # for a comment only where a word begins', () => {
    expect(words('set x a#b')).toEqual(['x', 'a#b']);
    expect(words('set x "#b" #c')).toEqual(['x', '#b']);
    expect(words('set x #b')).toEqual(['x']);
    expect(statements('show;#x')).toHaveLength(1);
  });

  it('reads the arrow, the bar and the equals sign first', () => {
    for (const line of ['cut a -> b', 'cut a->b', 'cut a ->b', 'cut a-> b']) expect(words(line)).toEqual(['a', '->', 'b']);
    for (const line of ['partition a | b c', 'partition a|b c']) expect(words(line)).toEqual(['a', '|', 'b', 'c']);
    expect(words('set x -5')).toEqual(['x', '-5']);
    expect(words('delay a-b.c 20ms')).toEqual(['a-b.c', '20ms']);
    expect(words('expect took <= 50ms')).toEqual(['took', '<=', '50ms']);
    expect(words('expect took < 50ms')).toEqual(['took', '<', '50ms']);
    expect(words('set x <b>')).toEqual(['x', '<b>']);
  });

  it('reads options with or without spaces, and dashes', () => {
    for (const line of ['read x level=Quorum', 'read x LEVEL = Quorum', 'read x --level=Quorum', 'read level=Quorum x']) {
      expect([options(line), words(line)]).toEqual([['level:Quorum'], ['x']]);
    }
    expect(options('use etcd pre-vote=false seed=3 nodes=a,b,c')).toEqual(['pre-vote:false', 'seed:3', 'nodes:a,b,c']);
    expect(options('use postgres synchronous_standby_names="FIRST 1 (b, c)"')).toEqual(['synchronous_standby_names:FIRST 1 (b, c)']);
    expect(options('use x filter=a=b|c->d')).toEqual(['filter:a=b|c->d']);
    expect(options('use x name=""')).toEqual(['name:']);
    expect(problem('read x level=').toString()).toContain('level= has no value');
    expect(problem('read x level=a level=b').at).toEqual({ from: 15, to: 20 });
  });

  it('keeps the equals sign behind a node as an operator', () => {
    for (const line of ['expect x@c = apple', 'expect x@c=apple', 'expect x @c = apple']) {
      const found = one(line);
      expect([found.words.map((w) => w.text), found.at?.text, found.options]).toEqual([['x', '=', 'apple'], 'c', []]);
    }
    expect(problem('x = 1').toString()).toContain('set x apple');
  });

  it('takes the node from anywhere behind the verb', () => {
    for (const line of ['set x@b apple', 'set x apple @b', 'set x @b apple', 'set @b x apple', 'set x apple@b']) {
      expect([words(line), one(line).at?.text]).toEqual([['x', 'apple'], 'b']);
    }
    expect(one('set x "a@b"').at).toBeUndefined();
    expect(one('set x "a"@b').at?.text).toBe('b');
    expect(problem('read x@').at).toEqual({ from: 6, to: 7 });
    expect(problem('read x @ b').at).toEqual({ from: 7, to: 8 });
    expect(problem('read x@b@c').at).toEqual({ from: 9, to: 10 });
    expect(problem('set x bob@-').toString()).toContain('needs quotes');
  });

  it('knows who acts', () => {
    expect(one('alice: read x').client).toMatchObject({ name: { text: 'alice' } });
    expect(one('alice@b:read x').client).toMatchObject({ name: { text: 'alice' }, home: { text: 'b' } });
    expect([one('alice@b: read x').verb, one('alice@b: read x').at]).toEqual(['read', undefined]);
    expect(words('set x 12:30')).toEqual(['x', '12:30']);
    expect(problem('alice:').toString()).toContain('not what to do');
    expect(problem('a1_: read x').at).toEqual({ from: 0, to: 3 });
  });
});

describe('values', () => {
  it('may be quoted, with the escapes of JSON', () => {
    expect(words('set x "a \\"b\\" \\u00e4\\n\\\\ \\/ ü 日本"')).toEqual(['x', 'a "b" ä\n\\ / ü 日本']);
    expect(one('expect "ok"').words[0]).toMatchObject({ text: 'ok', quoted: true });
    expect(words('set x ""')).toEqual(['x', '']);
    expect(words('set x 日本 é 🍎')).toEqual(['x', '日本', 'é', '🍎']);
  });

  it('say where a quote is wrong', () => {
    expect(problem('set x "abc').at).toEqual({ from: 6, to: 10 });
    expect(problem('set x "a\\"').at).toEqual({ from: 6, to: 10 });
    expect(problem('set x "a\\q"').at).toEqual({ from: 8, to: 10 });
    expect(problem('set x "\\u12"').at).toEqual({ from: 7, to: 9 });
    expect(problem('set x "\\ud800"').at).toEqual({ from: 6, to: 14 });
    expect(problem('set x a"b"').at).toEqual({ from: 7, to: 8 });
    expect(problem('set x "a"b').at).toEqual({ from: 9, to: 10 });
  });

  it('refuse what steers a terminal or is half a character, with its place', () => {
    for (const bad of ['\u0000', '\u001b', '\u007f', '\u009b', '\ud800', '\udc00', '\r', '\u000b']) {
      expect(problem(`set x a${bad}b`).at).toEqual({ from: 7, to: 8 });
    }
  });

  it('refuses lines beyond the limit at once, and reads long ones', () => {
    expect(problem(`set x ${'a'.repeat(1_000_000)}`).what).toContain('limit');
    expect(problem(`set x "${'\\'.repeat(65_000)}`).what).toContain('not closed');
    expect(words(`set x ${'a '.repeat(30_000)}`)).toHaveLength(30_001);
  });
});

describe('a script', () => {
  it('counts its lines and ignores the kinds of line ends', () => {
    const { statements: found, problems } = parseScript('\ufeffuse etcd\r\n\r\n# note\r\nset x 1; read x\r\n', 'a.cap');
    expect(problems).toEqual([]);
    expect(found.map((s) => [s.text, s.place.line, s.place.file])).toEqual([
      ['use etcd', 1, 'a.cap'],
      ['set x 1', 4, 'a.cap'],
      ['read x', 4, 'a.cap'],
    ]);
  });

  it('reports every line that is wrong', () => {
    const { problems } = parseScript('set x "a\nread x\nread x@\n', 'b.cap');
    expect(problems.map((p) => p.at)).toEqual([
      { from: 6, to: 8, file: 'b.cap', line: 1 },
      { from: 6, to: 7, file: 'b.cap', line: 3 },
    ]);
  });
});
