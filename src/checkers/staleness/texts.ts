import { APPEND, type Columns, NEVER } from '../../history/columns.ts';
import { rawText } from '../../history/texts.ts';
import { Numbers } from '../objects/machines.ts';
import { isOkRead } from './clusters.ts';
import type { Move } from './window-search.ts';

/**
 * Keys of texts that were appended to are judged up to so many operations. An append makes a text that depends on all before it, so that only a search over orders tells
 * which texts there can have been.
 */
const MOST_OPERATIONS = 100;

export const isLong = (rows: readonly number[]): boolean => rows.length > MOST_OPERATIONS;

/** What is there after a write, for values as numbers: the value itself, unless it was appended to a text. */
export class Values {
  /** Texts by their numbers, where they can be appended to: the empty one is 0, as "no value" is. */
  private readonly texts: Numbers<string> | undefined;

  constructor(texts?: Numbers<string>) {
    this.texts = texts;
  }

  get grow(): boolean {
    return this.texts !== undefined;
  }

  after(move: Move, newest: number): number {
    if (this.texts === undefined || !move.appends) return move.value;
    const { all } = this.texts;
    return this.texts.of(`${all[newest]}${all[move.value]}`);
  }

  /** Whether what is there can become a value by appending alone. */
  leadsTo(newest: number, value: number): boolean {
    const all = this.texts?.all ?? [];
    return (all[value] as string).startsWith(all[newest] as string);
  }
}

/** The operations of some rows for the search by values, and what their values are. `grows`: texts were appended to. */
export function movesOf(columns: Columns, rows: readonly number[], grows: boolean): { readonly moves: Move[]; readonly values: Values } {
  const { value, call, ret, effect, texts } = columns;
  const known = new Numbers<string>();
  known.of('');
  const number = (code: number): number => (grows ? known.of(rawText(texts.text(code) ?? '')) : code);
  const moves = rows.map((row) => ({
    read: isOkRead(columns, row),
    appends: effect[row] === APPEND,
    value: number(value[row] as number),
    call: call[row] as number,
    end: ret[row] === NEVER ? Number.POSITIVE_INFINITY : (ret[row] as number),
  }));
  return { moves, values: new Values(grows ? known : undefined) };
}
