import { Box, Text, useApp } from 'ink';
import { type ReactElement, useReducer } from 'react';
import { type InputEvent, keyId } from '../../../src/shells/terminal/keys.ts';
import { createEditor, type Editor, press } from '../../../src/shells/terminal/line-editor.ts';
import { layOut } from '../../../src/shells/tui/layout.ts';
import { renderMarkdown } from '../../../src/shells/tui/markdown.ts';
import { showFullScreen } from '../../../src/shells/tui/open.tsx';
import { Prompt } from '../../../src/shells/tui/prompt.tsx';
import { visible } from '../../../src/shells/tui/scroll.ts';
import { fitted } from '../../../src/shells/tui/styled.ts';
import { useKeys } from '../../../src/shells/tui/use-keys.ts';
import { useSize } from '../../../src/shells/tui/use-size.ts';

/**
 * A small program on the real parts: a page, a row of what was entered, a prompt. `exit`, `crash`, `reject` and `throw` end it
 * in as many ways.
 */
const page = '# Demo\n\nA **page** beside `code`.\n\n```js\nconst a = 1\n```\n';

interface State {
  readonly editor: Editor;
  readonly said: string;
}

function reduce(state: State, event: InputEvent): State {
  const { editor, outcome } = press(state.editor, event);
  if (outcome.type === 'submit') return { editor, said: `said ${outcome.lines.join(' + ')}` };
  if (outcome.type === 'pass' && event.type === 'key') return { editor, said: `key ${keyId(event)}` };
  return { editor, said: outcome.type === 'edited' ? state.said : outcome.type };
}

function Demo(): ReactElement {
  const { exit } = useApp();
  const { columns, rows } = useSize();
  const [{ editor, said }, send] = useReducer(reduce, { editor: createEditor(['an old line']), said: 'ready' });
  useKeys((event) => {
    if (event.type === 'key' && keyId(event) === 'C-x') throw new Error('crashed in a key');
    send(event);
  });
  if (said === 'said exit' || said === 'end') exit();
  if (said === 'said reject') void Promise.reject(new Error('rejected'));
  if (said === 'said throw') throw new Error('thrown while drawing');
  if (said === 'said quit') process.exit(7);
  const layout = layOut(columns, rows, 'page', 0);
  const lines = visible(renderMarkdown(page, columns), { top: 0, height: rows - 3 });
  return (
    <Box flexDirection="column">
      <Text>{lines.map((line) => fitted(line, columns)).join('\n')}</Text>
      <Text>{fitted(said, columns)}</Text>
      <Text>{fitted(`${columns} x ${rows} ${layout.kind}`, columns)}</Text>
      <Prompt editor={editor} prompt="> " width={columns} place={{ row: rows - 1, column: 0 }} active placeholder="type here" />
    </Box>
  );
}

// A window title is seen by the test and by nobody else.
const save = (): boolean => process.stdout.write('\u001b]2;saved\u0007');
await showFullScreen(<Demo />, process, save).catch((error: unknown) => {
  process.stderr.write(`rejected: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 70;
});
