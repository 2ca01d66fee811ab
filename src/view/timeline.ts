import { formatDuration } from '../core/units.ts';
import type { Line, Meaning } from './block.ts';
import { Canvas } from './canvas.ts';
import { clipLine, clipText } from './line.ts';
import { textWidth } from './width.ts';

/** One client operation as an interval. */
export interface Interval {
  readonly n: number;
  /** Whose it is: `you`, `alice@c`. */
  readonly who: string;
  /** What it does: `W x=1`, `R x`. */
  readonly label: string;
  readonly callUs: number;
  /** `Infinity` while it is open or its end is unknown. */
  readonly returnUs: number;
  readonly status: 'ok' | 'fail' | 'unknown';
  /** What came of it, for people: `apple`, `timed out`; empty for none. */
  readonly result: string;
  readonly stale?: boolean;
  /** Set on the operations of a checker's witness: why it is one, for one of them. */
  readonly mark?: string;
}

/** A fault that held for a while. */
export interface FaultBand {
  readonly label: string;
  readonly fromUs: number;
  /** `Infinity` while it lasts. */
  readonly toUs: number;
}

export interface TimelineData {
  /** By invocation. */
  readonly operations: readonly Interval[];
  readonly faults: readonly FaultBand[];
  readonly nowUs: number;
  /** At most so many operations, the newest; default 200. */
  readonly maxRows?: number;
  /** Moments are places in an order and no times: no scale is drawn. */
  readonly ordered?: boolean;
}

/** Where a moment stands between the first and the last column of the plot. */
interface Axis {
  column(us: number): number;
  readonly ticks: readonly number[];
  readonly toScale: boolean;
}

/**
 * Client operations as intervals on a time axis, the faults as bands below. The axis is to scale where every operation then gets
 * room to be seen; otherwise it shows order only: one step for each moment at which something began or ended, and says so.
 */
export function timeline(data: TimelineData, width: number): readonly Line[] {
  if (data.operations.length === 0) return [clipLine([{ text: 'no client operations yet', as: 'dim' }], width)];
  const shown = data.operations.slice(-(data.maxRows ?? 200));
  const hidden = data.operations.length - shown.length;
  const name = Math.min(
    16,
    shown.reduce((most, op) => Math.max(most, textWidth(op.who) + String(op.n).length + 1), 5),
  );
  const left = name + 2;
  // Results stand behind the bars: a third of the screen is theirs.
  const right = Math.max(left + 8, width - Math.floor(width / 3));
  const axis = axisOf(shown, data, left, right);
  const canvas = new Canvas(width);
  if (data.ordered !== true) drawTicks(canvas, axis, right);
  let row = data.ordered === true ? 0 : 1;
  if (hidden > 0) canvas.put(row++, 0, `… ${hidden} earlier operations`, 'dim');
  for (const op of shown) drawOperation(canvas, row++, op, axis, left, right);
  for (const band of data.faults) {
    const from = axis.column(Math.max(band.fromUs, shown[0]?.callUs ?? 0));
    const to = Math.max(from + 1, axis.column(Math.min(band.toUs, data.nowUs)));
    if (band.toUs < (shown[0]?.callUs ?? 0)) continue;
    canvas.put(row, 0, 'fault', 'cut');
    canvas.fill(row, left, right, '·', 'dim');
    canvas.fill(row, from, to + 1, '░', 'cut');
    canvas.put(row++, right + 1, clipText(band.label, width - right - 1), 'cut');
  }
  if (!axis.toScale) canvas.put(row++, 0, clipText('in order of time, not to scale', width), 'dim');
  const marks = shown.filter((op) => op.mark !== undefined && op.mark !== '');
  for (const op of marks) canvas.put(row++, 0, clipText(`! ${op.n}: ${op.mark}`, width), 'stale');
  return canvas.lines();
}

