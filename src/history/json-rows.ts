import type { Builder } from './builder.ts';
import { CAS, OK, READ, UNKNOWN } from './columns.ts';
import type { Cursor } from './cursor.ts';
import type { Events } from './events.ts';
import type { JsonObject } from './json-object.ts';
import { SessionRows, statusOf } from './session-rows.ts';
import { NOTHING, rawText } from './texts.ts';
import { NONE } from './values.ts';
import { effectOf } from './words.ts';

const REMEDY = 'expected a row as `cap-tutor run --json` and `history --json` print it';

/** The rows of runs in JSON, as what they say of a session. */
export class JsonRows {
  private readonly cursor: Cursor;
  private readonly builder: Builder;
  private readonly events: Events;
  private readonly said: JsonObject;
  private readonly rows: SessionRows;

  constructor(cursor: Cursor, builder: Builder, events: Events, said: JsonObject) {
    this.cursor = cursor;
    this.builder = builder;
    this.events = events;
    this.said = said;
    this.rows = new SessionRows(builder);
  }

  /** All rows have come. What is wrong with them as a whole, and on which line, if something is. */
  finish(): { readonly line: number; readonly what: string } | undefined {
    return this.rows.finish();
  }

  /** Takes the row at hand down. */
  take(): number {
    const { said, builder, events, rows } = this;
    const { kind, n = 0, line } = said;
    if (kind === undefined) return 0;
    rows.from(said.file ?? '');
    if (said.outcome === 'invalid') {
      rows.pass();
      return 0;
    }
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
    const ranks = badRanks(said.call, ret);
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
    return this.builder.texts.ofTyped(rawText(word));
  }

  /** Values of a run are words and numbers that cannot be mixed up: they are shown as they were typed. */
  private bare(code: number): number {
    const { texts } = this.builder;
    if (code === NOTHING || (code & 1) === 1) return code;
    const elements = texts.elements(code);
    if (elements !== undefined) return texts.ofCollection(elements.map((element) => this.bare(element)));
    return texts.ofTyped(rawText(texts.text(code) ?? 'nil'));
  }

  /** The row at hand is wrong. */
  private wrong(what: string, remedy = REMEDY): number {
    return this.cursor.refuse(what, remedy, this.said.from, this.cursor.at);
  }
}

/** What is wrong with the ranks of a call and a return, if something is. */
export function badRanks(call: number, ret: number): string | undefined {
  if (!Number.isFinite(call) || Number.isNaN(ret)) return 'the rank of a call or a return is no number';
  return ret < call ? 'an operation returns before it is called' : undefined;
}
