import type { Builder } from './builder.ts';
import type { Cursor } from './cursor.ts';
import { decode } from './cursor.ts';
import { PLAIN } from './edn.ts';
import { CALL, F, KEY, type Outline, PROCESS, RETURN, Shape, SKIPPED, TIME, TYPE, VALUE } from './shape.ts';
import { NOTHING, type Texts } from './texts.ts';

/** How many shapes are tried, and how many lines are looked at for one: a history whose lines are all different gains nothing. */
const SHAPES = 8;
const LESSONS = 256;
/** Longer texts are read with care: few are met twice. */
const SHORT = 256;

/** The largest whole number that is its own code. */
const LARGEST = 0x3fffffff;

const QUOTE = 0x22;
const COLON = 0x3a;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;

/** What the value of a line is made of. */
export const ABSENT = 0;
export const SCALAR = 1;
/** `[a b]` */
export const PAIR = 2;
/** `[a [b c]]` */
export const NESTED = 3;

/** Bytes that end a number or a word. */
const ENDS_EDN = new Uint8Array(256);
for (const byte of [9, 10, 11, 12, 13, 32, COMMA, QUOTE, 0x3b]) ENDS_EDN[byte] = 1;
for (const bracket of '()[]{}') ENDS_EDN[bracket.charCodeAt(0)] = 1;
const ENDS_JSON = new Uint8Array(256).fill(1, 0, 33);
for (const byte of [COMMA, CLOSE, 0x7d]) ENDS_JSON[byte] = 1;
const TYPES = ['invoke', 'ok', 'fail', 'info'].map((word) => Uint8Array.from(word, (c) => c.charCodeAt(0)));

/**
 * Lines that are alike, read without care: most lines of a long history differ from the one before in their values only, so what stands between these is compared byte by byte, and the values
 * are taken from where they must stand. Whatever is unusual is left to the careful reader, which says the same of every line, and whose outline of a line is the next shape.
 */
