import type { Builder } from './builder.ts';
import { CAS, FAIL, OK, READ, UNEQUAL, UNKNOWN } from './columns.ts';
import { type Cursor, decode, MORE } from './cursor.ts';
import { NOTHING } from './texts.ts';
import { effectOf } from './words.ts';

/** `… jepsen.util - <process> :<type> :<f> <value>`, with tabs or runs of blanks between; newer logs have no dash. */
const LINE = /jepsen\.util\s+-?\s*(\S+)\s+:(invoke|ok|fail|info)\s+:(\S+)\s*(.*?)\s*$/;
const REMEDY = 'a line reads: INFO  jepsen.util - 4  :invoke  :write  1';
const STATUS: Readonly<Record<string, number>> = { ok: OK, fail: FAIL, info: UNKNOWN };

/**
 * The log that Jepsen writes while it runs (the format of the etcd logs in Porcupine's tests): one event a line, in real-time order, without times. Lines of anything
 * else are passed over. A failed `cas` that names its values was compared and found another one; `:info` leaves an operation open.
 */
export class JepsenLog {
  private readonly cursor: Cursor;
  private readonly builder: Builder;

  constructor(cursor: Cursor, builder: Builder) {
    this.cursor = cursor;
    this.builder = builder;
  }

  /** Reads one line. MORE where it is not whole, or at the end. */
  step(): number {
    const { cursor } = this;
    if (cursor.at >= cursor.end) return MORE;
    const found = cursor.data.indexOf(10, cursor.at);
    const whole = found >= 0 && found < cursor.end;
    if (!whole && !cursor.last) return MORE;
    const to = whole ? found : cursor.end;
    const read = this.event(decode(cursor.data.subarray(cursor.at, to)), to);
    if (read < 0) return read;
    cursor.at = whole ? to + 1 : to;
    if (whole) cursor.newline();
    return 0;
  }

  end(): number {
    return 0;
  }

  private event(source: string, to: number): number {
    const { cursor, builder } = this;
    const refuse = (what: string): number => cursor.refuse(what, REMEDY, cursor.at, to);
    const match = LINE.exec(source);
    if (match === null) return /:invoke\b|jepsen\.util\s+-\s/.test(source) ? refuse('this line is no Jepsen event') : 0;
    const [, name = '', type = '', f = '', text = ''] = match;
    if (name === ':nemesis') return 0;
    const process = this.code(name);
    const effect = effectOf(f);
    builder.word(f, effect, cursor.line);
    const pair = /^\[(\S+) (\S+)\]$/.exec(text);
    if (type === 'invoke') {
      if (effect === CAS && pair === null) return refuse(`"${text.slice(0, 40)}" is no value of a cas, which has [old new]`);
      const value = effect === CAS ? this.code(pair?.[2] ?? '') : effect === READ ? NOTHING : this.code(text);
      const expected = effect === CAS ? this.code(pair?.[1] ?? '') : NOTHING;
      const wrong = builder.invoke({ process, effect, key: -1, value, expected, line: cursor.line });
      return wrong === undefined ? 0 : refuse(wrong);
    }
    const open = builder.openOf(process);
    if (open < 0 || builder.effectOf(open) !== effect) return refuse(`process ${name} ends an operation that it had not begun`);
    const status = type === 'fail' && effect === CAS && pair !== null ? UNEQUAL : (STATUS[type] as number);
    builder.complete(open, status, status === OK && effect === READ ? this.code(text) : NOTHING);
    return 0;
  }

  private code(text: string): number {
    if (text === 'nil' || text === '') return NOTHING;
    const n = /^(0|[1-9]\d{0,8})$/.test(text) ? Number(text) : -1;
    return n >= 0 ? (n << 1) | 1 : this.builder.texts.ofPrinted(text);
  }
}
