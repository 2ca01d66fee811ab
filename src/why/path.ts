import type { Op, Proc } from '../core/ids.ts';
import { ANSWER, BROKEN_IN, CALLED, FLUSH_DONE, MESSAGE, REQUEST, TIMED } from '../sim/trace.ts';
import type { Line } from '../view/block.ts';
import type { Teller } from './teller.ts';
import { count, line, shortTime, span } from './words.ts';

/** A stretch of an operation's critical path: each was waited out before the next began. */
interface Leg {
  readonly kind: 'link' | 'flush' | 'timer';
  readonly from: Proc;
  readonly to: Proc;
  readonly name: string;
  readonly us: number;
  /** The row that ended it. */
  readonly row: number;
}

/** Legs of one kind and place added up. */
interface Share extends Leg {
  readonly times: number;
}

/** The causes of an operation's end, newest first, back to its call. */
export function pathOf(teller: Teller, finished: number, op: Op): readonly number[] {
  const { trace } = teller.reading;
  const out: number[] = [];
  for (const row of teller.reading.chain(finished)) {
    out.push(row);
    if (trace.kind[row] === CALLED && trace.op[row] === op) break;
  }
  return out;
}

/**
 * Where the time between call and return went: the links, flushes and timers on the critical path, largest first. What is left over (a path that leads
 * into periodic work begun before the call) is counted as waiting for that work.
 */
export function shares(teller: Teller, path: readonly number[], callUs: number): readonly Share[] {
  const out = new Map<string, Share>();
  for (let i = 0; i + 1 < path.length; i++) {
    const leg = legOf(teller, path[i] as number, path[i + 1] as number, callUs);
    if (leg === undefined || leg.us <= 0) continue;
    const key = `${leg.kind} ${Math.min(leg.from, leg.to)} ${Math.max(leg.from, leg.to)} ${leg.name}`;
    const known = out.get(key);
    out.set(key, known === undefined ? { ...leg, times: 1 } : { ...known, us: known.us + leg.us, times: known.times + 1 });
  }
  return [...out.values()].sort((x, y) => y.us - x.us || x.row - y.row);
}

function legOf(teller: Teller, row: number, cause: number, callUs: number): Leg | undefined {
  const { trace } = teller.reading;
  const us = (trace.atUs[row] as number) - Math.max(callUs, trace.atUs[cause] as number);
  const proc = trace.proc[row] as Proc;
  switch (trace.kind[row]) {
    case REQUEST:
    case MESSAGE:
    case ANSWER:
    case BROKEN_IN:
      return { kind: 'link', from: trace.peer[row] as Proc, to: proc, name: '', us, row };
    case FLUSH_DONE:
      return { kind: 'flush', from: proc, to: proc, name: '', us, row };
    case TIMED:
      return { kind: 'timer', from: proc, to: proc, name: teller.scene.timers[trace.ref[row] as number]?.name ?? 'timer', us, row };
    default:
      return undefined;
  }
}

/** `time: links a–b 1.0 ms, flush of b 0.5 ms`; undefined where nothing took any. */
export function timeLine(teller: Teller, legs: readonly Share[]): Line | undefined {
  const total = legs.reduce((sum, leg) => sum + leg.us, 0);
  const told = legs.filter((leg) => leg.us * 12 >= total).slice(0, 4);
  if (told.length === 0) return undefined;
  const parts = told.flatMap((leg, i) => [...(i === 0 ? [] : [' · ']), ...legLine(teller, leg)]);
  return line(span('where the time went', 'dim'), ': ', parts);
}

function legLine(teller: Teller, leg: Share): Line {
  const what = legName(teller, leg);
  return line(`${what} ${shortTime(leg.us)}`, leg.kind === 'link' ? delayOf(teller, leg) : undefined);
}

function legName(teller: Teller, leg: Share): string {
  const name = teller.name(leg.from);
  switch (leg.kind) {
    case 'link':
      return `${leg.times > 1 ? `${count(leg.times, 'message')} ` : ''}${name}–${teller.name(leg.to)}`;
    case 'flush':
      return `disk flush of ${name}`;
    case 'timer':
      return `${name} waiting (${leg.name})`;
  }
}

/** Whose fault a slow crossing is, if a command made it slow. */
function delayOf(teller: Teller, leg: Leg): Line | undefined {
  if (leg.us < 1000) return undefined;
  const slow = [leg.to, leg.from].map((proc) => teller.slowedBy(proc, leg.row)).find((laid) => laid !== undefined);
  if (slow !== undefined) {
    teller.blame('slow', slow.command, slow.nodes);
    return line(' (', teller.command(slow.command), ')');
  }
  const delayed = teller.delayedBy(leg.from, leg.to, leg.row);
  if (delayed !== undefined) {
    teller.blame('delay', delayed.command, delayed.nodes);
    return line(' (', teller.command(delayed.command), ')');
  }
  const pauses = teller.laid.findLast(
    (laid) =>
      laid.verb === 'pause' && laid.row <= leg.row && laid.atUs + 1000 >= teller.timeUs(leg.row) - leg.us && laid.nodes.includes(leg.to),
  );
  if (pauses === undefined) return undefined;
  teller.blame('paused', pauses.command, pauses.nodes);
  return line(' (', teller.command(pauses.command), ')');
}
