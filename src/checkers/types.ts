import { APPEND, CAS, type Columns, READ, WRITE } from '../history/columns.ts';

/** What an object is: which operations it has and what it holds at the beginning. */
export interface DataType {
  readonly name: string;
  readonly says: string;
  readonly effects: readonly number[];
  /** Values are texts, and the empty one is "no value". */
  readonly texts: boolean;
}

/** Every data type that a recorded history may be about, the simplest first. */
export const dataTypes: readonly DataType[] = [
  { name: 'register', says: 'read, write', effects: [READ, WRITE], texts: false },
  { name: 'cas-register', says: 'read, write, compare-and-set', effects: [READ, WRITE, CAS], texts: false },
  {
    name: 'kv',
    says: 'get, put, append to a text, compare-and-set; "" where nothing was put',
    effects: [READ, WRITE, CAS, APPEND],
    texts: true,
  },
];

export function fits(type: DataType, columns: Columns): boolean {
  for (const { effect } of columns.words.values()) {
    if (!type.effects.includes(effect)) return false;
    // What is appended to here is a text. A read that returned a collection is about lists.
    if (effect === APPEND && columns.collections) return false;
  }
  return true;
}

/** The type that the operations speak of, or undefined where no type has them all. */
export function inferType(columns: Columns): DataType | undefined {
  const fitting = dataTypes.filter((type) => fits(type, columns));
  // `get` and `put` are the words of a map of texts, in which nothing reads as "".
  const map = ['get', 'put', 'append'].some((word) => columns.words.has(word));
  return map ? fitting.find((type) => type.texts) : fitting[0];
}
