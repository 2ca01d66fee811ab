import { createRequire } from 'node:module';
import type { Terminal as XTerm } from '@xterm/headless';

const require = createRequire(import.meta.url);
const { Terminal } = require('@xterm/headless') as typeof import('@xterm/headless');

/** What stands in one cell: the character and how it is drawn. */
export type Look = string;

/** A terminal of our own to draw on; `xterm.js` says what a terminal makes of escape sequences, so that we need not. */
export function blankTerminal(cols: number, rows: number): XTerm {
  return new Terminal({ cols, rows, allowProposedApi: true, scrollback: 0 });
}

export function written(term: XTerm, data: string): Promise<void> {
  return new Promise((resolve) => term.write(data, resolve));
}

/** The rows of a terminal, without trailing blanks. */
export function rowsOf(term: XTerm): string[] {
  return Array.from({ length: term.rows }, (_, y) => term.buffer.active.getLine(y)?.translateToString(true) ?? '');
}

/** Every visible character of a row with its style, in order. */
export function looksOf(term: XTerm, row: number): Look[] {
  const line = term.buffer.active.getLine(row);
  const looks: Look[] = [];
  for (let x = 0; line && x < term.cols; x++) {
    const cell = line.getCell(x);
    const char = cell?.getChars() ?? '';
    if (!cell || char.trim() === '') continue;
    const flags = [cell.isBold(), cell.isDim(), cell.isItalic(), cell.isUnderline(), cell.isInverse(), cell.isStrikethrough()];
    looks.push(
      `${char} ${cell.getFgColorMode()}:${cell.getFgColor()} ${cell.getBgColorMode()}:${cell.getBgColor()} ${flags.map(Number).join('')}`,
    );
  }
  return looks;
}

const strip = blankTerminal(700, 80);

/** Styled lines as a terminal shows them: each alone, on a terminal wide enough, so that none helps another. */
export async function drawn(lines: readonly string[]): Promise<Look[][]> {
  strip.reset();
  await written(strip, lines.map((line, i) => `\u001b[${i + 1};1H\u001b[0m${line}`).join(''));
  return lines.map((_, i) => looksOf(strip, i));
}
