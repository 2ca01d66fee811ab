import type { Line } from '../../view/block.ts';
import { drawLine } from '../../view/render.ts';
import { fieldOf, labelOf } from '../terminal/field.ts';
import { toAsciiLine } from './ascii.ts';
import { headerRow, keyRow, runningRow } from './bars.ts';
import type { BookState } from './book-state.ts';
import { mapRow, mapRows, outputRows } from './lab-rows.ts';
import type { Box, Layout } from './layout.ts';
import { thumb, visible } from './scroll.ts';
import { clip, fitted } from './styled.ts';
import { paneRows, type View } from './view.ts';

/** A box of the screen and exactly its rows, each exactly as wide as the box. */
export interface Part {
  readonly box: Box;
  readonly rows: readonly string[];
}

/** The screen in parts, as the layout has them. The prompt's own row is not in `output`. */
export interface Parts
  extends Readonly<Record<'header' | 'topRule' | 'page' | 'divider' | 'map' | 'labRule' | 'output' | 'bottomRule' | 'footer', Part>> {
  readonly prompt: {
    readonly label: string;
    readonly placeholder: string;
    readonly row: number;
    readonly column: number;
    readonly width: number;
    readonly shown: boolean;
  };
}

export function partsOf(state: BookState, view: View): Parts {
  const { layout } = view;
  const part = (box: Box, rows: readonly string[]): Part => ({
    box,
    rows: Array.from({ length: box.width < 1 ? 0 : box.height }, (_, i) => cell(rows[i] ?? '', box.width, state)),
  });
  const { rows, top } = paneRows(state, view);
  const { prompt } = layout;
  const output = { ...prompt, height: Math.max(0, prompt.height - 1) };
  return {
    header: part(layout.header, [headerRow(state, layout.header.width)]),
    topRule: part(layout.topRule, [ruleRow(state, layout, '┬')]),
    page: part(layout.page, visible(rows, { top, height: layout.page.height })),
    divider: part(layout.divider, dividerRows(state, layout, { top, length: rows.length })),
    map: part(layout.map, layout.kind === 'wide' ? mapRows(state, layout.map.width, layout.map.height) : [mapRow(state, layout.map.width)]),
    labRule: part(layout.labRule, [dim('─'.repeat(layout.labRule.width), state)]),
    output: part(output, labRows(state, output)),
    bottomRule: part(layout.bottomRule, [ruleRow(state, layout, '┴')]),
    footer: part(layout.footer, [keyRow(state, view)]),
    prompt: {
      label: label(state),
      placeholder: state.mode.kind === 'prompt' ? '' : 'Tab: type here',
      row: prompt.top + output.height,
      column: prompt.left,
      width: prompt.width,
      shown: prompt.height > 0,
    },
  };
}

/** The whole screen as rows, as Ink will draw it: for the first frame, which is there before Ink is. */
export function frameOf(state: BookState, view: View): readonly string[] {
  const parts = partsOf(state, view);
  const { header, topRule, page, divider, map, labRule, output, bottomRule, footer, prompt } = parts;
  const head = labelOf(state.editor, prompt.label);
  const field = fieldOf(state.editor.line, prompt.width).text;
  const promptRow = prompt.shown
    ? [fitted(`${head}${field === '' ? drawLine([{ text: prompt.placeholder, as: 'dim' }], state.look) : field}`, prompt.width)]
    : [];
  const lab = [...map.rows, ...labRule.rows, ...output.rows, ...promptRow];
  if (view.layout.kind === 'stacked')
    return [...header.rows, ...page.rows, ...labRule.rows, ...map.rows, ...output.rows, ...promptRow, ...footer.rows];
  const middle = page.rows.map((row, i) => `${row}${divider.rows[i] ?? ''}${lab[i] ?? ''}`);
  return [...header.rows, ...topRule.rows, ...middle, ...bottomRule.rows, ...footer.rows];
}

function cell(row: string, width: number, state: BookState): string {
  const whole = fitted(row, width);
  return state.look.ascii ? toAsciiLine(whole) : whole;
}

function label(state: BookState): string {
  const whose: Line = state.lab.exercise === undefined ? [] : [{ text: '◆ ', as: 'accent' }];
  // The blank behind it would be dropped at the end of a line.
  return `${drawLine([' ', ...whose, { text: '>', as: 'dim' }], state.look)} `;
}

const dim = (text: string, state: BookState): string => drawLine([{ text, as: 'dim' }], state.look);

function ruleRow(state: BookState, { page, prompt }: Layout, joint: string): string {
  return dim(`${'─'.repeat(page.width)}${joint}${'─'.repeat(prompt.width)}`, state);
}

/** The line between page and lab, the scroll bar of the page in it. */
function dividerRows(
  state: BookState,
  { divider: { top, height }, labRule }: Layout,
  scroll: { readonly top: number; readonly length: number },
): readonly string[] {
  const bar = thumb({ ...scroll, height });
  return Array.from({ length: height }, (_, i) => {
    const on = bar !== undefined && i >= bar.from && i < bar.to;
    return drawLine(
      [{ text: on ? '┃' : labRule.height > 0 && top + i === labRule.top ? '├' : '│', as: on ? 'accent' : 'dim' }],
      state.look,
    );
  });
}

/** What was printed; under it what Tab offers, and how far a long command is. */
function labRows(state: BookState, { width, height }: Box): readonly string[] {
  if (height < 1) return [];
  const busy = state.running?.progress === undefined ? [] : [runningRow(state, width)];
  const under = [...choiceRows(state, width), ...busy].slice(-height);
  return [...outputRows(state, width, height - under.length), ...under];
}

function choiceRows(state: BookState, width: number): readonly string[] {
  const rows: string[] = [];
  let row = ' ';
  for (const { text } of state.editor.choices) {
    if (row.length > 1 && row.length + text.length + 2 > width) {
      rows.push(row);
      row = ' ';
    }
    row += ` ${text.trim()} `;
  }
  if (state.editor.choices.length > 0) rows.push(row);
  return rows.map((one) => drawLine([{ text: clip(one, width), as: 'key' }], state.look));
}
