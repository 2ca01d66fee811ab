import { formatDuration } from '../../core/units.ts';
import type { Overview } from '../../session/types.ts';
import type { Line } from '../../view/block.ts';
import { clusterBoxes, clusterLine, sidesLine } from '../../view/cluster-boxes.ts';
import { fitLine, lineWidth } from '../../view/line.ts';
import { drawLine, render } from '../../view/render.ts';
import { verdictBar } from '../../view/verdict-bar.ts';
import { type BookState, type Entry, type LabView, labKey } from './book-state.ts';

type Look = BookState['look'];

/** A map of no more rows than this has one row for the verdicts: less than the smallest map with two, so that a map of the height it asked for looks as it did when it was asked. */
const LOW = 5;

export function labOf(state: BookState): LabView | undefined {
  return state.labs.get(labKey(state.lab));
}

/** The cluster for the wide screen: where it stands in time, its boxes, what else is wrong with it. */
export function mapRows(state: BookState, width: number, height: number): readonly string[] {
  const view = labOf(state);
  if (view === undefined || height < 1) return [];
  const { colour, ascii } = state.look;
  const key = `${width} ${height} ${colour} ${ascii}`;
  const known = maps.get(view)?.get(key);
  if (known !== undefined) return known;
  const rows = drawnMap(state, view, width, height);
  maps.set(view, (maps.get(view) ?? new Map<string, readonly string[]>()).set(key, rows));
  return rows;
}

/** A map is asked for several times a frame, and one of hundreds of nodes takes its time. */
const maps = new WeakMap<LabView, Map<string, readonly string[]>>();

function drawnMap(state: BookState, { overview, before, verdicts }: LabView, width: number, height: number): readonly string[] {
  const faults = overview.faults.map(
    (fault): Line => [
      { text: `  ${fault.text}`, as: 'cut' },
      { text: `  command ${fault.command}`, as: 'dim' },
    ],
  );
  const bar = verdicts === undefined ? [] : verdictBar(verdicts, width - 2, height > LOW ? 2 : 1).map((line): Line => [' ', ...line]);
  const room = height - 1 - faults.length - bar.length;
  const boxes = clusterBoxes(overview, width - 1, Math.max(1, room), before);
  const lines = [headLine(state, overview, width), ...boxes, ...faults];
  return [...lines.slice(0, Math.max(1, height - bar.length)), ...bar]
    .slice(0, height)
    .map((line) => drawLine(fitLine(line, width), state.look));
}

/** How many rows the map would like. */
export function mapHeight(state: BookState, width: number, most: number): number {
  return mapRows(state, width, Math.max(0, most)).length;
}

function headLine(state: BookState, overview: Overview, width: number): Line {
  const size = overview.nodes.length;
  const whose: Line = state.lab.exercise === undefined ? [] : [{ text: '◆ ', as: 'accent' }];
  const time = overview.nowUs === 0 ? '0 s' : formatDuration(overview.nowUs);
  const client = overview.client === 'you' ? '' : ` · ${overview.client}`;
  const left: Line = [
    ' ',
    ...whose,
    { text: `${overview.system} · ${size} ${size === 1 ? 'node' : 'nodes'} · t ${time}${client}`, as: 'heading' },
  ];
  const right = sidesLine(overview);
  const gap = width - lineWidth(left) - lineWidth(right) - 1;
  return gap < 2 ? left : [...left, ' '.repeat(gap), ...right];
}

/** The cluster in one row, for the stacked screen. */
export function mapRow(state: BookState, width: number): string {
  const view = labOf(state);
  if (view === undefined) return '';
  const whose: Line = state.lab.exercise === undefined ? [' '] : [' ', { text: '◆ ', as: 'accent' }];
  const room = Math.max(1, width - lineWidth(whose));
  const whole = clusterLine(view.overview, room);
  const free = room - lineWidth(whole) - 2;
  const [bar] = view.verdicts === undefined ? [] : verdictBar(view.verdicts, Math.max(free, Math.floor(room / 3)), 1);
  if (bar === undefined) return drawLine([...whose, ...whole], state.look);
  const left = clusterLine(view.overview, room - lineWidth(bar) - 2);
  const gap = ' '.repeat(Math.max(2, room - lineWidth(left) - lineWidth(bar)));
  return drawLine([...whose, ...left, gap, ...bar], state.look);
}

const drawn = new WeakMap<Entry, { readonly width: number; readonly look: Look; readonly rows: readonly string[] }>();

function entryRows(entry: Entry, width: number, look: Look): readonly string[] {
  const known = drawn.get(entry);
  if (known?.width === width && known.look === look) return known.rows;
  const inner = Math.max(2, width - 3);
  const command =
    entry.command === undefined
      ? []
      : render(
          [
            {
              kind: 'text',
              lines: [
                [
                  { text: '> ', as: 'dim' },
                  { text: entry.command, as: 'command' },
                ],
              ],
              hang: 2,
            },
          ],
          { ...look, width: width - 1 },
        );
  const rows = [...command.map((row) => ` ${row}`), ...render(entry.blocks, { ...look, width: inner }).map((row) => `   ${row}`)];
  drawn.set(entry, { width, look, rows });
  return rows;
}

/** What the commands printed, its last rows or those that are `up` rows above them; `up` is bounded by what there is. */
export function outputRows(state: BookState, width: number, height: number): readonly string[] {
  const log = labOf(state)?.log ?? [];
  const wanted = height + state.labUp;
  const all: string[] = [];
  // From the end, no further back than is shown.
  for (let i = log.length - 1; i >= 0 && all.length < wanted; i--) {
    const entry = log[i];
    if (entry !== undefined) all.unshift(...entryRows(entry, width, state.look));
  }
  const end = Math.max(Math.min(height, all.length), all.length - state.labUp);
  const shown = all.slice(Math.max(0, end - height), end);
  return [...Array.from({ length: Math.max(0, height - shown.length) }, () => ''), ...shown];
}

/** How far up the output can be scrolled. */
export function outputLength(state: BookState, width: number): number {
  return (labOf(state)?.log ?? []).reduce((sum, entry) => sum + entryRows(entry, width, state.look).length, 0);
}
