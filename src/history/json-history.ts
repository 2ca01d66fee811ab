import type { Builder, Row } from './builder.ts';
import { CAS, FAIL, OK, UNEQUAL, UNKNOWN } from './columns.ts';
import { BAD, type Cursor, HistoryProblem } from './cursor.ts';
import { Events } from './events.ts';
import { Json } from './json.ts';
import { JsonObject } from './json-object.ts';
import { badRanks, JsonRows } from './json-rows.ts';
import { type Lines, SCALAR } from './lines.ts';
import { NOTHING } from './texts.ts';
import { NONE } from './values.ts';
import { effectOf } from './words.ts';

const STATUS: Readonly<Record<string, number>> = { ok: OK, fail: FAIL, unknown: UNKNOWN, info: UNKNOWN };
const FORMS =
  'expected rows of `cap-tutor run --json`, events {"process":0,"type":"invoke","f":"read","key":"x","value":null}, or operations with "call" and "return"';

/**
 * Histories as JSON Lines, an object a line, or as one JSON list. An object has one of three forms, and all objects of a history have the same; keys in any order, and others mean nothing.
 *
 * 1. Rows, as `cap-tutor run --json` and `history --json` print them (`JsonRows`): `n`, `kind`, `outcome`, `client`, `key`, `value`, `call`, `return`, `expected`, `compared`, `process`, `at`, `took`,
 *    `file`. Rows of faults become the faults of the history; `undo`, `redo` and `rewind` take rows back; `use`, `reset` and another `file` begin a cluster with keys of its own.
 * 2. Events, as Jepsen records them (`Events`), strings for keywords: `{"process":0,"type":"invoke","f":"write","key":"x","value":1,"time":1200}`, then the same process with `"type"` `ok`, `fail` or
 *    `info`; `time` is in nanoseconds.
 * 3. Operations: `{"process":0,"f":"write","key":"x","value":1,"call":3,"return":7}`, or `p f k v c r` for short. `call` and `return` are any numbers that order the events; no `return`, or null,
 *    means that nobody knows how it ended, and `status` (`ok`, `fail`, `unknown`) says how it did. A `cas` has `[old, new]` as its value, or `expected` beside it, and `"compared":true` where it
 *    failed because it found another value; `at` and `took` are in milliseconds.
 */
export class JsonHistory {
  private readonly cursor: Cursor;
  private readonly builder: Builder;
  private readonly json: Json;
  private readonly events: Events;
  private readonly said: JsonObject;
  private readonly rows: JsonRows;
  private inList = false;
  private closed = false;
  /** The last object of a list has been read, and what follows it not. */
  private behind = false;
  private form: 'events' | 'rows' | 'whole' | undefined;

  constructor(cursor: Cursor, builder: Builder) {
    this.cursor = cursor;
    this.builder = builder;
    this.json = new Json(cursor, builder.texts);
    this.events = new Events(cursor, builder, this.json, '');
    this.said = new JsonObject(cursor, builder, this.json, this.events);
    this.rows = new JsonRows(cursor, builder, this.events, this.said);
  }

  step(): number {
    const { cursor, json } = this;
    if (!this.closed && this.alike()) return 0;
    const byte = json.next();
    if (byte < 0) return byte;
    if (this.closed)
      return cursor.refuse('something stands behind the end of the list', 'expected nothing more: one list holds all events');
    if (byte === 0x5b && !this.inList) {
      cursor.at++;
      this.inList = true;
      return 0;
    }
    if (byte === 0x5d && this.inList) {
      cursor.at++;
      this.closed = true;
      return 0;
    }
    if (this.behind) {
      if (byte !== 0x2c) return cursor.refuse('a comma or the end of the list is missing', 'expected , or ]');
      cursor.at++;
      this.behind = false;
      return 0;
    }
    if (byte !== 0x7b) return cursor.refuse('this is no JSON object', FORMS);
    json.begin();
    const read = this.object();
    this.behind = read >= 0 && this.inList;
    return read;
  }

  end(): number {
    if (this.inList && !this.closed) return this.json.ended('a list');
    const wrong = this.rows.finish();
    if (wrong === undefined) return 0;
    const { cursor } = this;
    cursor.problem = new HistoryProblem(wrong.what, FORMS, { from: 0, to: 1, line: wrong.line, file: cursor.file }, '');
    return BAD;
  }

