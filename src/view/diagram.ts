import { formatDuration } from '../core/units.ts';
import type { Line, Meaning } from './block.ts';
import { Canvas } from './canvas.ts';
import { type DiagramData, type Send, type Step, stepsOf } from './diagram-steps.ts';
import { clipLine, clipText, safeText } from './line.ts';
import { textWidth } from './width.ts';

const TIME = 13;
const LEAST_LANE = 9;
const MOST_LANE = 16;
type State = 'up' | 'down' | 'paused' | 'cut';
const LINES: Readonly<Record<State, readonly [string, Meaning | undefined]>> = {
  up: ['│', 'dim'],
  cut: ['╎', 'cut'],
  paused: ['┊', 'down'],
  down: [' ', undefined],
};

/**
 * The space-time diagram (Lamport 1978): time runs down, one lane for each process. A message takes one line where nothing happened at its receiver while
 * it was under way; else it leaves on one line and arrives on another, so that crossings show. Each lane's own order is always exact.
 */
export function spaceTime(data: DiagramData, width: number): readonly Line[] {
  const drawing = new Drawing(data, width);
  drawing.header();
  for (const step of drawing.steps()) drawing.draw(step);
  return drawing.finish();
}

class Drawing {
  private readonly canvas: Canvas;
  private readonly data: DiagramData;
  private readonly lanes: number;
  private readonly lane: number;
  private readonly margin: number;
  private readonly states: State[];
  private readonly below: Line[] = [];
  private row = 0;
  private lastTime = '';

  constructor(data: DiagramData, width: number) {
    this.data = data;
    this.canvas = new Canvas(width);
    const noteRoom = width >= 100 ? 24 : width >= 60 ? 12 : 4;
    const fitting = Math.max(1, Math.floor((width - TIME - noteRoom) / LEAST_LANE) + 1);
    this.lanes = Math.min(data.lanes.length, fitting);
    this.lane = Math.max(LEAST_LANE, Math.min(MOST_LANE, Math.floor((width - TIME - noteRoom) / Math.max(1, this.lanes - 1))));
    this.margin = this.x(this.lanes - 1) + 3;
    this.states = data.lanes.map(() => 'up');
    const hidden = data.lanes.slice(this.lanes);
    if (hidden.length > 0)
      this.below.push([{ text: `not drawn, for want of columns: ${hidden.map((lane) => lane.name).join(' ')}`, as: 'dim' }]);
  }

  private x(lane: number): number {
    return TIME + lane * this.lane;
  }

  header(): void {
    this.data.lanes.slice(0, this.lanes).forEach((lane, i) => {
      const name = clipText(lane.name, this.lane - 3);
      this.canvas.put(0, this.x(i), [
        { text: name, as: lane.kind === 'node' ? 'node' : 'strong' },
        ...(lane.leads === true ? [{ text: ' ★', as: 'leader' as const }] : []),
      ]);
    });
    this.row = 1;
  }

  steps(): readonly Step[] {
    const { steps, undrawn } = stepsOf(this.data);
    if (undrawn > 0) this.below.push([{ text: `not drawn: ${this.periodic(undrawn)}`, as: 'dim' }]);
    return this.newest(steps);
  }

  /** The newest steps; what the older ones did to the lanes is kept. */
  private newest(steps: readonly Step[]): readonly Step[] {
    const most = this.data.maxRows ?? 400;
    if (steps.length <= most) return steps;
    const cut = steps.length - most;
    for (const step of steps.slice(0, cut))
      if (step.kind === 'other' && step.row.kind === 'state') this.states[step.row.lane] = step.row.state;
    this.canvas.put(this.row++, 0, `… ${cut} earlier lines are not shown`, 'dim');
    return steps.slice(cut);
  }

  draw(step: Step): void {
    switch (step.kind) {
      case 'quiet': {
        const many = step.periodic > 0 ? `, ${this.periodic(step.periodic)}` : '';
        this.canvas.put(this.row++, 2, `… ${formatDuration(step.atUs - step.fromUs)}${many} …`, 'dim');
        return;
      }
      case 'other':
        this.other(step.row);
        return;
      default:
        this.message(step);
    }
  }

  /** `312 heartbeats`, `1 heartbeat`. */
  private periodic(count: number): string {
    const noun = this.data.periodicNoun ?? 'periodic messages';
    return `${count} ${count === 1 ? noun.replace(/s$/, '') : noun}`;
  }

