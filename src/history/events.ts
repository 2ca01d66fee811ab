import type { Builder, Row } from './builder.ts';
import { CAS, FAIL, OK, OTHER, READ, UNKNOWN } from './columns.ts';
import { BAD, type Cursor, MORE } from './cursor.ts';
import { NOTHING, type Texts } from './texts.ts';
import { effectOf } from './words.ts';

export const NONE = -1;

/** What EDN and JSON have in common: forms that can be read as codes. */
export interface Forms {
  readonly texts: Texts;
  /** The byte that begins the next form, or MORE. */
  next(): number;
  code(): number;
  /** Goes over what must stand between two parts of a vector. */
  between(): number;
  ends(byte: number): boolean;
}

const TYPES = ['invoke', 'ok', 'fail', 'info'];
const INVOKE = 0;
const STATUS: Readonly<Record<number, number>> = { 1: OK, 2: FAIL, 3: UNKNOWN };
const WORDS = ['read', 'write', 'cas', 'append', 'get', 'put', 'r', 'w'];

/**
 * Events as Jepsen records them, one after the other: a process invokes an operation and the next event of the same process completes it (`:ok` it happened, `:fail`
 * it did not, `:info` nobody knows). Values of operations on one of several keys are pairs, `[key value]`, or there is a `:key`.
 */
export class Events {
  private readonly cursor: Cursor;
  private readonly builder: Builder;
  private readonly forms: Forms;
  private readonly types: readonly Uint8Array[];
  private readonly words: readonly Uint8Array[];
  /** `:` before a word in EDN; nothing in JSON. */
  private readonly sign: string;
  private readonly nemesis: number;
  private type = NONE;
  private process = NONE;
  private f = '';
  private key = NONE;
  private line = 1;
  private readonly value = {
    at: NONE,
    line: 0,
    lineStart: 0,
    code: NONE,
    parts: 0,
    first: NONE,
    second: NONE,
    nested: 0,
    from: NONE,
    to: NONE,
  };
  private began = false;

  constructor(cursor: Cursor, builder: Builder, forms: Forms, sign: ':' | '') {
    this.cursor = cursor;
    this.builder = builder;
    this.forms = forms;
    this.sign = sign;
    const bytes = (word: string): Uint8Array => Uint8Array.from(sign === ':' ? `:${word}` : `"${word}"`, (c) => c.charCodeAt(0));
    this.types = TYPES.map(bytes);
    this.words = WORDS.map(bytes);
    this.nemesis = builder.texts.ofPrinted(`${sign}nemesis`);
  }

  begin(): void {
    this.type = NONE;
    this.process = NONE;
    this.f = '';
    this.key = NONE;
    this.value.at = NONE;
    this.value.code = NONE;
    this.value.parts = 0;
    this.line = this.cursor.line;
  }

  readType(): number {
    const at = this.cursor.at;
    this.type = this.literal(this.types);
    if (this.type !== NONE) return 0;
    const word = this.word();
    if (typeof word === 'number') return word;
    this.type = TYPES.indexOf(word);
    if (this.type !== NONE) return 0;
    return this.cursor.refuse(
      `"${word.slice(0, 40)}" is no type of an event`,
      `expected ${TYPES.map((type) => this.sign + type).join(', ')}`,
      at,
      this.cursor.at,
    );
  }

  readF(): number {
    const known = this.literal(this.words);
    const word = known === NONE ? this.word() : (WORDS[known] as string);
    if (typeof word === 'number') return word;
    this.f = word;
    return 0;
  }

  readProcess(): number {
    this.process = this.forms.code();
    return Math.min(0, this.process);
  }

  readKey(): number {
    this.key = this.forms.code();
    return Math.min(0, this.key);
  }

