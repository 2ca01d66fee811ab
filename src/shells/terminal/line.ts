/**
 * A line being edited. `pos` counts UTF-16 units and always stands between two graphemes, so no key can tear a
 * character; the text stays one string, so a pasted megabyte costs no array of a million parts.
 */
export interface Line {
  readonly text: string;
  readonly pos: number;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The segmenter takes time by the square of the length (Node 20), so it is given a stretch at a time. */
const STRETCH = 512;

/** The characters of a text as a reader counts them. */
export function splitGraphemes(text: string): string[] {
  const out: string[] = [];
  let length = STRETCH;
  for (let from = 0; from < text.length; ) {
    let to = Math.min(text.length, from + length);
    // Half a surrogate pair would be a segment of its own, and the one torn by it no longer the last.
    if (isHighSurrogate(text.charCodeAt(to - 1)) && to < text.length) to++;
    const parts = Array.from(graphemes.segment(text.slice(from, to)), (s) => s.segment);
    // The last may go on beyond the stretch: it is looked at again from its beginning, where a grapheme does begin.
    if (to < text.length) parts.pop();
    for (const part of parts) from += part.length;
    out.push(...parts);
    length = parts.length === 0 ? length * 2 : STRETCH;
  }
  return out;
}

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;

/** A line with the cursor at its end. */
export function lineOf(text: string): Line {
  return { text, pos: text.length };
}

/** The line made of two parts, the cursor between them. Joining may melt two graphemes into one: then the cursor goes after it. */
export function joined(before: string, after: string): Line {
  const text = before + after;
  return { text, pos: snap(text, before.length) };
}

function snap(text: string, pos: number): number {
  if (pos <= 0 || pos >= text.length) return Math.max(0, Math.min(text.length, pos));
  const at = graphemes.segment(text).containing(pos);
  return at === undefined || at.index === pos ? pos : at.index + at.segment.length;
}

/** The cursor at `pos`, or at the nearest place right of it where a cursor may stand. */
export function moved(line: Line, pos: number): Line {
  return { text: line.text, pos: snap(line.text, pos) };
}

/** Where the cursor stands one grapheme to the left. */
export function before(text: string, pos: number): number {
  return pos <= 0 ? 0 : (graphemes.segment(text).containing(pos - 1)?.index ?? pos - 1);
}

/** Where the cursor stands one grapheme to the right. */
export function after(text: string, pos: number): number {
  const at = graphemes.segment(text).containing(pos);
  return at === undefined ? text.length : at.index + at.segment.length;
}

const WORD = /[\p{L}\p{N}\p{M}_]/u;

/** The beginning of the word at or left of the cursor. */
export function wordLeft(text: string, pos: number): number {
  return skipLeft(text, skipLeft(text, pos, false), true);
}

/** The end of the word at or right of the cursor. */
export function wordRight(text: string, pos: number): number {
  return skipRight(text, skipRight(text, pos, false), true);
}

function skipLeft(text: string, pos: number, word: boolean): number {
  let at = pos;
  for (let next = before(text, at); at > 0 && WORD.test(text.slice(next, at)) === word; next = before(text, at)) at = next;
  return at;
}

function skipRight(text: string, pos: number, word: boolean): number {
  let at = pos;
  for (let next = after(text, at); at < text.length && WORD.test(text.slice(at, next)) === word; next = after(text, at)) at = next;
  return at;
}

/** The beginning of the blank-separated word left of the cursor: what Ctrl-W takes. */
export function blankLeft(text: string, pos: number): number {
  const head = text.slice(0, pos).trimEnd();
  // A blank may carry an accent: the place after it is inside a grapheme.
  return snap(text, head.length - (/\S*$/.exec(head)?.[0].length ?? 0));
}

/** The line without the text between two cursor places. */
export function without(line: Line, from: number, to: number): Line {
  return joined(line.text.slice(0, from), line.text.slice(to));
}

/** The last two graphemes left of the cursor exchanged, or the two around it, as readline does. */
export function transposed(line: Line): Line {
  const { text } = line;
  const middle = line.pos === text.length ? before(text, line.pos) : line.pos;
  const from = before(text, middle);
  if (from === middle) return line;
  const to = after(text, middle);
  return joined(text.slice(0, from) + text.slice(middle, to) + text.slice(from, middle), text.slice(to));
}
