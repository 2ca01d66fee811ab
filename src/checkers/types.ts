import {
  ACQUIRE,
  ADD,
  APPEND,
  CAS,
  type Columns,
  DEQUEUE,
  ENQUEUE,
  GENERATE,
  OK,
  OTHER,
  READ,
  RELEASE,
  REMOVE,
  type Transactions,
  TXN,
  WRITE,
} from '../history/columns.ts';
import { NOTHING } from '../history/texts.ts';

/** What an object is: which operations it has and what it holds at the beginning. */
export interface DataType {
  readonly name: string;
  readonly says: string;
  readonly effects: readonly number[];
  /** Values are texts, and the empty one is "no value". */
  readonly texts: boolean;
  /** What its reads return: one value, or a collection of them. `any`: there is nothing to tell by. */
  readonly reads: 'one' | 'collection' | 'any';
}

const one = { texts: false, reads: 'one' } as const;
const many = { texts: false, reads: 'collection' } as const;
const any = { texts: false, reads: 'any' } as const;

const register: DataType = { name: 'register', says: 'read, write', effects: [READ, WRITE], ...one };

/** Every data type that a history may be about. Where several fit, the first is meant. */
export const dataTypes: readonly DataType[] = [
  register,
  { name: 'cas-register', says: 'read, write, compare-and-set', effects: [READ, WRITE, CAS], ...one },
  {
    name: 'kv',
    says: 'get, put, append to a text, compare-and-set; "" where nothing was put',
    effects: [READ, WRITE, CAS, APPEND],
    texts: true,
    reads: 'one',
  },
  { name: 'counter', says: 'add a number, read the sum; 0 at the beginning', effects: [READ, ADD], ...one },
  { name: 'set', says: 'add and remove an element, read all of them', effects: [READ, ADD, REMOVE], ...many },
  { name: 'list', says: 'append an element, read all of them in order', effects: [READ, APPEND], ...many },
  { name: 'queue', says: 'enqueue, dequeue the oldest; nil where it is empty', effects: [ENQUEUE, DEQUEUE], ...any },
  {
    name: 'lock',
    says: 'acquire, release; tokens, where they are recorded, only grow (fencing)',
    effects: [ACQUIRE, RELEASE],
    ...any,
  },
  { name: 'ids', says: 'generate an id that nobody else gets', effects: [GENERATE], ...any },
  { name: 'list-append', says: 'transactions that read lists and append to them', effects: [TXN], ...many },
  { name: 'rw-register', says: 'transactions that read and write registers', effects: [TXN], ...one },
];

export function typeNamed(name: string): DataType | undefined {
  return dataTypes.find((type) => type.name === name);
}

/** What each key was used for: a bit for each effect. */
interface Uses {
  readonly effects: Int32Array;
  /** Keys with an ok read that returned a collection, and with one that returned something else than nothing. */
  readonly collection: Uint8Array;
  readonly single: Uint8Array;
}

/** The effects after which a value may be a collection without being one of elements: a register holds whatever is written to it. */
const WRITES = (1 << WRITE) | (1 << CAS);

function usesOf(columns: Columns): Uses {
  const { count, key, effect, status, value, keys, texts, collections, transactions } = columns;
  if (transactions !== undefined) return usesOfTransactions(columns, transactions);
  const effects = new Int32Array(keys.length);
  const collection = new Uint8Array(keys.length);
  const single = new Uint8Array(keys.length);
  for (let i = 0; i < count; i++) {
    const k = key[i] as number;
    effects[k] = (effects[k] as number) | (1 << (effect[i] as number));
    if (effect[i] !== READ || status[i] !== OK) continue;
    if (collections && texts.isCollection(value[i] as number)) collection[k] = 1;
    else if (value[i] !== NOTHING) single[k] = 1;
  }
  // What was written and read again is one value, whatever it is made of.
  if (collections) for (let k = 0; k < keys.length; k++) if (((effects[k] as number) & WRITES) !== 0) merge(collection, single, k);
  return { effects, collection, single };
}

function merge(collection: Uint8Array, single: Uint8Array, k: number): void {
  if (collection[k] === 1) single[k] = 1;
  collection[k] = 0;
}

