import type { IBufferCell, Terminal } from '@xterm/headless';

const ink = '#cdd6f4';
const paper = '#1e1e2e';
const sixteen = [
  ['#1e1e2e', '#f38ba8', '#a6e3a1', '#f9e2af', '#89b4fa', '#cba6f7', '#94e2d5', '#cdd6f4'],
  ['#6c7086', '#f38ba8', '#a6e3a1', '#f9e2af', '#89b4fa', '#cba6f7', '#94e2d5', '#ffffff'],
].flat();
const cube = [0, 95, 135, 175, 215, 255];

/** Colour n of the 256: the theme's sixteen, a 6x6x6 cube, then greys. */
function palette(n: number): string {
  if (n < 16) return sixteen[n] ?? ink;
  if (n >= 232) {
    const grey = 8 + (n - 232) * 10;
    return `rgb(${grey},${grey},${grey})`;
  }
  const m = n - 16;
  return `rgb(${cube[Math.floor(m / 36)]},${cube[Math.floor(m / 6) % 6]},${cube[m % 6]})`;
}

const rgb = (n: number): string => `#${n.toString(16).padStart(6, '0')}`;

function colours(cell: IBufferCell): { readonly fore: string; readonly back: string | undefined } {
  const fore = cell.isFgRGB() ? rgb(cell.getFgColor()) : cell.isFgPalette() ? palette(cell.getFgColor()) : ink;
  const back = cell.isBgRGB() ? rgb(cell.getBgColor()) : cell.isBgPalette() ? palette(cell.getBgColor()) : undefined;
  return cell.isInverse() ? { fore: back ?? paper, back: fore } : { fore, back };
}

function style(cell: IBufferCell, fore: string): string {
  const parts = [`fill="${fore}"`];
  if (cell.isBold()) parts.push('font-weight="bold"');
  if (cell.isItalic()) parts.push('font-style="italic"');
  if (cell.isUnderline()) parts.push('text-decoration="underline"');
  if (cell.isDim()) parts.push('opacity=".6"');
  return parts.join(' ');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (c) => entities[c] ?? c);

const cellWidth = 8.4;
const cellHeight = 16; // 18 would read better, but leaves gaps between the vertical lines of two rows
const margin = 14;

export interface Picture {
  readonly title?: string;
  /** Rows to draw, from the top of the screen; all of them unless told. */
  readonly rows?: number;
}

/** What stands on a terminal's screen, as a picture. */
export function svg(terminal: InstanceType<typeof Terminal>, { title = '', rows = terminal.rows }: Picture = {}): string {
  const top = title === '' ? margin : 34;
  const texts: string[] = [];
  const backs: string[] = [];
  for (let y = 0; y < rows; y++) drawRow(terminal, y, top + y * cellHeight, texts, backs);
  const width = Math.ceil(margin * 2 + terminal.cols * cellWidth);
  const height = top + rows * cellHeight + margin;
  const heading = title === '' ? '' : `<text x="${width / 2}" y="21" text-anchor="middle" fill="#a6adc8">${escaped(title)}</text>\n`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="'DejaVu Sans Mono',Menlo,Consolas,monospace" font-size="14" xml:space="preserve">\n` +
    `<rect width="100%" height="100%" rx="8" fill="${paper}"/>\n${heading}${[...backs, ...texts].join('\n')}\n</svg>\n`
  );
}

function drawRow(terminal: InstanceType<typeof Terminal>, row: number, y: number, texts: string[], backs: string[]): void {
  const buffer = terminal.buffer.active;
  const line = buffer.getLine(buffer.baseY + row);
  if (line === undefined) return;
  let run = { text: '', from: 0, style: '' };
  const flush = (): void => {
    const x = (margin + run.from * cellWidth).toFixed(1);
    if (run.text.trim() !== '') texts.push(`<text x="${x}" y="${y + 13}" ${run.style}>${escaped(run.text)}</text>`);
  };
  for (let x = 0; x < terminal.cols; x++) {
    const cell = line.getCell(x);
    if (cell === undefined || cell.getWidth() === 0) continue;
    const { fore, back } = colours(cell);
    if (back !== undefined) {
      const width = (cell.getWidth() * cellWidth + 0.3).toFixed(1); // the overlap hides the seams of anti-aliasing
      backs.push(`<rect x="${(margin + x * cellWidth).toFixed(1)}" y="${y}" width="${width}" height="${cellHeight}" fill="${back}"/>`);
    }
    const text = cell.getChars() || ' ';
    const wanted = style(cell, fore);
    // Only ASCII keeps its advance in whatever font the viewer has; every other glyph is pinned to its own column.
    const pinned = /[^ -~]/.test(text) || /[^ -~]/.test(run.text);
    if (pinned || wanted !== run.style) {
      flush();
      run = { text: '', from: x, style: wanted };
    }
    run.text += text;
  }
  flush();
}
