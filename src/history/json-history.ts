import type { Builder, Row } from './builder.ts';
import { CAS, FAIL, OK, READ, UNEQUAL, UNKNOWN } from './columns.ts';
import { BAD, type Cursor, HistoryProblem, MORE } from './cursor.ts';
import { Events } from './events.ts';
import { Figure } from './figure.ts';
import { Json } from './json.ts';
import { type Lines, SCALAR } from './lines.ts';
import { SessionRows, statusOf } from './session-rows.ts';
import * as shapes from './shape.ts';
import { Outline } from './shape.ts';
import { NOTHING, rawText } from './texts.ts';
import { NONE } from './values.ts';
import { effectOf } from './words.ts';

/** The fields of an object that mean something, by name; generated histories have short ones. */
const FIELD = {
  type: 0,
  f: 1,
  process: 2,
  key: 3,
  value: 4,
  call: 5,
  return: 6,
  n: 7,
  expected: 8,
  compared: 9,
  summary: 10,
  kind: 11,
  outcome: 12,
  command: 13,
  client: 14,
  file: 15,
  status: 16,
  time: 17,
  at: 18,
  took: 19,
} as const;
/** What the fields are in a shape, NONE first; whatever is not here is read with care. */
const KINDS: ReadonlyMap<number, number> = new Map([
  [NONE, shapes.SKIPPED],
  [FIELD.type, shapes.TYPE],
  [FIELD.f, shapes.F],
  [FIELD.process, shapes.PROCESS],
  [FIELD.key, shapes.KEY],
  [FIELD.value, shapes.VALUE],
  [FIELD.call, shapes.CALL],
  [FIELD.return, shapes.RETURN],
  [FIELD.time, shapes.TIME],
]);
const MEASURED: ReadonlySet<number> = new Set([FIELD.call, FIELD.return, FIELD.n, FIELD.at, FIELD.took]);
const NAMES: readonly (readonly [name: string, field: number])[] = [
  ...Object.entries(FIELD),
  ['p', FIELD.process],
  ['k', FIELD.key],
  ['v', FIELD.value],
  ['c', FIELD.call],
  ['r', FIELD.return],
];
/** The names with their quotes, by length. */
const BY_LENGTH: readonly (readonly { readonly bytes: Uint8Array; readonly field: number }[])[] = Array.from({ length: 12 }, (_, length) =>
  NAMES.filter(([name]) => name.length + 2 === length).map(([name, field]) => ({
    bytes: Uint8Array.from(`"${name}"`, (c) => c.charCodeAt(0)),
    field,
  })),
);

/** What an object says beside what events say. */
interface Said {
  type: boolean;
  compared: boolean;
  summary: boolean;
  call: number | undefined;
  return: number | undefined;
  n: number | undefined;
  expected: number;
  kind: string | undefined;
  outcome: string | undefined;
  command: string | undefined;
  client: string | undefined;
  file: string | undefined;
  status: string | undefined;
  atMs: number;
  tookMs: number;
}

const SILENT: Readonly<Said> = {
  ...{ type: false, compared: false, summary: false, call: undefined, return: undefined, n: undefined, expected: NONE },
  ...{
    kind: undefined,
    outcome: undefined,
    command: undefined,
    client: undefined,
    file: undefined,
    status: undefined,
    atMs: Number.NaN,
    tookMs: Number.NaN,
  },
};
const STATUS: Readonly<Record<string, number>> = { ok: OK, fail: FAIL, unknown: UNKNOWN, info: UNKNOWN };
const FORMS =
  'expected rows of `cap-tutor run --json`, events {"process":0,"type":"invoke","f":"read","key":"x","value":null}, or operations with "call" and "return"';

/**
 * Histories as JSON Lines (or one JSON list): the rows that `cap-tutor run --json` prints; events as Jepsen has them; or one object an operation,
 * `{"process":0,"f":"write","key":"x","value":1,"call":3,"return":7}`, where `call` and `return` are any numbers that order the events, and an absent or null `return` means
 * that the outcome is unknown.
 */
export class JsonHistory {
  private readonly cursor: Cursor;
  private readonly builder: Builder;
  private readonly json: Json;
  private readonly events: Events;
  private readonly figure: Figure;
  private readonly outline = new Outline();
  private readonly rows: SessionRows;
  private readonly said: Said = { ...SILENT };
  private inList = false;
  private closed = false;
  /** The last object of a list has been read, and what follows it not. */
  private behind = false;
  /** Where the object at hand begins. */
  private from = 0;
  private form: 'events' | 'rows' | 'whole' | undefined;

