import { BAD, type Cursor, decode, MORE } from './cursor.ts';
import { NOTHING, Texts } from './texts.ts';

/** Deeper than any history nests; a file of nothing but brackets must not use up the stack. */
const DEEPEST = 200;

const BLANK = 1;
const DELIMITER = 2;
/** What a byte is to the reader: blanks (the comma is one) and brackets end a token. */
const KIND = new Uint8Array(256);
for (const byte of [9, 11, 12, 13, 32, 44]) KIND[byte] = BLANK;
for (const character of '()[]{}";') KIND[character.charCodeAt(0)] = DELIMITER;
KIND[10] = BLANK;

/** What keywords are mostly made of. */
export const PLAIN = new Uint8Array(256);
for (const letter of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./') PLAIN[letter.charCodeAt(0)] = 1;

export const OPEN_MAP = 0x7b;
export const OPEN_VECTOR = 0x5b;
export const OPEN_LIST = 0x28;
const HASH = 0x23;
const QUOTE = 0x22;

const CLOSERS: Readonly<Record<number, number>> = { [OPEN_MAP]: 0x7d, [OPEN_VECTOR]: 0x5d, [OPEN_LIST]: 0x29 };
const ESCAPES: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n', '\\': '\\', '"': '"', b: '\b', f: '\f' };

/**
 * EDN (github.com/edn-format/edn) as far as histories have it, from bytes. A form is read either as a code of its printed text, so that equal values have equal
 * codes, or skipped. Every method returns BAD where the text is wrong and MORE where it ends inside the form.
 */
export class Edn {
  readonly cursor: Cursor;
  readonly texts: Texts;
  private depth = 0;
  /** Forms are looked over and not kept. */
  private quiet = false;

  constructor(cursor: Cursor, texts: Texts) {
    this.cursor = cursor;
    this.texts = texts;
  }

  /** Goes to the next byte of a form, over blanks, comments and discarded forms (`#_`). That byte, or MORE at the end. */
  next(): number {
    const { cursor } = this;
    const { data, end } = cursor;
    for (;;) {
      if (cursor.at >= end) return MORE;
      const byte = data[cursor.at] as number;
      if (byte === 10) {
        cursor.at++;
        cursor.newline();
      } else if (KIND[byte] === BLANK) cursor.at++;
      else if (byte === 0x3b) {
        const found = data.indexOf(10, cursor.at);
        if ((found < 0 || found >= end) && !cursor.last) return MORE;
        cursor.at = found < 0 || found >= end ? end : found;
      } else if (byte === HASH && cursor.at + 1 >= end) return cursor.last ? byte : MORE;
      else if (byte === HASH && data[cursor.at + 1] === 0x5f) {
        cursor.at += 2;
        const skipped = this.deeper(() => this.skip());
        if (skipped < 0) return skipped;
      } else return byte;
    }
  }

  /** What a form that ended too early is called in a refusal. */
  private ended(what: string): number {
    if (!this.cursor.last) return MORE;
    return this.cursor.ended(`inside ${what}`);
  }

  /** Goes over any form: its value means nothing. 0 where it is sound. */
  skip(): number {
    const { quiet, depth } = this;
    this.quiet = true;
    const read = this.code();
    this.quiet = quiet;
    this.depth = depth;
    return Math.min(0, read);
  }

  /** Begins anew, wherever a form before it ended. */
  begin(): void {
    this.depth = 0;
    this.quiet = false;
  }

  private printed(text: string): number {
    return this.quiet ? NOTHING : this.texts.ofPrinted(text);
  }

  /** Reads any form as the code of its value. */
  code(): number {
    const byte = this.next();
    if (byte === BAD) return BAD;
    if (byte === MORE) return this.ended('a form');
    if (byte === QUOTE) {
      const text = this.string();
      return typeof text === 'number' ? text : this.quiet ? NOTHING : this.texts.ofString(text);
    }
    if (byte === OPEN_MAP || byte === OPEN_VECTOR || byte === OPEN_LIST) return this.collection(byte, false);
    if (byte === HASH) return this.dispatch();
    if (KIND[byte] === DELIMITER) {
      return this.cursor.refuse(`"${String.fromCharCode(byte)}" closes nothing`, 'a form was expected here: a value, a vector, a map');
    }
    return this.atom();
  }

  /** Nil, numbers, keywords, symbols and characters. Small whole numbers never become a text. */
  private atom(): number {
    const small = this.small();
    if (small >= 0) return small;
    const { cursor } = this;
    const { data } = cursor;
    const from = cursor.at;
    let at = from;
    // A character may be a bracket: `\(`.
    if (data[from] === 0x5c) at = Math.min(cursor.end, from + 2);
    // Keywords of plain letters need not become strings.
    if (data[from] === 0x3a) while (++at < cursor.end && PLAIN[data[at] as number] === 1);
    const plain = at > from + 1 && data[from] === 0x3a;
    const ended = at;
    while (at < cursor.end && KIND[data[at] as number] === 0) at++;
    if (at >= cursor.end && !cursor.last) return MORE;
    cursor.at = at;
    if (plain && ended === at) return this.quiet ? NOTHING : this.texts.ofBytes(data, from, at);
    if (at - from === 3 && data[from] === 0x6e && data[from + 1] === 0x69 && data[from + 2] === 0x6c) return NOTHING;
    const token = decode(data.subarray(from, at));
    const code = this.named(token);
    if (code !== undefined) return code;
    cursor.at = from;
    return cursor.refuse(
      `"${token.slice(0, 40)}" is no EDN value`,
      'expected nil, a number, a string, a keyword, a vector or a map',
      from,
      at,
    );
  }

  /** EDN needs nothing between the parts of a collection. */
  between(): number {
    return 0;
  }

  /** Whether a byte ends the token before it. */
  ends(byte: number): boolean {
    return KIND[byte] !== 0;
  }

  /** Most values are short whole numbers. Their code, or -1 (and nothing is read) for anything else. */
  private small(): number {
    const { cursor } = this;
    const { data, end } = cursor;
    const from = cursor.at;
    let at = from;
    let n = 0;
    for (; at < end && at - from <= 10; at++) {
      const digit = (data[at] as number) - 48;
      if (digit < 0 || digit > 9) break;
      n = n * 10 + digit;
    }
    if (at === from || at >= end || KIND[data[at] as number] === 0 || !Texts.isSmall(n) || (data[from] === 48 && at - from > 1)) return -1;
    cursor.at = at;
    return Texts.ofInt(n);
  }

  /** The code of a token that is no small number, or undefined where it is none of EDN's. */
  private named(token: string): number | undefined {
    if (/^[+-]?\d+N?$/.test(token)) {
      const digits = wholeNumber(token);
      return Texts.smallest(digits) ?? this.printed(digits);
    }
    if (/^[+-]?\d/.test(token)) {
      const number = /^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?M?$/.test(token) || /^[+-]?\d+\/\d+$/.test(token);
      return number ? this.printed(token) : undefined;
    }
    // A keyword keeps its colon, so that :a, a and "a" stay three values.
    if (token.startsWith(':')) return token.length > 1 ? this.printed(token) : undefined;
    if (token.startsWith('\\')) return token.length > 1 ? this.printed(token) : undefined;
    if (token === 'true' || token === 'false') return this.printed(token);
    return /[\u0000-\u001f]/.test(token) ? undefined : this.printed(`'${token}`);
  }

  /** A string without its quotes. The cursor stands on the first of them. */
  string(): string | number {
    const { cursor } = this;
    const { data, end } = cursor;
    const from = cursor.at;
    let escaped = false;
    let lines = 0;
    let lineStart = cursor.lineStart;
    let at = from + 1;
    for (; ; at++) {
      if (at >= end) return this.ended('a string');
      const byte = data[at] as number;
      if (byte === QUOTE) break;
      if (byte === 10) {
        lines++;
        lineStart = at + 1;
      }
      if (byte !== 0x5c) continue;
      escaped = true;
      at++;
    }
    const raw = decode(data.subarray(from + 1, at));
    const text = escaped ? unescaped(raw) : raw;
    if (text === undefined) {
      return cursor.refuse(
        'this string has an escape that EDN does not know',
        'expected \\n \\t \\r \\b \\f \\" \\\\ or \\u and four digits',
        from,
        at + 1,
      );
    }
    cursor.at = at + 1;
    cursor.line += lines;
    cursor.lineStart = lineStart;
    return text;
  }

  /** Sets, tags and the rare numbers that begin with `##`. */
  private dispatch(): number {
    const { cursor } = this;
    if (cursor.at + 1 >= cursor.end) return this.ended('a form');
    const after = cursor.data[cursor.at + 1] as number;
    if (after === OPEN_MAP) {
      cursor.at++;
      return this.collection(OPEN_MAP, true);
    }
    if (after === HASH) return this.atom();
    const tag = this.tag();
    return tag < 0 ? tag : this.deeper(() => this.code());
  }

  /** Goes over a tag: `#jepsen.history.Op`; what it stands before is read as if it were not there. */
  tag(): number {
    const { cursor } = this;
    const from = cursor.at;
    let at = from + 1;
    while (at < cursor.end && KIND[cursor.data[at] as number] === 0) at++;
    if (at >= cursor.end) return this.ended('a tag');
    if (at === from + 1) return cursor.refuse('a tag has no name', 'expected for example #jepsen.history.Op{…}', from, at);
    cursor.at = at;
    return 0;
  }

  /** A collection, by the codes of its parts. Maps in the order of their printed parts, since theirs means nothing. */
  private collection(open: number, set: boolean): number {
    const { cursor, texts } = this;
    if (this.depth >= DEEPEST) return this.tooDeep();
    this.depth++;
    const closer = CLOSERS[open] as number;
    const from = cursor.at++;
    const parts: number[] = [];
    let count = 0;
    for (; ; count++) {
      const byte = this.next();
      if (byte === BAD) return BAD;
      if (byte === MORE) return this.ended(`what "${set ? '#' : ''}${String.fromCharCode(open)}" began`);
      if (byte === closer) break;
      const small = this.small();
      const code = small >= 0 ? small : this.code();
      if (code < 0) return code;
      if (!this.quiet) parts.push(code);
    }
    this.depth--;
    cursor.at++;
    if (open === OPEN_MAP && !set && count % 2 !== 0)
      return cursor.refuse('a map has a key without a value', 'expected pairs of keys and values', from, cursor.at);
    if (this.quiet) return NOTHING;
    if (open === OPEN_VECTOR) return texts.ofCollection(parts);
    if (open === OPEN_LIST) return texts.ofList(parts);
    if (set) return texts.ofSet(parts);
    const printed = parts.map((part) => texts.text(part) ?? 'nil');
    const pairs = Array.from({ length: printed.length / 2 }, (_, i) => `${printed[2 * i]} ${printed[2 * i + 1]}`);
    return texts.ofPrinted(`{${pairs.sort().join(', ')}}`);
  }

  private deeper(read: () => number): number {
    if (this.depth >= DEEPEST) return this.tooDeep();
    this.depth++;
    const result = read();
    this.depth--;
    return result;
  }

  private tooDeep(): number {
    return this.cursor.refuse('forms are nested too deep', `no history nests more than ${DEEPEST} of them`);
  }
}

/** A whole number without plus, leading zeros and `N`. Not by way of BigInt, whose work is not linear in the digits. */
export function wholeNumber(token: string): string {
  const digits = token.replace(/^[+-]?0*(?=\d)|N$/g, '');
  return token.startsWith('-') && digits !== '0' ? `-${digits}` : digits;
}

function unescaped(raw: string): string | undefined {
  let known = true;
  const text = raw.replace(/\\(u[0-9a-fA-F]{4}|[\s\S])/g, (_, letters: string) => {
    if (letters.length === 5) return String.fromCharCode(Number.parseInt(letters.slice(1), 16));
    const character = ESCAPES[letters];
    if (character === undefined) known = false;
    return character ?? '';
  });
  return known ? text : undefined;
}
