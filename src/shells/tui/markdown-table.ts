import chalk from 'chalk';
import { fitted, styledWidth } from './styled.ts';
import { wrapWords } from './wrap.ts';

/** A table whose cells are drawn already, but not wrapped. */
export interface TableParts {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly align: readonly ('left' | 'right' | 'center' | null)[];
}

/** What rules are drawn with. */
export interface Strokes {
  readonly across: string;
  readonly down: string;
  readonly crossing: string;
}

/** Only words longer than this may be broken to make a table fit; before that it turns into a list, which reads better. */
const LONG_WORD = 16;

/** A table no wider than `width`: columns shrink to their words, the widest first; if that is not enough, a list. */
export function drawTable(table: TableParts, width: number, strokes: Strokes): string[] {
  const columns = columnWidths(table, width - 3 * (table.head.length - 1));
  return columns ? drawColumns(table, columns, strokes) : drawList(table, width);
}

function columnWidths({ head, rows }: TableParts, room: number): number[] | undefined {
  const contents = head.map((title, c) => [title, ...rows.map((row) => row[c] ?? '')]);
  const widths = contents.map((column) => Math.max(1, ...column.map((cell) => widest(cell.split('\n')))));
  const least = contents.map((column) => Math.min(LONG_WORD, Math.max(1, ...column.map((cell) => widest(cell.split(/\s+|(?<=[-/])/))))));
  for (let over = sum(widths) - room; over > 0; over--) {
    let shrink = -1;
    for (const [c, wide] of widths.entries()) {
      if (wide > (least[c] ?? 1) && (shrink < 0 || wide > (widths[shrink] ?? 0))) shrink = c;
    }
    if (shrink < 0) return undefined;
    widths[shrink] = (widths[shrink] ?? 1) - 1;
  }
  return widths;
}

const widest = (parts: readonly string[]): number => Math.max(0, ...parts.map((part) => styledWidth(part)));
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

function drawColumns({ head, rows, align }: TableParts, widths: readonly number[], strokes: Strokes): string[] {
  const wrapped = [head.map((title) => chalk.bold(title)), ...rows].map((row) => widths.map((wide, c) => wrapWords(row[c] ?? '', wide)));
  const rule = chalk.dim(widths.map((wide) => strokes.across.repeat(wide)).join(strokes.across + strokes.crossing + strokes.across));
  // Rows of several lines would run into one another without a rule between them.
  const ruled = wrapped.slice(1).some((row) => row.some((cell) => cell.length > 1));
  const bar = ` ${chalk.dim(strokes.down)} `;
  const out: string[] = [];
  for (const [r, row] of wrapped.entries()) {
    if (r === 1 || (r > 1 && ruled)) out.push(rule);
    const height = Math.max(...row.map((cell) => cell.length));
    for (let i = 0; i < height; i++) {
      out.push(
        row
          .map((cell, c) => placed(cell[i] ?? '', widths[c] ?? 0, align[c] ?? 'left'))
          .join(bar)
          .trimEnd(),
      );
    }
  }
  return out;
}

function placed(cell: string, width: number, align: 'left' | 'right' | 'center'): string {
  const free = Math.max(0, width - styledWidth(cell));
  const left = align === 'right' ? free : align === 'center' ? Math.floor(free / 2) : 0;
  return fitted(' '.repeat(left) + cell, width);
}

/** One paragraph for each row: its first cell as a heading, the others under it by the names of their columns. */
function drawList({ head, rows }: TableParts, width: number): string[] {
  const indent = width > LONG_WORD ? '  ' : '';
  return rows.flatMap((row, r) => [
    ...(r > 0 ? [''] : []),
    ...wrapWords(chalk.bold(row[0] ?? ''), width),
    ...head.slice(1).flatMap((title, c) => wrapWords(`${title}: ${row[c + 1] ?? ''}`, width - indent.length).map((line) => indent + line)),
  ]);
}
