import type { Builder } from './builder.ts';
import { ADD, CAS, OTHER, READ, TXN, WRITE } from './columns.ts';
import { type Cursor, MORE } from './cursor.ts';
import { IntTable } from './int-table.ts';
import { NOTHING, type Texts } from './texts.ts';
import { countOf, microOf } from './words.ts';

export const NONE = -1;

/** What EDN and JSON have in common: forms that can be read as codes, or looked over. */
export interface Forms {
  readonly texts: Texts;
  /** The byte that begins the next form, or MORE. */
  next(): number;
  code(): number;
  /** Goes over a form and says whether it is sound. */
  skip(): number;
  /** Goes over what must stand between two parts of a vector. */
  between(): number;
  ends(byte: number): boolean;
}

const NO_PAIR = ['a cas has no [old new]', 'expected what it compares with and what it sets, for example [1 2]'] as const;
const MICRO = 'expected a vector of [:r key nil], [:append key element] and [:w key value]';

/**
 * The value of an event. What it means depends on what the operation is, which may stand behind it; so it is looked over where it stands, and read when the event is whole: `[key value]`,
 * `[old new]`, `[key [old new]]`, `[[:r key nil] [:append key element]]`, a collection, or a value.
 */
export class Values {
  /** What `read` and `readReturned` found. The code of a key, or NONE. */
  key = NONE;
  value = NOTHING;
  expected = NOTHING;
  /** Where the micro-operations begin that were found. */
  micro = 0;
  private readonly cursor: Cursor;
  private readonly builder: Builder;
  private readonly forms: Forms;
  private began = 0;
  private at = NONE;
  private to = 0;
  private line = 0;
  private lineStart = 0;
  private readonly items: number[] = [];
  /** By the code of a word: its effect + 1, or -1. */
  private readonly micros = new IntTable();

  constructor(cursor: Cursor, builder: Builder, forms: Forms) {
    this.cursor = cursor;
    this.builder = builder;
    this.forms = forms;
  }

  get given(): boolean {
    return this.at !== NONE;
  }

  /** An event begins at the cursor, and has said nothing of a value yet. */
  forget(): void {
    this.at = NONE;
    this.began = this.cursor.at;
  }

  /** Looks over the value at the cursor. */
  mark(): number {
    const { cursor, forms } = this;
    if (forms.next() === MORE) return forms.skip();
    this.at = cursor.at;
    this.line = cursor.line;
    this.lineStart = cursor.lineStart;
    const read = forms.skip();
    this.to = cursor.at;
    return read;
  }

  /** Says what is wrong with the value, or that it is missing. */
  private refuse(what: string, remedy: string): number {
    const { cursor } = this;
    return this.at === NONE ? cursor.refuse(what, remedy, this.began, cursor.at) : cursor.refuse(what, remedy, this.at, this.to);
  }

  /** Whether it is a vector of vectors, as transactions are, and no pair. */
  isTransaction(): boolean {
    if (this.at === NONE) return false;
    const { data } = this.cursor;
    const open = data[this.at];
    let at = this.at + 1;
    while (at < this.to && ((data[at] as number) <= 32 || data[at] === 0x2c)) at++;
    return (open === 0x5b || open === 0x28) && (data[at] === 0x5b || data[at] === 0x28 || data[at] === 0x5d || data[at] === 0x29);
  }

  /** Whether it is a vector of two. */
  isPair(): boolean {
    return this.at !== NONE && this.there(() => this.parts()) === 1 && this.items.length === 2;
  }

  /** Reads the value of an operation that begins. `word` is what the history calls it; `keyed`: its key stands elsewhere. BAD where it cannot be one. */
  read(effect: number, word: string, keyed: boolean): number {
    this.key = NONE;
    this.value = NOTHING;
    this.expected = NOTHING;
    this.micro = this.builder.micro.count;
    if (effect === OTHER || this.at === NONE) {
      if (effect === CAS) return this.refuse(...NO_PAIR);
      if (effect === ADD) this.counted(word);
      return 0;
    }
    const read = this.there(() => (effect === TXN ? this.transaction() : this.parts()));
    if (read < 0 || effect === TXN) return read;
    const { items, builder } = this;
    const pair = read === 1 && items.length === 2;
    if (effect === CAS) return pair ? this.comparison(keyed) : this.refuse(...NO_PAIR);
    if (pair && !keyed && (effect === READ || builder.keyed !== false)) {
      this.key = items[0] as number;
      this.value = items[1] as number;
    } else this.value = this.whole(read);
    if (effect === ADD) this.counted(word);
    if (effect === WRITE && word === 'delete') this.value = NOTHING;
    return 0;
  }

