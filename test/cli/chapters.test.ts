import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Place } from '../harness/cli.ts';
import { Home } from '../harness/term.ts';

const place = new Place();
afterAll(() => place.remove());

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.remove());

const chapters = (...words: string[]): ReturnType<Place['run']> => {
  const env = Object.entries(home.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return place.run(['chapters', ...words], '', { ...Object.fromEntries(env), XDG_STATE_HOME: '' });
};

const page = (title: string, slug: string): string =>
  `---\ntitle: ${title}\nslug: ${slug}\nminutes: 5\nsummary: A page.\n---\n\nHello.\n\n## One\n\nText.\n\n## Two\n\nText.\n`;

/** Keeps a progress file where the platform's rules put it, and returns its path. */
function progress(text: string): string {
  const folder = join(home.path, '.local/state/cap-tutor');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'progress.json'), text);
  return join(folder, 'progress.json');
}

describe('the list of chapters', () => {
  it('has our own', () => {
    const { stdout, stderr, code } = chapters();
    expect(stdout).toMatch(/^1 {2}The CAP theorem +\d+ +0\/\d+ +0\/\d+$/m);
    expect([stderr, code]).toEqual(['', 0]);
  });

  it('shows what this reader has read, and where they are', () => {
    mkdirSync(join(place.path, 'book'), { recursive: true });
    place.file('book/01-first.md', page('First', 'first'));
    place.file('book/02-second.md', page('Second', 'second'));
    place.file('book/notes.txt', 'no chapter');
    const first = { read: ['start', 'one', 'two'], exercises: {} };
    progress(
      JSON.stringify({
        version: 1,
        at: { chapter: 'second', section: 'one' },
        chapters: { first, second: { read: ['start'], exercises: {} } },
      }),
    );
    const { stdout, stderr, code } = chapters('--book', 'book');
    expect(stdout).toMatch(/^1 {2}First +5 +3\/3 +0\/0 {2}✓ done$/m);
    expect(stdout).toMatch(/^2 {2}Second +5 +1\/3 +0\/0 {2}◂ you are here$/m);
    expect([stderr, code]).toEqual(['', 0]);
  });

  it('survives a progress file that was cut in half, and leaves it where it is', () => {
    const path = progress('{"version":1,"chapters":{"first":');
    const { stdout, stderr, code } = chapters();
    expect(stdout).toContain('The CAP theorem');
    expect(stderr).toMatch(/^cap-tutor: the progress file cannot be read: [^\n]*\n$/);
    expect(code).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe('{"version":1,"chapters":{"first":');
  });

  it('lists the others where a chapter is broken, and says where it is', () => {
    mkdirSync(join(place.path, 'broken'), { recursive: true });
    place.file('broken/01-half.md', '---\ntitle: Half\nslug: half\n');
    place.file('broken/02-whole.md', page('Whole', 'whole'));
    place.file('broken/03-noise.md', Buffer.from([0, 1, 2, 3]));
    const { stdout, stderr, code } = chapters('--book', 'broken');
    expect(stdout).toContain('Whole');
    expect(stderr).toMatch(/^01-half\.md:1:1: the front matter is never closed$/m);
    expect(stderr).toMatch(/03-noise\.md: it is not text/);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(2);
  });

  it.each([
    ['a folder that is not there', 'nowhere', /nowhere: there is no such file/],
    ['a file', 'plain.txt', /plain\.txt: there is no such file/],
    ['a folder without chapters', 'empty', /empty: there are no chapters in it/],
  ])('refuses %s', (_, folder, pattern) => {
    mkdirSync(join(place.path, 'empty'), { recursive: true });
    place.file('plain.txt', '');
    const { stdout, stderr, code } = chapters('--book', folder);
    expect(stderr).toMatch(pattern);
    expect([stdout, code]).toEqual(['', 2]);
  });
});
