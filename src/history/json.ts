import { type Cursor, decode, MORE } from './cursor.ts';
import { wholeNumber } from './edn.ts';
import { NOTHING, Texts } from './texts.ts';

const DEEPEST = 200;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** JSON (RFC 8259) from bytes, as codes of printed values. Returns BAD where the text is wrong and MORE where it ends inside a form. */
export class Json {
  readonly cursor: Cursor;
  readonly texts: Texts;
  /** How deep the form that is being read is nested; who begins anew sets it to 0. */
  depth = 0;
  /** Values are looked over and not kept. */
  private quiet = false;

  constructor(cursor: Cursor, texts: Texts) {
    this.cursor = cursor;
    this.texts = texts;
  }

  next(): number {
    const { cursor } = this;
    const { data, end } = cursor;
    while (cursor.at < end) {
      const byte = data[cursor.at] as number;
      if (byte === 10) {
        cursor.at++;
        cursor.newline();
      } else if (byte === 32 || byte === 9 || byte === 13) cursor.at++;
      else return byte;
    }
    return MORE;
  }

  /** A comma, or the bracket that closes; after a comma no bracket. */
  between(): number {
    const byte = this.next();
    if (byte === MORE) return this.ended('a list');
    if (byte === 0x5d || byte === 0x7d) return 0;
    if (byte !== COMMA) return this.cursor.refuse('a comma or the end of the list is missing', 'expected , or a closing bracket');
    this.cursor.at++;
    const after = this.next();
    if (after === 0x5d || after === 0x7d) return this.cursor.refuse('nothing stands behind the comma', 'expected another value');
    return 0;
  }

  colon(): number {
    const byte = this.next();
    if (byte === MORE) return this.ended('an object');
    if (byte !== COLON) return this.cursor.refuse('a colon is missing', 'expected "name": value');
    this.cursor.at++;
    return 0;
  }

  ends(): boolean {
    return true;
  }

  ended(what: string): number {
    const { cursor } = this;
    if (!cursor.last) return MORE;
    return cursor.ended(`inside ${what}`);
  }

  /** Goes over any value: it means nothing. 0 where it is sound. */
  skip(): number {
    const { quiet, depth } = this;
    this.quiet = true;
    const read = this.code();
    this.quiet = quiet;
    this.depth = depth;
    return Math.min(0, read);
  }

  begin(): void {
    this.depth = 0;
    this.quiet = false;
  }

  code(): number {
    const byte = this.next();
    if (byte === MORE) return this.ended('a value');
    if (byte === QUOTE) {
      const text = this.string();
      return typeof text === 'number' ? text : this.quiet ? NOTHING : this.texts.ofString(text);
    }
    if (byte === 0x5b || byte === 0x7b) return this.collection(byte);
    const small = this.small();
    if (small >= 0) return small;
    const from = this.cursor.at;
    const token = this.token();
    if (typeof token === 'number') return token;
    if (token === 'null') return NOTHING;
    if (this.quiet && NUMBER.test(token)) return NOTHING;
    if (token === 'true' || token === 'false') return this.texts.ofPrinted(token);
    if (!NUMBER.test(token)) {
      const to = Math.max(from + 1, this.cursor.at);
      this.cursor.at = from;
      const shown = token === '' ? String.fromCharCode(byte) : token.slice(0, 40);
      return this.cursor.refuse(
        `"${shown}" is no JSON value`,
        'expected null, a number, a string in quotes, a list or an object',
        from,
        to,
      );
    }
    const digits = /[.eE]/.test(token) ? token : wholeNumber(token);
    return Texts.smallest(digits) ?? this.texts.ofPrinted(digits);
  }

  /** Most values are short whole numbers, or null. Their code, or -1 (and nothing is read) for anything else. */
  private small(): number {
    const { cursor } = this;
    const { data, end } = cursor;
    let at = cursor.at;
    const first = data[at] as number;
    if (first === 0x6e) {
      if (at + 4 >= end || data[at + 1] !== 0x75 || data[at + 2] !== 0x6c || data[at + 3] !== 0x6c || !closes(data[at + 4] as number))
        return -1;
      cursor.at = at + 4;
      return NOTHING;
    }
    let n = 0;
    for (; at < end && at - cursor.at < 10; at++) {
      const digit = (data[at] as number) - 48;
      if (digit < 0 || digit > 9) break;
      n = n * 10 + digit;
    }
    const digits = at - cursor.at;
    if (digits === 0 || digits > 9 || at >= end || (first === 48 && digits > 1) || !closes(data[at] as number)) return -1;
    cursor.at = at;
    return Texts.ofInt(n);
  }

