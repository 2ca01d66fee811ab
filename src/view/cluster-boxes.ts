import { formatDuration } from '../core/units.ts';
import type { NodeOverview, Overview } from '../session/types.ts';
import type { Line, Meaning, Span } from './block.ts';
import { Canvas } from './canvas.ts';
import { clusterMap } from './cluster-map.ts';
import { clipLine, clipText, lineWidth } from './line.ts';
import { valueText } from './outcome.ts';

const WIDEST = 16;

interface Box {
  readonly name: string;
  readonly lines: readonly Line[];
  readonly foot: string;
  readonly border: Meaning | undefined;
  readonly side: number;
}

/**
 * The cluster as boxes in at most `width` columns and `height` lines: neighbours of one side are joined by a line, sides are parted by `╎`. What differs from
 * `before` is accented and carries a `•`. Where boxes have no room the rows of the text map stand instead, as many as fit.
 */
export function clusterBoxes(data: Overview, width: number, height: number, before?: Overview): readonly Line[] {
  // What the nodes hold is the point of the picture: rather rows of text than boxes without it.
  const holding = data.nodes.some((node) => node.holds.length > 0);
  for (const keys of holding ? [3, 2, 1] : [0]) {
    const boxes = boxesOf(data, keys, before);
    const drawn = drawBoxes(boxes, width);
    if (drawn !== undefined && drawn.length <= height) return drawn;
  }
  // The header is the caller's here.
  const rows = clusterMap(data, width).slice(1);
  if (rows.length <= height) return rows;
  return [
    ...rows.slice(0, Math.max(0, height - 1)),
    clipLine([{ text: `  … ${rows.length - height + 1} more lines: show`, as: 'dim' as const }], width),
  ].slice(0, height);
}

/** `{a b} ╎ {c}`; empty while the network is whole. */
export function sidesLine(data: Overview): Line {
  if (data.sides.length < 2) return [];
  return data.sides.flatMap((side, i) => [...(i === 0 ? [] : [{ text: ' ╎ ', as: 'cut' as const }]), `{${shortList(side)}}`]);
}

function shortList(names: readonly string[]): string {
  return names.length <= 6 ? names.join(' ') : `${names.slice(0, 3).join(' ')} … ${names.at(-1)}, ${names.length} in all`;
}

/** The cluster in one line: ` etcd t 2.301 s   {a★ apple  b apple} ╎ {c init}`. */
export function clusterLine(data: Overview, width: number): Line {
  const byName = new Map(data.nodes.map((node) => [node.name, node]));
  const out: (string | Span)[] = [{ text: `${data.system} t ${formatDuration(data.nowUs)}`, as: 'heading' }, '   '];
  data.sides.forEach((side, i) => {
    if (i > 0) out.push({ text: ' ╎ ', as: 'cut' });
    out.push('{');
    side.forEach((name, n) => {
      if (n > 0) out.push('  ');
      out.push({ text: name, as: 'node' });
      const node = byName.get(name);
      if (node?.condition === 'crashed' || node?.condition === 'powered off') out.push({ text: '✗', as: 'down' });
      else if (node?.leads === true) out.push({ text: '★', as: 'leader' });
      for (const held of node?.holds.slice(0, 2) ?? []) out.push(' ', { text: valueText(held.value, 12), as: 'value' });
    });
    out.push('}');
  });
  return clipLine(out, width);
}

function boxesOf(data: Overview, keys: number, before: Overview | undefined): Box[] {
  const byName = new Map(data.nodes.map((node) => [node.name, node]));
  const old = new Map(before?.nodes.map((node) => [node.name, node]) ?? []);
  // Every box shows as many keys as the fullest needs, so that their feet stand in one line.
  const shown = Math.min(
    keys,
    data.nodes.reduce((most, node) => Math.max(most, node.holds.length), 0),
  );
  return data.sides.flatMap((side, i) =>
    side.map((name) => {
      const node = byName.get(name);
      return node === undefined
        ? { name, lines: [[{ text: 'client', as: 'dim' as const }]], foot: '', border: undefined, side: i }
        : boxOf(node, old.get(name), before !== undefined, shown, i);
    }),
  );
}

