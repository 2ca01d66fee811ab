import { describe, expect, it } from 'vitest';
import { explainCommand } from '../../src/why/command.ts';
import { explain } from '../../src/why/explain.ts';
import { printed, Stage } from './scene.ts';
import { leadership } from './toy-leader.ts';
import { type RegisterRequest, register } from './toy-register.ts';

/** Explanations of a register that every node has a copy of, and of bare leadership: no protocol is known to `why`, so any will do. */
const write = (value: string, need: number, version?: number): RegisterRequest => ({
  write: value,
  need,
  ...(version === undefined ? {} : { version }),
});
const indented = (lines: readonly string[]): string => lines.join('\n');

function apart(): { stage: Stage; wrote: number } {
  const stage = new Stage(register);
  stage.call('set x init', write('init', 3), 0);
  stage.do('partition a b');
  return { stage, wrote: stage.call('set x apple', write('apple', 2), 0) };
}

describe('an operation that ended well', () => {
  it('tells who answered, who was not needed, and where the time went', () => {
    const { stage, wrote } = apart();
    const lines = stage.why(wrote);
    expect(lines[0]).toMatch(/^set x apple ended ok after \d\.\d{3} ms$/);
    expect(indented(lines)).toContain('not waited for: a asked c: lost on link a–c, cut by command 2, partition a b');
    expect(indented(lines)).toMatch(/where the time went: 2 messages b–a 1\.\d+ ms · disk flush of [ab] \d+ µs/);
  });

  it('blames what made it slow, and offers to mend it', () => {
    const stage = new Stage(register);
    stage.do('slow b 500ms');
    const op = stage.call('set x apple', write('apple', 3), 0);
    expect(indented(stage.why(op))).toMatch(/2 messages b–a 501 ms \(command 1, slow b 500ms\)/);
    expect(explain(stage.input(op)).suggestions[0]).toEqual({ commands: ['slow b 0ms'], text: 'slow b 0ms' });
  });
});

describe('a stale read', () => {
  it('tells where the newest value was, whom the read asked, and what kept it from there', () => {
    const { stage, wrote } = apart();
    const read = stage.call('read x@c', { need: 1 }, 2);
    const newest = { op: wrote, value: 'apple', returnUs: stage.finished(wrote)?.returnUs ?? 0 };
    expect(stage.why(read, { newest }).slice(0, 3)).toEqual([
      'read x@c ended ok after 100.000 µs, and is stale',
      '  the newest value, apple (command 3, set x apple, acknowledged just before), was on a and b; the read asked c',
      '    c never got it: lost on link a–c, cut by command 2, partition a b',
    ]);
    const { suggestions } = explain(stage.input(read, { newest, alternatives: [{ command: 'read x@c level=all', caveat: 'slower' }] }));
    expect(suggestions.map(({ text }) => text)).toEqual([
      'heal; settle',
      'read x@c level=all',
      'settle',
      'read x@a',
      'read x@b',
      'heal a c',
    ]);
    expect(suggestions[1]).toEqual({ commands: [], replacement: 'read x@c level=all', text: 'read x@c level=all', caveat: 'slower' });
  });

  it('knows a copy that waits in a frozen process', () => {
    const stage = new Stage(register);
    stage.call('set x init', write('init', 3), 0);
    stage.do('pause c');
    const wrote = stage.call('set x apple', write('apple', 2), 0);
    stage.do('wait 10ms');
    const read = stage.begin('read x@c', { need: 1 }, 2);
    stage.do('wait 10ms');
    const newest = { op: wrote, value: 'apple', returnUs: stage.finished(wrote)?.returnUs ?? 0 };
    expect(indented(stage.why(read, { newest }))).toContain(
      'the request to c waits in the frozen process of c, paused by command 2, pause c',
    );
  });

  it('says which write was ignored for its age', () => {
    const stage = new Stage(register);
    stage.call('set x new', write('new', 3, 9), 0);
    const old = stage.call('set x old', write('old', 3, 5), 0);
    expect(indented(stage.why(old, { gone: true }))).toContain(
      'it was acknowledged, and no node holds it any more\n    a, b and c ignored version 5: it holds 9',
    );
  });
});

