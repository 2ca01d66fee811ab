import type { Builder } from './builder.ts';
import { CAS, TXN } from './columns.ts';
import { type Cursor, decode, MORE } from './cursor.ts';
import { Edn } from './edn.ts';
import { Events } from './events.ts';
import { NOTHING, Texts } from './texts.ts';
import { answers, effectOf } from './words.ts';

/** `… jepsen.util - <process> :<type> :<f> <value>`, with tabs or runs of blanks between; newer logs have no dash. */
const LINE = /jepsen\.util\s+(?:-\s+)?(\S+)\s+:(invoke|ok|fail|info)\s+:(\S+)\s*/;
const REMEDY = 'a line reads: INFO  jepsen.util - 4  :invoke  :write  1';

/**
 * The log that Jepsen writes while it runs (the format of the etcd logs in Porcupine's tests): one event a line, in real-time order, without times. Lines of anything
 * else are passed over. A failed `cas` that names its values was compared and found another one; `:info` leaves an operation open.
 */
export class JepsenLog {
  private readonly cursor: Cursor;
  private readonly edn: Edn;
  private readonly events: Events;

  constructor(cursor: Cursor, builder: Builder) {
    this.cursor = cursor;
    this.edn = new Edn(cursor, builder.texts);
    this.events = new Events(cursor, builder, this.edn, ':', false);
  }

  /** Reads one line. MORE where it is not whole, or at the end. */
  step(): number {
    const { cursor } = this;
    if (cursor.at >= cursor.end) return MORE;
    const found = cursor.data.indexOf(10, cursor.at);
    const whole = found >= 0 && found < cursor.end;
    if (!whole && !cursor.last) return MORE;
    const to = whole ? found : cursor.end;
    const { end, last } = cursor;
    // Nothing of an event stands on another line.
    cursor.end = to;
    cursor.last = true;
    const read = this.event(decode(cursor.data.subarray(cursor.at, to)), cursor.at, to);
    cursor.end = end;
    cursor.last = last;
    if (read < 0) return read;
    cursor.at = whole ? to + 1 : to;
    if (whole) cursor.newline();
    return 0;
  }

  end(): number {
    return 0;
  }

  private event(source: string, from: number, to: number): number {
    const { cursor, events, edn } = this;
    const match = LINE.exec(source);
    if (match === null)
      return /:invoke\b|jepsen\.util\s+-\s/.test(source) ? cursor.refuse('this line is no Jepsen event', REMEDY, from, to) : 0;
    const [all, name = '', type = '', f = ''] = match;
    const effect = effectOf(f);
    const needed = type === 'invoke' || (type === 'ok' && (answers(effect) || effect === TXN));
    events.begin();
    edn.begin();
    const { texts } = edn;
    const process = name === 'nil' ? NOTHING : (Texts.smallest(name) ?? texts.ofPrinted(name));
    cursor.at = from + bytesOf(source.slice(0, match.index + all.length));
    const value = cursor.at < to && edn.next() >= 0 ? events.readValue() : 0;
    if (value < 0 && needed) return value;
    // What stands behind `:fail` and `:info` is for people: anything may.
    if (value < 0) {
      cursor.problem = undefined;
      events.values.forget();
    }
    const compared = type === 'fail' && effect === CAS && events.values.isPair();
    return events.told(type, process, f, from, compared);
  }
}

/** How many bytes of UTF-8 a text has. */
function bytesOf(text: string): number {
  return /^[\u0000-\u007f]*$/.test(text) ? text.length : new TextEncoder().encode(text).length;
}
