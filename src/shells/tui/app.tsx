import { Box, Text, useApp } from 'ink';
import { type ReactElement, useEffect, useReducer } from 'react';
import { type Part, type Parts, partsOf } from './frame.ts';
import { Prompt } from './prompt.tsx';
import type { Store } from './store.ts';
import { useKeys } from './use-keys.ts';
import { useSize } from './use-size.ts';
import { viewOf } from './view.ts';

/** The textbook on the screen. Draws what the store holds; every key goes there. */
export function Book({ store }: { readonly store: Store }): ReactElement {
  const { exit } = useApp();
  const size = useSize();
  const [, drawAgain] = useReducer((n: number) => n + 1, 0);
  useKeys((event) => store.dispatch({ type: 'input', event }));
  useEffect(() => store.subscribe(drawAgain), [store]);
  useEffect(() => store.dispatch({ type: 'resized', size }), [store, size]);
  const { state } = store;
  useEffect(() => {
    if (state.quit !== undefined) exit();
  }, [state.quit, exit]);
  const view = viewOf(state);
  const parts = partsOf(state, view);
  const prompt = <PromptPane store={store} parts={parts} />;
  return view.layout.kind === 'wide' ? <Wide parts={parts} prompt={prompt} /> : <Stacked parts={parts} prompt={prompt} />;
}

interface PartsProps {
  readonly parts: Parts;
  readonly prompt: ReactElement;
}

/** The page left, the lab right. */
function Wide({ parts, prompt }: PartsProps): ReactElement {
  return (
    <Box flexDirection="column">
      <Pane part={parts.header} />
      <Pane part={parts.topRule} />
      <Box>
        <Pane part={parts.page} />
        <Pane part={parts.divider} />
        <Box flexDirection="column">
          <Pane part={parts.map} />
          <Pane part={parts.labRule} />
          <Pane part={parts.output} />
          {prompt}
        </Box>
      </Box>
      <Pane part={parts.bottomRule} />
      <Pane part={parts.footer} />
    </Box>
  );
}

/** The page above one line of cluster and the lab. */
function Stacked({ parts, prompt }: PartsProps): ReactElement {
  return (
    <Box flexDirection="column">
      <Pane part={parts.header} />
      <Pane part={parts.page} />
      <Pane part={parts.labRule} />
      <Pane part={parts.map} />
      <Pane part={parts.output} />
      {prompt}
      <Pane part={parts.footer} />
    </Box>
  );
}

function Pane({ part: { box, rows } }: { readonly part: Part }): ReactElement | null {
  if (rows.length === 0) return null;
  return (
    <Box width={box.width} height={box.height} flexShrink={0}>
      <Text wrap="truncate">{rows.join('\n')}</Text>
    </Box>
  );
}

function PromptPane({ store, parts: { prompt } }: { readonly store: Store; readonly parts: Parts }): ReactElement | null {
  if (!prompt.shown) return null;
  const { editor, mode } = store.state;
  return (
    <Prompt
      editor={editor}
      prompt={prompt.label}
      width={prompt.width}
      place={prompt}
      active={mode.kind === 'prompt'}
      placeholder={prompt.placeholder}
    />
  );
}
