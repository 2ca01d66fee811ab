import type { Line, Meaning } from './block.ts';
import { type Ink, inks, lineOf } from './line.ts';

/** A drawing in columns and rows, both from 0. Rows grow as they are drawn on; what lies right of `width` or left of 0 is not drawn. */
export class Canvas {
  readonly width: number;
  // A wide character fills its second column with `undefined`.
  private readonly rows: (Ink | undefined)[][] = [];

  constructor(width: number) {
    this.width = width;
  }

  get height(): number {
    return this.rows.length;
  }

  /** Draws over what was there and returns the column behind the text. */
  put(row: number, column: number, line: Line | string, as?: Meaning): number {
    const places = inks(typeof line === 'string' ? [as === undefined ? line : { text: line, as }] : line);
    let at = column;
    for (const place of places) {
      if (at >= 0 && at + place.columns <= this.width) this.set(row, at, place);
      at += place.columns;
    }
    return at;
  }

  /** A stretch of one glyph from column `from` up to, not including, `to`. */
  fill(row: number, from: number, to: number, glyph: string, as?: Meaning): void {
    this.put(row, Math.max(0, from), glyph.repeat(Math.max(0, Math.min(to, this.width) - Math.max(0, from))), as);
  }

  /** What is drawn at a place; a space where nothing is. */
  glyph(row: number, column: number): string {
    return this.rows[row]?.[column]?.text ?? ' ';
  }

  lines(): Line[] {
    return this.rows.map((row) => {
      const places: Ink[] = [];
      for (let i = 0; i < row.length; i++) {
        const place = row[i];
        places.push(place ?? BLANK);
        if (place?.columns === 2) i += 1;
      }
      return lineOf(places);
    });
  }

  private set(row: number, column: number, place: Ink): void {
    while (this.rows.length <= row) this.rows.push([]);
    const cells = this.rows[row];
    if (cells === undefined) return;
    while (cells.length < column) cells.push(BLANK);
    // A character that loses half of itself leaves a space.
    if (cells[column] === undefined && cells[column - 1]?.columns === 2) cells[column - 1] = BLANK;
    const last = column + place.columns;
    if (cells[last] === undefined && last < cells.length && cells[last - 1]?.columns === 2) cells[last] = BLANK;
    cells[column] = place;
    if (place.columns === 2) cells[column + 1] = undefined;
  }
}

const BLANK: Ink = { text: ' ', columns: 1, as: undefined };
