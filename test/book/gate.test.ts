import { describe, expect, it } from 'vitest';
import { gateChapter } from '../../src/book/gate.ts';
import { lintChapter } from '../../src/book/lint.ts';
import { chapterOf, DO, FRONT, fence, open, PREDICT, said } from './chapters.ts';

/** Each rule of the gate, shown a chapter that breaks it and nothing else. A rule that cannot fail guards nothing. */

const gate = (body: string): string[] => gateChapter(chapterOf(body), open).map(said);

describe('the gate over blocks', () => {
  it('lets a good section pass', () => {
    expect(gate(`## One\n\n<!-- S2 -->\n\n${fence('cap', 'set x apple\nexpect ok')}\n${fence('cap', 'read x\nexpect apple')}`)).toEqual([]);
  });

  it('names the line of a refused command', () => {
    expect(gate(fence('cap', 'set x apple\npartition a z'))).toEqual([
      expect.stringMatching(/^07-small\.md:9:1: this is refused: .*"?z"?/),
    ]);
  });

  it('names a claim that does not hold', () => {
    expect(gate(fence('cap', 'set x apple\nread x\nexpect pear'))).toEqual([
      expect.stringMatching(/^07-small\.md:10:1: expect pear does not hold: .*apple/),
    ]);
  });

  it('gives each section a world of its own, and its blocks one in common', () => {
    const body = (heading: string): string => `${fence('cap', 'set x apple')}${heading}\n${fence('cap', 'read x\nexpect apple')}`;
    expect(gate(body(''))).toEqual([]);
    expect(gate(body('## Two'))).toEqual([expect.stringMatching(/expect apple does not hold/)]);
  });

  it('asks for a run beside a claim, with an expect in it', () => {
    const says = expect.stringMatching(/^07-small\.md:9:1: the claim S7 has no run/);
    expect(gate('## One\n\n<!-- S7 -->\n')).toEqual([says]);
    expect(gate(`## One\n\n<!-- S7 -->\n\n${fence('cap', 'set x apple')}`)).toEqual([says]);
    expect(gate(`## One\n\n<!-- S7 -->\n\n## Two\n\n${fence('cap', 'set x apple\nexpect ok')}`)).toEqual([says]);
  });
});

describe('the gate over predictions', () => {
  const spoilt = (from: string | RegExp, to: string): string[] => gate(fence('exercise', PREDICT.replace(from, to)));

  it('lets a good one pass', () => {
    expect(spoilt('', '')).toEqual([]);
  });

  it.each([
    ['a setup that is refused', 'settle', 'partition z', /its setup or command is refused/],
    ['a command that is refused', 'command: read x@c', 'command: read x@z', /its setup or command is refused/],
    ['a choice that is no expectation here', 'expect: expect not ok', 'expect: expect leader a', /expect leader a is refused/],
    ['no right choice', 'value: init', 'value: pear\n    feedback: no', /none is right/],
    ['two right choices', 'expect: expect not ok', 'expect: expect ok', /2 are right/],
    ['a wrong choice without feedback', /\n {4}feedback: It cannot have heard of it\./, '', /the wrong choice "apple" has no feedback/],
    ['one hint', 'hints: [Whom does c ask?, Nobody.]', 'hints: [Whom does c ask?]', /fewer than two hints/],
  ])('objects to %s', (_, from, to, says) => {
    expect(spoilt(from, to)).toEqual([expect.stringMatching(says)]);
  });
});

