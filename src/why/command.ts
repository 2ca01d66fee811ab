import type { Op } from '../core/ids.ts';
import { BEAT, BECAUSE, FINISHED } from '../sim/trace.ts';
import type { Line, Tree } from '../view/block.ts';
import { news } from './leadership.ts';
import { Reading } from './reading.ts';
import { folded, saidByAll } from './reasons.ts';
import { type Laid, Teller } from './teller.ts';
import { trimmed } from './trim.ts';
import type { Explanation, WhyCommand } from './types.ts';
import { count, line, list, shortTime, span, tree } from './words.ts';

/**
 * What a command that is no client operation did to the cluster: the messages lost through it so far, and who was given up, stepped down or was elected in its
 * span. That of a fault lasts beyond the command, until the next one of its kind.
 */
export function explainCommand(input: WhyCommand): Explanation {
  const reading = new Reading(input.trace);
  const teller = new Teller(input, reading);
  const first = reading.rowAt(input.fromUs);
  const fault = teller.laid.find(({ command }) => command === input.n);
  const last = fault === undefined ? reading.rowAt(input.toUs + 1) - 1 : endOf(teller, fault);
  const lost = reading.losses.filter((row) => reading.trace.loss(row).command === input.n);
  const roots = [
    ...lostTrees(teller, lost),
    ...newsTrees(teller, first, last, input.fromUs),
    ...(fault === undefined ? endedTrees(teller, input, first, last) : []),
  ];
  return { headline: headline(input, fault !== undefined, roots.length), roots: trimmed(roots), suggestions: [] };
}

function headline(input: WhyCommand, fault: boolean, lines: number): Line {
  const name = span(input.text, 'command');
  const tookUs = input.toUs - input.fromUs;
  if (fault)
    return line(
      name,
      lines === 0 ? ' has cost nothing yet: no message was lost by it, nobody was elected or given up' : ' has done this since:',
    );
  if (tookUs === 0) return line(name, ' took no time', lines === 0 ? '' : ':');
  return line(name, ` let ${shortTime(tookUs)} pass`, lines === 0 ? ': nothing happened but periodic work' : ':');
}

/** The last row of a fault's span: until the next one of its kind, the network or one of its nodes. */
function endOf(teller: Teller, fault: Laid): number {
  const { trace } = teller.reading;
  const isNetwork = (row: number): boolean => trace.fault(row).what === 'network';
  const next = teller.reading.faults.find((row) => {
    const other = trace.fault(row);
    if (row <= fault.row || other.command === fault.command || fault.row === 0) return false;
    return isNetwork(fault.row) ? isNetwork(row) : !isNetwork(row) && other.nodes.some((node) => fault.nodes.includes(node));
  });
  return next ?? teller.reading.until;
}

/** `28 messages lost on links a–c and b–c (24 of them heartbeats)`. */
function lostTrees(teller: Teller, lost: readonly number[]): readonly Tree[] {
  const { reading } = teller;
  if (lost.length === 0) return [];
  const groups = teller.groups(lost);
  const beats = lost.filter((row) => reading.trace.kind[reading.trace.cause[row] as number] === BEAT).length;
  const periodic = beats === 0 ? '' : `, ${beats === lost.length ? 'all' : beats} of them periodic`;
  const down = groups.every(({ loss }) => loss.why === 'down' || loss.why === 'off');
  const where = down ? `on the way to ${teller.names([...new Set(groups.map(({ to }) => to))])}` : `on ${teller.links(groups)}`;
  const head = line(`${count(lost.length, 'message')} `, span('lost', 'lost'), ` ${where}${periodic}`);
  const ops = [...new Set(lost.map((row) => reading.trace.op[row] as Op).filter((op) => op !== 0))];
  const told = ops.slice(0, 3).map((op) => tree(line(`among them some of `, teller.command(op))));
  return [tree(head, told)];
}

function newsTrees(teller: Teller, first: number, last: number, fromUs: number): readonly Tree[] {
  const repairs = saidByAll(teller, folded(teller, repairsOf(teller, first, last))).slice(0, 4);
  return [...news(teller, undefined, first, last, fromUs), ...repairs.map((said) => tree(said))];
}

/** What was repaired or dropped meanwhile, whichever operation it had served: hints are handed over long after their write. */
function repairsOf(teller: Teller, first: number, last: number): readonly number[] {
  const { trace, reasons } = teller.reading;
  return reasons.filter(
    (row) => row >= first && row <= last && trace.kind[row] === BECAUSE && ['repaired', 'dropped'].includes(trace.because(row).rule.effect),
  );
}

/** Operations of others that ended meanwhile. */
function endedTrees(teller: Teller, input: WhyCommand, first: number, last: number): readonly Tree[] {
  const { kind, op } = teller.reading.trace;
  const ended: Op[] = [];
  for (let row = first; row <= last; row++)
    if (kind[row] === FINISHED && op[row] !== input.n && teller.timeUs(row) > input.fromUs) ended.push(op[row] as Op);
  if (ended.length === 0) return [];
  return [tree(line(`${ended.length === 1 ? 'command' : 'commands'} ${list(ended.map(String))} ended meanwhile`))];
}
