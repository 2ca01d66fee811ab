import { printable } from '../core/units.ts';
import type { Line, Meaning, Span } from './block.ts';
import { cells, textWidth } from './width.ts';

/** One place of the screen with its meaning. */
export interface Ink {
  readonly text: string;
  readonly columns: 0 | 1 | 2;
  readonly as: Meaning | undefined;
}

/** Text that stays on its line and steers nothing. */
export function safeText(text: string): string {
  return printable(text).replace(/[\u2028\u2029]/g, '·');
}

/** A line cut into places; everything that is drawn goes through here, so nothing unprintable gets past. */
export function inks(line: Line): Ink[] {
  const out: Ink[] = [];
  for (const piece of line) {
    const as = typeof piece === 'string' ? undefined : piece.as;
    for (const cell of cells(safeText(typeof piece === 'string' ? piece : piece.text))) {
      // Marks with nothing to stand on, or only a space, show nothing; without them a space is always just a space.
      if (cell.columns > 0) out.push({ ...cell, text: cell.text.startsWith(' ') ? ' ' : cell.text, as });
    }
  }
  return out;
}

/** Places put together again: neighbours with one meaning become one piece. */
export function lineOf(places: readonly Ink[]): Line {
  const out: (string | Span)[] = [];
  let text = '';
  let as: Meaning | undefined;
  const close = (): void => {
    if (text !== '') out.push(as === undefined ? text : { text, as });
  };
  for (const place of places) {
    if (place.as !== as) {
      close();
      text = '';
      as = place.as;
    }
    text += place.text;
  }
  close();
  return out;
}

export function columnsOf(places: readonly Ink[]): number {
  return places.reduce((sum, place) => sum + place.columns, 0);
}

export function lineWidth(line: Line): number {
  return line.reduce((sum, piece) => sum + textWidth(safeText(typeof piece === 'string' ? piece : piece.text)), 0);
}

/** At most `width` columns; what does not fit is replaced by `…`. */
export function clipInks(places: readonly Ink[], width: number): readonly Ink[] {
  if (columnsOf(places) <= width) return places;
  if (width < 1) return [];
  const out: Ink[] = [];
  let used = 0;
  for (const place of places) {
    if (used + place.columns > width - 1) break;
    out.push(place);
    used += place.columns;
  }
  return [...out, { text: '…', columns: 1, as: out.at(-1)?.as }];
}

export function clipLine(line: Line, width: number): Line {
  return lineWidth(line) <= width ? line : lineOf(clipInks(inks(line), width));
}

/** A user's text in at most `width` columns, printable. */
export function clipText(text: string, width: number): string {
  const safe = safeText(text);
  if (textWidth(safe) <= width) return safe;
  return clipInks(inks([safe]), width)
    .map((place) => place.text)
    .join('');
}

/** A line clipped or filled up with spaces to exactly `width` columns. */
export function fitLine(line: Line, width: number, align: 'left' | 'right' = 'left'): Line {
  const clipped = clipLine(line, width);
  const space = ' '.repeat(Math.max(0, width - lineWidth(clipped)));
  if (space === '') return clipped;
  return align === 'left' ? [...clipped, space] : [space, ...clipped];
}

/** Breaks at spaces, or inside a word that is longer than a whole line; what is wrapped starts `hang` columns behind the first line's own indent. */
export function wrapLine(line: Line, width: number, hang = 0): Line[] {
  const places = inks(line);
  if (columnsOf(places) <= width) return [lineOf(places)];
  const isSpace = (i: number): boolean => places[i]?.text === ' ';
  let own = 0;
  while (isSpace(own)) own += 1;
  // On a very narrow screen the text is worth more than its indent.
  const indent: Ink[] = Array.from({ length: Math.min(own + hang, Math.floor(width / 2)) }, () => ({
    text: ' ',
    columns: 1,
    as: undefined,
  }));
  const out: Line[] = [];
  let from = 0;
  while (from < places.length) {
    const prefix = out.length === 0 ? [] : indent;
    const to = breakAt(places, from, Math.max(2, width - prefix.length), out.length === 0 ? own : 0);
    let end = to;
    while (end > from && isSpace(end - 1)) end -= 1;
    out.push(lineOf([...prefix, ...places.slice(from, end)]));
    from = to;
    while (isSpace(from)) from += 1;
  }
  return out;
}

/** The index behind the last place that fits: behind a space if there is one past the indent, else inside the word. */
function breakAt(places: readonly Ink[], from: number, room: number, indent: number): number {
  let used = 0;
  let space = -1;
  for (let i = from; i < places.length; i++) {
    const place = places[i];
    if (place === undefined) break;
    used += place.columns;
    if (place.text === ' ' && i > from + indent) space = i + 1;
    else if (used > room) return space > from ? space : Math.max(i, from + 1);
  }
  return places.length;
}
