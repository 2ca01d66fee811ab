import type { Builder } from './builder.ts';
import { type Cursor, MORE } from './cursor.ts';
import type { Events } from './events.ts';
import { Figure } from './figure.ts';
import type { Json } from './json.ts';
import * as shapes from './shape.ts';
import { Outline } from './shape.ts';
import { NONE } from './values.ts';

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

/** An object of a history in JSON, field by field: what events say goes to them, and all else is kept here. */
export class JsonObject {
  type = false;
  compared = false;
  summary = false;
  call: number | undefined;
  return: number | undefined;
  n: number | undefined;
  expected = NONE;
  kind: string | undefined;
  outcome: string | undefined;
  command: string | undefined;
  client: string | undefined;
  file: string | undefined;
  status: string | undefined;
  atMs = Number.NaN;
  tookMs = Number.NaN;
  /** Where it begins, and on which line. */
  from = 0;
  line = 1;
  readonly outline = new Outline();
  private readonly cursor: Cursor;
  private readonly builder: Builder;
  private readonly json: Json;
  private readonly events: Events;
  private readonly figure: Figure;

  constructor(cursor: Cursor, builder: Builder, json: Json, events: Events) {
    this.cursor = cursor;
    this.builder = builder;
    this.json = json;
    this.events = events;
    this.figure = new Figure(cursor, json);
  }

  /** Reads the object at the cursor. */
  read(): number {
    const { cursor, json, outline } = this;
    outline.begin(cursor.at);
    this.forget();
    this.events.begin();
    this.line = cursor.line;
    this.from = cursor.at++;
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
    return 0;
  }

  /** Nothing is said yet. Field by field: a copy of all costs more than the rest of an object. */
  private forget(): void {
    this.type = this.compared = this.summary = false;
    this.call = this.return = this.n = undefined;
    this.expected = NONE;
    this.kind = this.outcome = this.command = this.client = this.file = this.status = undefined;
    this.atMs = this.tookMs = Number.NaN;
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
    const { json, events, cursor } = this;
    switch (field) {
      case FIELD.type:
        this.type = true;
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
    if (field === FIELD.summary) this.summary = true;
    if (field !== FIELD.expected && field !== FIELD.compared) return json.skip();
    const code = json.code();
    if (code < 0) return code;
    if (field === FIELD.expected) this.expected = code;
    else this.compared = this.builder.texts.text(code) === 'true';
    return 0;
  }

  private measure(field: number): number {
    const { figure } = this;
    const read = figure.read();
    if (read < 0) return read;
    if (field === FIELD.call) this.call = figure.value;
    else if (field === FIELD.return) this.return = figure.value;
    else if (field === FIELD.n) this.n = figure.value;
    else if (field === FIELD.at) this.atMs = figure.value ?? Number.NaN;
    else this.tookMs = figure.value ?? Number.NaN;
    return 0;
  }

  private text(field: number, text: string): void {
    if (field === FIELD.kind) this.kind = text;
    else if (field === FIELD.outcome) this.outcome = text;
    else if (field === FIELD.command) this.command = text;
    else if (field === FIELD.client) this.client = text;
    else if (field === FIELD.file) this.file = text;
    else if (field === FIELD.status) this.status = text;
  }
}
