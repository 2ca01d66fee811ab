import { toAscii } from '../../view/glyphs.ts';

/** A styled line in ASCII, its styles kept. Of what a chapter's author wrote, too, nothing else is left. */
export function toAsciiLine(line: string): string {
  return line
    .split(/(\u001b\[[\d;]*m)/)
    .map((piece, i) => (i % 2 === 1 ? piece : toAscii(piece)))
    .join('');
}
