import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Ended, Place } from '../harness/cli.ts';

const place = new Place();
afterAll(() => place.remove());
mkdirSync(join(place.path, 'folder'));

/** A mistake of the user's: exit code 2, one or a few short lines on standard error, and never a stack. */
function says({ stderr, code }: Ended, ...patterns: readonly RegExp[]): void {
  for (const pattern of patterns) expect(stderr).toMatch(pattern);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(Math.max(...stderr.split('\n').map((line) => line.length))).toBeLessThan(400);
  expect(code).toBe(2);
}

describe.each(['run', 'verify'])('%s of what is no script', (command) => {
  it.each([
    ['a folder', 'folder', /folder: it is a directory/],
    ['nothing', 'missing.cap', /missing\.cap: there is no such file/],
    ['a folder that is a file', 'plain.cap/x', /plain\.cap\/x: there is no such file/],
    ['zeros', 'zeros.cap', /zeros\.cap: it is not text: byte 9 is zero/],
    ['text in another encoding', 'latin.cap', /latin\.cap: it is not text in UTF-8/],
    ['text in UTF-16', 'utf16.cap', /utf16\.cap: it is text in UTF-16/],
  ])('%s', (_, name, pattern) => {
    place.file('plain.cap', 'set x 1\n');
    place.file('zeros.cap', 'set x 1\n\0\0\0');
    place.file('latin.cap', Buffer.from([0x73, 0x65, 0x74, 0x20, 0x78, 0x20, 0xe9, 0x0a]));
    place.file('utf16.cap', Buffer.from('\ufeffset x 1\n', 'utf16le'));
    const ended = place.run([command, name]);
    says(ended, pattern);
    expect(ended.stdout).toBe('');
  });
});

describe('standard input that is no text', () => {
  it.each([
    ['zeros', Buffer.from('set x 1\n\0\0'), /^cap-tutor: -:2: it is not text/],
    ['zeros without a line end', Buffer.alloc(3_000_000), /^cap-tutor: -:1: it is not text/],
    ['another encoding', Buffer.from([0x73, 0xe9, 0x0a]), /^cap-tutor: -:1: it is not text in UTF-8/],
  ])('%s', (_, input, pattern) => says(place.run(['run', '-'], input), pattern));

  it('runs what came before', () => {
    const { stdout, code } = place.run(['run', '-', '--json'], Buffer.from('set x 1\n\xff\nset y 2\n', 'latin1'));
    expect(stdout.match(/"n":/g)).toHaveLength(1);
    expect(stdout).toContain('"commands":1');
    expect(code).toBe(2);
  });

  it('takes a byte order mark and CRLF for what they are', () => {
    const { stdout, stderr, code } = place.run(['run', '-', '--json'], '\ufeffset x 1\r\nread x\r\n');
    expect(stdout).toContain('"command":"set x 1"');
    expect(stdout).toContain('"value":"1"');
    expect([stderr, code]).toEqual(['', 0]);
  });
});

describe('lines that are too long, wrong or strange', () => {
  const mega = 1024 * 1024;
  const lines: readonly (readonly [name: string, line: string])[] = [
    ['a megabyte of one word', 'q'.repeat(mega)],
    ['a megabyte of a value', `set x ${'v'.repeat(mega)}`],
    ['a megabyte of separators', ';'.repeat(mega).concat('raed')],
    ['a megabyte of words', 'partition '.concat('a '.repeat(mega / 2))],
    ['a key of nothing', 'read'],
    ['an unknown node', 'read x@z'],
    ['an unknown client place', 'as alice@z'],
    ['a duration of ages', 'wait 99999999999d'],
    ['a negative duration', 'wait -3s'],
    ['a duration without a unit', 'wait 12'],
    ['an escape sequence', 'read \u001b[31mx'],
    ['a quote that does not end', 'set x "abc'],
    ['half an emoji', `set x@${'\ud83d'} 1`],
    ['a partition of everybody', 'partition a b c'],
    ['a loss beyond all', 'loss a b 200%'],
    ['a node twice', 'cut a a'],
    ['a system that is none', 'use postgres'],
    ['an option that is none', 'read x level=quorumm'],
    ['a restart of what runs', 'restart a'],
    ['an expectation of nothing', 'expect'],
    ['a file that is not there', 'load missing.cap'],
  ];

  it('are each told with their place, and the rest is run', () => {
    const ended = place.run(['run', '-', '--json'], lines.map(([, line]) => `${line}\nset x 1\n`).join(''));
    says(ended);
    const told = [...ended.stderr.matchAll(/^-:(\d+):\d+: /gm)].map((match) => Number(match[1]));
    expect(told).toEqual(lines.map((_, i) => 2 * i + 1));
    expect(ended.stdout.match(/"command":"set x 1",.*"outcome":"ok"/g)).toHaveLength(lines.length);
    expect(ended.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  });

  it('all of them in one file: each is told, and nothing runs', () => {
    place.file('all.cap', `set x 1\n${lines.map(([, line]) => line).join('\n')}\n`);
    const ended = place.run(['run', 'all.cap', '--json']);
    says(ended);
    expect(ended.stdout).toBe('');
    // What only the state can tell (an unknown node) is refused when it runs; the words alone are wrong in most.
    const told = [...ended.stderr.matchAll(/^all\.cap:(\d+):\d+: /gm)].map((match) => Number(match[1]));
    expect(told.length).toBeGreaterThan(lines.length / 2);
    expect(told).toEqual([...told].sort((a, b) => a - b));
  });
});
