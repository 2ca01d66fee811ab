import { afterAll, describe, expect, it } from 'vitest';
import { Place } from '../harness/cli.ts';

const place = new Place();
afterAll(() => place.remove());

describe('help', () => {
  it.each([
    [['--help']],
    [['help']],
    [['run', '--help']],
    [['help', 'run']],
    [['repl', '-h']],
    [['verify', '--help']],
    [['learn', '--help']],
  ])('%j goes to standard output, with examples', (words) => {
    const { stdout, stderr, code } = place.run(words);
    expect(stdout).toMatch(/^Usage: cap-tutor/);
    expect(stdout).toMatch(/\nExamples:\n {2}cap-tutor/);
    expect([stderr, code]).toEqual(['', 0]);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('says which version this is', () => {
    expect(place.run(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(place.run(['run', '-', '--version']).stdout).toBe(place.run(['--version']).stdout);
  });
});

describe('wrong words', () => {
  it.each([
    ['a command', ['runn', 'x.cap'], /did you mean run\?/],
    ['a command far from any', ['xyzzy'], /there is no command "xyzzy"/],
    ['an option', ['run', '--sed', '3', 'x.cap'], /Did you mean --seed\?/],
    ['an option of the program', ['--asci'], /Did you mean --ascii\?/],
    ['a format', ['run', '--format', 'xml', 'x.cap'], /text, jsonl, tap, junit/],
    ['a word too many', ['systems', 'etcd'], /too many arguments/],
    ['a script for the prompt', ['repl', 'x.cap'], /too many arguments/],
    ['no script', ['run'], /missing required argument 'script'/],
    ['two formats', ['run', '--json', '--format', 'tap', 'x.cap'], /contradict/],
    ['a seed', ['run', '--seed', 'x', '-'], /--seed: "x" is not a whole number/],
    ['a negative seed', ['run', '--seed', '-3', '-'], /--seed: "-3"/],
    ['a seed too large', ['run', '--seed', '4294967296', '-'], /--seed/],
    ['a system', ['run', '--system', 'etdc', '-'], /did you mean etcd\?/],
    ['a node twice', ['run', '--nodes', 'a,b,a', '-'], /a is named twice/],
    ['a node that is no name', ['run', '--nodes', 'a,,b', '-'], /cannot be the name of a node/],
    ['a node called you', ['run', '--nodes', 'you,b', '-'], /name of the client/],
  ])('%s', (_, words, pattern) => {
    const { stdout, stderr, code } = place.run(words, 'set x 1\n');
    expect(stderr).toMatch(pattern);
    expect(stderr).toMatch(/^cap-tutor: /);
    expect([stdout, code]).toEqual(['', 2]);
  });
});

describe('what is not there yet', () => {
  it.each(['compare', 'pacelc', 'reproduce', 'export', 'present', 'roster', 'author', 'doctor'])('%s says so', (name) => {
    const { stdout, stderr, code } = place.run([name, 'some', 'words', '--system', 'etcd', '-o', 'x']);
    expect(stderr).toMatch(new RegExp(`^cap-tutor: ${name}: not yet; .*\\n$`));
    expect([stdout, code]).toEqual(['', 2]);
  });
});

describe('without a terminal', () => {
  it.each([[[]], [['learn']], [['learn', '1']], [['--ascii']]])('%j is one sentence', (words) => {
    const { stdout, stderr, code } = place.run(words);
    expect(stderr).toMatch(/^cap-tutor: the textbook fills a terminal, and this is none; [^\n]*\n$/);
    expect([stdout, code]).toEqual(['', 2]);
  });
});

describe('lists', () => {
  it('has the systems', () => {
    const { stdout, stderr, code } = place.run(['systems']);
    expect(stdout).toMatch(/^etcd +\d/m);
    expect(stdout).toMatch(/^cassandra +\d/m);
    expect([stderr, code]).toEqual(['', 0]);
  });
});

describe('glyphs and colours', () => {
  it('draws with ASCII where that is asked for', () => {
    const { stdout } = place.run(['run', '-', '--ascii'], 'set x 1\npartition c\nshow\ndiagram\n');
    expect(stdout).toMatch(/^\+ ok /);
    expect(stdout).toMatch(/^[\x00-\x7f]*$/);
  });

  it('colours what is no terminal only if FORCE_COLOR says so, and never beside NO_COLOR alone', () => {
    expect(place.run(['run', '-'], 'set x 1\n').stdout).not.toContain('\u001b');
    expect(place.run(['run', '-'], 'set x 1\n', { FORCE_COLOR: '1' }).stdout).toContain('\u001b[32m');
    expect(place.run(['run', '-'], 'set x 1\n', { FORCE_COLOR: '0' }).stdout).not.toContain('\u001b');
  });
});
