import type { Op } from '../core/ids.ts';
import { BEAT, FINISHED } from '../sim/trace.ts';
import type { Line, Tree } from '../view/block.ts';
import { news } from './leadership.ts';
import { Reading } from './reading.ts';
import { atLarge, folded, saidLine } from './reasons.ts';
import { Teller } from './teller.ts';
import { trimmed } from './trim.ts';
import type { Explanation, WhyCommand } from './types.ts';
import { count, line, list, shortTime, span, tree } from './words.ts';

/**
 * What a command that is no client operation did to the cluster: the messages lost through it so far, and who was given up, stepped down or was elected in its
 * span (a fault's span lasts until the trace ends, or until the caller says).
 */
export function explainCommand(input: WhyCommand): Explanation {
  const reading = new Reading(input.trace);
  const teller = new Teller(input, reading);
  const first = reading.rowAt(input.fromUs);
  const last = reading.rowAt(input.toUs + 1) - 1;
  const fault = teller.laid.some(({ command }) => command === input.n);
  const lost = reading.losses.filter((row) => reading.trace.loss(row).command === input.n);
  const roots = [...lostTrees(teller, lost), ...newsTrees(teller, first, last, input.fromUs), ...endedTrees(teller, input, first, last)];
  return { headline: headline(input, fault, roots.length), roots: trimmed(roots), suggestions: [] };
}

function headline(input: WhyCommand, fault: boolean, lines: number): Line {
  const span_ = shortTime(input.toUs - input.fromUs);
  const since = fault ? ` has changed this since, in ${span_}` : input.toUs > input.fromUs ? ` let ${span_} pass` : ' took no time';
  return line(span(input.text, 'command'), since, lines === 0 ? ': nothing happened but periodic work' : ':');
}

/** `28 messages lost on links a–c and b–c (24 of them heartbeats)`. */
function lostTrees(teller: Teller, lost: readonly number[]): readonly Tree[] {
  const { reading } = teller;
  if (lost.length === 0) return [];
  const groups = teller.groups(lost);
  const beats = lost.filter((row) => reading.trace.kind[reading.trace.cause[row] as number] === BEAT).length;
  const periodic = beats === 0 ? '' : `, ${beats === lost.length ? 'all' : beats} of them periodic`;
  const links =
    [...new Set(groups.map(({ loss }) => loss.why))].length > 1 || groups.some(({ loss }) => loss.why === 'down' || loss.why === 'off');
  const where = links
    ? line(`${count(lost.length, 'message')} `, teller.loss(groups))
    : line(`${count(lost.length, 'message')} `, span('lost', 'lost'), ` on ${teller.links(groups)}`);
  const ops = [...new Set(lost.map((row) => reading.trace.op[row] as Op).filter((op) => op !== 0))];
  const told = ops.slice(0, 3).map((op) => tree(line(`among them some of `, teller.command(op))));
  return [tree(line(where, periodic), told)];
}

function newsTrees(teller: Teller, first: number, last: number, fromUs: number): readonly Tree[] {
  const repairs = folded(teller, atLarge(teller, undefined, first, last, ['repaired', 'dropped'])).slice(0, 4);
  return [...news(teller, undefined, first, last, fromUs).slice(0, 8), ...repairs.map((said) => tree(saidLine(teller, said)))];
}

/** Operations of others that ended meanwhile. */
function endedTrees(teller: Teller, input: WhyCommand, first: number, last: number): readonly Tree[] {
  const { kind, op } = teller.reading.trace;
  const ended: Op[] = [];
  for (let row = first; row <= last; row++) if (kind[row] === FINISHED && op[row] !== input.n) ended.push(op[row] as Op);
  if (ended.length === 0) return [];
  return [tree(line(`${list(ended.map((one) => `command ${one}`))} ended meanwhile`))];
}
