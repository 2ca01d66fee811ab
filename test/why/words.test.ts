import { describe, expect, it } from 'vitest';
import { ruleBook } from '../../src/sim/rules.ts';
import { nodesNamed, nodesSingled, phrase, sentence, timesNamed } from '../../src/why/sentence.ts';
import { retarget } from '../../src/why/suggest.ts';
import { list, often, shortTime } from '../../src/why/words.ts';

const names = (proc: number): string => String.fromCharCode(97 + proc);
const rules = ruleBook({
  refused: { says: '{node:node} refused {key}: {held:nodes} hold it since {age:time}, {n} needed', effect: 'refused' },
});
const facts = { node: 2, key: 'x', held: [0, 1], age: 1_400_000, n: 3 };

describe('the sentence of a rule', () => {
  it('prints facts as they are, nodes by name and times with a unit', () => {
    expect(sentence(rules.refused, facts, names)).toBe('c refused x: a and b hold it since 1.4 s, 3 needed');
    expect(phrase('votes for {who:node}', { who: 1 }, names)).toBe('votes for b');
    expect(sentence(rules.refused, { ...facts, held: [] }, names)).toContain(': none hold it');
  });

  it('is a bug of its system where a fact is missing or of the wrong kind', () => {
    const { age: _, ...rest } = facts;
    expect(() => sentence(rules.refused, rest, names)).toThrow('rule "refused" was stated without its fact {age:time}');
    expect(() => sentence(rules.refused, { ...facts, node: 'c' }, names)).toThrow('rule "refused", fact {node:node} is no number: "c"');
    expect(() => sentence(rules.refused, { ...facts, held: 'a' }, names)).toThrow('is no list of nodes');
  });

  it('tells which nodes and times it names', () => {
    expect(nodesNamed(rules.refused, facts)).toEqual([2, 0, 1]);
    expect(nodesSingled(rules.refused, facts)).toEqual([2]);
    expect(timesNamed(rules.refused, facts)).toEqual([1_400_000]);
  });
});

describe('words', () => {
  it.each([
    [0, '0 µs'],
    [999, '999 µs'],
    [1000, '1 ms'],
    [1620, '1.62 ms'],
    [500_000, '500 ms'],
    [999_700, '1 s'],
    [7_000_000, '7 s'],
    [90_000_000, '1.5 min'],
    [86_400_000_000 * 11, '11 d'],
    [-5000, '-5 ms'],
  ])('%i µs is %s', (us, text) => {
    expect(shortTime(us)).toBe(text);
  });

  it('finds the rhythm in times', () => {
    expect(often([5])).toBe('');
    expect(often([5, 9])).toBe('twice');
    expect(often([0, 500_000, 1_000_000, 1_501_000])).toBe('4 times, every 500 ms');
    expect(often([0, 10_000, 3_000_000])).toBe('3 times in 3 s');
    expect(often([7, 7, 7])).toBe('3 times');
  });

  it('lists names', () => {
    expect([list([]), list(['a']), list(['a', 'b']), list(['a', 'b', 'c'])]).toEqual(['', 'a', 'a and b', 'a, b and c']);
    expect(list(['a', 'b', 'c', 'd', 'e', 'f'])).toBe('a, b, c, d and 2 more');
  });

  it.each([
    ['read x@c', 'read x@a'],
    ['read x', 'read x@a'],
    ['read x@c level=serializable', 'read x@a level=serializable'],
    ['set x apple @b', 'set x apple @a'],
    ['set x "mail@home" @b', 'set x "mail@home" @a'],
    ['set x "mail@home"', 'set x@a "mail@home"'],
    ['alice@b: read x@c', 'alice@b: read x@a'],
    ['cas x old new &', 'cas x@a old new'],
    ['repair', 'repair @a'],
  ])('%s at a is %s', (text, other) => {
    expect(retarget(text, 'a')).toBe(other);
  });
});
