import { readWish, type Wish } from '../checkers/wish.ts';
import { isProblem, type Problem } from '../core/problem.ts';
import type { Statement } from '../lang/statement.ts';
import { placeOf, Reader } from '../lang/words.ts';

/** The words and bounds of a command, in the order in which they stand. None: undefined. */
export function readWishes(statement: Statement, example: string): readonly Wish[] | undefined | Problem {
  const reader = new Reader(statement, example);
  const asked: { readonly from: number; readonly wish: Wish }[] = [];
  while (reader.left > 0) {
    const word = reader.word('a consistency model');
    if (isProblem(word)) return word;
    for (const name of word.text.split(',').filter((part) => part !== '')) {
      const wish = readWish(name, undefined, placeOf(word));
      if (isProblem(wish)) return wish;
      asked.push({ from: word.from, wish });
    }
  }
  for (const { name, value } of statement.options) {
    const wish = readWish(name.text, value.text, placeOf(name));
    if (isProblem(wish)) return wish;
    asked.push({ from: name.from, wish });
  }
  const wrong = reader.end() ?? reader.noNode() ?? reader.foreground();
  if (wrong !== undefined) return wrong;
  return asked.length === 0 ? undefined : asked.sort((a, b) => a.from - b.from).map(({ wish }) => wish);
}
