import { type Place, Problem } from '../core/problem.ts';
import { clip, printable } from '../core/units.ts';
import { readExercise } from './exercise.ts';
import { cleanText, Fields, isSlug, readCommands, slugOf } from './fields.ts';
import { cutPage, type Fence, type Piece, wholeLine } from './page.ts';
import { readTranscript } from './transcript-lines.ts';
import type { ChapterReading, CommandLine, PageBlock, Section } from './types.ts';
import { readYaml } from './yaml.ts';

const FRONT = ['title', 'slug', 'minutes', 'summary'];
const FILE = /^(?:.*[\\/])?(\d{1,4})-[^\\/]*\.md$/;
/** A chapter is an hour of reading, not a library: what is longer was not meant as one. */
const MAX_CHARACTERS = 1024 * 1024;

/**
 * Reads a chapter. Every mistake is a Problem with its file, line and column; a block that could not be read stays in its place as a broken one, so that a
 * reader loses no more than that.
 */
export function readChapter(text: string, file: string): ChapterReading {
  const inFile = ({ what, remedy, at }: Problem): Problem => new Problem(what, remedy, { ...(at ?? { from: 0, to: 1, line: 1 }), file });
  const number = FILE.exec(file)?.[1];
  if (number === undefined) {
    return { problems: [inFile(new Problem(`${clip(file)} is not named as a chapter`, 'name it for example 02-replication.md'))] };
  }
  if (text.length > MAX_CHARACTERS) return { problems: [inFile(new Problem('this file is larger than 1 MB', 'split the chapter'))] };
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n/);
  const strange = unprintable(lines);
  if (strange.length > 0) return { problems: strange.map(inFile) };
  const front = readFront(lines);
  const problems = [...front.problems];
  const { pieces, problems: cuts } = cutPage(lines.slice(front.lines), front.lines + 1);
  problems.push(...cuts);
  const opening = { title: front.title ?? '', number: Number(number) };
  const assembly = new Assembly(opening, lines);
  for (const piece of pieces) assembly.add(piece);
  const sections = assembly.end();
  problems.push(...assembly.problems);
  const { title, slug, minutes, summary } = front;
  const all = problems.map(inFile);
  if (title === undefined || slug === undefined || minutes === undefined || summary === undefined) return { problems: all };
  return { chapter: { title, slug, minutes, summary, number: Number(number), file, sections }, problems: all };
}

/** Characters that would steer a terminal: a chapter has none, so there is nothing to clean up later. */
function unprintable(lines: readonly string[]): readonly Problem[] {
  const found: Problem[] = [];
  lines.forEach((line, i) => {
    // A tab is the one control character that means something in Markdown.
    const tabless = line.replaceAll('\t', ' ');
    const safe = printable(tabless);
    if (safe === tabless || found.length >= 20) return;
    const from = [...safe].length === [...tabless].length ? firstDifference(safe, tabless) : 0;
    found.push(
      new Problem('a character here would steer the terminal instead of being printed', 'take it out', { from, to: from + 1, line: i + 1 }),
    );
  });
  return found;
}

function firstDifference(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return i;
}

interface Front {
  readonly title?: string | undefined;
  readonly slug?: string | undefined;
  readonly minutes?: number | undefined;
  readonly summary?: string | undefined;
  readonly problems: readonly Problem[];
  /** How many lines of the file it takes, both rules included. */
  readonly lines: number;
}

function readFront(lines: readonly string[]): Front {
  if (lines[0]?.trimEnd() !== '---') {
    const remedy = 'begin the file with a line ---, then title:, slug:, minutes: and summary:, then a line ---';
    return { problems: [new Problem('the front matter is missing', remedy, wholeLine(lines[0] ?? '', 1))], lines: 0 };
  }
  const end = lines.findIndex((line, i) => i > 0 && line.trimEnd() === '---');
  if (end < 0)
    return { problems: [new Problem('the front matter is never closed', 'end it with a line ---', { from: 0, to: 3, line: 1 })], lines: 1 };
  const yaml = readYaml(lines.slice(1, end).join('\n'), 2);
  if (yaml instanceof Problem) return { problems: [yaml], lines: end + 1 };
  if (yaml.kind !== 'map') {
    return {
      problems: [new Problem('the front matter is written as key: value', 'for example title: The CAP theorem', yaml.at)],
      lines: end + 1,
    };
  }
  const fields = new Fields(yaml, 'the front matter', FRONT);
  return {
    title: fields.text('title', 'The CAP theorem'),
    slug: fields.slug('slug', 'cap'),
    minutes: fields.count('minutes', 1, 600, '25'),
    summary: fields.text('summary', 'What the theorem says, and what it does not.'),
    problems: fields.problems,
    lines: end + 1,
  };
}

interface Draft {
  readonly slug: string;
  readonly title: string;
  readonly level: 1 | 2;
  readonly number: string;
  readonly at: Place;
  readonly blocks: PageBlock[];
  readonly claims: { readonly id: string; readonly at: Place }[];
}

