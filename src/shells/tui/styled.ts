import { cells, textWidth } from '../../view/width.ts';
import { Style } from './style.ts';

/** Styles, the only escape sequences that our texts hold. */
const SGR = /\u001b\[[\d;]*m/g;
const PIECE = /\u001b\[[\d;]*m|[^\u001b]+/g;

/** How many columns a styled text takes. */
export function styledWidth(text: string): number {
  return textWidth(text.includes('\u001b') ? text.replace(SGR, '') : text);
}

/** At most `width` columns of a line, its styles closed. What is cut off is marked by `mark`, if that fits. */
export function clip(line: string, width: number, mark = ''): string {
  if (styledWidth(line) <= width) return line;
  const markWidth = textWidth(mark);
  const room = markWidth < width ? width - markWidth : width;
  const style = new Style();
  let out = '';
  let filled = 0;
  for (const [piece] of line.matchAll(PIECE)) {
    if (piece.startsWith('\u001b')) {
      style.take(piece);
      out += piece;
      continue;
    }
    for (const cell of cells(piece)) {
      if (filled + cell.columns > room) return out + style.closing + (room < width ? mark : '');
      out += cell.text;
      filled += cell.columns;
    }
  }
  // Only a mark that combines across a change of style gets here: measured alone it is wider than in its place.
  return out + style.closing;
}

/** A line of exactly `width` columns: clipped, or filled with blanks. */
export function fitted(line: string, width: number, mark = ''): string {
  const cut = clip(line, width, mark);
  return cut + ' '.repeat(Math.max(0, width - styledWidth(cut)));
}
