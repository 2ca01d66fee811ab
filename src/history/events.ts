import type { Builder, Row } from './builder.ts';
import { CAS, FAIL, OK, READ, RELEASE, TXN, UNEQUAL, UNKNOWN } from './columns.ts';
import type { Cursor } from './cursor.ts';
import { Figure } from './figure.ts';
import { ABSENT, Lines, NESTED, PAIR, SCALAR } from './lines.ts';
import { NOTHING } from './texts.ts';
import { type Forms, NONE, Values, wordOf } from './values.ts';
import { answers, effectOf, isPlain } from './words.ts';

const TYPES = ['invoke', 'ok', 'fail', 'info'];
const INVOKE = 0;
const STATUS: Readonly<Record<number, number>> = { 1: OK, 2: FAIL, 3: UNKNOWN };
const NO_F = 'expected what the operation does: read, write, cas';
const WORDS = ['read', 'write', 'cas', 'append', 'get', 'put', 'r', 'w', 'txn', 'add', 'enqueue', 'dequeue'];

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
  readonly values: Values;
  private readonly time: Figure;
  private atUs = Number.NaN;
  private began = false;
  /** Some event has named its process. */
  private named = false;
  /** Of recordings without processes: what is open, and how many operations there were. */
  private readonly nameless: { readonly open: { readonly process: number; readonly f: string }[]; count: number } = { open: [], count: 0 };
  /** What a line begins or returned. */
  private written = NOTHING;
  private expected = NOTHING;
  /** Words that lines may have, and their effects by the numbers of `lines`. */
  readonly lines: Lines;
  private readonly met = new Set<string>();
  private readonly effects: number[] = [];

  /** Whether a history may have completions alone. */
  private readonly lenient: boolean;
  /** The event is a `cas` that compared and found another value. */
  private unequal = false;

  constructor(cursor: Cursor, builder: Builder, forms: Forms, sign: ':' | '', lenient = true) {
    this.cursor = cursor;
    this.builder = builder;
    this.forms = forms;
    this.values = new Values(cursor, builder, forms);
    this.time = new Figure(cursor, forms);
    this.sign = sign;
    this.lines = new Lines(builder, sign === ':');
    this.lenient = lenient;
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
    this.values.forget();
    this.atUs = Number.NaN;
    this.unequal = false;
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

  readValue(): number {
    return this.values.mark();
  }

  /** When it happened, in nanoseconds. */
  readTime(): number {
    const read = this.time.read();
    this.atUs = (this.time.value ?? Number.NaN) / 1000;
    return read;
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
    return wordOf(this.forms.texts.text(code));
  }

  get hasKey(): boolean {
    return this.key !== NONE;
  }

  /** What was said, for objects that are no events. */
  get said(): { readonly f: string; readonly process: number; readonly key: number } {
    return { f: this.f, process: this.process, key: this.key };
  }

  /**
   * Takes the event down that a line is, which was read without care; false, and then nothing has changed, where it is anything but an operation that begins or ends as it should. What
   * `finish` does with the same line comes to the same.
   */
  takeLine(lines: Lines, line: number): boolean {
    const { builder } = this;
    const { shape, process, type } = lines;
    // Names in place of numbers may be those of a nemesis.
    if (!this.began || shape === undefined || type < 0 || process < 0 || (process & 1) === 0) return false;
    const f = lines.f;
    if (f < 0) return false;
    const effect = this.effects[f] as number;
    const keyed = shape.keyed;
    const form = shape.valued ? lines.form : ABSENT;
    if (type === INVOKE) {
      if (!builder.isFree(process) || !this.reads(lines, effect, keyed, form)) return false;
      builder.atUs = shape.timed ? lines.time / 1000 : Number.NaN;
      builder.begin(process, effect, this.key, this.written, this.expected, line, 0);
      return true;
    }
    const open = builder.openOf(process);
    if (open < 0 || builder.effectOf(open) !== effect) return false;
    const answered = type === 1 && (answers(effect) || effect === RELEASE) && (shape.valued || effect === READ);
    if (answered && !this.answer(lines, open, keyed, form)) return false;
    builder.atUs = shape.timed ? lines.time / 1000 : Number.NaN;
    if (answered) builder.returned(open, this.written);
    builder.complete(open, STATUS[type] as number);
    return true;
  }

  /** The key and the values of an operation that a line begins; false where that takes care. */
  private reads(lines: Lines, effect: number, keyed: boolean, form: number): boolean {
    const { builder } = this;
    this.expected = NOTHING;
    this.written = NOTHING;
    this.key = keyed ? lines.key : NONE;
    if (effect === CAS) {
      if (form === NESTED && !keyed && builder.paired) {
        this.key = lines.a;
        this.expected = lines.b;
        this.written = lines.c;
      } else if (form === PAIR) {
        this.expected = lines.a;
        this.written = lines.b;
      } else return false;
    } else if (form === SCALAR) this.written = lines.a;
    else if (form === PAIR && !keyed && builder.paired) {
      this.key = lines.a;
      this.written = lines.b;
    } else if (form !== ABSENT) return false;
    return builder.keyed === this.key >= 0;
  }

  /** What the open operation in that row returned, by a line; false where that takes care. */
  private answer(lines: Lines, open: number, keyed: boolean, form: number): boolean {
    const { builder } = this;
    this.written = NOTHING;
    if (form === ABSENT) return true;
    if (builder.paired && !keyed) {
      if (form === SCALAR) return lines.a === NOTHING;
      if (form !== PAIR || builder.keyOf(lines.a) !== builder.keyIndexOf(open)) return false;
      this.written = lines.b;
      return true;
    }
    this.written = lines.a;
    return form === SCALAR;
  }

  effectOfWord(f: number): number {
    return this.effects[f] as number;
  }

  /** The careful reader has met a word of an operation. */
  meet(word: string, effect: number): void {
    if (this.met.has(word) || !isPlain(word)) return;
    this.met.add(word);
    this.effects[this.lines.learnWord(word)] = effect;
  }

  /** Whether a `cas` failed because it compared and found another value; Jepsen does not say, this program does. */
  readCompared(): number {
    const code = this.forms.code();
    this.unequal = code >= 0 && this.forms.texts.text(code) === 'true';
    return Math.min(0, code);
  }

  /** Takes an event down of which all but the value is known. */
  told(type: string, process: number, f: string, from: number, unequal: boolean): number {
    this.type = TYPES.indexOf(type);
    this.process = process;
    this.f = f;
    this.unequal = unequal;
    return this.finish(from);
  }

  /** Takes the event down, whose text began at `from`. */
  finish(from: number): number {
    const { cursor, builder } = this;
    const refuse = (what: string, remedy: string): number => cursor.refuse(what, remedy, from, cursor.at);
    if (this.process === this.nemesis || this.isNobody()) return this.nobody();
    builder.atUs = this.atUs;
    if (this.type === NONE) return refuse(`an event has no ${this.sign}type`, `expected ${this.sign}type with invoke, ok, fail or info`);
    if (this.process !== NONE) this.named = true;
    else if (this.type === INVOKE || this.began)
      this.process = this.named ? NONE : this.type === INVOKE ? this.somebody() : this.firstOpen();
    if (this.process === NONE && (this.type === INVOKE || this.began))
      return refuse(`an event has no ${this.sign}process`, 'expected the number of the process that it belongs to');
    if (this.type === INVOKE) {
      const row = this.row();
      if (typeof row === 'string') return refuse(row, NO_F);
      if (typeof row === 'number') return row;
      this.began = true;
      const wrong = builder.invoke(row);
      return wrong === undefined ? 0 : refuse(wrong, 'one process does one thing at a time, and all operations or none name a key');
    }
    const open = this.process === NONE ? NONE : builder.openOf(this.process);
    if (open < 0) return this.alone(refuse);
    if (this.f !== '' && effectOf(this.f) !== builder.effectOf(open)) {
      return refuse(
        `process ${this.name()} ends a ${this.f}, and what it has open is something else`,
        'each end belongs to the last beginning of its process',
      );
    }
    const status = STATUS[this.type] as number;
    const unequal = this.unequal && status === FAIL && builder.effectOf(open) === CAS;
    return this.complete(open, unequal ? UNEQUAL : status, refuse);
  }

  /** The operation that is open in that row has ended. */
  private complete(open: number, status: number, refuse: (what: string, remedy: string) => number): number {
    const { builder, values } = this;
    const effect = builder.effectOf(open);
    if (status === OK && effect === TXN && values.given) {
      const read = values.readTransaction();
      if (read < 0) return read;
      builder.micro.assign(open, values.micro);
    }
    if (status === OK && (answers(effect) || effect === RELEASE) && (values.given || effect === READ)) {
      const read = values.readReturned(builder.paired && !this.hasKey);
      if (read < 0) return read;
      const other = read > 0 || (values.key !== NONE && builder.keyOf(values.key) !== builder.keyIndexOf(open));
      if (other)
        return refuse(`a ${this.f || 'read'} returns for another key than it was invoked on`, `it was invoked on ${builder.keyCode(open)}`);
      builder.returned(open, values.value);
    }
    builder.complete(open, status);
    return 0;
  }

  /** Where no event names a process each operation has one of its own. */
  private somebody(): number {
    const { builder, nameless, f } = this;
    if (nameless.count === 0) builder.notes.push('the events name no processes: each end belongs to the first open beginning of its kind');
    const process = builder.texts.ofPrinted(`${++nameless.count}`);
    nameless.open.push({ process, f });
    return process;
  }

  private firstOpen(): number {
    const { open } = this.nameless;
    const at = open.findIndex(({ f }) => this.f === '' || f === this.f);
    return at < 0 ? NONE : (open.splice(at, 1)[0]?.process ?? NONE);
  }

  /** Keywords are no clients' names: :nemesis, and others of its kind. */
  private isNobody(): boolean {
    return this.sign === ':' && this.process !== NONE && (this.process & 1) === 0 && this.name().startsWith(':');
  }

  /** What a nemesis does. */
  private nobody(): number {
    const { values, builder } = this;
    const read = values.readReturned(false);
    if (read < 0) return read;
    builder.others++;
    builder.faults.event(this.f === '' ? wordOf(this.name()) : this.f, builder.texts.text(values.value), builder.rank);
    return 0;
  }

  private name(): string {
    return this.builder.texts.text(this.process) ?? 'nil';
  }

  /** A completion without an invocation: allowed where the recording has none at all. */
  private alone(refuse: (what: string, remedy: string) => number): number {
    const { builder } = this;
    if (this.began || !this.lenient)
      return refuse(
        `process ${this.name()} ends an operation that it had not begun`,
        'each end belongs to the last beginning of its process',
      );
    const row = this.row();
    if (typeof row === 'string') return refuse(row, NO_F);
    if (typeof row === 'number') return row;
    if (builder.operations === 0) builder.notes.push('the history has no invocations: each operation is taken for one moment');
    const wrong = builder.instant(row, STATUS[this.type] as number);
    return wrong === undefined ? 0 : refuse(wrong, 'all operations or none name a key');
  }

  /** The operation that the event begins; what it lacks; or BAD. */
  private row(): Row | string | number {
    const { values, builder, line, forms } = this;
    // Elle's histories of transactions may leave out what is always the same.
    if (this.f === '' && values.isTransaction()) this.f = 'txn';
    if (this.f === '') return `an event has no ${this.sign}f`;
    const effect = effectOf(this.f);
    builder.word(this.f, effect, line);
    this.meet(this.f, effect);
    const read = values.read(effect, this.f, this.hasKey);
    if (read < 0) return read;
    if (values.key !== NONE) builder.paired = true;
    const process = this.process === NONE ? forms.texts.ofPrinted(`the one on line ${line}`) : this.process;
    const key = this.hasKey ? this.key : values.key;
    return { process, effect, key, value: values.value, expected: values.expected, line, micro: values.micro };
  }
}
