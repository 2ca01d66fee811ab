import type { Builder } from './builder.ts';
import { BAD, type Cursor, MORE } from './cursor.ts';
import { Edn, OPEN_LIST, OPEN_MAP, OPEN_VECTOR } from './edn.ts';
import { Events } from './events.ts';
import * as shapes from './shape.ts';
import { Outline } from './shape.ts';
import { NONE } from './values.ts';

/** What a map of an event says, in the order of `FIELDS`. */
const TYPE = 0;
const PROCESS = 1;
const F = 2;
const VALUE = 3;
const KEY = 4;
const TIME = 5;
const COMPARED = 6;
const FIELDS = ['type', 'process', 'f', 'value', 'key', 'time', 'compared'].map((name) =>
  Uint8Array.from(`:${name}`, (c) => c.charCodeAt(0)),
);
/** What the fields are in a shape, NONE first; whatever is not here is read with care. */
const KINDS = [shapes.SKIPPED, shapes.TYPE, shapes.PROCESS, shapes.F, shapes.VALUE, shapes.KEY, shapes.TIME];

/**
 * Histories of Jepsen and Knossos in EDN: one map a line, or all of them in one vector or list; tagged records as Jepsen prints them; maps with a `:key`, as Porcupine's
 * key-value histories have them; and Knossos's `[process type f value]`.
 */
export class EdnHistory {
  private readonly cursor: Cursor;
  private readonly edn: Edn;
  private readonly events: Events;
  /** The byte that closes the one vector around all, while inside it. */
  private closer = 0;
  private closed = false;
  private readonly outline = new Outline();

  constructor(cursor: Cursor, builder: Builder) {
    this.cursor = cursor;
    this.edn = new Edn(cursor, builder.texts);
    this.events = new Events(cursor, builder, this.edn, ':');
  }

  /** Reads one event, or a bracket around all of them. MORE where it is not whole, or at the end. */
  step(): number {
    const { cursor, edn } = this;
    edn.begin();
    if (!this.closed && this.alike()) return 0;
    const byte = edn.next();
    if (byte < 0) return byte;
    this.outline.begin(cursor.at);
    if (this.closed)
      return cursor.refuse('something stands behind the end of the history', 'expected nothing more: one vector holds all events');
    if (this.closer !== 0 && byte === this.closer) {
      cursor.at++;
      this.closed = true;
      return 0;
    }
    if (byte === 0x23 && cursor.data[cursor.at + 1] !== OPEN_MAP) {
      const tag = edn.tag();
      if (tag < 0) return tag;
      const inside = edn.next();
      if (inside === MORE && cursor.last) return this.unexpected();
      if (inside !== OPEN_MAP) return inside < 0 ? inside : this.unexpected();
      return this.map();
    }
    if (byte === OPEN_MAP) return this.map();
    if (byte === OPEN_VECTOR || byte === OPEN_LIST) return this.closer === 0 ? this.begin(byte) : this.tuple(byte);
    return this.unexpected();
  }

  /** Reads as many lines as are like lines before them. */
  private alike(): boolean {
    const { cursor, events } = this;
    const { at } = cursor;
    const { data, end } = cursor;
    while (cursor.at < end) {
      const byte = data[cursor.at] as number;
      if (byte === 10) {
        cursor.at++;
        cursor.newline();
      } else if (byte === 13 || byte === 32 || byte === 0x2c) cursor.at++;
      else {
        const behind = events.lines.read(cursor);
        if (behind < 0 || !events.takeLine(events.lines, cursor.line)) break;
        cursor.at = behind;
      }
    }
    return cursor.at !== at;
  }

  /** What must have come before the text may end. */
  end(): number {
    if (this.closer === 0 || this.closed) return 0;
    const { cursor } = this;
    return cursor.ended('before its vector is closed');
  }

  private unexpected(): number {
    return this.cursor.refuse('this is no event', 'expected a map, for example {:process 0, :type :invoke, :f :read, :value nil}');
  }

