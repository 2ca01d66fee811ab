import type { Builder } from './builder.ts';
import { CAS, FAIL, OK, OTHER, READ, UNEQUAL, UNKNOWN } from './columns.ts';
import { type Cursor, decode, MORE } from './cursor.ts';
import { Events, NONE } from './events.ts';
import { Json } from './json.ts';
import { NOTHING, rawText } from './texts.ts';
import { effectOf } from './words.ts';

/** What an object may say, by name. All other names are passed over. */
interface Said {
  text: Map<string, string>;
  code: Map<string, number>;
  figure: Map<string, number>;
  flag: Set<string>;
}

const TEXTS = ['kind', 'outcome', 'command', 'client', 'file', 'status'];
const FIGURES = ['call', 'return', 'n', 'line'];
/** The short names of generated histories. */
const LONG: Readonly<Record<string, string>> = { p: 'process', k: 'key', v: 'value', c: 'call', r: 'return' };
const STATUS: Readonly<Record<string, number>> = { ok: OK, fail: FAIL, unknown: UNKNOWN, info: UNKNOWN };
/** What goes back in time: the rows that were taken back stay, so they are no history of one run. */
const TRAVEL = ['undo', 'redo', 'rewind', 'switch', 'fork', 'load'];
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
  private said: Said = { text: new Map(), code: new Map(), figure: new Map(), flag: new Set() };
  private inList = false;
  private closed = false;
  /** The last object of a list has been read, and what follows it not. */
  private behind = false;
  /** Of rows: the cluster that runs now; `use` and `reset` begin another, whose keys are other keys. */
  private cluster = 1;
  /** How many operations the clusters before it had. */
  private before = 0;
  private file = '';
  /** How far the ranks of the sessions before have come. */
  private past = 0;
  private furthest = 0;
  private form: 'events' | 'rows' | 'whole' | undefined;

  constructor(cursor: Cursor, builder: Builder) {
    this.cursor = cursor;
    this.builder = builder;
    this.json = new Json(cursor, builder.texts);
    this.events = new Events(cursor, builder, this.json, '');
  }

  step(): number {
    const { cursor, json } = this;
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
    json.depth = 0;
    const read = this.object();
    this.behind = read >= 0 && this.inList;
    return read;
  }

  end(): number {
    return this.inList && !this.closed ? this.json.ended('a list') : 0;
  }

  private object(): number {
    const { cursor, json } = this;
    const from = cursor.at++;
    const { line } = cursor;
    const { text, code, figure, flag } = this.said;
    for (const part of [text, code, figure, flag]) part.clear();
    this.events.begin();
    for (;;) {
      const byte = json.next();
      if (byte === MORE) return json.ended('an object');
      if (byte === 0x7d) break;
      if (byte !== 0x22) return cursor.refuse('a name in quotes is missing', 'expected "name": value');
      const name = this.name();
      if (typeof name === 'number') return name;
      const colon = json.colon();
      if (colon < 0) return colon;
      if (json.next() === MORE) return json.ended('an object');
      const read = this.field(LONG[name] ?? name);
      if (read < 0) return read;
      const between = json.between();
      if (between < 0) return between;
    }
    cursor.at++;
    return this.take(from, line);
  }

  /** A name: most are short and plain. */
  private name(): string | number {
    const { cursor } = this;
    const { data } = cursor;
    const from = cursor.at + 1;
    let at = from;
    while (at < cursor.end && at - from < 24 && (data[at] as number) > 0x22 && data[at] !== 0x5c) at++;
    if (at >= cursor.end || data[at] !== 0x22) return this.json.string();
    cursor.at = at + 1;
    return decode(data.subarray(from, at));
  }

  private field(name: string): number {
    const { json, events, said, cursor } = this;
    switch (name) {
      case 'type':
        said.flag.add(name);
        return events.readType();
      case 'f':
        return events.readF();
      case 'process':
        return events.readProcess();
      case 'key':
        return events.readKey();
      case 'value':
        return events.readValue();
    }
    if (FIGURES.includes(name)) {
      const isNull = cursor.data[cursor.at] === 0x6e;
      const { read, value } = json.figure();
      if (read < 0) return read;
      if (!isNull) said.figure.set(name, value);
      return 0;
    }
    const isText = cursor.data[cursor.at] === 0x22;
    if (isText && TEXTS.includes(name)) {
      const text = json.string();
      if (typeof text === 'number') return text;
      said.text.set(name, text);
      return 0;
    }
    const code = json.code();
    if (code < 0) return code;
    if (name === 'expected' || name === 'old') said.code.set('expected', code);
    if (name === 'compared' || name === 'summary') said.flag.add(name);
    return 0;
  }

  /** Takes an object down, whatever of the three forms it has. */
  private take(from: number, line: number): number {
    const { said, cursor } = this;
    const form = said.flag.has('type')
      ? 'events'
      : said.text.has('kind') || said.flag.has('summary')
        ? 'rows'
        : said.figure.has('call')
          ? 'whole'
          : undefined;
    if (form === undefined) return cursor.refuse('this object is nothing that a history consists of', FORMS, from, cursor.at);
    this.form ??= form;
    if (form !== this.form)
      return cursor.refuse('this object has another form than those before it', 'one history has one form', from, cursor.at);
    if (form === 'events') return this.events.finish(from);
    const wrong = form === 'rows' ? this.row(line) : this.whole(line);
    return wrong === undefined ? 0 : cursor.refuse(wrong, FORMS, from, cursor.at);
  }

  private row(line: number): string | undefined {
    const { said, builder, events } = this;
    const kind = said.text.get('kind');
    if (kind === undefined || said.text.get('outcome') === 'invalid') return undefined;
    const file = said.text.get('file') ?? '';
    if ((kind === 'use' || kind === 'reset' || file !== this.file) && builder.operations > this.before) {
      this.cluster++;
      this.before = builder.operations;
      // Ranks are a session's own, and each script has its own session.
      if (file !== this.file) this.past = this.furthest;
    }
    this.file = file;
    if (TRAVEL.includes(kind)) return `the session went to another time or timeline (${kind}), so its rows are not one history`;
    if (!said.figure.has('call') || !events.has('key')) return undefined;
    const effect = effectOf(kind);
    const status = STATUS[said.text.get('outcome') ?? ''];
    if (status === undefined) return 'a row of an operation has no outcome';
    builder.word(kind, effect, line);
    const own = events.plain();
    const name = rawText(builder.texts.text(own.key) ?? 'nil');
    const key = builder.texts.ofPrinted(this.cluster === 1 ? name : `${name} (cluster ${this.cluster})`);
    const expected = effect === CAS ? this.compared() : NOTHING;
    if (expected === undefined) return 'a row of a cas does not name the value that it compares with';
    const process = builder.texts.ofPrinted(said.text.get('client') ?? 'you');
    const value = kind === 'delete' || (effect === READ && status !== OK) ? NOTHING : this.bare(own.value);
    return this.add({ process, effect, key, value, expected, line }, status, said.figure.get('n') ?? builder.operations + 1);
  }

  /** What a cas compares with: the second word behind the verb of its command. */
  private compared(): number | undefined {
    const words = (this.said.text.get('command') ?? '').match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
    const verb = words.findIndex((word) => word.toLowerCase() === 'cas');
    const word = words.slice(verb + 1).filter((one) => !one.startsWith('@'))[1];
    if (verb < 0 || word === undefined) return undefined;
    return this.builder.texts.ofPrinted(rawText(word));
  }

  /** Values of a run are words and numbers that cannot be mixed up: they are shown as they were typed. */
  private bare(code: number): number {
    const text = this.builder.texts.text(code);
    return text === null ? NOTHING : this.builder.texts.ofPrinted(rawText(text));
  }

  private whole(line: number): string | undefined {
    const { said, builder, events } = this;
    const { f, process, key, value } = events.plain();
    if (f === '') return 'an operation has no "f"';
    const effect = effectOf(f);
    builder.word(f, effect, line);
    const expected = said.code.get('expected') ?? NONE;
    const pair = effect === CAS && expected === NONE ? events.pair() : undefined;
    if (effect === CAS && expected === NONE && pair === undefined)
      return 'a cas has no value to compare with ("expected", or [old, new] as its "value")';
    const open = !said.figure.has('return');
    const status = open ? UNKNOWN : (STATUS[said.text.get('status') ?? 'ok'] ?? -1);
    if (status < 0) return 'the status of an operation is none of ok, fail and unknown';
    const found = status === FAIL && effect === CAS && said.flag.has('compared') ? UNEQUAL : status;
    const row = {
      process: process === NONE ? 1 : process,
      effect,
      key,
      value: pair === undefined ? value : pair.to,
      expected: effect === CAS ? (pair === undefined ? expected : pair.from) : NOTHING,
      line,
    };
    if (effect === OTHER) row.value = NOTHING;
    return this.add(row, found, builder.operations + 1);
  }

  private add(row: Parameters<Builder['whole']>[0], status: number, id: number): string | undefined {
    const call = this.past + (this.said.figure.get('call') ?? Number.NaN);
    const ret = status === UNKNOWN ? Number.POSITIVE_INFINITY : this.past + (this.said.figure.get('return') ?? Number.NaN);
    if (!Number.isFinite(call) || Number.isNaN(ret)) return 'the rank of a call or a return is no number';
    if (ret < call) return 'an operation returns before it is called';
    this.furthest = Math.max(this.furthest, call, Number.isFinite(ret) ? ret : 0);
    return this.builder.whole(row, status, call, ret, id);
  }
}
