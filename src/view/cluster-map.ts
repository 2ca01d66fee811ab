import { formatDuration } from '../core/units.ts';
import type { NodeOverview, Overview } from '../session/types.ts';
import type { Line, Meaning } from './block.ts';
import { clipLine, clipText, fitLine, lineWidth, wrapLine } from './line.ts';
import { valueText } from './outcome.ts';

/** From this many nodes on, neighbours that look the same share a row. */
const GROUP_FROM = 13;
/** No map is longer than this many node rows. */
const MAX_ROWS = 40;

interface MapRow {
  readonly name: string;
  readonly sign: Line;
  readonly role: Line;
  readonly figures: readonly string[];
  readonly holds: Line;
  readonly note: Line;
}

/** `etcd · 3 nodes · t 2.301 s · seed 1`. */
export function clusterHeader(data: Overview): Line {
  const size = data.nodes.length;
  return [
    {
      text: `${data.system} · ${size} ${size === 1 ? 'node' : 'nodes'} · t ${formatDuration(data.nowUs)} · seed ${data.seed}`,
      as: 'heading',
    },
  ];
}

/** `cut by command 2, partition a b`: what a line between the sides says. */
export function cutText(data: Overview): string {
  return data.cutBy === undefined ? 'cut' : `cut by command ${data.cutBy.command}, ${data.cutBy.text}`;
}

/** The cluster as rows of text: one for each node, a line between the sides, then what else is wrong and where clients sit. */
export function clusterMap(data: Overview, width: number): readonly Line[] {
  const sides = data.sides.length > 0 ? data.sides : [data.nodes.map((node) => node.name)];
  const byName = new Map(data.nodes.map((node) => [node.name, node]));
  const grouped = sides.map((side) => group(side, byName, data.nodes.length >= GROUP_FROM));
  const layout = measure(grouped.flat(), width);
  const out: Line[] = [clusterHeader(data)];
  let left = MAX_ROWS;
  grouped.forEach((rows, i) => {
    if (i > 0) out.push([{ text: `  ╌╌╌ ${cutText(data)} ╌╌╌`, as: 'cut' }]);
    for (const row of rows.slice(0, left)) out.push(drawRow(row, layout));
    if (rows.length > left) out.push([{ text: `  … and ${rows.length - left} more rows; state shows each node`, as: 'dim' }]);
    left = Math.max(1, left - rows.length);
  });
  for (const fault of data.faults)
    out.push(['  ', { text: `${fault.text}`, as: 'cut' }, { text: `  command ${fault.command}`, as: 'dim' }]);
  out.push(...clientLines(data, width));
  return out.map((line) => clipLine(line, width));
}

function clientLines(data: Overview, width: number): readonly Line[] {
  if (data.clients.length < 2 && data.client === 'you') return [];
  const each = data.clients.map((client) => `${client.name}${client.name === data.client ? ' (now)' : ''} beside ${client.home}`);
  return wrapLine(['  ', { text: `clients: ${each.join(', ')}`, as: 'dim' }], width, 2);
}

/** The rows of one side. Clients that a partition names stand on their side without a state. */
function group(side: readonly string[], byName: ReadonlyMap<string, NodeOverview>, join: boolean): readonly MapRow[] {
  const rows = side.map((name) => rowOf(name, byName.get(name)));
  if (!join) return rows;
  const out: MapRow[] = [];
  for (let i = 0; i < rows.length; ) {
    const first = rows[i] as MapRow;
    const look = JSON.stringify({ ...first, name: '' });
    let end = i + 1;
    while (end < rows.length && JSON.stringify({ ...rows[end], name: '' }) === look) end += 1;
    if (end - i < 3) out.push(...rows.slice(i, end));
    else
      out.push({
        ...first,
        name: `${first.name} … ${rows[end - 1]?.name}`,
        note: [...first.note, first.note.length > 0 ? ', ' : '', { text: `${end - i} nodes`, as: 'dim' }],
      });
    i = end;
  }
  return out;
}

function rowOf(name: string, node: NodeOverview | undefined): MapRow {
  if (node === undefined) return { name, sign: [' '], role: [{ text: 'client', as: 'dim' }], figures: [], holds: [], note: [] };
  const down = node.condition === 'crashed' || node.condition === 'powered off';
  const notes = [...(node.condition === 'paused' ? ['paused'] : []), ...(node.note === undefined ? [] : [node.note])];
  return {
    name,
    sign: down ? [{ text: '✗', as: 'down' }] : node.leads ? [{ text: '★', as: 'leader' }] : [' '],
    role: [{ text: down ? node.condition : node.role, as: down ? 'down' : node.leads ? 'leader' : 'dim' }],
    figures: node.figures.map(([figure, value]) => `${figure} ${value}`),
    holds: holdsLine(node, down ? 'dim' : 'value'),
    note: notes.length === 0 ? [] : [{ text: notes.join(', '), as: node.condition === 'paused' ? 'down' : 'dim' }],
  };
}

/** `x=apple  y=1`. */
export function holdsLine(node: NodeOverview, as: Meaning): Line {
  return node.holds.flatMap((held, i) => [
    i === 0 ? '' : '  ',
    { text: `${held.key}=`, as: 'key' as const },
    { text: valueText(held.value, 24), as },
  ]);
}

interface Layout {
  readonly name: number;
  readonly role: number;
  readonly figures: readonly number[];
  readonly holds: number;
}

const GAP = 3;

/** Columns for the width: on a narrow screen figures go first, from the last, so that what the nodes hold stays in sight. */
function measure(rows: readonly MapRow[], width: number): Layout {
  const widest = (of: (row: MapRow) => number): number => rows.reduce((most, row) => Math.max(most, of(row)), 0);
  const name = Math.min(
    24,
    widest((row) => lineWidth([row.name])),
  );
  const role = widest((row) => lineWidth(row.role));
  const holds = widest((row) => lineWidth(row.holds));
  const note = Math.min(
    30,
    widest((row) => lineWidth(row.note)),
  );
  const figures = Array.from({ length: widest((row) => row.figures.length) }, (_, i) => widest((row) => lineWidth([row.figures[i] ?? ''])));
  const room = (): number =>
    width - (2 + name + 3 + role + GAP) - figures.reduce((sum, w) => sum + w + GAP, 0) - (note > 0 ? note + GAP : 0);
  while (figures.length > 0 && room() < Math.min(holds, 14)) figures.pop();
  return { name, role, figures, holds: Math.min(holds, Math.max(room(), Math.min(holds, 8))) };
}

function drawRow(row: MapRow, layout: Layout): Line {
  const gap = ' '.repeat(GAP);
  const name: Line = [{ text: clipText(row.name, layout.name), as: 'node' }];
  return [
    '  ',
    ...fitLine(name, layout.name),
    ' ',
    ...row.sign,
    ' ',
    ...fitLine(row.role, layout.role),
    gap,
    ...layout.figures.flatMap((w, i) => [...fitLine([row.figures[i] ?? ''], w), gap]),
    ...(layout.holds > 0 ? [...fitLine(row.holds, layout.holds), gap] : []),
    ...row.note,
  ];
}