  constructor(cursor: Cursor, builder: Builder) {
    this.cursor = cursor;
    this.builder = builder;
    this.json = new Json(cursor, builder.texts);
    this.events = new Events(cursor, builder, this.json, '');
    this.figure = new Figure(cursor, this.json);
    this.rows = new SessionRows(builder);
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
    if (shape === undefined || f < 0 || lines.process < 0 || ret < call || builder.keyed !== shape.keyed) return false;
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
    const { cursor, json, outline } = this;
    outline.begin(cursor.at);
    this.forget();
    this.events.begin();
    this.from = cursor.at++;
    const { line } = cursor;
    for (;;) {
      const byte = json.next();
      if (byte === MORE) return json.ended('an object');
      if (byte === 0x7d) break;
      if (byte !== 0x22) return cursor.refuse('a name in quotes is missing', 'expected "name": value');
      const name = this.name();
      if (name < NONE) return name + 1;
      const colon = json.colon();
      if (colon < 0) return colon;
      if (json.next() === MORE) return json.ended('an object');
      const start = cursor.at;
      const read = this.field(name);
      if (read < 0) return read;
      const kind = KINDS.get(name);
      if (kind === undefined) outline.strange = true;
      else outline.add(kind, start, cursor.at);
      const between = json.between();
      if (between < 0) return between;
    }
    cursor.at++;
    const read = this.take(line);
    if (read >= 0 && this.form !== 'rows') this.events.lines.learn(outline, cursor.data, cursor.at);
    return read;
  }

  /** Nothing is said yet. Field by field: a copy of all costs more than the rest of an object. */
  private forget(): void {
    const { said } = this;
    said.type = said.compared = said.summary = false;
    said.call = said.return = said.n = undefined;
    said.expected = NONE;
    said.kind = said.outcome = said.command = said.client = said.file = said.status = undefined;
    said.atMs = said.tookMs = Number.NaN;
  }

  /** The field that a name stands for, NONE for one that means nothing here; below that, what is wrong. */
  private name(): number {
    const { cursor } = this;
    const { data, at } = cursor;
    let end = at + 1;
    while (end < cursor.end && end - at < 12 && data[end] !== 0x22) end++;
    const candidates = data[end] === 0x22 && end < cursor.end ? BY_LENGTH[end + 1 - at] : undefined;
    for (let i = 0; candidates !== undefined && i < candidates.length; i++) {
      const { bytes, field } = candidates[i] as (typeof candidates)[number];
      let same = 1;
      while (same < bytes.length && data[at + same] === bytes[same]) same++;
      if (same < bytes.length) continue;
      cursor.at = end + 1;
      return field;
    }
    const name = this.json.string();
    return typeof name === 'number' ? name - 1 : NONE;
  }

  private field(field: number): number {
    const { json, events, said, cursor } = this;
    switch (field) {
      case FIELD.type:
        said.type = true;
        return events.readType();
      case FIELD.f:
        return events.readF();
      case FIELD.process:
        return events.readProcess();
      case FIELD.key:
        return events.readKey();
      case FIELD.value:
        return events.readValue();
    }
    if (field === NONE) return json.skip();
    if (field === FIELD.time) return events.readTime();
    if (MEASURED.has(field)) return this.measure(field);
    if (cursor.data[cursor.at] === 0x22 && field >= FIELD.kind) {
      const text = json.string();
      if (typeof text === 'number') return text;
      this.text(field, text);
      return 0;
    }
    if (field === FIELD.summary) said.summary = true;
    if (field !== FIELD.expected && field !== FIELD.compared) return json.skip();
    const code = json.code();
    if (code < 0) return code;
    if (field === FIELD.expected) said.expected = code;
    else said.compared = this.builder.texts.text(code) === 'true';
    return 0;
  }

  private measure(field: number): number {
    const { said, figure } = this;
    const read = figure.read();
    if (read < 0) return read;
    if (field === FIELD.call) said.call = figure.value;
    else if (field === FIELD.return) said.return = figure.value;
    else if (field === FIELD.n) said.n = figure.value;
    else if (field === FIELD.at) said.atMs = figure.value ?? Number.NaN;
    else said.tookMs = figure.value ?? Number.NaN;
    return 0;
  }

  private text(field: number, text: string): void {
    const { said } = this;
    if (field === FIELD.kind) said.kind = text;
    else if (field === FIELD.outcome) said.outcome = text;
    else if (field === FIELD.command) said.command = text;
    else if (field === FIELD.client) said.client = text;
    else if (field === FIELD.file) said.file = text;
    else if (field === FIELD.status) said.status = text;
  }