  /** Reads as many objects as are like objects before them; in a list there are commas between. */
  private alike(): boolean {
    const { cursor, events } = this;
    const { at } = cursor;
    const { lines } = events;
    const { data, end } = cursor;
    while (cursor.at < end) {
      const byte = data[cursor.at] as number;
      if (byte === 10) {
        cursor.at++;
        cursor.newline();
      } else if (byte === 13 || byte === 32) cursor.at++;
      else if (byte === 0x2c && this.behind) {
        cursor.at++;
        this.behind = false;
      } else {
        if (this.behind) break;
        const behind = lines.read(cursor);
        if (behind < 0 || !(this.form === 'events' ? events.takeLine(lines, cursor.line) : this.form === 'whole' && this.line(lines)))
          break;
        cursor.at = behind;
        this.behind = this.inList;
      }
    }
    return cursor.at !== at;
  }

  /** Takes the operation down that a line is, which was read without care; false, and then nothing has changed, where `whole` should. */
  private line(lines: Lines): boolean {
    const { builder, cursor } = this;
    const { shape, f, call, ret, form } = lines;
    if (shape === undefined || f < 0 || lines.process < 0 || call < 0 || ret < call || builder.keyed !== shape.keyed) return false;
    if (shape.valued && form !== SCALAR) return false;
    const effect = this.events.effectOfWord(f);
    if (effect === CAS) return false;
    builder.atUs = Number.NaN;
    const status = ret === Number.POSITIVE_INFINITY ? UNKNOWN : OK;
    const value = shape.valued ? lines.a : NOTHING;
    const row = builder.add(lines.process, effect, status, shape.keyed ? lines.key : NONE, value, NOTHING, cursor.line, 0);
    builder.between(row, call, ret);
    return true;
  }

  private object(): number {
    const { said, events, cursor } = this;
    const read = said.read();
    if (read < 0) return read;
    const taken = this.take();
    if (taken >= 0 && this.form !== 'rows') events.lines.learn(said.outline, cursor.data, cursor.at);
    return taken;
  }

  /** Takes an object down, whatever of the three forms it has. */
  private take(): number {
    const { said, cursor } = this;
    const { from } = said;
    const form = said.type ? 'events' : said.kind !== undefined || said.summary ? 'rows' : said.call !== undefined ? 'whole' : undefined;
    if (form === undefined) return this.wrong('this object is nothing that a history consists of');
    this.form ??= form;
    if (form !== this.form)
      return cursor.refuse('this object has another form than those before it', 'one history has one form', from, cursor.at);
    if (form === 'events') return this.events.finish(from);
    return form === 'rows' ? this.rows.take() : this.whole(said.line);
  }

  private whole(line: number): number {
    const { said, builder, events } = this;
    const { values } = events;
    const { process, key } = events.said;
    const f = events.said.f === '' && values.isTransaction() ? 'txn' : events.said.f;
    if (f === '') return this.wrong('an operation has no "f"');
    const effect = effectOf(f);
    builder.word(f, effect, line);
    events.meet(f, effect);
    const named = effect === CAS && said.expected !== NONE;
    const read = named ? values.readReturned(false) : values.read(effect, f, true);
    if (read < 0) return read;
    const open = said.return === undefined;
    const status = open ? UNKNOWN : (STATUS[said.status ?? 'ok'] ?? -1);
    if (status < 0) return this.wrong('the status of an operation is none of ok, fail and unknown');
    const found = status === FAIL && effect === CAS && said.compared ? UNEQUAL : status;
    const row: Row = {
      // Nobody says that two operations without a process are of the same one.
      process: process === NONE ? builder.texts.ofPrinted(`the one on line ${line}`) : process,
      effect,
      key,
      value: values.value,
      expected: named ? said.expected : values.expected,
      line,
      micro: values.micro,
    };
    return this.add(row, found, builder.operations + 1);
  }

  private add(row: Row, status: number, id: number): number {
    const { said, builder } = this;
    const call = said.call as number;
    const ret = status === UNKNOWN ? Number.POSITIVE_INFINITY : (said.return as number);
    const ranks = badRanks(call, ret);
    if (ranks !== undefined) return this.wrong(ranks);
    const at = builder.operations;
    builder.atUs = Math.round(said.atMs * 1000);
    const wrong = builder.whole(row, status, call, ret, id);
    if (wrong !== undefined) return this.wrong(wrong);
    if (status !== UNKNOWN) builder.endedUs(at, builder.atUs + Math.round(said.tookMs * 1000));
    return 0;
  }

  /** The object at hand is wrong. */
  private wrong(what: string): number {
    return this.cursor.refuse(what, FORMS, this.said.from, this.cursor.at);
  }
}
