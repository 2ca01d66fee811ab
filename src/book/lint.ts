import { type Place, Problem } from '../core/problem.ts';
import { cells, textWidth } from '../view/width.ts';
import { cutPage } from './page.ts';
import type { Chapter, Exercise } from './types.ts';

/** Wider lines are clipped beside the lab, where a page has little more than half of a wide terminal. */
const MAX_COMMAND = 60;
/** Recorded output is made for 80 columns. */
const MAX_OUTPUT = 80;
/** Prose is wrapped again when it is drawn; this is for those who read the file itself, and the changes in it. */
const MAX_PROSE = 100;

const WORDS_PER_MINUTE = 200;
const MINUTES_PER_EXERCISE = 0.75;

/** What can be seen of a chapter without running it: widths, glyphs, and whether the reading time is honest. */
export function lintChapter(chapter: Chapter, text: string): readonly Problem[] {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const { file } = chapter;
  const found = lines.flatMap((line, i) => wideGlyph(line, { from: 0, to: Math.max(1, line.length), line: i + 1, file }));
  return [...found, ...widths(lines, file), ...readingTime(chapter)];
}

/** Boxes, maps and tables are laid out in columns: a glyph of two would push everything behind it. */
function wideGlyph(line: string, at: Place): readonly Problem[] {
  if (/^[\u0020-\u007e\t]*$/.test(line)) return [];
  const wide = cells(line).find(({ columns }) => columns !== 1);
  return wide === undefined ? [] : [new Problem(`"${wide.text}" does not take one column`, 'choose another glyph, or a word', at)];
}

function widths(lines: readonly string[], file: string): readonly Problem[] {
  return cutPage(lines, 1).pieces.flatMap((piece) => {
    if (piece.kind === 'heading' || piece.kind === 'comment') return [];
    const body = piece.kind === 'fence' ? piece.body : piece.lines;
    const first = piece.kind === 'fence' ? piece.line + 1 : piece.line;
    return body.flatMap((line, i) => {
      const most = mostFor(piece, line);
      const width = textWidth(line);
      if (width <= most) return [];
      const at = { from: most, to: line.length, line: first + i, file };
      return [new Problem(`this line is ${width} columns wide, and ${most} is the most here`, 'break it', at)];
    });
  });
}

function mostFor(piece: { readonly kind: string; readonly info?: string }, line: string): number {
  if (piece.info === 'cap') return MAX_COMMAND;
  if (piece.info === 'cap transcript') return line.startsWith('>') ? MAX_COMMAND + 2 : MAX_OUTPUT;
  // A row of a table cannot be broken, and is laid out anew wherever it is drawn.
  return line.startsWith('|') ? Number.POSITIVE_INFINITY : MAX_PROSE;
}

/** What is promised in `minutes` must be near what an ordinary reader needs. */
function readingTime(chapter: Chapter): readonly Problem[] {
  const minutes = estimateMinutes(chapter);
  if (minutes >= chapter.minutes * 0.6 && minutes <= chapter.minutes * 1.6) return [];
  const at = { from: 0, to: 1, line: 1, file: chapter.file };
  return [new Problem(`minutes: says ${chapter.minutes}, and reading it takes about ${Math.round(minutes)}`, 'correct one of the two', at)];
}

export function estimateMinutes(chapter: Chapter): number {
  const blocks = chapter.sections.flatMap((section) => section.blocks);
  const exercises = blocks.flatMap((block) => (block.kind === 'exercise' ? [block.exercise] : []));
  const prose = blocks.flatMap((block) => (block.kind === 'prose' ? [block.markdown] : []));
  const words = [...prose, ...exercises.map(asked)].join(' ').split(/\s+/).length;
  return words / WORDS_PER_MINUTE + exercises.length * MINUTES_PER_EXERCISE;
}

/** What everybody reads of an exercise; hints and feedback are for some. */
function asked(exercise: Exercise): string {
  const choices = exercise.kind === 'predict' ? exercise.choices.map(({ text }) => text) : [];
  return [exercise.question, ...choices, exercise.lesson ?? ''].join(' ');
}
