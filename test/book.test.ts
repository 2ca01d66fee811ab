import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gateChapter } from '../src/book/gate.ts';
import { listChapters, readBook } from '../src/book/library.ts';
import { lintChapter } from '../src/book/lint.ts';
import { replay } from '../src/book/replay.ts';
import type { Chapter, Open } from '../src/book/types.ts';
import { openSession } from '../src/commands/index.ts';
import { must } from '../src/core/unreachable.ts';
import { said } from './book/chapters.ts';
import { root } from './harness/term.ts';

/** The author's gate over the book as it is shipped. What each of its rules objects to is shown in book/gate.test.ts. */

const folder = join(root, 'chapters');
const files = listChapters(readdirSync(folder)).map(({ file }) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));
const book = readBook(files);
const withSeed =
  (seed: number): Open =>
  (options) =>
    openSession({ seed, ...options });

describe('the book', () => {
  it('can be read without a problem', () => {
    expect(book.problems.map(said)).toEqual([]);
    expect(book.chapters).toHaveLength(files.length);
    expect(book.chapters.length).toBeGreaterThan(0);
  });
});

describe.each(book.chapters.map((chapter) => [chapter.file, chapter] as const))('%s', (file, chapter) => {
  const text = must(
    files.find((one) => one.file === file),
    'every chapter comes from a file',
  ).text;

  it('passes the gate', () => {
    expect(gateChapter(chapter, withSeed(1)).map(said)).toEqual([]);
  });

  it('reads well: widths, glyphs, and an honest reading time', () => {
    expect(lintChapter(chapter, text).map(said)).toEqual([]);
  });

  it('shows in its recorded blocks what the machine still prints', async () => {
    const again = await replay(text, file, { open: () => openSession({}), run: async (job) => ran(job) });
    expect(again?.text).toBe(text);
  });

  // Claims are about systems, not about one draw of their timers.
  it.each(Array.from({ length: 20 }, (_, i) => i + 2))('keeps every claim and every answer with seed %i', (seed) => {
    expect(gateChapter(chapter, withSeed(seed)).map(said)).toEqual([]);
  });
});

function ran(job: ReturnType<ReturnType<Open>['execute']>) {
  for (;;) {
    const step = job.step(100_000);
    if (step.done) return step.reply;
  }
}

describe('chapter 1', () => {
  const chapter: Chapter = must(
    book.chapters.find(({ slug }) => slug === 'cap'),
    'chapter 1 is there',
  );
  const blocks = chapter.sections.flatMap((section) => section.blocks);

  it('has enough to run and to solve', () => {
    expect(blocks.filter(({ kind }) => kind === 'run').length).toBeGreaterThanOrEqual(8);
    const kinds = blocks.flatMap((block) => (block.kind === 'exercise' ? [block.exercise.kind] : []));
    expect(kinds.length).toBeGreaterThanOrEqual(6);
    expect(new Set(kinds)).toEqual(new Set(['predict', 'do']));
  });

  it('shows each imprecision of the usual telling by a run', () => {
    const claims = chapter.sections.flatMap((section) => section.claims.map(({ id }) => id));
    expect(claims).toEqual(expect.arrayContaining(['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8', 'S44', 'S50']));
  });

  it('sees CP and AP on the same eight commands', () => {
    const section = must(
      chapter.sections.find(({ slug }) => slug === 'the-same-eight-commands-twice'),
      'the section is there',
    );
    const [etcd, cassandra] = section.blocks.flatMap((block) => (block.kind === 'run' ? [block.lines.map(({ source }) => source)] : []));
    const commands = (lines: readonly string[] | undefined) => lines?.filter((line) => !/^(use|expect)\b/.test(line));
    expect(etcd?.[0]).toBe('use etcd');
    expect(cassandra?.[0]).toBe('use cassandra');
    expect(commands(etcd)).toHaveLength(8);
    expect(commands(cassandra)).toEqual(commands(etcd));
  });
});