function boxOf(node: NodeOverview, old: NodeOverview | undefined, compare: boolean, keys: number, side: number): Box {
  const down = node.condition === 'crashed' || node.condition === 'powered off';
  const moved = compare && (old === undefined || old.role !== node.role || old.condition !== node.condition || old.leads !== node.leads);
  const role = down ? node.condition : node.condition === 'paused' ? `paused ${node.role}` : node.role;
  const lines: Line[] = [
    [
      { text: role, as: moved ? 'accent' : down ? 'down' : node.leads ? 'leader' : 'dim' },
      ...(moved ? [{ text: ' •', as: 'accent' as const }] : []),
    ],
  ];
  const holds = node.holds.map((held) => {
    const was = old?.holds.find((other) => other.key === held.key);
    const changed = compare && JSON.stringify(was?.value) !== JSON.stringify(held.value);
    const value: Span = { text: valueText(held.value, 12), as: changed ? 'accent' : 'value' };
    return [{ text: held.key, as: 'key' as const }, ' ', value, ...(changed ? [{ text: ' •', as: 'accent' as const }] : [])];
  });
  // With more keys than lines the last line counts the rest.
  const fit =
    holds.length <= keys
      ? holds
      : [...holds.slice(0, Math.max(0, keys - 1)), [{ text: `${holds.length - Math.max(0, keys - 1)} keys`, as: 'dim' as const }]];
  lines.push(...fit.slice(0, keys));
  while (lines.length < keys + 1) lines.push([]);
  const [figure] = node.figures;
  const name = `${node.name}${down ? ' ✗' : node.leads ? ' ★' : ''}`;
  return {
    name,
    lines,
    foot: figure === undefined ? '' : `${figure[0]} ${figure[1]}`,
    border: down ? 'down' : moved ? 'accent' : undefined,
    side,
  };
}

const LINK = 4;
const CUT = 5;

/** Boxes from left to right, wrapped into rows; undefined where not even one fits. */
function drawBoxes(boxes: readonly Box[], width: number): readonly Line[] | undefined {
  const inner = Math.min(
    WIDEST,
    boxes.reduce((most, box) => Math.max(most, lineWidth([box.name]) + 1, lineWidth([box.foot]) + 2, ...box.lines.map(lineWidth)), 8),
  );
  const outer = inner + 3;
  if (outer + 2 > width) return undefined;
  const tall = boxes.reduce((most, box) => Math.max(most, box.lines.length), 1) + 2;
  const canvas = new Canvas(width);
  let x = 2;
  let y = 0;
  boxes.forEach((box, i) => {
    const last = boxes[i - 1];
    const parted = last !== undefined && last.side !== box.side;
    const gap = last === undefined ? 0 : parted ? CUT : LINK;
    const wraps = x + gap + outer > width;
    if (wraps) {
      x = 2;
      y += tall + (parted ? 1 : 0);
      if (parted) canvas.fill(y - 1, 2, Math.min(width, 2 + outer * 2), '╌', 'cut');
    } else if (parted) {
      for (let row = 0; row < tall; row++) canvas.put(y + row, x + 2, '╎', 'cut');
    }
    if (!wraps) x += gap;
    drawBox(canvas, box, x, y, inner, tall);
    if (!wraps && last !== undefined && !parted) {
      canvas.put(y + 1, x - LINK - 1, '├');
      canvas.fill(y + 1, x - LINK, x, '─');
      canvas.put(y + 1, x, '┤');
    }
    x += outer;
  });
  return canvas.lines();
}

function drawBox(canvas: Canvas, box: Box, x: number, y: number, inner: number, tall: number): void {
  const right = x + inner + 2;
  const bottom = y + tall - 1;
  canvas.put(y, x, `┌${'─'.repeat(inner + 1)}┐`, box.border);
  canvas.put(y, x + 1, [' ', { text: clipText(box.name, inner - 1), as: 'node' }, ' ']);
  for (let row = y + 1; row < bottom; row++) {
    canvas.put(row, x, '│', box.border);
    canvas.put(row, x + 2, clipLine(box.lines[row - y - 1] ?? [], inner));
    canvas.put(row, right, '│', box.border);
  }
  canvas.put(bottom, x, `└${'─'.repeat(inner + 1)}┘`, box.border);
  if (box.foot !== '') canvas.put(bottom, x + 1, [' ', { text: clipText(box.foot, inner - 1), as: 'dim' }, ' ']);
}