  /** A value, or the parts of a pair: `[key value]`, `[old new]`, `[key [old new]]`. */
  readValue(): number {
    const { value, cursor, forms } = this;
    const byte = forms.next();
    value.at = cursor.at;
    value.line = cursor.line;
    value.lineStart = cursor.lineStart;
    value.parts = 0;
    value.nested = 0;
    if (byte !== 0x5b) {
      value.code = forms.code();
      return Math.min(0, value.code);
    }
    value.code = NONE;
    cursor.at++;
    return this.parts(0x5d, (index) => {
      if (index === 1 && cursor.data[cursor.at] === 0x5b) return this.nested();
      const code = forms.code();
      if (index === 0) value.first = code;
      if (index === 1) value.second = code;
      value.parts = index + 1;
      return Math.min(0, code);
    });
  }

  /** The second part of a pair is a vector itself: `[old new]`, or a value that is one. */
  private nested(): number {
    const { value, cursor, forms } = this;
    const { at, line, lineStart } = cursor;
    value.second = forms.code();
    if (value.second < 0) return value.second;
    const after = { at: cursor.at, line: cursor.line, lineStart: cursor.lineStart };
    Object.assign(cursor, { at: at + 1, line, lineStart });
    const read = this.parts(0x5d, (index) => {
      const code = forms.code();
      if (index === 0) value.from = code;
      if (index === 1) value.to = code;
      value.nested = index + 1;
      return Math.min(0, code);
    });
    Object.assign(cursor, after);
    value.parts = 2;
    return read;
  }

  private parts(closer: number, part: (index: number) => number): number {
    for (let index = 0; ; index++) {
      const byte = this.forms.next();
      if (byte === MORE && this.cursor.last) return Math.min(BAD, this.forms.code());
      if (byte < 0) return byte;
      if (byte === closer) {
        this.cursor.at++;
        return 0;
      }
      const read = part(index);
      if (read < 0) return read;
      const between = this.forms.between();
      if (between < 0) return between;
    }
  }

  /** The whole value as one code, where it is no pair of something. */
  private whole(): number {
    const { value, cursor } = this;
    if (value.code !== NONE || value.at === NONE) return Math.max(NOTHING, value.code);
    const { at, line, lineStart } = cursor;
    Object.assign(cursor, { at: value.at, line: value.line, lineStart: value.lineStart });
    value.code = this.forms.code();
    Object.assign(cursor, { at, line, lineStart });
    return Math.max(NOTHING, value.code);
  }

  /** Which of these words the bytes at the cursor are, and goes behind it. */
  private literal(words: readonly Uint8Array[]): number {
    const { data, at, end } = this.cursor;
    for (let i = 0; i < words.length; i++) {
      const word = words[i] as Uint8Array;
      if (at + word.length >= end) continue;
      let same = 0;
      while (same < word.length && data[at + same] === word[same]) same++;
      if (same < word.length || !this.forms.ends(data[at + word.length] as number)) continue;
      this.cursor.at += word.length;
      return i;
    }
    return NONE;
  }

  /** Any form as a word: keywords without their colon, strings without quotes. */
  private word(): string | number {
    const code = this.forms.code();
    if (code < 0) return code;
    return (this.forms.texts.text(code) ?? 'nil').replace(/^:/, '').replace(/^"(.*)"$/, '$1');
  }

  has(field: 'key' | 'value'): boolean {
    return field === 'key' ? this.key !== NONE : this.value.at !== NONE;
  }

  /** What was said, for objects that are no events. */
  plain(): { readonly f: string; readonly process: number; readonly key: number; readonly value: number } {
    if (this.value.at !== NONE && this.value.code === NONE && effectOf(this.f) !== CAS) this.builder.collections = true;
    return { f: this.f, process: this.process, key: this.key, value: this.whole() };
  }

  /** The two parts of the value, where it has two. */
  pair(): { readonly from: number; readonly to: number } | undefined {
    return this.value.parts === 2 ? { from: this.value.first, to: this.value.second } : undefined;
  }

