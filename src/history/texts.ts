import { ByteTable } from './byte-table.ts';
import { decode } from './cursor.ts';
import { IntTable } from './int-table.ts';

/** "No value": nil, null, what an empty register holds. */
export const NOTHING = 0;

/** The largest whole number that is its own code. */
const LARGEST = 0x3fffffff;

/** How the kinds of collections are printed. */
const VECTOR = 0;
const LIST = 1;
const SET = 2;
const BRACKETS = [
  ['[', ']'],
  ['(', ')'],
  ['#{', '}'],
] as const;

const encoder = new TextEncoder();

/** Letters of texts that stand without quotes, and those that may come first. */
const BARE = new Uint8Array(256);
const FIRST = new Uint8Array(256);
for (const letter of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_') FIRST[letter.charCodeAt(0)] = 1;
BARE.set(FIRST);
for (const letter of '0123456789./+*!?-') BARE[letter.charCodeAt(0)] = 1;

/**
 * Values as small numbers, so that a history of a million operations is a few columns: 0 is "no value", an odd code is the whole number in front of it, an even one
 * is a place in a list of texts and collections. Two values are the same if and only if their codes are. Texts are kept as bytes, and become strings when somebody asks for them.
 */
export class Texts {
  /** Whether there are collections that `ofCollection` did not make: lists and sets. */
  others = false;
  private readonly printed = new ByteTable();
  /** Texts that bytes cannot stand for, with their entries: halves of characters. */
  private readonly odd = new Map<string, number>();
  private readonly strings: (string | undefined)[] = [];
  /** What collections are made of: their kind, and the codes of their elements. */
  private readonly collections = new ByteTable();
  /** By collection: its code. */
  private readonly codes: number[] = [];
  /** By code: the collection, from 1. */
  private readonly places = new IntTable();
  private parts = new Int32Array(64);
  private scratch = new Uint8Array(256);

  /** A whole number from 0 to 2^30 - 1 needs no place in the list. */
  static isSmall(n: number): boolean {
    return n <= LARGEST;
  }

  static ofInt(n: number): number {
    return (n << 1) | 1;
  }

  /** A value as it is printed: `nil`, `17`, `apple`, `"two words"`. */
  ofPrinted(text: string): number {
    const size = text.length * 3;
    if (size > this.scratch.length) this.scratch = new Uint8Array(size * 2);
    const { scratch } = this;
    let length = 0;
    for (; length < text.length; length++) {
      const letter = text.charCodeAt(length);
      if (letter >= 0x80) break;
      scratch[length] = letter;
    }
    if (length < text.length) {
      if (/\p{Surrogate}/u.test(text)) return this.oddly(text);
      length = encoder.encodeInto(text, scratch).written;
    }
    return codeOf(this.printed.intern(scratch, 0, length));
  }

  /** A value of a session as it was typed: there is no telling a number from a text there, so what reads as a number is one. */
  ofTyped(text: string): number {
    return Texts.smallest(text) ?? this.ofPrinted(text);
  }

  /** What `ofPrinted` says of ASCII bytes. */
  ofBytes(data: Uint8Array, from: number, to: number): number {
    return codeOf(this.printed.intern(data, from, to));
  }

  /** A string whose bytes stand between quotes, which are part of it unless it can be told from everything else without them. Only for printable ASCII without quotes and backslashes. */
  ofQuoted(data: Uint8Array, from: number, to: number): number {
    let at = from;
    if (FIRST[data[at] as number] === 1) while (at < to && BARE[data[at] as number] === 1) at++;
    if (at < to || at === from) return this.ofBytes(data, from - 1, to + 1);
    return to - from <= 5 ? this.ofString(decode(data.subarray(from, to))) : this.ofBytes(data, from, to);
  }

  private oddly(text: string): number {
    let entry = this.odd.get(text);
    if (entry === undefined) {
      entry = this.printed.reserve();
      this.remember(entry, text);
      this.odd.set(text, entry);
    }
    return codeOf(entry);
  }

  /** A string: bare where it cannot be taken for something else, else in quotes. */
  ofString(text: string): number {
    return this.ofPrinted(printed(text));
  }

  /** A collection of values by their codes, in the order in which they were found: `[1 2 3]`. */
  ofCollection(elements: ArrayLike<number>): number {
    return this.collection(VECTOR, elements);
  }

  /** A list, which is another value than a vector of the same elements: `(1 2 3)`. */
  ofList(elements: ArrayLike<number>): number {
    this.others = true;
    return this.collection(LIST, elements);
  }

  /** A set, by the printed elements: `#{1 2 3}`. */
  ofSet(elements: readonly number[]): number {
    this.others = true;
    const told = elements.map((element) => ({ element, text: this.text(element) ?? 'nil' }));
    told.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
    return this.collection(
      SET,
      told.map(({ element }) => element),
    );
  }

  /** The vector of the same elements; what is no collection stays. */
  asVector(code: number): number {
    const elements = this.elements(code);
    return elements === undefined ? code : this.ofCollection(elements.slice());
  }

  private collection(kind: number, elements: ArrayLike<number>): number {
    const size = elements.length + 1;
    if (size > this.parts.length) this.parts = new Int32Array(size * 2);
    const { parts } = this;
    // On whichever end of the word the machine has its low byte.
    parts[0] = kind * 0x01010101;
    for (let i = 1; i < size; i++) parts[i] = elements[i - 1] as number;
    const { count } = this.collections;
    const place = this.collections.intern(new Uint8Array(parts.buffer), 0, size * 4);
    if (place === count) {
      this.codes[place] = codeOf(this.printed.reserve());
      this.places.set(this.codes[place] as number, place + 1);
    }
    return this.codes[place] as number;
  }

  isCollection(code: number): boolean {
    return (code & 1) === 0 && this.places.get(code) !== 0;
  }

  /** The codes of a collection's elements, in the order in which they were found; undefined for what is no collection. */
  elements(code: number): Int32Array | undefined {
    if ((code & 1) === 1) return undefined;
    const place = this.places.get(code);
    if (place === 0) return undefined;
    const bytes = this.collections.at(place - 1);
    return new Int32Array(bytes.buffer, bytes.byteOffset + 4, (bytes.length >> 2) - 1);
  }

  /** The number with the other sign; what is no number stays. */
  negated(code: number): number {
    if ((code & 1) === 1) return code === 1 ? code : this.ofPrinted(`-${code >> 1}`);
    const text = this.text(code) ?? '';
    if (/^-\d/.test(text)) return Texts.smallest(text.slice(1)) ?? this.ofPrinted(text.slice(1));
    return /^\d/.test(text) ? this.ofPrinted(`-${text}`) : code;
  }

  /** The code of a whole number from its decimal digits, where it needs no text. */
  static smallest(digits: string): number | undefined {
    if (!/^(0|[1-9]\d{0,9})$/.test(digits)) return undefined;
    const n = Number(digits);
    return Texts.isSmall(n) ? Texts.ofInt(n) : undefined;
  }

  /** The code of a string that may not have occurred. */
  find(text: string): number | undefined {
    const wanted = encoder.encode(printed(text));
    const entry = this.printed.find(wanted, 0, wanted.length);
    return entry < 0 ? undefined : codeOf(entry);
  }

  /** The value as it is printed; `null` for none. */
  text(code: number): string | null {
    if (code === NOTHING) return null;
    if ((code & 1) === 1) return String(code >> 1);
    const entry = (code >> 1) - 1;
    if (entry >= this.printed.count) return null;
    const known = this.strings[entry];
    if (known !== undefined) return known;
    const elements = this.elements(code);
    const text = elements === undefined ? decode(this.printed.at(entry)) : this.collectionText(code, elements);
    this.remember(entry, text);
    return text;
  }

  private collectionText(code: number, elements: Int32Array): string {
    const kind = this.collections.at(this.places.get(code) - 1)[0] as number;
    const [open, close] = BRACKETS[kind] as (typeof BRACKETS)[number];
    return `${open}${Array.from(elements, (element) => this.text(element) ?? 'nil').join(' ')}${close}`;
  }

  private remember(entry: number, text: string): void {
    while (this.strings.length < this.printed.count) this.strings.push(undefined);
    this.strings[entry] = text;
  }
}

function codeOf(entry: number): number {
  return (entry + 1) << 1;
}

/** What a printed value stands for as text: a string without its quotes, everything else as it is printed. */
export function rawText(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'string' ? parsed : text;
  } catch {
    return text;
  }
}

function printed(text: string): string {
  return /^[A-Za-z_][\w./+*!?-]*$/.test(text) && !/^(nil|true|false|null)$/.test(text) ? text : JSON.stringify(text);
}