describe('the gate over do exercises', () => {
  const spoilt = (from: string | RegExp, to: string): string[] => gate(fence('exercise', DO.replace(from, to)));

  it('lets a good one pass', () => {
    expect(spoilt('', '')).toEqual([]);
  });

  it.each([
    ['a setup that is refused', 'wait 1s', 'partition z', /its setup is refused/],
    ['a goal that is refused', 'goal: expect stale', 'goal: expect nonsense of all kinds', /is refused/],
    ['a start that is the goal already', 'goal: expect stale', 'goal: expect x@a = init', /its start already satisfies the goal/],
    ['a solution that is refused', 'partition c\n  set x apple @a', 'partition z\n  set x apple @a', /the solution is refused/],
    [
      'a solution that is none',
      'read x@c level=serializable\nalso',
      'read x@a\nalso',
      /the solution does not reach the goal: expect stale/,
    ],
    ['another solution that is none', 'read x@b level=serializable', 'read x@b', /the other solution 1 does not reach the goal/],
    ['another solution that is refused', 'read x@b level=serializable', 'read x@z', /the other solution 1 is refused/],
    ['no other solution', /also:[\s\S]*?near/, 'near', /no other solution/],
    [
      'the same solution twice',
      /(also:\n {2}- \|\n)[\s\S]*?near/,
      '$1    partition  c\n    set x apple @a\n    read x@c level=serializable\nnear',
      /is the solution again/,
    ],
    ['a single near miss', /\n {2}- commands: \|\n {6}partition c\n {6}set x apple[\s\S]*/, '', /fewer than two near misses/],
    ['a near miss that is refused', 'partition c\n      read x@c level', 'partition z\n      read x@c level', /near miss 1 is refused/],
    [
      'a near miss that solves it',
      'set x apple\n      read x@c',
      'set x apple\n      read x@c level=serializable',
      /near miss 2 reaches the goal/,
    ],
    ['a near miss that changes nothing', 'partition c\n      set x apple\n      read x@c', 'show', /near miss 2 changes nothing/],
    ['feedback said twice', 'An ordinary read refuses.', 'Nothing newer was written.', /near miss 2 says what near miss 1 says/],
  ])('objects to %s', (_, from, to, says) => {
    expect(spoilt(from, to)).toEqual([expect.stringMatching(says)]);
  });

  it('objects to a near miss that is taken for another', () => {
    const when = '    when: expect x@c = init\n';
    expect(spoilt('    feedback: Nothing newer', `${when}    feedback: Nothing newer`)).toEqual([
      expect.stringMatching(/near miss 2 is answered with the words of another: Nothing newer was written/),
    ]);
  });

  it('objects to a near miss that nothing recognises', () => {
    const when = '    when: expect stale\n';
    expect(spoilt('    feedback: An ordinary', `${when}    feedback: An ordinary`)).toEqual([
      expect.stringMatching(/near miss 2 is not recognised/),
    ]);
  });
});

describe('the look of a chapter', () => {
  const lint = (body: string): string[] => lintChapter(chapterOf(body), FRONT + body).map(said);
  const words = 'word '.repeat(220).replace(/(?:word ){15}/g, '$&\n');

  it('lets a plain page pass', () => {
    expect(lint(`${words}\n\n| ${'wide '.repeat(30)} |\n| --- |\n\n${fence('cap', 'set x apple # ★ ▲ ╱')}`)).toEqual([]);
  });

  it.each([
    ['prose wider than 100 columns', `${words}\n${'x'.repeat(101)}`, /101 columns wide, and 100/],
    ['a command wider than 60', `${words}\n\n${fence('cap', `set x ${'y'.repeat(55)}`)}`, /61 columns wide, and 60/],
    ['recorded output wider than 80', `${words}\n\n${fence('cap transcript', `> read x\n${'y'.repeat(81)}`)}`, /81 columns wide, and 80/],
    ['a glyph of two columns', `${words}\n\u{1f600}`, /does not take one column/],
    ['a sign made into an emoji', `${words}\n\u2601\ufe0f`, /does not take one column/],
    ['more minutes than it takes', 'Two words.', /minutes: says 1/],
    ['fewer minutes than it takes', `${words}\n`.repeat(3), /minutes: says 1/],
  ])('objects to %s', (_, body, says) => {
    expect(lint(body)).toEqual([expect.stringMatching(says)]);
  });
});
