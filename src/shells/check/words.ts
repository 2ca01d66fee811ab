import { models } from '../../checkers/index.ts';
import type { Model } from '../../checkers/model.ts';
import { type DataType, dataTypes, fits, inferType } from '../../checkers/types.ts';
import { Problem } from '../../core/problem.ts';
import { didYouMean } from '../../core/suggest.ts';
import { clip } from '../../core/units.ts';
import type { Columns } from '../../history/columns.ts';

/** What `--model` asks for: consistency models, and at most one data type. */
export interface Wanted {
  readonly models: readonly Model[];
  readonly type?: DataType;
}

/** `--model linearizable,cas-register` as models and a type; linearizable is the default. */
export function readModels(text: string | undefined): Wanted | Problem {
  if (text === undefined) return { models: models.slice(0, 1) };
  const found: Model[] = [];
  let type: DataType | undefined;
  for (const word of text.split(',').map((part) => part.trim().toLowerCase())) {
    const model = models.find(({ name }) => name === word);
    const data = dataTypes.find(({ name }) => name === word);
    if (model !== undefined && !found.includes(model)) found.push(model);
    if (data !== undefined) {
      if (type !== undefined && type !== data)
        return new Problem(`--model: ${type.name} and ${data.name} contradict each other`, 'name one type of object');
      type = data;
    }
    if (model === undefined && data === undefined) return unknown(word);
  }
  return { models: found.length === 0 ? models.slice(0, 1) : found, ...(type === undefined ? {} : { type }) };
}

function unknown(word: string): Problem {
  const known = models.map(({ name }) => name);
  const types = dataTypes.map(({ name }) => name);
  const near = didYouMean(word, [...known, ...types]);
  return new Problem(
    `--model: there is no model "${clip(word)}" yet`,
    `${near === undefined ? '' : `did you mean ${near}? `}the models are ${known.join(', ')}; the types of objects are ${types.join(', ')}`,
  );
}

/** The type of the objects: the one that was asked for, if it has the operations, or the one that they speak of. */
export function typeFor(columns: Columns, wanted: DataType | undefined, file: string): DataType | Problem {
  const fitting = dataTypes.filter((type) => fits(type, columns)).map(({ name }) => name);
  if (wanted === undefined) {
    const type = inferType(columns);
    return (
      type ??
      new Problem(
        `${file}: no model of this version has all of its operations: ${wordsOf(columns)}`,
        `the types of objects are ${dataTypes.map(({ name, says }) => `${name} (${says})`).join('; ')}`,
      )
    );
  }
  if (fits(wanted, columns)) return wanted;
  const strange = [...columns.words].find(([, { effect }]) => !wanted.effects.includes(effect));
  const what =
    strange === undefined
      ? `${file}: a ${wanted.name} holds no collections, and reads returned some`
      : `${file}:${strange[1].line}: a ${wanted.name} has no ${clip(strange[0])}`;
  return new Problem(
    what,
    fitting.length === 0
      ? `no model of this version has all of its operations: ${wordsOf(columns)}`
      : `what fits these operations: ${fitting.join(', ')}`,
  );
}

/** The words of a history's operations, each with the line that has it first. */
function wordsOf(columns: Columns): string {
  const words = [...columns.words].map(([word, { line }]) => `${clip(word)} (line ${line})`);
  const collections = columns.collections ? ', with reads that return collections' : '';
  return `${words.slice(0, 8).join(', ')}${words.length > 8 ? ', …' : ''}${collections}`;
}