  private other(row: Extract<Step, { kind: 'other' }>['row']): void {
    if (row.kind === 'state') this.states[row.lane] = row.state;
    else if (row.kind === 'fault') {
      this.time(row.atUs);
      const end = this.canvas.put(this.row, TIME - 1, `╌╌ ${safeText(row.label)} `, 'cut');
      this.canvas.fill(this.row, end, this.x(this.lanes - 1) + 2, '╌', 'cut');
      this.row += 1;
    } else if (row.kind === 'event' && row.lane < this.lanes) {
      this.line(row.atUs);
      const x = this.x(row.lane);
      const room = this.canvas.width - x - 2;
      const text = safeText(row.label);
      this.canvas.put(this.row, x, row.sign ?? '●', row.as);
      // At the right edge the text stands left of its lane where it has more room there.
      const left = textWidth(text) > room && x - TIME - 2 > room;
      const shown = clipText(text, left ? x - TIME - 2 : room);
      this.canvas.put(this.row, left ? x - 1 - textWidth(shown) : x + 2, shown, row.as);
      if (left) this.canvas.put(this.row, x - 1, ' ');
      else this.canvas.put(this.row, x + 1, ' ');
      this.canvas.put(this.row, left ? x - 2 - textWidth(shown) : x + 2 + textWidth(shown), ' ');
      this.row += 1;
    }
  }

  private message(step: Extract<Step, { readonly send: Send }>): void {
    const { send } = step;
    if (Math.min(send.from, send.to) >= this.lanes) return;
    this.line(step.atUs);
    // An arrow to a lane that is not drawn runs into the margin.
    const from = Math.min(this.x(send.from), this.margin);
    const to = Math.min(this.x(send.to), this.margin);
    const lost = step.kind === 'whole' ? step.lost : undefined;
    const whole = step.kind === 'whole';
    const right = to > from;
    const [lo, hi] = right ? [from + 1, to - 1] : [to + 1, from - 1];
    const as: Meaning | undefined = lost === undefined ? undefined : 'lost';
    this.canvas.fill(this.row, lo, hi + 1, whole ? '─' : '╌', as ?? 'dim');
    if (step.kind !== 'arrive') this.canvas.put(this.row, from, right ? '├' : '┤', as);
    if (lost !== undefined) this.canvas.put(this.row, right ? hi : lo, '✗', 'lost');
    else if (step.kind !== 'leave') this.canvas.put(this.row, right ? hi : lo, right ? '▶' : '◀');
    const clipped = this.label(send, lo, hi, right, step.kind === 'arrive', as);
    const where = this.margin + (this.lanes < this.data.lanes.length ? 1 : 0);
    const notes = [
      ...(lost === undefined ? [] : [lost]),
      ...(clipped ? [send.label] : []),
      ...(send.to >= this.lanes || send.from >= this.lanes
        ? [`${right ? 'to' : 'from'} ${this.data.lanes[right ? send.to : send.from]?.name}`]
        : []),
    ];
    const room = this.canvas.width - where;
    if (notes.length > 0 && room >= 4) this.canvas.put(this.row, where, clipText(notes.join(', '), room), as ?? 'dim');
    this.row += 1;
  }

  /** The label stands on its arrow near the sender, on an arrival near the receiver; true if it did not fit. */
  private label(send: Send, lo: number, hi: number, right: boolean, arriving: boolean, as: Meaning | undefined): boolean {
    const room = hi - lo - 1;
    const label = clipText(send.label, room);
    const size = textWidth(label);
    if (room < 2) return true;
    const nearLeft = right !== arriving;
    // One column of arrow stays visible at each end.
    this.canvas.put(this.row, nearLeft ? lo + 1 : hi - size, label, as);
    return textWidth(safeText(send.label)) > room;
  }

  /** A line's time and its lanes, for the rest to be drawn over. */
  private line(atUs: number): void {
    this.time(atUs);
    for (let i = 0; i < this.lanes; i++) {
      const [glyph, as] = LINES[this.states[i] ?? 'up'];
      this.canvas.put(this.row, this.x(i), glyph, as);
    }
  }

  private time(atUs: number): void {
    const text = formatDuration(atUs);
    if (text !== this.lastTime) this.canvas.put(this.row, TIME - 2 - text.length, text, 'dim');
    this.lastTime = text;
  }

  finish(): readonly Line[] {
    return [...this.canvas.lines(), ...this.below.map((line) => clipLine(line, this.canvas.width))];
  }
}