/** Transactions run over all keys at once, so what they do anywhere counts for every key: appends speak of lists, writes of registers. */
function usesOfTransactions({ count, effect, keys, texts }: Columns, { f, value }: Transactions): Uses {
  let effects = 0;
  for (let i = 0; i < count; i++) effects |= 1 << (effect[i] as number);
  const collection = new Uint8Array(1);
  const single = new Uint8Array(1);
  let writes = false;
  for (let m = 0; m < f.length; m++) {
    const code = value[m] as number;
    if (f[m] === APPEND) collection[0] = 1;
    else if (f[m] === WRITE) writes = true;
    else if (texts.isCollection(code)) collection[0] = 1;
    else if (code !== 0) single[0] = 1;
  }
  if (writes) single[0] = 1;
  if (writes && !f.includes(APPEND)) collection[0] = 0;
  const everywhere = (flag: number): Uint8Array => new Uint8Array(keys.length).fill(flag);
  return {
    effects: new Int32Array(keys.length).fill(effects),
    collection: everywhere(collection[0] as number),
    single: everywhere(single[0] as number),
  };
}

function bitsOf(effects: readonly number[]): number {
  return effects.reduce((bits, effect) => bits | (1 << effect), 0);
}

function fitsKey(type: DataType, uses: Uses, k: number): boolean {
  if (((uses.effects[k] as number) & ~bitsOf(type.effects)) !== 0) return false;
  if (type.reads === 'one') return uses.collection[k] === 0;
  return type.reads === 'any' || uses.single[k] === 0;
}

/** Whether every key can be of this type. */
export function fits(type: DataType, columns: Columns): boolean {
  const uses = usesOf(columns);
  return columns.keys.every((_, k) => fitsKey(type, uses, k));
}

/** The types that the operations on each key speak of; undefined where no type has them all. One type for all keys wherever one fits all. */
export function inferTypes(columns: Columns): readonly (DataType | undefined)[] {
  // `get` and `put` are the words of a map of texts, in which nothing reads as "".
  const map = ['get', 'put'].some((word) => columns.words.has(word)) || (columns.words.has('append') && !columns.collections);
  // Where single values are read and written and nothing else, every key is a register, and there is nothing to look for in the operations.
  if (!map && !columns.collections && (columns.effects & ~bitsOf(register.effects)) === 0) return columns.keys.map(() => register);
  const uses = usesOf(columns);
  const candidates = map ? [...dataTypes.filter((type) => type.texts), ...dataTypes] : dataTypes;
  const all = candidates.find((type) => columns.keys.every((_, k) => fitsKey(type, uses, k)));
  return columns.keys.map((_, k) => all ?? candidates.find((type) => fitsKey(type, uses, k)));
}

/** The one type of all keys, or undefined where there is none. */
export function inferType(columns: Columns): DataType | undefined {
  const [first, ...rest] = inferTypes(columns);
  return rest.every((type) => type === first) ? first : undefined;
}

/** Two operations on one key that no type of object has together. */
export interface Clash {
  readonly key: number;
  /** The first operation with which no type is left, and the first one before it that it does not go with. */
  readonly row: number;
  readonly before: number;
}

/** Where the operations on a key contradict each other, for the first key that has no type; undefined where it is not two operations alone, or where transactions speak of all keys at once. */
export function clashIn(columns: Columns): Clash | undefined {
  if (columns.transactions !== undefined) return undefined;
  const uses = usesOf(columns);
  const key = columns.keys.findIndex((_, k) => !dataTypes.some((type) => fitsKey(type, uses, k)));
  if (key < 0) return undefined;
  const rows: number[] = [];
  for (let row = 0; row < columns.count; row++) {
    if (columns.key[row] !== key) continue;
    const before = rows.find((other) => !goTogether(columns, other, row));
    // A word that nobody knows contradicts nothing.
    if (before !== undefined) return columns.effect[row] === OTHER || columns.effect[before] === OTHER ? undefined : { key, row, before };
    // One of each kind is enough to find what contradicts it.
    if (!rows.some((other) => speaksOf(columns, other) === speaksOf(columns, row))) rows.push(row);
  }
  return undefined;
}

/** What an operation says about the type of its object, as a number. */
function speaksOf({ effect, status, value, texts }: Columns, row: number): number {
  const f = effect[row] as number;
  if (f !== READ) return f * 4;
  if (status[row] !== OK || value[row] === 0) return 0;
  return texts.isCollection(value[row] as number) ? 2 : 1;
}

function goTogether(columns: Columns, a: number, b: number): boolean {
  const spoken = [speaksOf(columns, a), speaksOf(columns, b)];
  const effects = bitsOf(spoken.map((said) => said >> 2));
  const collection = Uint8Array.of(spoken.includes(2) ? 1 : 0);
  const single = Uint8Array.of(spoken.includes(1) ? 1 : 0);
  if ((effects & WRITES) !== 0) merge(collection, single, 0);
  return dataTypes.some((type) => fitsKey(type, { effects: Int32Array.of(effects), collection, single }, 0));
}