  /** A vector around all events, or, at the top, an event as a tuple. */
  private begin(byte: number): number {
    const { cursor, edn } = this;
    const { at, line, lineStart } = cursor;
    cursor.at++;
    const inside = edn.next();
    if (inside === MORE && !cursor.last) return MORE;
    if (inside === BAD) return BAD;
    if (
      inside >= 0 &&
      inside !== OPEN_MAP &&
      inside !== OPEN_VECTOR &&
      inside !== OPEN_LIST &&
      inside !== 0x23 &&
      inside !== 0x5d &&
      inside !== 0x29
    ) {
      Object.assign(cursor, { at, line, lineStart });
      return this.tuple(byte);
    }
    this.closer = byte === OPEN_VECTOR ? 0x5d : 0x29;
    return 0;
  }

  private map(): number {
    const { cursor, edn, events } = this;
    events.begin();
    const from = cursor.at++;
    for (;;) {
      const byte = edn.next();
      if (byte === BAD) return BAD;
      if (byte === MORE) {
        return cursor.last ? cursor.ended('inside a map') : MORE;
      }
      if (byte === 0x7d) break;
      const field = this.field();
      const read = field < 0 ? edn.skip() : 0;
      if (read < 0) return read;
      const value = edn.next();
      if (value === BAD) return BAD;
      if (value === 0x7d) return cursor.refuse('a map has a key without a value', 'expected pairs of keys and values');
      const start = cursor.at;
      const done = value === MORE && !cursor.last ? MORE : this.value(field);
      if (done < 0) return done;
      const kind = KINDS[field + 1];
      if (kind === undefined) this.outline.strange = true;
      else this.outline.add(kind, start, cursor.at);
    }
    cursor.at++;
    const read = events.finish(from);
    if (read >= 0) events.lines.learn(this.outline, cursor.data, cursor.at);
    return read;
  }

  private value(field: number): number {
    switch (field) {
      case TYPE:
        return this.events.readType();
      case PROCESS:
        return this.events.readProcess();
      case F:
        return this.events.readF();
      case VALUE:
        return this.events.readValue();
      case KEY:
        return this.events.readKey();
      case TIME:
        return this.events.readTime();
      case COMPARED:
        return this.events.readCompared();
      default:
        return this.edn.skip();
    }
  }

  /** Which field the keyword at the cursor names, and goes behind it; NONE (and stays) for any other key. */
  private field(): number {
    const { data, at, end } = this.cursor;
    for (let field = 0; field < FIELDS.length; field++) {
      const name = FIELDS[field] as Uint8Array;
      if (at + name.length >= end) continue;
      let same = 0;
      while (same < name.length && data[at + same] === name[same]) same++;
      // A longer keyword (`:valued`) is another one.
      const after = data[at + name.length] as number;
      if (
        same < name.length ||
        (after > 0x22 && after !== 0x2c && after !== OPEN_LIST && after !== OPEN_VECTOR && after !== OPEN_MAP && after !== 0x7d)
      )
        continue;
      this.cursor.at += name.length;
      return field;
    }
    return NONE;
  }

  private tuple(byte: number): number {
    const { cursor, edn, events } = this;
    events.begin();
    const from = cursor.at++;
    const readers = [PROCESS, TYPE, F, VALUE];
    for (const field of readers) {
      const next = edn.next();
      if (next === BAD || (next === MORE && !cursor.last)) return next;
      if (next === MORE || next === 0x5d || next === 0x29)
        return cursor.refuse('an event in a vector has four parts', 'expected [process type f value]');
      const read = this.value(field);
      if (read < 0) return read;
    }
    const next = edn.next();
    if (next === BAD || (next === MORE && !cursor.last)) return next;
    if (next !== (byte === OPEN_VECTOR ? 0x5d : 0x29))
      return cursor.refuse('an event in a vector has four parts', 'expected [process type f value]');
    cursor.at++;
    return events.finish(from);
  }
}