function axisOf(shown: readonly Interval[], data: TimelineData, left: number, right: number): Axis {
  const moments = new Set<number>();
  for (const op of shown) {
    moments.add(op.callUs);
    if (op.returnUs !== Number.POSITIVE_INFINITY) moments.add(op.returnUs);
  }
  const first = Math.min(...moments, data.nowUs);
  for (const band of data.faults) for (const us of [band.fromUs, band.toUs]) if (us > first && us < data.nowUs) moments.add(us);
  const sorted = [...moments].sort((a, b) => a - b);
  const last = Math.max(sorted.at(-1) ?? first + 1, first + 1);
  const columns = right - left - 1;
  const perUs = columns / (last - first);
  const shortest = shown.reduce((least, op) => Math.min(least, Math.min(op.returnUs, last) - op.callUs), last - first);
  const linear = data.ordered !== true && (shortest * perUs >= 2 || shown.length < 2);
  const rank = new Map(sorted.map((us, i) => [us, i]));
  const steps = Math.max(1, sorted.length - 1);
  const position = (us: number): number => {
    if (linear) return (us - first) * perUs;
    // A moment that is none of the marked ones stands with the last before it.
    let i = rank.get(us);
    if (i === undefined)
      i = Math.max(
        0,
        sorted.findLastIndex((moment) => moment <= us),
      );
    return (i * columns) / steps;
  };
  const column = (us: number): number => left + Math.max(0, Math.min(columns, Math.floor(position(us))));
  return { column, ticks: linear ? roundTicks(first, last, columns) : sorted, toScale: linear };
}

/** Round moments, at least fourteen columns apart. */
function roundTicks(first: number, last: number, columns: number): readonly number[] {
  const least = ((last - first) * 14) / columns;
  let step = 1;
  while (step < least) step = nextRound(step);
  const out: number[] = [];
  for (let us = Math.ceil(first / step) * step; us <= last; us += step) out.push(us);
  return out;
}

/** 1, 2, 5, 10, 20, 50 … */
function nextRound(step: number): number {
  const lead = Number(String(step).charAt(0));
  return lead === 2 ? step * 2.5 : step * 2;
}

function drawTicks(canvas: Canvas, axis: Axis, right: number): void {
  let free = 0;
  for (const us of axis.ticks) {
    const text = formatDuration(us).replace(/\.?0+ /, ' ');
    const at = axis.column(us);
    if (at < free || at + text.length > Math.max(right + 8, at)) continue;
    free = canvas.put(0, at, text, 'dim') + 3;
  }
}

const STATUS: Readonly<Record<Interval['status'], Meaning>> = { ok: 'ok', fail: 'fail', unknown: 'unknown' };
const SIGN: Readonly<Record<Interval['status'], string>> = { ok: '✓', fail: '✗', unknown: '?' };

function drawOperation(canvas: Canvas, row: number, op: Interval, axis: Axis, left: number, right: number): void {
  const open = op.returnUs === Number.POSITIVE_INFINITY;
  const marked = op.mark !== undefined;
  const number = String(op.n);
  canvas.put(row, 0, number, 'dim');
  canvas.put(row, number.length + 1, clipText(op.who, left - number.length - 2), 'node');
  if (marked) canvas.put(row, left - 1, '!', 'stale');
  const from = axis.column(op.callUs);
  const to = open ? right : Math.max(from + 1, axis.column(op.returnUs));
  const as: Meaning = marked ? 'stale' : STATUS[op.status];
  canvas.fill(row, from, to + 1, open ? '╌' : '─', as);
  canvas.put(row, from, '├', as);
  canvas.put(row, to, open ? '▶' : '┤', as);
  const inside = to - from - 1;
  const fits = textWidth(op.label) <= inside;
  if (fits) canvas.put(row, from + 1, op.label);
  const outcome = `${SIGN[op.status]} ${op.status}${op.result === '' ? '' : ` ${op.result}`}`;
  const behind = [
    ...(fits ? [] : [op.label, ' ']),
    { text: outcome, as: STATUS[op.status] },
    ...(op.stale === true ? ['  ', { text: 'STALE', as: 'stale' as const }] : []),
  ];
  canvas.put(row, to + 2, clipLine(behind, canvas.width - to - 2));
}
