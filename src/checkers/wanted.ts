import { isProblem, Problem } from '../core/problem.ts';
import { didYouMean } from '../core/suggest.ts';
import { clip } from '../core/units.ts';
import { type Columns, EFFECTS } from '../history/columns.ts';
import { misfit, models, typed } from './index.ts';
import type { Recorded } from './model.ts';
import { type Clash, clashIn, type DataType, dataTypes, fits } from './types.ts';
import { readWish, type Wish } from './wish.ts';

/** How far a search may go in all where nobody says: a minute or so, and less than a gigabyte. */
export const STEPS = 20_000_000;

/** What a caller asks for: consistency models, and at most one data type. */
export interface Wanted {
  /** None: the strongest that judges the history. */
  readonly wishes: readonly Wish[];
  readonly type?: DataType;
}

/** `sequential,k-staleness=2,cas-register` as models, their bounds and a type. `where` stands before what is wrong. */
export function readModels(text: string | undefined, where = ''): Wanted | Problem {
  const wishes: Wish[] = [];
  let type: DataType | undefined;
  for (const word of text === undefined ? [] : text.split(',').map((part) => part.trim())) {
    const data = dataTypes.find(({ name }) => name === word.toLowerCase());
    if (data !== undefined) {
      if (type !== undefined && type !== data)
        return new Problem(`${where}${type.name} and ${data.name} contradict each other`, 'name one type of object');
      type = data;
      continue;
    }
    const wish = readOne(word, where);
    if (isProblem(wish)) return wish;
    const twin = wishes.find(({ model }) => model === wish.model);
    if (twin === undefined) wishes.push(wish);
    else if (twin.bound !== wish.bound) return new Problem(`${where}${wish.model.name} is named with two bounds`, 'name each model once');
  }
  return { wishes, ...(type === undefined ? {} : { type }) };
}

function readOne(word: string, where: string): Wish | Problem {
  const equals = word.indexOf('=');
  const name = equals < 0 ? word : word.slice(0, equals);
  const wish = readWish(name, equals < 0 ? undefined : word.slice(equals + 1));
  if (!isProblem(wish)) return wish;
  const types = dataTypes.map((type) => type.name);
  const near = wish.remedy?.startsWith('did you mean') === true ? undefined : didYouMean(name.toLowerCase(), types);
  const remedy = near === undefined ? (wish.remedy ?? '') : `did you mean ${near}? ${wish.remedy ?? ''}`;
  const listed = wish.what.startsWith('there is no model') ? `${remedy}; the types of objects are ${types.join(', ')}` : remedy;
  return new Problem(`${where}${wish.what}`, listed);
}

/** The types of the objects: the one that was asked for, if it has the operations, or those that they speak of. */
export function typesFor(columns: Columns, wanted: DataType | undefined, file: string): Recorded | Problem {
  if (wanted === undefined) {
    const recorded = typed(columns);
    if (!('strange' in recorded)) return recorded;
    const clash = clashIn(columns);
    if (clash !== undefined) return contradiction(columns, clash, file);
    return new Problem(
      `${file}: no type of object has all of its operations: ${wordsOf(columns)}`,
      `the types of objects are ${dataTypes.map(({ name, says }) => `${name} (${says})`).join('; ')}`,
    );
  }
  if (fits(wanted, columns)) return { columns, types: columns.keys.map(() => wanted) };
  const strange = [...columns.words].find(([, { effect }]) => !wanted.effects.includes(effect));
  const what =
    strange === undefined
      ? `${file}: a ${wanted.name} ${wanted.reads === 'collection' ? 'is read as a collection, and reads returned single values' : 'holds no collections, and reads returned some'}`
      : `${file}:${strange[1].line}: a ${wanted.name} has no ${clip(strange[0])}`;
  const fitting = dataTypes.filter((type) => fits(type, columns)).map(({ name }) => name);
  return new Problem(
    what,
    fitting.length === 0
      ? `no type of object has all of its operations: ${wordsOf(columns)}`
      : `what fits these operations: ${fitting.join(', ')}`,
  );
}

/** Two operations on one key that are of different objects, each with its line. */
function contradiction({ line, effect, keys }: Columns, { key, row, before }: Clash, file: string): Problem {
  const verb = (one: number): string => EFFECTS[effect[one] as number] ?? 'something else';
  return new Problem(
    `${file}:${line[row]}: no type of object has this ${verb(row)} of ${clip(keys[key] as string)} and the ${verb(before)} of it on line ${line[before]}`,
    `the types of objects are ${dataTypes.map(({ name, says }) => `${name} (${says})`).join('; ')}`,
  );
}

/** The models that were asked for, or the strongest that fits; all of them must judge the history. */
export function modelsFor(wishes: readonly Wish[], recorded: Recorded, file: string): readonly Wish[] | Problem {
  const able = models.filter((model) => misfit(model, recorded) === undefined);
  const names = able.map(({ name }) => name).join(', ');
  for (const { model } of wishes) {
    const wrong = misfit(model, recorded);
    if (wrong === undefined) continue;
    const which = recorded.columns.keys.length === 1 ? '' : `, and ${clip(wrong.key)} is one`;
    return new Problem(
      `${file}: ${model.name} does not judge a ${wrong.type.name}${which}`,
      able.length === 0 ? 'no model judges all of its keys' : `what judges this history: ${names}`,
    );
  }
  const [strongest] = able;
  if (wishes.length > 0) return wishes;
  return strongest === undefined ? new Problem(`${file}: no model judges all of its keys`) : [{ model: strongest }];
}

/** The words of a history's operations, each with the line that has it first. */
function wordsOf(columns: Columns): string {
  const words = [...columns.words].map(([word, { line }]) => `${clip(word)} (line ${line})`);
  const collections = columns.collections ? ', with reads that return collections' : '';
  return `${words.slice(0, 8).join(', ')}${words.length > 8 ? ', …' : ''}${collections}`;
}