describe('an operation without an answer', () => {
  it('names the need, the missing peers, the link and the command', () => {
    const { stage } = apart();
    const read = stage.call('read x@c', { need: 3 }, 2);
    expect(indented(stage.why(read))).toContain(
      'copies counted by c, 1 of 3 (c): c asked a and b: lost on links c–a and c–b, cut by command 2, partition a b',
    );
  });

  it('tells an answer that was lost from a question that was lost', () => {
    const stage = new Stage(register);
    stage.begin('set x apple &', write('apple', 3), 0);
    stage.do('wait 1ms');
    stage.world.run(stage.world.nowUs + 300, 0, 1000);
    stage.do('cut a b');
    stage.do('wait 3000ms');
    expect(indented(stage.why(1))).toMatch(/2 of 3 \(a and c\): (b answered|a asked b): lost on link [ab]–[ab], cut by command 3, cut a b/);
  });

  it('names a peer that is down, and one that is frozen', () => {
    const stage = new Stage(register);
    stage.do('crash c');
    stage.do('pause b');
    const op = stage.call('set x apple', write('apple', 3), 0);
    const lines = indented(stage.why(op));
    expect(lines).toContain('what a asked b waits in the frozen process of b, paused by command 2, pause b');
    expect(lines).toContain('a asked c: lost: c was down since command 1, crash c');
    expect(explain(stage.input(op)).suggestions.map(({ text }) => text)).toEqual(
      expect.arrayContaining(['resume b', 'restart c', 'resume b; restart c; settle']),
    );
  });

  it('names what keeps a question waiting at a slow node', () => {
    const stage = new Stage(register);
    stage.do('slow b 3000ms');
    const op = stage.call('set x apple', write('apple', 3), 0);
    expect(indented(stage.why(op))).toContain('2 of 3 (a and c): what a asked b waits at b, slowed by command 1, slow b 3000ms');
  });

  it('tells what became of it after its client had given up', () => {
    const stage = new Stage(register);
    stage.call('set x new', write('new', 3, 9), 0);
    stage.do('slow b 3000ms');
    const op = stage.call('set x apple', write('apple', 3, 5), 0);
    stage.do('wait 4000ms');
    expect(stage.why(op).at(-1)).toBe('  later, after 3 s b ignored version 5: it holds 9');
  });

  it('explains what is still pending from what has happened so far', () => {
    const stage = new Stage(register);
    stage.do('partition a');
    const op = stage.begin('set x apple &', write('apple', 2), 0);
    stage.do('wait 100ms');
    const lines = stage.why(op);
    expect(lines[0]).toBe('set x apple & is pending');
    expect(indented(lines)).toContain('a asked b and c: lost on links a–b and a–c, cut by command 1, partition a');
  });

  it('names the crash that broke the connection', () => {
    const stage = new Stage(register);
    stage.do('partition a');
    const op = stage.begin('set x apple &', write('apple', 2), 0);
    stage.do('wait 100ms');
    stage.do('crash a');
    stage.do('wait 1ms');
    expect(stage.why(op).slice(0, 2)).toEqual([
      expect.stringMatching(/^set x apple & ended unknown after 10\d\.\d+ ms: connection reset$/),
      '  a crashed while it served you: command 4, crash a',
    ]);
  });
});

describe('an operation that failed', () => {
  it('gives the reason of the refusal', () => {
    const stage = new Stage(register);
    const op = stage.call('read x@c', { need: 9 }, 2);
    expect(stage.why(op)).toEqual(['read x@c ended fail after 100.000 µs: too many', '  c refused: 9 answers cannot come from 3 nodes']);
  });

  it('names the crash behind a refused connection', () => {
    const stage = new Stage(register);
    stage.do('crash c');
    const op = stage.call('read x@c', { need: 1 }, 2);
    expect(stage.why(op)[1]).toBe('  c refused the connection: it was down since command 1, crash c');
  });

  it('goes back to what the refusing node had found out, and why', () => {
    const stage = new Stage(leadership);
    stage.do('wait 300ms');
    stage.do('partition a');
    stage.do('wait 2000ms');
    const lines = indented(stage.why(stage.call('set x 1', {}, 0)));
    expect(lines).toMatch(
      /a does not lead\n {4}.* before: a stepped down: within 600 ms only none answered\n {6}\d+ messages? from .* lost on .*, cut by command 2, partition a/,
    );
  });
});

describe('a command that is no operation', () => {
  it('tells what a wait brought: who was missed, who was elected, by whose votes', () => {
    const stage = new Stage(leadership);
    stage.do('wait 300ms');
    stage.do('partition a');
    const fromUs = stage.world.nowUs;
    const n = stage.do('wait 2000ms');
    const lines = printed(explainCommand({ ...stage.scene(), n, text: 'wait 2s', fromUs, toUs: stage.world.nowUs }));
    expect(lines[0]).toBe('wait 2s let 2 s pass:');
    expect(indented(lines)).toMatch(/after \d+ ms: ([bc]) leads term 2\n {4}votes for \1: 2 of 2/);
    expect(indented(lines)).toMatch(/messages from a to b lost on link a–b, cut by command 2, partition a/);
  });

  it('tells what a fault has cost so far', () => {
    const stage = new Stage(leadership);
    const n = stage.do('partition a');
    stage.do('wait 2000ms');
    const lines = printed(explainCommand({ ...stage.scene(), n, text: 'partition a', fromUs: 0, toUs: stage.world.nowUs }));
    expect(lines[1]).toMatch(/^ {2}\d+ messages lost on links a–b and a–c, \d+ of them periodic$/);
  });
});
