import { Box, Text, useApp } from 'ink';
import { type ReactElement, useEffect, useReducer } from 'react';
import type { BookState } from './book-state.ts';
import { headerRow, keyRow, runningRow } from './bars.ts';
import { mapRow, mapRows, outputRows } from './lab-rows.ts';
import { toAsciiLine } from './ascii.ts';
import type { Layout } from './layout.ts';
import { Prompt } from './prompt.tsx';
import { thumb, visible } from './scroll.ts';
import type { Store } from './store.ts';
import { clip, fitted } from './styled.ts';
import { useKeys } from './use-keys.ts';
import { useSize } from './use-size.ts';
import { paneRows, type View, viewOf } from './view.ts';
import { drawLine } from '../../view/render.ts';
import type { Line } from '../../view/block.ts';

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
  // A frame of the old size would not fit: the one after this has the new.
  const view = viewOf(state);
  return view.layout.kind === 'wide' ? <Wide state={state} view={view} /> : <Stacked state={state} view={view} />;
}

interface PartProps {
  readonly state: BookState;
  readonly view: View;
}

function Wide({ state, view }: PartProps): ReactElement {
  const { layout } = view;
  const { header, topRule, page, map, labRule, prompt, bottomRule, footer } = layout;
  const across = (joint: string): string => `${'─'.repeat(page.width)}${joint}${'─'.repeat(prompt.width)}`;
  return (
    <Box flexDirection="column">
      <Rows rows={[headerRow(state, header.width)]} box={header} state={state} />
      <Rows rows={[dim(across('┬'), state)]} box={topRule} state={state} />
      <Box>
        <PagePane state={state} view={view} />
        <Rows rows={dividerRows(state, view)} box={layout.divider} state={state} />
        <Box flexDirection="column">
          <Rows rows={mapRows(state, map.width, map.height)} box={map} state={state} />
          <Rows rows={[dim('─'.repeat(labRule.width), state)]} box={labRule} state={state} />
          <LabPane state={state} layout={layout} />
        </Box>
      </Box>
      <Rows rows={[dim(across('┴'), state)]} box={bottomRule} state={state} />
      <Rows rows={[keyRow(state, view)]} box={footer} state={state} />
    </Box>
  );
}

function Stacked({ state, view }: PartProps): ReactElement {
  const { layout } = view;
  return (
    <Box flexDirection="column">
      <Rows rows={[headerRow(state, layout.header.width)]} box={layout.header} state={state} />
      <PagePane state={state} view={view} />
      <Rows rows={[dim('─'.repeat(layout.labRule.width), state)]} box={layout.labRule} state={state} />
      <Rows rows={[mapRow(state, layout.map.width)]} box={layout.map} state={state} />
      <LabPane state={state} layout={layout} />
      <Rows rows={[keyRow(state, view)]} box={layout.footer} state={state} />
    </Box>
  );
}

function PagePane({ state, view }: PartProps): ReactElement {
  const { rows, top } = paneRows(state, view);
  const box = view.layout.page;
  return <Rows rows={visible(rows, { top, height: box.height })} box={box} state={state} />;
}

/** What was printed, and the prompt in the last row. */
function LabPane({ state, layout }: { readonly state: BookState; readonly layout: Layout }): ReactElement | null {
  const { top, left, width, height } = layout.prompt;
  if (height < 1) return null;
  const room = height - 1;
  const busy = state.running?.progress !== undefined ? [runningRow(state, width)] : [];
  const under = [...choiceRows(state, width), ...busy].slice(-room);
  const rows = room === 0 ? [] : [...outputRows(state, width, Math.max(0, room - under.length)), ...under];
  const label = drawLine([' ', ...(state.lab.exercise === undefined ? [] : [{ text: '◆ ', as: 'accent' as const }]), { text: '> ', as: 'dim' }, '|'], state.look).slice(0, -1);
  return (
    <Box flexDirection="column">
      <Rows rows={rows} box={{ ...layout.prompt, height: room }} state={state} />
      <Prompt
        editor={state.editor}
        prompt={state.look.ascii ? toAsciiLine(label) : label}
        width={width}
        place={{ row: top + room, column: left }}
        active={state.mode.kind === 'prompt'}
        placeholder={state.mode.kind === 'prompt' ? '' : 'Tab: type here'}
      />
    </Box>
  );
}

/** What a second Tab offers. */
function choiceRows(state: BookState, width: number): readonly string[] {
  const { choices } = state.editor;
  if (choices.length === 0) return [];
  const rows: string[] = [];
  let row = ' ';
  for (const { text } of choices) {
    if (row.length > 1 && row.length + text.length + 2 > width) {
      rows.push(row);
      row = ' ';
    }
    row += ` ${text.trim()} `;
  }
  rows.push(row);
  return rows.map((one) => drawLine([{ text: clip(one, width), as: 'key' }], state.look));
}

/** The line between page and lab, the scroll bar of the page in it. */
function dividerRows(state: BookState, view: View): readonly string[] {
  const { rows, top } = paneRows(state, view);
  const { height } = view.layout.divider;
  const bar = thumb({ top, height, length: rows.length });
  return Array.from({ length: height }, (_, i) => {
    const on = bar !== undefined && i >= bar.from && i < bar.to;
    const line: Line = [{ text: on ? '┃' : '│', as: on ? 'accent' : 'dim' }];
    return drawLine(line, state.look);
  });
}

const dim = (text: string, state: BookState): string => drawLine([{ text, as: 'dim' }], state.look);

interface RowsProps {
  readonly rows: readonly string[];
  readonly box: Layout['page'];
  readonly state: BookState;
}

/** Exactly the cells of a box: no row more, no column more. */
function Rows({ rows, box, state }: RowsProps): ReactElement | null {
  if (box.height < 1 || box.width < 1) return null;
  const lines = Array.from({ length: box.height }, (_, i) => {
    const row = fitted(rows[i] ?? '', box.width);
    return state.look.ascii ? toAsciiLine(row) : row;
  });
  return (
    <Box width={box.width} height={box.height} flexShrink={0}>
      <Text wrap="truncate">{lines.join('\n')}</Text>
    </Box>
  );
}
