import { describe, expect, it } from 'vitest';
import { Problem } from '../../src/core/problem.ts';
import { parseLine } from '../../src/lang/parse.ts';
import { Reader } from '../../src/lang/words.ts';

function reader(line: string): Reader {
  const found = parseLine(line);
  if (found instanceof Problem || found[0] === undefined) throw new Error(String(found));
  return new Reader(found[0], 'delay a b 50ms');
}

const at = (found: unknown): unknown => (found instanceof Problem ? [found.at?.from, found.at?.to] : found);

describe('the reader of words', () => {
  it('takes what it is asked for', () => {
    const r = reader('delay a -> b 50ms 3 20% 0.25x "ok"');
    expect(r.node(['a', 'b'])).toBe(0);
    expect(r.keyword('->')).toBe('->');
    expect(r.node(['a', 'b'])).toBe(1);
    expect(r.duration()).toBe(50_000);
    expect(r.integer('n', 1, 9)).toBe(3);
    expect(r.percent('a share')).toBe(20);
    expect(r.factor('a rate')).toBe(0.25);
    expect(r.keyword('ok')).toBeUndefined();
    expect(r.value()).toBe('ok');
    expect(r.end()).toBeUndefined();
  });

  it('takes nothing where it finds something else', () => {
    const r = reader('delay z -> b');
    expect(at(r.node(['a', 'b']))).toEqual([6, 7]);
    expect(at(r.duration())).toEqual([6, 7]);
    expect(at(r.integer('n', 1, 9))).toEqual([6, 7]);
    expect(r.value()).toBe('z');
    expect(at(r.value())).toEqual([8, 10]);
    expect(at(r.end())).toEqual([8, 10]);
    expect(r.left).toBe(2);
  });

  it('points at the end where a word is missing', () => {
    const r = reader('delay a');
    r.skip();
    expect(at(r.duration())).toEqual([6, 7]);
  });

  it('reads comparisons glued and apart', () => {
    for (const line of ['expect took < 50ms', 'expect took <50ms', 'expect took<50ms', 'expect took< 50ms']) {
      expect(reader(line).comparison('took')).toMatchObject({ operator: '<', operand: { text: '50ms' } });
    }
    expect(reader('expect took>=50ms').comparison('took')).toMatchObject({ operator: '>=', operand: { text: '50ms', from: 13 } });
    expect(reader('expect tooks').comparison('took')).toBeUndefined();
    expect(reader('expect took').comparison('took')).toBeInstanceOf(Problem);
    expect(reader('expect took <').comparison('took')).toBeInstanceOf(Problem);
  });

  it('suggests the option, the node and the quotes that were meant', () => {
    expect(String(reader('read x levle=one').noOptions(['level']))).toContain('did you mean level=?');
    expect(String(reader('crash node2').node(['node1', 'n2']))).toContain('did you mean node1?');
    const r = reader("set x 'a b'");
    r.skip();
    r.skip();
    expect(String(r.end())).toContain('"double"');
    expect(String(reader('heal @b').noNode())).toContain('leave @b away');
  });
});
