import { Problem } from '../core/problem.ts';
import { clip } from '../core/units.ts';
import type { Word } from './statement.ts';

const NAME = /^[A-Za-z](?:[A-Za-z0-9_./-]*[A-Za-z0-9])?$/;

/**
 * LANGUAGE section 5: names of nodes, keys and clients are ASCII, case-sensitive, begin with a letter and end in a letter
 * or digit; between them letters, digits, `_`, `-`, `.` and `/`. `what` is the noun for the message: `node`, `key`.
 */
export function checkName(word: Word, what: string): Problem | undefined {
  if (NAME.test(word.text)) return undefined;
  const { from, to } = word;
  const at = { from, to, ...(word.line === undefined ? {} : { line: word.line }), ...(word.file === undefined ? {} : { file: word.file }) };
  return new Problem(
    `"${clip(word.text)}" cannot be the name of a ${what}`,
    'names begin with a letter, end in a letter or digit, and have only A-Z a-z 0-9 _ - . / in them',
    at,
  );
}

export function isName(text: string): boolean {
  return NAME.test(text);
}