export class Lines {
  /** What the line says. Codes, or -1 where it says nothing. */
  type = -1;
  process = -1;
  f = -1;
  key = -1;
  /** The value: what it is made of, and its parts. */
  form = ABSENT;
  a = NOTHING;
  b = NOTHING;
  c = NOTHING;
  time = Number.NaN;
  call = -1;
  /** `Infinity` where nobody knows. */
  ret = Number.POSITIVE_INFINITY;
  shape: Shape | undefined = undefined;
  private readonly shapes: Shape[] = [];
  /** The last line had a shape, whether or not its reader could do with it. */
  private known = false;
  private lessons = 0;
  private at = 0;
  private data: Uint8Array = new Uint8Array(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  private end = 0;
  private readonly edn: boolean;
  private readonly ends: Uint8Array;
  private readonly texts: Texts;
  /** Whether the last string was printable ASCII. */
  private plain = true;
  /** The words of operations that the careful reader has met, as bytes. */
  private readonly words: Uint8Array[] = [];

  constructor(builder: Builder, edn: boolean) {
    this.texts = builder.texts;
    this.edn = edn;
    this.ends = edn ? ENDS_EDN : ENDS_JSON;
  }

  /** The careful reader has read a line of this outline. */
  learn(outline: Outline, data: Uint8Array, end: number): void {
    if (this.known || this.lessons >= LESSONS) return;
    this.lessons++;
    const shape = Shape.of(outline, data, end);
    if (shape === undefined || this.shapes.some((other) => other.equals(shape))) return;
    if (this.shapes.length === SHAPES) this.shapes.splice(this.leastUsed(), 1);
    this.shapes.push(shape);
  }

  private leastUsed(): number {
    const hits = this.shapes.map((shape) => shape.hits);
    return hits.indexOf(Math.min(...hits));
  }

  /** The number by which `f` tells the word from now on. */
  learnWord(word: string): number {
    this.words.push(Uint8Array.from(word, (c) => c.charCodeAt(0)));
    return this.words.length - 1;
  }

  /** Reads the line at the cursor: the place behind it, or -1, and then it is nothing that was met before. */
  read(cursor: Cursor): number {
    if (this.data !== cursor.data) {
      this.data = cursor.data;
      this.view = new DataView(cursor.data.buffer, cursor.data.byteOffset, cursor.data.length);
    }
    this.end = cursor.end;
    this.known = true;
    const { shape } = this;
    if (shape !== undefined && this.matches(shape, cursor.at)) {
      shape.hits++;
      return this.at;
    }
    for (let i = 0; i < this.shapes.length; i++) {
      const other = this.shapes[i] as Shape;
      if (other === shape || !this.matches(other, cursor.at)) continue;
      this.shape = other;
      other.hits++;
      return this.at;
    }
    this.known = false;
    return -1;
  }

  private matches(shape: Shape, from: number): boolean {
    const { kinds, words, starts, firsts, masks, count } = shape;
    // What a line does not say, the line before it has not said for it.
    this.type = this.process = this.f = this.key = this.call = -1;
    this.ret = Number.POSITIVE_INFINITY;
    const { data, end, view, ends } = this;
    let at = from;
    for (let i = 0; ; i++) {
      const length = (starts[i + 1] as number) - (starts[i] as number);
      // Words are looked at whole, so a line at the very end of the bytes is left to the careful reader.
      if (at + length + 3 > end) return false;
      const last = (firsts[i + 1] as number) - 1;
      let place = at;
      for (let w = firsts[i] as number; w < last; w++, place += 4) if (view.getInt32(place, true) !== words[w]) return false;
      if (length > 0 && (view.getInt32(place, true) & (masks[i] as number)) !== words[last]) return false;
      at += length;
      if (i === count) break;
      // Most values are whole numbers.
      const start = at;
      let n = 0;
      for (; at < end; at++) {
        const digit = (data[at] as number) - 48;
        if (digit < 0 || digit > 9) break;
        n = n * 10 + digit;
      }
      const kind = kinds[i] as number;
      if (at > start) {
        if (at >= end || at - start > 15 || ends[data[at] as number] === 0 || (data[start] === 48 && at - start > 1)) return false;
        if (!this.number(kind, n)) return false;
      } else {
        this.at = at;
        if (!this.value(kind)) return false;
        at = this.at;
      }
    }
    this.at = at;
    return true;
  }

  /** Takes down a whole number of up to fifteen digits; false where it must not be one. */
  private number(kind: number, n: number): boolean {
    switch (kind) {
      case SKIPPED:
        return true;
      case TIME:
        this.time = n;
        return true;
      case CALL:
        this.call = n;
        return true;
      case RETURN:
        this.ret = n;
        return true;
    }
    if (n > LARGEST) return false;
    const code = (n << 1) | 1;
    if (kind === PROCESS) this.process = code;
    else if (kind === KEY) this.key = code;
    else if (kind === VALUE) {
      this.form = SCALAR;
      this.a = code;
    } else return false;
    return true;
  }

  private value(kind: number): boolean {
    switch (kind) {
      case TYPE:
        this.type = this.wordOf(TYPES);
        return this.type >= 0;
      case F:
        this.f = this.wordOf(this.words);
        return this.f >= 0;
      case PROCESS:
        this.process = this.scalar();
        return this.process >= 0;
      case KEY:
        this.key = this.scalar();
        return this.key >= 0;
      case VALUE:
        return this.parts();
      case TIME:
      case CALL:
        return false;
      case RETURN:
        this.ret = Number.POSITIVE_INFINITY;
        return this.scalar() === NOTHING;
      case SKIPPED:
        return this.skip();
      default:
        throw new Error(`a shape has no values of kind ${kind}: whoever learnt it knows more than this reader`);
    }
  }

  /** A number, nil, a short string, or a keyword, as its code; -1 for anything else. */
  private scalar(): number {
    const { data, end } = this;
    const from = this.at;
    let at = from;
    let n = 0;
    let digit = (data[at] as number) - 48;
    while (digit >= 0 && digit <= 9 && at < end) {
      n = n * 10 + digit;
      digit = (data[++at] as number) - 48;
    }
    if (at === from) return this.text();
    // No leading noughts, and nothing that is not its own code.
    if (at >= end || at - from > 10 || n > LARGEST || this.ends[data[at] as number] === 0) return -1;
    if (data[from] === 48 && at - from > 1) return -1;
    this.at = at;
    return (n << 1) | 1;
  }

  private text(): number {
    const { data, end, edn } = this;
    const from = this.at;
    const first = data[from] as number;
    if (first === 0x6e) {
      const width = edn ? 3 : 4;
      if (from + width >= end || this.ends[data[from + width] as number] === 0) return -1;
      const isNil = edn
        ? data[from + 1] === 0x69 && data[from + 2] === 0x6c
        : data[from + 1] === 0x75 && data[from + 2] === 0x6c && data[from + 3] === 0x6c;
      if (!isNil) return -1;
      this.at = from + width;
      return NOTHING;
    }
    const string = first === QUOTE;
    if (!string && !(edn && first === COLON)) return -1;
    const to = string ? this.stringEnd(from + 1) : this.keywordEnd(from + 1);
    if (to < 0) return -1;
    let code: number;
    if (!string) code = this.texts.ofBytes(data, from, to);
    else if (this.plain) code = this.texts.ofQuoted(data, from + 1, to);
    else code = this.texts.ofString(decode(data.subarray(from + 1, to)));
    this.at = string ? to + 1 : to;
    return code;
  }

  /** Where the closing quote stands of a short string without escapes and control characters, or -1. */
  private stringEnd(from: number): number {
    const { data } = this;
    const most = Math.min(this.end, from + SHORT);
    this.plain = true;
    for (let at = from; at < most; at++) {
      const byte = data[at] as number;
      if (byte === QUOTE) return at;
      if (byte >= 0x7f) this.plain = false;
      if (byte === BACKSLASH || byte < 32) return -1;
    }
    return -1;
  }

  /** Where a keyword ends, or -1. */
  private keywordEnd(from: number): number {
    const { data } = this;
    const most = Math.min(this.end, from + SHORT);
    let at = from;
    while (at < most && PLAIN[data[at] as number] === 1) at++;
    return at > from && at < most && this.ends[data[at] as number] === 1 ? at : -1;
  }

  /** A value: a scalar, `[a b]`, or `[a [b c]]`. */
  private parts(): boolean {
    if (this.data[this.at] !== OPEN) {
      this.form = SCALAR;
      this.a = this.scalar();
      return this.a >= 0;
    }
    this.at++;
    this.a = this.scalar();
    if (this.a < 0 || !this.between()) return false;
    const inner = this.data[this.at] === OPEN;
    if (inner) this.at++;
    this.form = inner ? NESTED : PAIR;
    this.b = this.scalar();
    if (this.b < 0) return false;
    if (inner) {
      if (!this.between()) return false;
      this.c = this.scalar();
      if (this.c < 0 || this.data[this.at++] !== CLOSE) return false;
    }
    return this.data[this.at++] === CLOSE && this.at < this.end;
  }

  /** What must stand between two parts of a vector: one blank, or a comma and perhaps a blank. */
  private between(): boolean {
    const { data } = this;
    const from = this.at;
    if (data[this.at] === COMMA) this.at++;
    else if (!this.edn) return false;
    if (data[this.at] === 32) this.at++;
    return this.at > from;
  }

  /** Goes over a value that means nothing. */
  private skip(): boolean {
    const byte = this.data[this.at] as number;
    if (byte === QUOTE) {
      const to = this.stringEnd(this.at + 1);
      this.at = to + 1;
      return to >= 0;
    }
    if (this.edn && byte === COLON) {
      const to = this.keywordEnd(this.at + 1);
      this.at = to;
      return to >= 0;
    }
    return byte === 0x6e && this.text() === NOTHING;
  }

  /** Which of these words stands here: a keyword in EDN, a string in JSON. */
  private wordOf(words: readonly Uint8Array[]): number {
    const { data, end, edn } = this;
    if (data[this.at] !== (edn ? COLON : QUOTE)) return -1;
    const from = this.at + 1;
    for (let w = 0; w < words.length; w++) {
      const word = words[w] as Uint8Array;
      const to = from + word.length;
      if (to >= end) continue;
      let same = 0;
      while (same < word.length && data[from + same] === word[same]) same++;
      if (same < word.length) continue;
      if (edn) {
        if (this.ends[data[to] as number] === 0) continue;
        this.at = to;
        return w;
      }
      if (data[to] !== QUOTE) continue;
      this.at = to + 1;
      return w;
    }
    return -1;
  }
}