  /**
   * Reads what an ok operation returned; `keyed`: a pair says for which key. A collection that is no pair is what was read under the key of the invocation, as some recordings of
   * sets have it. 1 where it is neither.
   */
  readReturned(keyed: boolean): number {
    this.key = NONE;
    this.value = NOTHING;
    if (this.at === NONE) return 0;
    const read = this.there(() => this.parts());
    if (read < 0) return read;
    if (!keyed) this.value = this.whole(read);
    else if (read === 1 && this.items.length === 2) {
      this.key = this.items[0] as number;
      this.value = this.items[1] as number;
    } else if (read === 1) this.value = this.whole(read);
    else if (this.forms.texts.isCollection(this.items[0] as number)) this.value = this.items[0] as number;
    else if (this.items[0] !== NOTHING) return 1;
    return 0;
  }

  /** Reads the micro-operations that an ok transaction came to. */
  readTransaction(): number {
    this.micro = this.builder.micro.count;
    return this.at === NONE ? 0 : this.there(() => this.transaction());
  }

  /** `[old new]`, or `[key [old new]]`. */
  private comparison(keyed: boolean): number {
    const { items, forms } = this;
    const nested = keyed ? undefined : forms.texts.elements(items[1] as number);
    const inner = nested?.length === 2;
    if (inner) this.key = items[0] as number;
    this.expected = (inner ? nested[0] : items[0]) as number;
    this.value = (inner ? nested[1] : items[1]) as number;
    return 0;
  }

  /** Counters: `inc` is one more where it names no number, and `dec` takes away. */
  private counted(word: string): void {
    const by = countOf(word);
    if (by === 0) return;
    const { texts } = this.forms;
    const code = this.value === NOTHING ? 3 : this.value;
    this.value = by < 0 ? texts.negated(code) : code;
  }

  private whole(read: number): number {
    return read === 1 ? this.forms.texts.ofCollection(this.items) : (this.items[0] as number);
  }

  /** Reads at the place of the value, and comes back. */
  private there(read: () => number): number {
    const { cursor } = this;
    const { at, line, lineStart } = cursor;
    cursor.at = this.at;
    cursor.line = this.line;
    cursor.lineStart = this.lineStart;
    const found = read();
    if (found < 0) return found;
    cursor.at = at;
    cursor.line = line;
    cursor.lineStart = lineStart;
    return found;
  }

  /** The parts of a vector into `items`, and 1; or 0 and the one value that it is. */
  private parts(): number {
    const { cursor, forms, items } = this;
    items.length = 0;
    if (cursor.data[cursor.at] !== 0x5b) {
      const code = forms.code();
      items.push(code);
      return Math.min(0, code);
    }
    cursor.at++;
    while (forms.next() !== 0x5d) {
      const code = forms.code();
      if (code < 0) return code;
      items.push(code);
      const between = forms.between();
      if (between < 0) return between;
    }
    return 1;
  }

  private transaction(): number {
    const { cursor, forms } = this;
    const closer = this.opened();
    if (closer === 0) return forms.code() === NOTHING ? 0 : this.refuse('this is no transaction', MICRO);
    while (forms.next() !== closer) {
      const from = cursor.at;
      if (!this.operation()) return cursor.refuse('this is no micro-operation', MICRO, from, Math.max(from + 1, cursor.at));
      const between = forms.between();
      if (between < 0) return between;
    }
    cursor.at++;
    return 0;
  }

  /** One micro-operation, `[f key value]`, goes to the builder's; whether it is one. */
  private operation(): boolean {
    const { forms, builder, cursor } = this;
    const closer = this.opened();
    if (closer === 0) return false;
    let f: number | undefined;
    let key = NONE;
    let value = NOTHING;
    let index = 0;
    for (; forms.next() !== closer; index++) {
      const code = forms.code();
      if (code < 0 || index > 2) return false;
      if (index === 0) f = this.microOf(code);
      else if (index === 1) key = code;
      else value = code;
      forms.between();
    }
    cursor.at++;
    if (f === undefined || index < 2 || (index === 2 && f !== READ)) return false;
    if (f === READ && forms.texts.isCollection(value)) builder.collections = true;
    builder.micro.push(f, builder.keyOf(key), value);
    return true;
  }

  /** What the word of a micro-operation does, by its code. */
  private microOf(code: number): number | undefined {
    const known = this.micros.get(code);
    if (known !== 0) return known < 0 ? undefined : known - 1;
    const f = microOf(wordOf(this.forms.texts.text(code)));
    this.micros.set(code, f === undefined ? -1 : f + 1);
    return f;
  }

  /** Goes over an opening bracket: the byte that closes it, or 0. */
  private opened(): number {
    const { cursor } = this;
    const byte = cursor.data[cursor.at];
    if (byte !== 0x5b && byte !== 0x28) return 0;
    cursor.at++;
    return byte === 0x5b ? 0x5d : 0x29;
  }
}

/** A printed form as a word: keywords without their colon, strings without quotes. */
export function wordOf(text: string | null): string {
  return (text ?? 'nil').replace(/^:/, '').replace(/^"(.*)"$/, '$1');
}
