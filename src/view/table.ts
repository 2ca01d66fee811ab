import type { Column, Line } from './block.ts';
import { clipLine, fitLine, lineWidth, wrapLine } from './line.ts';

const GAP = 2;
const LEAST = 6;

/**
 * A table in at most `width` columns: first the columns that may shrink are clipped, the widest first, then the widest
 * texts wrap, and what is still too wide is cut off at the edge.
 */
export function layTable(columns: readonly Column[], rows: readonly (readonly Line[])[], width: number): Line[] {
  const natural = columns.map((column, i) => Math.max(lineWidth([column.title]), ...rows.map((row) => lineWidth(row[i] ?? [])), 0));
  const widths = [...natural];
  squeeze(widths, width, (i) => columns[i]?.shrink === true);
  const clipped = [...widths];
  squeeze(widths, width, (i) => columns[i]?.align === 'left');
  const out: Line[] = [];
  if (columns.some((column) => column.title !== '')) {
    out.push(
      joinRow(
        columns.map((column) => [{ text: column.title, as: 'dim' }]),
        columns,
        widths,
      ),
    );
  }
  for (const row of rows) {
    const parts = columns.map((_, i) => {
      const cell = clipLine(row[i] ?? [], clipped[i] ?? 0);
      return lineWidth(cell) <= (widths[i] ?? 0) ? [cell] : wrapLine(cell, widths[i] ?? 1);
    });
    const height = Math.max(1, ...parts.map((lines) => lines.length));
    for (let n = 0; n < height; n++)
      out.push(
        joinRow(
          parts.map((lines) => lines[n] ?? []),
          columns,
          widths,
        ),
      );
  }
  return out.map((line) => clipLine(line, width));
}

/** Narrows the columns of `may`, the widest first and the leftmost of equals, until the table fits or each is at its least. */
function squeeze(widths: number[], width: number, may: (index: number) => boolean): void {
  let over = widths.reduce((sum, w) => sum + w + GAP, -GAP) - width;
  while (over > 0) {
    let widest = -1;
    for (let i = 0; i < widths.length; i++) {
      if (may(i) && (widths[i] ?? 0) > LEAST && (widest < 0 || (widths[i] ?? 0) > (widths[widest] ?? 0))) widest = i;
    }
    if (widest < 0) return;
    // Down to the next widest at one go, so that a cell with a long value costs no loop of its length.
    const next = Math.max(LEAST, ...widths.filter((_, i) => i !== widest && may(i)).map((w) => Math.min(w, (widths[widest] ?? 0) - 1)));
    const step = Math.min(over, (widths[widest] ?? 0) - next);
    widths[widest] = (widths[widest] ?? 0) - step;
    over -= step;
  }
}

function joinRow(cells: readonly Line[], columns: readonly Column[], widths: readonly number[]): Line {
  return cells.flatMap((cell, i) => [...(i === 0 ? [] : [' '.repeat(GAP)]), ...fitLine(cell, widths[i] ?? 0, columns[i]?.align ?? 'left')]);
}
