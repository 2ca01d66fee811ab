import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Book, listChapters, readBook } from '../book/library.ts';
import { isProblem, Problem } from '../core/problem.ts';
import { clip } from '../core/units.ts';
import { reasonOf } from './output.ts';
import { readText } from './text-file.ts';

/** The program's own chapters: beside `dist/`, as they are beside `src/`'s parent. */
function ownChapters(): string {
  return fileURLToPath(new URL('../chapters', import.meta.url));
}

/** The file that a word means: itself, or a chapter of our own book by its number or name (`1`, `01-cap`), where no such file is there. */
export function chapterFile(word: string): string {
  if (existsSync(word) || !/^[\w-]+$/.test(word) || !existsSync(ownChapters())) return word;
  const found = listChapters(readdirSync(ownChapters())).find(({ file, number }) => String(number) === word || file === `${word}.md`);
  return found === undefined ? word : join(ownChapters(), found.file);
}

/** The book in a folder, by default our own. A Problem if the folder cannot be read or holds no chapter; chapters that are wrong have theirs in the book. */
export function openFolder(folder: string | undefined): Book | Problem {
  const path = folder ?? ownChapters();
  const name = clip(path, 200);
  let names: readonly string[];
  try {
    names = readdirSync(path);
  } catch (error) {
    return new Problem(`${name}: ${reasonOf(error)}`, 'name a folder with chapters in it, 01-name.md and so on');
  }
  const files: { file: string; text: string }[] = [];
  const unreadable: Problem[] = [];
  for (const { file } of listChapters(names)) {
    const text = readText(join(path, file));
    if (isProblem(text)) unreadable.push(text);
    else files.push({ file, text });
  }
  if (files.length === 0 && unreadable.length === 0)
    return new Problem(`${name}: there are no chapters in it`, 'chapters are named 01-name.md and so on');
  const book = readBook(files);
  return { chapters: book.chapters, problems: [...unreadable, ...book.problems] };
}
