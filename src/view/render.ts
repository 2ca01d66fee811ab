import { unreachable } from '../core/unreachable.ts';
import type { Block, Line, Meaning } from './block.ts';
import { toAscii } from './glyphs.ts';
import { clipLine, inks, lineOf, wrapLine } from './line.ts';
import { outcomeBlock } from './outcome.ts';
import { layTable } from './table.ts';
import { paint } from './theme.ts';
import { layTree } from './tree.ts';

export interface Look {
  /** Columns of the screen; no line is wider. */
  readonly width: number;
  /** With SGR colours; without, no escape at all. */
  readonly colour: boolean;
  /** ASCII only: every other glyph gets a replacement of the same width. */
  readonly ascii: boolean;
}

/** Blocks as the lines of a screen or a file, without line ends. The only place where text and colour meet. */
export function render(blocks: readonly Block[], look: Look): string[] {
  const width = Math.max(2, Math.floor(look.width));
  return blocks.flatMap((block) => layBlock(block, width)).map((line) => drawLine(line, look));
}

/** Blocks as lines that still know their meanings, for a front end that paints by itself. */
export function layBlock(block: Block, width: number): readonly Line[] {
  switch (block.kind) {
    case 'text':
      return block.lines.flatMap((line) => wrapLine(line, width, block.hang ?? 0));
    case 'verbatim':
      return block.lines.map((line) => [line]);
    case 'picture':
      return block.lines.map((line) => clipLine(line, width));
    case 'table':
      return layTable(block.columns, block.rows, width);
    case 'tree':
      return layTree(block.roots, width);
    case 'outcome':
      return outcomeBlock(block.row, block.late).flatMap((line) => wrapLine(line, width, 2));
    case 'drawing':
      return block.draw(width).map((line) => clipLine(line, width));
    default:
      return unreachable(block);
  }
}

/** One line that fits already. Spaces at its end are dropped, so that recorded output survives editors. */
export function drawLine(line: Line, look: Pick<Look, 'colour' | 'ascii'>): string {
  const pieces = lineOf(inks(line)).map((piece) => {
    const [text, as]: [string, Meaning | undefined] = typeof piece === 'string' ? [piece, undefined] : [piece.text, piece.as];
    return { text: look.ascii ? toAscii(text) : text, as };
  });
  for (let last = pieces.pop(); last !== undefined; last = pieces.pop()) {
    const text = last.text.replace(/ +$/, '');
    if (text === '') continue;
    pieces.push({ ...last, text });
    break;
  }
  return pieces.map(({ text, as }) => (look.colour && as !== undefined && text !== '' ? paint(text, as) : text)).join('');
}