  /** Takes an object down, whatever of the three forms it has. */
  private take(line: number): number {
    const { said, cursor, from } = this;
    const form = said.type ? 'events' : said.kind !== undefined || said.summary ? 'rows' : said.call !== undefined ? 'whole' : undefined;
    if (form === undefined) return this.wrong('this object is nothing that a history consists of');
    this.form ??= form;
    if (form !== this.form)
      return cursor.refuse('this object has another form than those before it', 'one history has one form', from, cursor.at);
    if (form === 'events') return this.events.finish(from);
    return form === 'rows' ? this.row(line) : this.whole(line);
  }

  private row(line: number): number {
    const { said, builder, events, rows } = this;
    const { kind, n = 0 } = said;
    if (kind === undefined || said.outcome === 'invalid') return 0;
    rows.from(said.file ?? '');
    if (said.call === undefined || !events.hasKey) {
      const wrong = rows.command(kind, n, this.words());
      return wrong === undefined ? 0 : this.wrong(wrong, 'give the rows before it, or those of a run without it');
    }
    const { values } = events;
    const effect = effectOf(kind);
    const status = statusOf(said.outcome, effect === CAS && said.compared);
    if (status === undefined) return this.wrong('a row of an operation has no outcome');
    builder.word(kind, effect, line);
    const read = values.readReturned(false);
    if (read < 0) return read;
    const expected = effect === CAS ? this.comparedWith() : NOTHING;
    if (expected === undefined) return this.wrong('a row of a cas does not name the value that it compares with');
    const ret = status === UNKNOWN ? Number.POSITIVE_INFINITY : (said.return ?? Number.NaN);
    const ranks = this.badRanks(said.call, ret);
    if (ranks !== undefined) return this.wrong(ranks);
    const name = this.raw(events.said.key);
    rows.add({
      n: n === 0 ? line : n,
      client: said.client ?? 'you',
      process: events.said.process === NONE ? undefined : this.raw(events.said.process),
      effect,
      key: rows.cluster === 1 ? name : `${name} (cluster ${rows.cluster})`,
      value: kind === 'delete' || (effect === READ && status !== OK) ? NOTHING : this.bare(values.value),
      expected,
      line,
      status,
      call: said.call,
      ret,
      callUs: Math.round(said.atMs * 1000),
      returnUs: Math.round(said.atMs * 1000) + Math.round(said.tookMs * 1000),
    });
    return 0;
  }

  /** The words of a row's command behind its verb, without options and places. */
  private words(): readonly string[] {
    const { command = '', kind = '' } = this.said;
    const words = command.split(/\s+/);
    const verb = words.findIndex((word) => word.toLowerCase() === kind);
    return words.slice(verb + 1).filter((word) => !/^@|=|^&$/.test(word));
  }

  private raw(code: number): string {
    return rawText(this.builder.texts.text(code) ?? 'nil');
  }

  /** What a cas compares with; where the row does not say so, the second word behind the verb of its command. */
  private comparedWith(): number | undefined {
    if (this.said.expected !== NONE) return this.bare(this.said.expected);
    const words = (this.said.command ?? '').match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
    const verb = words.findIndex((word) => word.toLowerCase() === 'cas');
    const word = words.slice(verb + 1).filter((one) => !one.startsWith('@'))[1];
    if (verb < 0 || word === undefined) return undefined;
    return this.builder.texts.ofPrinted(rawText(word));
  }

  /** Values of a run are words and numbers that cannot be mixed up: they are shown as they were typed. */
  private bare(code: number): number {
    const { texts } = this.builder;
    if (code === NOTHING || (code & 1) === 1) return code;
    const elements = texts.elements(code);
    if (elements !== undefined) return texts.ofCollection(elements.map((element) => this.bare(element)));
    return texts.ofPrinted(rawText(texts.text(code) ?? 'nil'));
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
      process: process === NONE ? 1 : process,
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
    const ranks = this.badRanks(call, ret);
    if (ranks !== undefined) return this.wrong(ranks);
    const at = builder.operations;
    builder.atUs = Math.round(said.atMs * 1000);
    const wrong = builder.whole(row, status, call, ret, id);
    if (wrong !== undefined) return this.wrong(wrong);
    if (status !== UNKNOWN) builder.endedUs(at, builder.atUs + Math.round(said.tookMs * 1000));
    return 0;
  }

  private badRanks(call: number, ret: number): string | undefined {
    if (!Number.isFinite(call) || Number.isNaN(ret)) return 'the rank of a call or a return is no number';
    return ret < call ? 'an operation returns before it is called' : undefined;
  }

  /** The object at hand is wrong. */
  private wrong(what: string, remedy = FORMS): number {
    return this.cursor.refuse(what, remedy, this.from, this.cursor.at);
  }
}