/** Puts the pieces of a page into sections, and keeps the slugs unique. */
class Assembly {
  readonly problems: Problem[] = [];
  readonly #chapter: { readonly title: string; readonly number: number };
  readonly #source: readonly string[];
  readonly #sections: Draft[] = [];
  readonly #exercises = new Set<string>();
  #section: Draft;

  constructor(chapter: { readonly title: string; readonly number: number }, source: readonly string[]) {
    this.#chapter = chapter;
    this.#source = source;
    const at = { from: 0, to: 1, line: 1 };
    this.#section = { slug: 'start', title: chapter.title, level: 1, number: String(chapter.number), at, blocks: [], claims: [] };
  }

  add(piece: Piece): void {
    const at = wholeLine(this.#source[piece.line - 1] ?? '', piece.line);
    switch (piece.kind) {
      case 'prose':
        this.#section.blocks.push({ kind: 'prose', markdown: cleanText(piece.lines.join('\n')).trim(), at });
        return;
      case 'comment':
        for (const [id] of piece.text.matchAll(/\bS\d{1,3}\b/g)) this.#section.claims.push({ id, at });
        return;
      case 'heading':
        if (piece.level === 1) this.#chapterTitle(piece.title, at);
        else this.#open(piece.title, piece.slug, at);
        return;
      case 'fence':
        this.#fence(piece, at);
    }
  }

  end(): readonly Section[] {
    this.#close();
    return this.#sections;
  }

  /** `# The CAP theorem` may open the page, for readers on the web; here the front matter has said it. */
  #chapterTitle(title: string, at: Place): void {
    if (this.#section.level === 1 && this.#section.blocks.length === 0 && (title === this.#chapter.title || this.#chapter.title === ''))
      return;
    this.problems.push(new Problem('a heading # here is neither the chapter’s title nor a section', 'sections begin with ##', at));
  }

  #open(title: string, slug: string | undefined, at: Place): void {
    this.#close();
    const own = slug ?? slugOf(title);
    const number = `${this.#chapter.number}.${this.#sections.filter(({ level }) => level === 2).length + 1}`;
    if (!isSlug(own)) {
      this.problems.push(new Problem(`this section has no slug of its own`, 'give it one: ## Title <!-- #my-slug -->', at));
    } else if (own === 'start' || this.#sections.some((other) => other.slug === own)) {
      this.problems.push(
        new Problem(`the slug ${own} is taken by an earlier section`, 'give this one another: ## Title <!-- #my-slug -->', at),
      );
    }
    this.#section = { slug: own, title, level: 2, number, at, blocks: [], claims: [] };
  }

  #close(): void {
    const { level, blocks } = this.#section;
    if (level === 2 || blocks.length > 0) this.#sections.push(this.#section);
  }

  #fence(fence: Fence, at: Place): void {
    const read = readFence(fence, at, this.#exercises);
    if (Array.isArray(read)) this.#broken(read, at);
    else this.#section.blocks.push(read);
  }

  #broken(problems: readonly Problem[], at: Place): void {
    this.problems.push(...problems);
    this.#section.blocks.push({ kind: 'broken', problem: problems[0] ?? new Problem('this block cannot be read', undefined, at), at });
  }
}

/** A fence as a block, or what is wrong with it. Slugs of exercises are entered into `taken`. */
function readFence(fence: Fence, at: Place, taken: Set<string>): PageBlock | Problem[] {
  if (fence.info === 'exercise') {
    const exercise = readExercise(fence.body, fence.line);
    if (!('kind' in exercise)) return [...exercise];
    if (taken.has(exercise.slug)) return [new Problem(`the slug ${exercise.slug} is taken by an earlier exercise`, 'choose another', at)];
    taken.add(exercise.slug);
    return { kind: 'exercise', exercise, at };
  }
  if (fence.info !== 'cap' && fence.info !== 'cap transcript') {
    return [new Problem(`there is no fence "${clip(fence.info)}"`, 'write cap, cap transcript or exercise behind the ```', at)];
  }
  const recorded = fence.info === 'cap transcript';
  const read = recorded ? readTranscript(fence.body, fence.line + 1) : readRun(fence);
  if ('problems' in read) return [...read.problems];
  if (read.lines.every(({ statements }) => statements.length === 0)) {
    return [new Problem('there is no command in this block', 'write one, or take the block out', at)];
  }
  return { kind: 'run', lines: read.lines, recorded, at };
}

function readRun(fence: Fence): { readonly lines: readonly CommandLine[] } | { readonly problems: readonly Problem[] } {
  const read = fence.body.map((source, i) => readCommands(source, fence.line + 1 + i, 0));
  const problems = read.filter((line) => line instanceof Problem);
  return problems.length > 0
    ? { problems }
    : { lines: read.filter((line): line is CommandLine => !(line instanceof Problem) && line.source !== '') };
}