  /** Takes the event down, whose text began at `from`. */
  finish(from: number): number {
    const { cursor, builder } = this;
    const refuse = (what: string, remedy: string): number => cursor.refuse(what, remedy, from, cursor.at);
    if (this.process === this.nemesis || this.isNobody()) return 0;
    if (this.type === NONE) return refuse(`an event has no ${this.sign}type`, `expected ${this.sign}type with invoke, ok, fail or info`);
    if (this.process === NONE)
      return refuse(`an event has no ${this.sign}process`, 'expected the number of the process that it belongs to');
    if (this.type === INVOKE) {
      if (this.f === '') return refuse(`an event has no ${this.sign}f`, 'expected what the operation does: read, write, cas');
      const row = this.row();
      if (row === undefined) return refuse('a cas has no [old new]', 'expected what it compares with and what it sets, for example [1 2]');
      this.began = true;
      const wrong = builder.invoke(row);
      return wrong === undefined ? 0 : refuse(wrong, 'one process does one thing at a time, and all operations or none name a key');
    }
    const open = builder.openOf(this.process);
    if (open < 0) return this.alone(refuse);
    if (this.f !== '' && effectOf(this.f) !== builder.effectOf(open)) {
      return refuse(
        `process ${this.name()} ends a ${this.f}, and what it has open is something else`,
        'each end belongs to the last beginning of its process',
      );
    }
    const value = this.type === 1 && builder.effectOf(open) === READ ? this.returned(open) : NOTHING;
    if (value < 0) return refuse('a read returns for another key than it was invoked on', `it was invoked on ${builder.keyCode(open)}`);
    builder.complete(open, STATUS[this.type] as number, value);
    return 0;
  }

  /** Keywords are no clients' names: :nemesis, and others of its kind. */
  private isNobody(): boolean {
    return this.sign === ':' && this.process !== NONE && (this.process & 1) === 0 && this.name().startsWith(':');
  }

  private name(): string {
    return this.builder.texts.text(this.process) ?? 'nil';
  }

  /** A completion without an invocation: allowed where the recording has none at all. */
  private alone(refuse: (what: string, remedy: string) => number): number {
    const { builder } = this;
    if (this.began)
      return refuse(
        `process ${this.name()} ends an operation that it had not begun`,
        'each end belongs to the last beginning of its process',
      );
    if (this.f === '') return refuse(`an event has no ${this.sign}f`, 'expected what the operation does: read, write, cas');
    const row = this.row();
    if (row === undefined) return refuse('a cas has no [old new]', 'expected what it compares with and what it sets, for example [1 2]');
    if (builder.operations === 0) builder.notes.push('the history has no invocations: each operation is taken for one moment');
    const wrong = builder.instant(row, STATUS[this.type] as number);
    return wrong === undefined ? 0 : refuse(wrong, 'all operations or none name a key');
  }

  /** What an ok read returned: of a keyed one the second part of its pair. Negative: the pair is of another key. */
  private returned(open: number): number {
    const { value, builder } = this;
    const pair = value.parts === 2 && value.code === NONE;
    if (!builder.paired || this.key !== NONE) {
      if (value.at !== NONE && value.code === NONE) builder.collections = true;
      return this.whole();
    }
    if (!pair) return value.code === NOTHING ? NOTHING : NONE;
    if ((builder.texts.text(value.first) ?? 'nil') !== builder.keyCode(open)) return NONE;
    if (value.nested > 0) builder.collections = true;
    return value.second;
  }

  /** The operation that the event begins, or undefined where a cas has no pair. */
  private row(): Row | undefined {
    const { value, builder, line } = this;
    const effect = effectOf(this.f);
    builder.word(this.f, effect, line);
    const row = (key: number, written: number, expected: number): Row => {
      if (key !== NONE && this.key === NONE) builder.paired = true;
      return { process: this.process, effect, key, value: written, expected, line };
    };
    if (effect === OTHER) return row(this.key, NOTHING, NOTHING);
    const pair = value.parts === 2;
    if (effect === CAS) {
      if (!pair) return undefined;
      if (value.nested === 2 && this.key === NONE) return row(value.first, value.to, value.from);
      return row(this.key, value.second, value.first);
    }
    if (this.key !== NONE) return row(this.key, this.whole(), NOTHING);
    if (pair) return row(value.first, value.second, NOTHING);
    return row(NONE, this.whole(), NOTHING);
  }
}
