import { modelNamed, modelNear, models } from '../checkers/index.ts';
import type { Model } from '../checkers/model.ts';
import { isProblem, type Place, Problem } from '../core/problem.ts';
import { clip, parseDuration } from '../core/units.ts';
import type { Statement } from '../lang/statement.ts';
import { placeOf, Reader } from '../lang/words.ts';

/** A model to judge by, and, of one with a figure, how much of it is still valid. */
export interface Wish {
  readonly model: Model;
  /** Versions or microseconds, as the model says. */
  readonly bound?: number;
}

/** `linearizable`, or `k-staleness` with the text behind its `=`. */
export function readWish(name: string, bound: string | undefined, at?: Place): Wish | Problem {
  const model = modelNamed(name);
  if (model === undefined) {
    const near = modelNear(name);
    return new Problem(
      `there is no model "${clip(name)}"`,
      `${near === undefined ? '' : `did you mean ${near}? `}the models are ${models.map((one) => one.name).join(', ')}`,
      at,
    );
  }
  if (bound === undefined) return { model };
  if (model.bound === undefined) {
    const able = models.filter((one) => one.bound !== undefined).map((one) => one.name);
    return new Problem(`${model.name} takes no bound`, `write ${model.name} alone; bounds are for ${able.join(' and ')}`, at);
  }
  if (model.bound === 'us') {
    const us = parseDuration(bound);
    return isProblem(us) ? (at === undefined ? us : us.near(at)) : { model, bound: us };
  }
  if (/^\d{1,9}$/.test(bound) && Number(bound) >= 1) return { model, bound: Number(bound) };
  return new Problem(`"${clip(bound)}" is no number of versions`, `for example ${model.name}=2; 1 means the newest`, at);
}

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
