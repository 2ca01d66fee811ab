import { byCode } from '../core/order.ts';
import { Problem } from '../core/problem.ts';
import { clip } from '../core/units.ts';
import { readChapter } from './chapter.ts';
import type { Chapter } from './types.ts';

/** A chapter by its file's name alone, before anything is read. */
export interface Listed {
  readonly file: string;
  readonly number: number;
}

const NAME = /^(\d{1,4})-[A-Za-z0-9][A-Za-z0-9._-]*\.md$/;

/** The table of contents is the folder's listing: the names `NN-name.md`, by number and then by name. Other files are none of the book's business. */
export function listChapters(names: readonly string[]): readonly Listed[] {
  const listed = names.flatMap((file) => {
    const number = NAME.exec(file)?.[1];
    return number === undefined ? [] : [{ file, number: Number(number) }];
  });
  return listed.sort((a, b) => a.number - b.number || byCode(a.file, b.file));
}

export interface Book {
  readonly chapters: readonly Chapter[];
  readonly problems: readonly Problem[];
}

/** Reads chapters in the order of `listChapters`. What is wrong between chapters is a problem too: two with one slug would share their readers' progress. */
export function readBook(files: readonly { readonly file: string; readonly text: string }[]): Book {
  const chapters: Chapter[] = [];
  const problems: Problem[] = [];
  for (const { file, text } of files) {
    const reading = readChapter(text, file);
    problems.push(...reading.problems);
    const { chapter } = reading;
    if (chapter === undefined) continue;
    const twin = chapters.find(({ slug, number }) => slug === chapter.slug || number === chapter.number);
    if (twin === undefined) {
      chapters.push(chapter);
      continue;
    }
    const same = twin.slug === chapter.slug ? `slug ${chapter.slug}` : `number ${chapter.number}`;
    problems.push(new Problem(`${clip(twin.file)} has the ${same} already`, 'choose another', { from: 0, to: 1, line: 1, file }));
  }
  return { chapters, problems };
}
