import type { Meaning } from './block.ts';

/** A client or a node, from left to right. */
export interface Lane {
  readonly name: string;
  readonly kind: 'client' | 'node';
  readonly leads?: boolean;
}

/**
 * What happened, in order of time. Lanes are indexes. A message is `send` and later `deliver` or `lost` with the same `id`; one that never ends is still in
 * flight. `periodic` marks heartbeats and gossip, which are counted instead of drawn.
 */
export type Happening =
  | {
      readonly kind: 'send';
      readonly atUs: number;
      readonly id: number;
      readonly from: number;
      readonly to: number;
      readonly label: string;
      readonly periodic?: boolean;
    }
  | { readonly kind: 'deliver'; readonly atUs: number; readonly id: number }
  /** `why`: the rule's command, `cut (2)`. */
  | { readonly kind: 'lost'; readonly atUs: number; readonly id: number; readonly why: string }
  /** Something at one lane: a call, a return, an election, a commit. */
  | {
      readonly kind: 'event';
      readonly atUs: number;
      readonly lane: number;
      readonly label: string;
      readonly as?: Meaning;
      readonly sign?: string;
    }
  /** How a lane runs from here on. */
  | { readonly kind: 'state'; readonly atUs: number; readonly lane: number; readonly state: 'up' | 'down' | 'paused' | 'cut' }
  /** A fault command: across all lanes. */
  | { readonly kind: 'fault'; readonly atUs: number; readonly label: string };

export interface DiagramData {
  readonly lanes: readonly Lane[];
  readonly rows: readonly Happening[];
  /** What periodic messages are called: `heartbeats`. */
  readonly periodicNoun?: string;
  /** At most so many lines of happenings, the newest; default 400. */
  readonly maxRows?: number;
}

/** A stretch in which nothing is drawn for so long gets a line of its own. */
const QUIET_US = 100_000;

export type Send = Extract<Happening, { kind: 'send' }>;

/** One line of the diagram, or a stretch without any. */
export type Step =
  /** A message that leaves and arrives, or is lost, on one line. */
  | { readonly kind: 'whole'; readonly atUs: number; readonly send: Send; readonly lost?: string }
  /** A message that leaves here and arrives further down, or is still under way at the end. */
  | { readonly kind: 'leave'; readonly atUs: number; readonly send: Send }
  | { readonly kind: 'arrive'; readonly atUs: number; readonly send: Send }
  | { readonly kind: 'other'; readonly atUs: number; readonly row: Extract<Happening, { kind: 'event' | 'state' | 'fault' }> }
  | { readonly kind: 'quiet'; readonly atUs: number; readonly fromUs: number; readonly periodic: number };

/**
 * What is drawn, line by line. A message is drawn whole, at the place of its sending, only where nothing was drawn at its receiver while it was under
 * way: then no lane's own order changes. `undrawn` counts periodic messages that no quiet stretch accounts for.
 */
export function stepsOf(data: DiagramData): { readonly steps: readonly Step[]; readonly undrawn: number } {
  const whole = wholeMessages(data);
  const sends = new Map<number, Send>();
  const losses = new Map<number, string>();
  for (const row of data.rows) {
    if (row.kind === 'send') sends.set(row.id, row);
    else if (row.kind === 'lost') losses.set(row.id, row.why);
  }
  const steps: Step[] = [];
  let lastUs = data.rows[0]?.atUs ?? 0;
  let periodic = 0;
  let undrawn = 0;
  const rest = (atUs: number): void => {
    if (atUs - lastUs >= QUIET_US) steps.push({ kind: 'quiet', atUs, fromUs: lastUs, periodic });
    else undrawn += periodic;
    periodic = 0;
    lastUs = atUs;
  };
  for (const row of data.rows) {
    if (row.kind === 'send' && row.periodic === true) periodic += 1;
    const step = stepOf(row, sends, losses, whole);
    if (step === undefined) continue;
    rest(step.atUs);
    steps.push(step);
  }
  rest(data.rows.at(-1)?.atUs ?? lastUs);
  return { steps, undrawn };
}

function stepOf(
  row: Happening,
  sends: ReadonlyMap<number, Send>,
  losses: ReadonlyMap<number, string>,
  whole: ReadonlySet<number>,
): Step | undefined {
  if (row.kind === 'event' || row.kind === 'state' || row.kind === 'fault') return { kind: 'other', atUs: row.atUs, row };
  const send = sends.get(row.id);
  if (send === undefined || send.periodic === true || row.kind === 'lost') return undefined;
  if (row.kind === 'deliver') return whole.has(row.id) ? undefined : { kind: 'arrive', atUs: row.atUs, send };
  const lost = losses.get(row.id);
  if (lost !== undefined) return { kind: 'whole', atUs: row.atUs, send, lost };
  return { kind: whole.has(row.id) ? 'whole' : 'leave', atUs: row.atUs, send };
}

/** The ids of the messages that one line can hold. */
function wholeMessages(data: DiagramData): ReadonlySet<number> {
  const sentAt = new Map<number, { readonly at: number; readonly send: Send }>();
  const deliveredAt = new Map<number, number>();
  // For each lane the rows that are drawn on it, in order. Faults stand on all of them: what was under way then shows it.
  const drawn: number[][] = data.lanes.map(() => []);
  data.rows.forEach((row, i) => {
    if (row.kind === 'send' && row.periodic !== true) {
      sentAt.set(row.id, { at: i, send: row });
      drawn[row.from]?.push(i);
    } else if (row.kind === 'deliver') {
      const sent = sentAt.get(row.id);
      if (sent === undefined) return;
      deliveredAt.set(row.id, i);
      drawn[sent.send.to]?.push(i);
    } else if (row.kind === 'event' || row.kind === 'state') drawn[row.lane]?.push(i);
    else if (row.kind === 'fault') for (const lane of drawn) lane.push(i);
  });
  const whole = new Set<number>();
  // Deliveries that moved up to their sending, before the message in question was sent: they are not in its way.
  const moved = new Set<number>();
  for (const [id, { at, send }] of sentAt) {
    const end = deliveredAt.get(id);
    if (end === undefined || !isFree(drawn[send.to] ?? [], at, end, moved)) continue;
    whole.add(id);
    moved.add(end);
  }
  return whole;
}

function isFree(drawn: readonly number[], from: number, to: number, moved: ReadonlySet<number>): boolean {
  let lo = 0;
  let hi = drawn.length;
  while (lo < hi) {
    const middle = (lo + hi) >> 1;
    if ((drawn[middle] ?? 0) <= from) lo = middle + 1;
    else hi = middle;
  }
  for (let i = lo; i < drawn.length && (drawn[i] ?? to) < to; i++) if (!moved.has(drawn[i] ?? -1)) return false;
  return true;
}
