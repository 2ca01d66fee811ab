import { Problem } from '../core/problem.ts';
import { Builder } from './builder.ts';
import type { Columns } from './columns.ts';
import { Cursor, decode, HistoryProblem, MORE } from './cursor.ts';
import { EdnHistory } from './edn-history.ts';
import { JepsenLog } from './jepsen-log.ts';
import { JsonHistory } from './json-history.ts';
import { overlapIn } from './overlap.ts';

export const HISTORY_FORMATS = ['edn', 'jsonl', 'porcupine'] as const;
export type HistoryFormat = (typeof HISTORY_FORMATS)[number];

/** What reads one format: an event at a time, 0 for read, MORE or BAD. */
interface Events {
  step(): number;
  end(): number;
}

/** How many bytes decide what the format is. */
const ENOUGH = 65_536;
const PIECE = 1 << 20;

/**
 * Reads a recorded history from bytes that may come in pieces. What it holds is the columns and the piece that is being read, so a long history needs
 * little more room than its columns.
 */
export class HistoryReader {
  private readonly builder: Builder;
  private readonly cursor: Cursor;
  private readonly format: HistoryFormat | undefined;
  private events: Events | undefined;
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;
  private bytes = 0;

  /** `file` stands in what is said about mistakes. Without a format the first bytes decide. `size`: how many bytes will come, where that is known. */
  constructor(file: string, format?: HistoryFormat, size = 0) {
    const cursor = new Cursor(file);
    this.cursor = cursor;
    this.format = format;
    this.builder = new Builder(() => (size > 0 ? (this.bytes - (cursor.end - cursor.at)) / size : 0));
  }

  get operations(): number {
    return this.builder.operations;
  }

  /** The next bytes, whose place may be used again. */
  push(bytes: Uint8Array): Problem | undefined {
    if (this.cursor.problem !== undefined) return this.cursor.problem;
    // A byte order mark says nothing.
    const piece = this.bytes === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
    this.bytes += bytes.length;
    this.waitingBytes += piece.length;
    // What is not whole yet is read again only when as much again has come: the work stays linear.
    const rest = this.cursor.end - this.cursor.at;
    const wait = this.waitingBytes < rest || (this.events === undefined && this.waitingBytes < ENOUGH);
    this.waiting.push(wait ? piece.slice() : piece);
    return wait ? undefined : this.read();
  }

  /** All bytes have come. */
  finish(): Columns | Problem {
    this.cursor.last = true;
    const problem = this.cursor.problem ?? this.read();
    if (problem !== undefined) return problem;
    if ((this.events?.end() ?? 0) < 0 && this.cursor.problem !== undefined) return this.cursor.problem;
    if (this.builder.operations === 0 && this.builder.others > 0) this.builder.notes.push('there are no operations of clients in it');
    else if (this.builder.operations === 0)
      return new Problem(`${this.cursor.file}: there are no operations in it`, 'a history needs at least one');
    const columns = this.builder.finish();
    return this.overlap(columns) ?? columns;
  }

  /** Whole operations may be those of a process that does two things at once, which shows when all of them are here. */
  private overlap(columns: Columns): Problem | undefined {
    const found = this.builder.ranked ? overlapIn(columns) : undefined;
    if (found === undefined) return undefined;
    const { line, process, texts } = columns;
    const [first, second] = [line[found.row] as number, line[found.before] as number].sort((a, b) => a - b) as [number, number];
    const name = texts.text(process[found.row] as number) ?? 'nil';
    return new HistoryProblem(
      `process ${name} begins an operation while that of line ${first} is still open`,
      'one process does one thing at a time: give what runs at the same time to several',
      { from: 0, to: 1, line: second, file: this.cursor.file },
      '',
    );
  }

  private read(): Problem | undefined {
    const { cursor } = this;
    const [first] = this.waiting;
    if (first !== undefined) cursor.push(this.waiting.length === 1 ? first : joined(this.waiting, this.waitingBytes));
    this.waiting = [];
    this.waitingBytes = 0;
    if (this.events === undefined) {
      const strange = this.strangeBytes();
      if (strange !== undefined) return strange;
      if (!this.begins() && !cursor.last) return undefined;
      this.events = this.open();
    }
    const { events } = this;
    for (;;) {
      const { at, line, lineStart } = cursor;
      const step = events.step();
      if (step >= 0) continue;
      if (step !== MORE) return cursor.problem;
      if (cursor.last) {
        if (cursor.at < cursor.end) cursor.ended('too early');
        return cursor.problem;
      }
      Object.assign(cursor, { at, line, lineStart });
      return undefined;
    }
  }

  private strangeBytes(): Problem | undefined {
    const { data, end, file } = this.cursor;
    if ((data[0] === 0xff && data[1] === 0xfe) || (data[0] === 0xfe && data[1] === 0xff))
      return new Problem(`${file}: it is text in UTF-16`, 'save it as UTF-8');
    const zero = data.subarray(0, Math.min(end, ENOUGH)).indexOf(0);
    return zero < 0 ? undefined : new Problem(`${file}: it is not text: byte ${zero + 1} is zero`, 'give a history as text in UTF-8');
  }

  /** Goes over the blanks in front of a history; whether it begins behind them. */
  private begins(): boolean {
    const { cursor } = this;
    for (; cursor.at < cursor.end; ) {
      const byte = cursor.data[cursor.at++] as number;
      if (byte === 10) cursor.newline();
      else if (byte !== 32 && byte !== 9 && byte !== 13) {
        cursor.at--;
        return true;
      }
    }
    return false;
  }

  private open(): Events {
    const { cursor, builder } = this;
    const beginning = (size: number): Uint8Array => cursor.data.subarray(cursor.at, Math.min(cursor.end, cursor.at + size));
    const format = this.format ?? detect(beginning(ENOUGH));
    if (format === 'jsonl') return new JsonHistory(cursor, builder);
    // Porcupine's tests have two: the log of Jepsen, and maps in the manner of EDN.
    if (format === 'porcupine' && !/^[{[(#;]/.test(decode(beginning(1)))) return new JepsenLog(cursor, builder);
    return new EdnHistory(cursor, builder);
  }
}

/** The format of a history, by its beginning. What fits none is taken for EDN, whose reader then says what it expected. */
export function detect(bytes: Uint8Array): HistoryFormat {
  const text = decode(bytes);
  if (/jepsen\.util\s/.test(text) && !/^\s*[{[(]/.test(text)) return 'porcupine';
  return /^\s*(\[\s*)?\{\s*("|\}?$)/.test(text) ? 'jsonl' : 'edn';
}

/** A whole history at once. */
export function readHistory(bytes: Uint8Array, file: string, format?: HistoryFormat): Columns | Problem {
  const reader = new HistoryReader(file, format, bytes.length);
  // A piece at a time, since the reader keeps a copy of what it is at.
  for (let at = 0; at < bytes.length; at += PIECE) {
    const problem = reader.push(bytes.subarray(at, at + PIECE));
    if (problem !== undefined) return problem;
  }
  return reader.finish();
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
