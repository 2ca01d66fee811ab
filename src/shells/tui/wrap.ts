import { splitGraphemes } from '../terminal/line.ts';
import { Style } from './style.ts';
import { styledWidth } from './styled.ts';

/** A style, a line end, blanks, or the letters between them. */
const PIECE = /\u001b\[[\d;]*m|\n|[ \t]+|[^\u001b\n \t]+|\u001b/g;

/** Lines as they grow: each opens and closes its own styles. A line without a visible character is empty. */
class Lines {
  readonly done: string[] = [];
  readonly #style = new Style();
  #line = '';
  #filled = 0;
  #visible = false;

  get filled(): number {
    return this.#filled;
  }

  style(sequence: string): void {
    this.#style.take(sequence);
    this.#line += sequence;
  }

  put(text: string, wide: number): void {
    this.#line += text;
    this.#filled += wide;
    this.#visible ||= text.trim() !== '';
  }

  end(): void {
    this.done.push(this.#visible ? this.#line + this.#style.closing : '');
    this.#line = this.#style.opening;
    this.#filled = 0;
    this.#visible = false;
  }
}

/**
 * Splits styled text at its line ends. Any run of the lines can be cut out and shown, and what is drawn before or after
 * one takes on no colour from it.
 */
export function selfContained(text: string): string[] {
  return wrapHard(text, Number.POSITIVE_INFINITY);
}

/** Lines cut into pieces of at most `width` cells, blanks kept: for code, where they mean something. */
export function wrapHard(text: string, width: number): string[] {
  const lines = new Lines();
  for (const [piece] of text.matchAll(PIECE)) {
    if (piece === '\n') lines.end();
    else if (piece.startsWith('\u001b[')) lines.style(piece);
    else broken(lines, piece, width);
  }
  lines.end();
  return lines.done;
}

/**
 * Words wrapped to `width` cells, blanks at the ends of lines dropped. A word wider than a line is broken, after a
 * hyphen or slash where there is one.
 */
export function wrapWords(text: string, width: number): string[] {
  const lines = new Lines();
  let word: string[] = [];
  let wide = 0;
  let gap = 0;
  const flush = (): void => {
    if (wide > 0) {
      const before = lines.filled === 0 ? 0 : gap;
      if (lines.filled > 0 && lines.filled + before + wide > width && (wide <= width || lines.filled + before >= width)) lines.end();
      else lines.put(' '.repeat(before), before);
      gap = 0;
    }
    for (const part of word) {
      if (part.startsWith('\u001b[')) lines.style(part);
      else broken(lines, part, width);
    }
    word = [];
    wide = 0;
  };
  for (const [piece] of text.matchAll(PIECE)) {
    const first = piece.charAt(0);
    if (first === ' ' || first === '\t' || first === '\n') {
      flush();
      gap += first === '\n' ? 0 : piece.length;
      if (first === '\n') lines.end();
      if (first === '\n') gap = 0;
    } else {
      word.push(piece);
      if (first !== '\u001b') wide += styledWidth(piece);
    }
  }
  flush();
  lines.end();
  while (lines.done.at(-1) === '') lines.done.pop();
  return lines.done.length > 0 ? lines.done : [''];
}

/** Puts text without styles on the lines, going on below whenever one is full. */
function broken(lines: Lines, text: string, width: number): void {
  const wide = styledWidth(text);
  if (lines.filled + wide <= width) {
    lines.put(text, wide);
    return;
  }
  let from = 0;
  const letters = splitGraphemes(text);
  while (from < letters.length) {
    const to = fittingEnd(letters, from, width - lines.filled);
    if (to === from && lines.filled > 0) {
      lines.end();
      continue;
    }
    // Not one letter fits an empty line: it goes there all the same, or there would be no end; the page clips it.
    const end = Math.max(to, from + 1);
    const part = letters.slice(from, end).join('');
    lines.put(part, styledWidth(part));
    from = end;
    if (from < letters.length) lines.end();
  }
}

/** How far the letters from `from` on fit `room` cells; back to the last hyphen or slash if that is not too far back. */
function fittingEnd(letters: readonly string[], from: number, room: number): number {
  let to = from;
  for (let filled = 0; to < letters.length; to++) {
    filled += styledWidth(letters[to] ?? '');
    if (filled > room) break;
  }
  if (to === letters.length) return to;
  for (let at = to; at > from + (to - from) / 2; at--) {
    if (letters[at - 1] === '-' || letters[at - 1] === '/') return at;
  }
  return to;
}
