import { Problem } from '../core/problem.ts';

/** What a step of a reader came to, where it is no code: the input is wrong here, or it ends before the thing does. */
export const BAD = -1;
export const MORE = -2;

const NEWLINE = 10;
/** How much of a line is kept to be shown with a mistake in it. */
const SHOWN = 4096;
/** More room than this is never kept free. */
const SPARE = 1 << 20;

/**
 * A place in bytes that arrive in pieces. What has been read is given up with `keepFrom`; a thing that is not whole yet is read again from its beginning when more has
 * come, and only when as much again has come, so that the work stays linear.
 */
export class Cursor {
  data: Uint8Array = new Uint8Array(0);
  at = 0;
  /** How much of `data` counts. */
  end = 0;
  /** From 1. */
  line = 1;
  /** Where the line begins; negative where its beginning was given up. */
  lineStart = 0;
  /** Whether all bytes have come. */
  last = false;
  problem: Problem | undefined;
  readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  /** Adds bytes behind what is kept. They are copied: whoever gives them may use their place again. */
  push(piece: Uint8Array): void {
    // The beginning of the line goes along where it is near, for the sake of what is shown with a mistake.
    const from = this.lineStart >= 0 && this.at - this.lineStart <= SHOWN ? this.lineStart : this.at;
    const kept = this.end - from;
    const size = kept + piece.length;
    if (size > this.data.length) {
      const wider = new Uint8Array(Math.max(size, Math.min(2 * this.data.length, size + SPARE)));
      wider.set(this.data.subarray(from, this.end));
      this.data = wider;
    } else this.data.copyWithin(0, from, this.end);
    this.data.set(piece, kept);
    this.at -= from;
    this.lineStart -= from;
    this.end = size;
    // Whoever looks one byte too far must not see what stood there before.
    if (size < this.data.length) this.data[size] = 0;
  }

  newline(): void {
    this.line++;
    this.lineStart = this.at;
  }

  /** Remembers what is wrong at a place, and returns BAD. */
  refuse(what: string, remedy: string, from = this.at, to = from + 1): typeof BAD {
    // What began on an earlier line is shown there, and what a string has passed over counts.
    for (;;) {
      const found = this.data.indexOf(NEWLINE, Math.max(0, this.lineStart));
      if (found < 0 || found >= from) break;
      this.line++;
      this.lineStart = found + 1;
    }
    while (from < this.lineStart && this.lineStart > 0) {
      this.line--;
      const before = this.lineStart - 2;
      this.lineStart = before < 0 ? 0 : this.data.lastIndexOf(NEWLINE, before) + 1;
    }
    this.problem ??= new HistoryProblem(what, remedy, this.place(from, to), this.shown(from));
    return BAD;
  }

  /** The text ends inside something. */
  ended(what: string): typeof BAD {
    const to = Math.max(this.end, this.lineStart + 1);
    return this.refuse(`the text ends ${what}`, 'is the file whole?', Math.max(this.lineStart, to - 1), to);
  }

  /** Columns count UTF-16 units, as every place does, so what stands before is decoded. */
  private place(from: number, to: number): { from: number; to: number; line: number; file: string } {
    const start = Math.max(0, this.lineStart);
    const before = this.lineStart < 0 ? -this.lineStart : 0;
    const column = before + decode(this.data.subarray(start, Math.min(from, this.end))).length;
    const found = this.data.subarray(0, this.end).indexOf(NEWLINE, from);
    const lineEnd = found < 0 ? this.end : found;
    const width = Math.max(1, decode(this.data.subarray(Math.min(from, this.end), Math.min(to, lineEnd))).length);
    return { from: column, to: column + width, line: this.line, file: this.file };
  }

  /** The line, as far as it is here; what was given up of it is blank. */
  private shown(at: number): string {
    const start = Math.max(0, this.lineStart);
    const found = this.data.subarray(0, this.end).indexOf(NEWLINE, start);
    const to = Math.min(found < 0 ? this.end : found, Math.max(at, start) + SHOWN);
    const given = this.lineStart < 0 ? ' '.repeat(Math.min(-this.lineStart, 1 << 20)) : '';
    return given + decode(this.data.subarray(start, to)).replace(/\r$/, '');
  }
}

/** A mistake in a history, with the line that has it. */
export class HistoryProblem extends Problem {
  readonly source: string;

  constructor(what: string, remedy: string, at: { from: number; to: number; line: number; file: string }, source: string) {
    super(what, remedy, at);
    this.source = source;
  }
}

const decoder = new TextDecoder('utf-8');

export function decode(bytes: Uint8Array): string {
  if (bytes.length > 24) return decoder.decode(bytes);
  let text = '';
  for (const byte of bytes) {
    if (byte >= 0x80) return decoder.decode(bytes);
    text += String.fromCharCode(byte);
  }
  return text;
}
