import type { ChapterProgress } from '../book/progress.ts';
import { chapterProgress } from '../book/progress.ts';
import type { Chapter } from '../book/types.ts';
import { isProblem, type Problem } from '../core/problem.ts';
import { printable } from '../core/units.ts';
import { type Block, styled } from '../view/block.ts';
import { render } from '../view/render.ts';
import { openFolder } from './book-folder.ts';
import { complaint } from './diagnose.ts';
import { EXIT } from './exit.ts';
import { lookOf } from './output.ts';
import { loadProgress } from './progress-file.ts';

/** `cap-tutor chapters`: the table of contents with the reader's progress. Returns the exit code. */
export function listChapters({ ascii, book: folder }: { readonly ascii: boolean; readonly book?: string }): number {
  const book = openFolder(folder);
  if (isProblem(book)) {
    process.stderr.write(complaint(book));
    return EXIT.usage;
  }
  const { progress, problem } = loadProgress(false);
  if (problem !== undefined) process.stderr.write(`cap-tutor: ${problem.what}\n`);
  const rows = book.chapters.map((chapter) =>
    rowOf(chapter, chapterProgress(progress, chapter.slug), progress.at?.chapter === chapter.slug),
  );
  const lines = render([tableOf(rows)], lookOf(process.stdout, ascii));
  process.stdout.write(`${lines.join('\n')}\n`);
  for (const one of book.problems) process.stderr.write(inFile(one));
  return book.problems.length === 0 ? EXIT.ok : EXIT.usage;
}

type Cells = Extract<Block, { readonly kind: 'table' }>['rows'][number];

function tableOf(rows: readonly Cells[]): Block {
  const columns = [
    { title: '', align: 'right' },
    { title: 'chapter', align: 'left', shrink: true },
    { title: 'minutes', align: 'right' },
    { title: 'read', align: 'right' },
    { title: 'solved', align: 'right' },
    { title: '', align: 'left' },
  ] as const;
  return { kind: 'table', columns, rows };
}

function rowOf(chapter: Chapter, done: ChapterProgress, here: boolean): Cells {
  const exercises = chapter.sections
    .flatMap(({ blocks }) => blocks)
    .flatMap((block) => (block.kind === 'exercise' ? [block.exercise.slug] : []));
  const read = chapter.sections.filter(({ slug }) => done.read.has(slug)).length;
  const solved = exercises.filter((slug) => done.exercises.get(slug)?.state === 'solved').length;
  const finished = read === chapter.sections.length && solved === exercises.length;
  const note = finished ? styled('✓ done', 'ok') : here ? styled('◂ you are here', 'accent') : '';
  return [
    [String(chapter.number)],
    [styled(chapter.title, 'strong')],
    [String(chapter.minutes)],
    [`${read}/${chapter.sections.length}`],
    [`${solved}/${exercises.length}`],
    [note],
  ];
}

/** A chapter's mistake, as `file:line:column: what`. */
function inFile({ what, remedy, at }: Problem): string {
  const place = at?.file === undefined ? 'cap-tutor' : `${at.file}:${at.line ?? 1}:${at.from + 1}`;
  return `${printable(`${place}: ${what}`)}\n${remedy === undefined ? '' : `  ${printable(remedy)}\n`}`;
}
