import { textWidth } from '../../view/width.ts';
import { before, type Line, splitGraphemes } from './line.ts';
import type { Editor } from './line-editor.ts';

/** The part of a line that is on the screen, and the cell in it where the cursor stands. */
export interface Field {
  readonly text: string;
  readonly column: number;
}

/** The end of a pasted line, drawn in one cell. */
const LINE_END = '↵';

/**
 * The stretch of a line around the cursor that fits `width` cells, the cell for a cursor after the last character
 * included. A line that fits is shown whole. Looks only at what can be on the screen, so a megabyte costs no more.
 */
export function fieldOf(line: Line, width: number): Field {
  const room = Math.max(1, width - 1);
  const right = cellsFrom(line.text, line.pos, room);
  // Two thirds for what has been typed, one third for what comes; what one side leaves over the other takes.
  const rightShare = Math.min(right.cells, Math.floor(room / 3));
  const left = cellsBefore(line.text, line.pos, room - rightShare);
  const rest = cellsFrom(line.text, line.pos, room - left.cells);
  return { text: left.shown + rest.shown, column: left.cells };
}

interface Cells {
  readonly shown: string;
  readonly cells: number;
}

function cellsFrom(text: string, pos: number, room: number): Cells {
  // No grapheme that one can type fills fewer cells than a sixteenth of its length; cut there, the rest is not seen.
  return gather(splitGraphemes(text.slice(pos, pos + 16 * (room + 1))), room);
}

function cellsBefore(text: string, pos: number, room: number): Cells {
  let from = Math.max(0, pos - 16 * (room + 1));
  // The far end of the stretch must be a grapheme's.
  if (from > 0) from = before(text, from);
  const got = gather(splitGraphemes(text.slice(from, pos)).reverse(), room);
  return { shown: splitGraphemes(got.shown).reverse().join(''), cells: got.cells };
}

function gather(graphemes: readonly string[], room: number): Cells {
  let shown = '';
  let cells = 0;
  for (const grapheme of graphemes) {
    const drawn = grapheme === '\n' ? LINE_END : grapheme;
    const wide = textWidth(drawn);
    if (cells + wide > room) break;
    shown += drawn;
    cells += wide;
  }
  return { shown, cells };
}

/** The words before the field: the prompt's own, or during a search what is searched for, as a shell shows it. */
export function labelOf(editor: Editor, prompt: string): string {
  const { search } = editor;
  if (!search) return prompt;
  return `(${search.failed ? 'no match' : 'search'}: ${search.query}) `;
}
