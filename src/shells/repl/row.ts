import { textWidth } from '../../view/width.ts';
import type { Candidate } from '../terminal/completion.ts';
import { fieldOf, labelOf } from '../terminal/field.ts';
import { splitGraphemes } from '../terminal/line.ts';
import type { Editor } from '../terminal/line-editor.ts';

/** The row that the prompt stands in. Drawn over itself with each key; what is above it belongs to the terminal's own scrollback. */
export function promptRow(editor: Editor, prompt: string, columns: number): string {
  const label = fitted(labelOf(editor, prompt), Math.max(1, columns - 10));
  const field = fieldOf(editor.line, Math.max(2, columns - textWidth(label)));
  const at = textWidth(label) + field.column;
  return `\r${label}${field.text}\u001b[J\r${at === 0 ? '' : `\u001b[${at}C`}`;
}

/** The same row when the line is submitted: all of it, so that the scrollback shows what was run. */
export function submittedRow(prompt: string, line: string): string {
  return `\r\u001b[J${prompt}${line}\n`;
}

/** What a second Tab lists, in columns as wide as the widest. */
export function choicesText(choices: readonly Candidate[], columns: number): string {
  const words = choices.map(({ text }) => text.trimEnd());
  const wide = Math.min(columns, Math.max(...words.map(textWidth)) + 2);
  const across = Math.max(1, Math.floor(columns / wide));
  const rows: string[] = [];
  for (let i = 0; i < words.length; i += across) {
    rows.push(
      words
        .slice(i, i + across)
        .map((word) => word + ' '.repeat(Math.max(0, wide - textWidth(word))))
        .join('')
        .trimEnd(),
    );
  }
  return `${rows.join('\n')}\n`;
}

/** The end of a label that is too long for the terminal: what is nearest to the cursor stays. */
function fitted(label: string, width: number): string {
  let rest = label;
  while (textWidth(rest) > width) rest = rest.slice(splitGraphemes(rest)[0]?.length ?? 1);
  return rest;
}
