import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Place } from '../harness/cli.ts';
import { root } from '../harness/term.ts';

const place = new Place();
afterAll(() => place.remove());
const content = (name: string): string => readFileSync(join(place.path, name), 'utf8');

/** Records a file and returns what it then holds. */
function recorded(name: string, text: string): string {
  place.file(name, text);
  const { stderr, code } = place.run(['verify', '--update', name]);
  expect([stderr, code]).toEqual(['', 0]);
  return content(name);
}

const page = [
  '# A page',
  '',
  '> set quoted by Markdown, no command',
  '',
  '## One',
  '',
  '```cap',
  'set x apple',
  '```',
  '',
  'Prose   with  odd   spaces\t',
  '',
  '```cap transcript',
  '> read x',
  '> raed x',
  '```',
  '',
  '## Two',
  '',
  '~~~ cap transcript',
  '> read x',
  '',
  '> expect none  # nobody wrote here',
  '~~~',
  '',
  '```sh',
  '> ls',
  '```',
  'the end',
].join('\n');

describe('a page of Markdown', () => {
  it('gets its outputs, each section a world of its own, and keeps all the rest byte for byte', () => {
    const text = recorded('page.md', page);
    expect(text).toMatch(/> read x\n✓ ok {2}apple .*\n> raed x\n✗ invalid {2}there is no command "raed"\n/);
    expect(text).toMatch(/~~~ cap transcript\n> read x\n✓ ok {2}none .*\n\n> expect none {2}# nobody wrote here\n/);
    const outputs = text.split('\n').filter((line) => !page.split('\n').includes(line));
    const rest = text.split('\n').filter((line) => !outputs.includes(line));
    expect(rest.join('\n')).toBe(page);
    expect(place.run(['verify', 'page.md'])).toEqual({ stdout: '', stderr: '', code: 0 });
  });

  it('shows where an output differs, as a unified diff, and leaves the file alone', () => {
    const text = recorded('page.md', page).replace('ok  apple', 'ok  pear');
    place.file('page.md', text);
    const { stdout, stderr, code } = place.run(['verify', 'page.md']);
    expect(stdout).toMatch(/^--- page\.md \(recorded\)\n\+\+\+ page\.md \(now\)\n@@ -\d+,7 \+\d+,7 @@\n/);
    expect(stdout).toMatch(/\n-✓ ok {2}pear .*\n\+✓ ok {2}apple /);
    expect([stderr, code]).toEqual(['', 1]);
    expect(content('page.md')).toBe(text);
  });

  it('refuses a command in a block that records nothing', () => {
    place.file('block.md', '```cap\nset x 1\ncrash q\n```\n');
    const { stderr, code } = place.run(['verify', 'block.md']);
    expect(stderr).toMatch(/^block\.md:3:7: /);
    expect(code).toBe(2);
  });

  it('keeps CRLF', () => {
    const text = recorded('crlf.md', '# x\r\n\r\n```cap transcript\r\n> set x 1\r\nold\r\n```\r\n');
    expect(text).toMatch(/> set x 1\r\n✓ ok .*\r\n```\r\n$/);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });
});

describe('a text file', () => {
  it('is one world; what stands before the first prompt, and blank lines, stay', () => {
    const text = recorded('plain.txt', 'A session.\n\n> set x 1 &\n\n> wait\n> read x ; read x\n\n');
    expect(text).toMatch(/^A session\.\n\n> set x 1 &\n.+\n\n> wait\n[^>]+> read x ; read x\n✓ ok {2}1 .*\n✓ ok {2}1 .*\n\n$/);
    expect(place.run(['verify', 'plain.txt']).code).toBe(0);
  });

  it('is not recorded where an expectation fails', () => {
    const text = '> set x 1\n> expect fail\n';
    place.file('fails.txt', text);
    const { stdout, stderr, code } = place.run(['verify', '--update', 'fails.txt']);
    expect(stdout).toMatch(/^fails\.txt:2: an expectation failed: expect fail\n/);
    expect(stderr).toMatch(/not recorded/);
    expect(code).toBe(1);
    expect(content('fails.txt')).toBe(text);
    expect(place.run(['verify', 'fails.txt']).code).toBe(1);
  });

  it('has to have something to run', () => {
    place.file('empty.txt', 'no commands\n');
    const { stderr, code } = place.run(['verify', 'empty.txt']);
    expect(stderr).toMatch(/nothing to run/);
    expect(code).toBe(2);
  });

  it('cannot reach the disk', () => {
    const text = recorded('disk.txt', '> set x 1\n> save out.cap\n');
    expect(text).toContain('✗ invalid');
    expect(() => content('out.cap')).toThrow(/ENOENT/);
  });
});

describe('our own chapters', () => {
  it('can be named by their numbers', () => {
    const byNumber = place.run(['verify', '1']);
    expect(byNumber).toEqual(place.run(['verify', join(root, 'chapters/01-cap.md')]));
    expect(byNumber.stderr).toBe('');
  });
});

describe('several files', () => {
  it('are judged each, and the worst decides', () => {
    recorded('good.txt', '> set x 1\n');
    place.file('bad.txt', '> set x 1\nnever\n');
    const { stdout, code } = place.run(['verify', 'good.txt', 'bad.txt', 'good.txt']);
    expect(stdout).toMatch(/^--- bad\.txt/);
    expect(stdout).toContain('\n-never\n');
    expect(code).toBe(1);
    expect(place.run(['verify', 'bad.txt', 'missing.txt']).code).toBe(2);
  });
});