  /** What stands up to the next blank, comma, colon or bracket. */
  private token(): string | number {
    const { cursor } = this;
    const { data } = cursor;
    let at = cursor.at;
    for (; at < cursor.end; at++) {
      const byte = data[at] as number;
      if (
        byte <= 32 ||
        byte === COMMA ||
        byte === COLON ||
        byte === QUOTE ||
        byte === 0x5b ||
        byte === 0x5d ||
        byte === 0x7b ||
        byte === 0x7d
      )
        break;
    }
    if (at >= cursor.end && !cursor.last) return MORE;
    const text = decode(data.subarray(cursor.at, at));
    cursor.at = at;
    return text;
  }

  /** A string without its quotes. The cursor stands on the first of them. */
  string(): string | number {
    const { cursor } = this;
    const { data, end } = cursor;
    const from = cursor.at;
    let plain = true;
    let at = from + 1;
    for (; ; at++) {
      if (at >= end) return this.ended('a string');
      const byte = data[at] as number;
      if (byte === QUOTE) break;
      if (byte < 32) {
        cursor.at = at;
        return cursor.refuse(
          'a string holds a control character',
          'expected the closing quote, or the character as \\n, \\t or \\u and four digits',
        );
      }
      if (byte !== 0x5c) continue;
      plain = false;
      at++;
    }
    const raw = decode(data.subarray(from + 1, at));
    const text = plain ? raw : unescaped(raw);
    if (text === undefined)
      return cursor.refuse(
        'this string has an escape that JSON does not know',
        'expected \\n \\t \\" \\\\ or \\u and four digits',
        from,
        at + 1,
      );
    cursor.at = at + 1;
    return text;
  }

  /** A list as a collection; an object as it is printed, in the order of its printed entries, since theirs means nothing. */
  private collection(open: number): number {
    const { cursor, texts } = this;
    if (this.depth >= DEEPEST) return cursor.refuse('values are nested too deep', `no history nests more than ${DEEPEST} of them`);
    const closer = open + 2;
    const parts: number[] = [];
    cursor.at++;
    this.depth++;
    for (;;) {
      const byte = this.next();
      if (byte === MORE) return this.ended('a value');
      if (byte === closer) break;
      const name = open === 0x7b ? this.entry() : 0;
      if (name < 0) return name;
      const part = this.code();
      if (part < 0) return part;
      if (!this.quiet) parts.push(...(open === 0x7b ? [name, part] : [part]));
      const between = this.between();
      if (between < 0) return between;
    }
    cursor.at++;
    this.depth--;
    if (this.quiet) return NOTHING;
    if (open === 0x5b) return texts.ofCollection(parts);
    const printed = parts.map((part) => texts.text(part) ?? 'nil');
    const entries = Array.from({ length: printed.length / 2 }, (_, i) => `${printed[2 * i]} ${printed[2 * i + 1]}`);
    return texts.ofPrinted(`{${entries.sort().join(', ')}}`);
  }

  /** A name and its colon. */
  private entry(): number {
    if (this.cursor.data[this.cursor.at] !== QUOTE) return this.cursor.refuse('a name in quotes is missing', 'expected "name": value');
    const name = this.code();
    if (name < 0) return name;
    const colon = this.colon();
    return colon < 0 ? colon : name;
  }
}

/** What may stand behind a number or a word. */
function closes(byte: number): boolean {
  return byte === COMMA || byte === 0x7d || byte === 0x5d || byte <= 32;
}

function unescaped(raw: string): string | undefined {
  const simple: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '"': '"', '\\': '\\', '/': '/' };
  let known = true;
  const text = raw.replace(/\\(u[0-9a-fA-F]{4}|[\s\S])/g, (_, letters: string) => {
    if (letters.length === 5) return String.fromCharCode(Number.parseInt(letters.slice(1), 16));
    known &&= simple[letters] !== undefined;
    return simple[letters] ?? '';
  });
  return known ? text : undefined;
}
