import { Box, Text, useStdout } from 'ink';
import TextInput from 'ink-text-input';
import { type ReactElement, useLayoutEffect } from 'react';
import { fieldOf, labelOf } from '../terminal/field.ts';
import type { Editor } from '../terminal/line-editor.ts';
import { Painter } from './painter.ts';
import { clip, styledWidth } from './styled.ts';

export interface PromptProps {
  readonly editor: Editor;
  /** What stands before the field, for example `> `. */
  readonly prompt: string;
  readonly width: number;
  /** Where the field's row is on the screen, for the terminal's own cursor. */
  readonly place: { readonly row: number; readonly column: number };
  /** Whether the keys go here: only then is there a cursor. */
  readonly active: boolean;
  readonly placeholder?: string;
}

/**
 * One row: the prompt and the part of the line round the cursor. The text field draws and no more (`focus={false}`, so
 * it listens to no key); the editor is the one truth, and the cursor is the terminal's, where screen readers and input
 * methods look for it.
 */
export function Prompt({ editor, prompt, width, place, active, placeholder = '' }: PromptProps): ReactElement {
  const { stdout } = useStdout();
  const label = clip(labelOf(editor, prompt), Math.max(0, width - 2));
  const room = Math.max(1, width - styledWidth(label));
  const field = fieldOf(editor.line, room);
  const column = place.column + styledWidth(label) + field.column;
  useLayoutEffect(() => {
    if (stdout instanceof Painter) stdout.setCursor(active ? { row: place.row, column } : undefined);
  }, [stdout, active, place.row, column]);
  return (
    <Box width={width} height={1}>
      <Text>{label}</Text>
      <TextInput value={field.text} placeholder={clip(placeholder, room)} focus={false} showCursor={false} onChange={ignore} />
    </Box>
  );
}

/** Never called: a field without focus hears no key. */
function ignore(): void {}
