import { same } from '../core/copy.ts';
import type { Op, Proc } from '../core/ids.ts';
import { byNumber } from '../core/order.ts';
import { AWAITS, BEAT, BECAUSE, FLUSH_DONE, MESSAGE, REPLIED, REQUEST, SENT } from '../sim/trace.ts';
import type { Tree } from '../view/block.ts';
import { folded, ofOperation, saidByAll, saidLine } from './reasons.ts';
import { nodesSingled } from './sentence.ts';
import type { Teller } from './teller.ts';
import type { NewestWrite, WhyInput } from './types.ts';
import { way, whereabouts } from './way.ts';
import { line, shortTime, span, tree } from './words.ts';

/** Why a read missed the newest acknowledged write: where its copies were, whom the read asked, and why none of those had one. */
export function staleTrees(teller: Teller, input: WhyInput, newest: NewestWrite): readonly Tree[] {
  const held = input.copies(input.key ?? '');
  const holders = held.filter(({ value }) => same(value, newest.value)).map(({ node }) => node);
  const asked = askedBy(teller, input).toSorted(byNumber);
  const lackers = asked.filter((node) => !holders.includes(node));
  const where = holders.length === 0 ? 'is on no node' : `was on ${teller.names(holders)}`;
  const whom = asked.length === 0 ? '' : `; the read asked ${teller.names(asked)}`;
  const agoUs = input.callUs - newest.returnUs;
  const ago = agoUs < 1 ? 'just before' : `${shortTime(agoUs)} before`;
  const head = line(
    'the newest value, ',
    span(show(newest.value), 'value'),
    ` (`,
    teller.command(newest.op),
    `, acknowledged ${ago}), ${where}${whom}`,
  );
  const lack = holders.length === 0 ? removals(teller, newest.op, input.key) : [];
  const missed = (lackers.length === 0 ? asked : lackers).map((node) => whyLacks(teller, input, newest.op, node));
  const clocks = clockTrees(teller, [...asked, ...holders]);
  return [tree(head, [...lack, ...(lack.length > 0 ? [] : missed), ...clocks])];
}

function show(value: WhyInput['written']): string {
  return value === null || value === undefined ? 'none' : Array.isArray(value) ? value.join(', ') : String(value);
}

/** The servers whose copies made the answer: those that the read's coordinator counted, else the one that answered. */
function askedBy(teller: Teller, input: WhyInput): readonly Proc[] {
  const { trace } = teller.reading;
  const rows = teller.reading.ofOp(input.op);
  const awaits = rows.findLast((row) => trace.kind[row] === AWAITS && trace.need(row).have.length > 0);
  if (awaits !== undefined) return trace.need(awaits).have;
  const replied = rows.findLast((row) => trace.kind[row] === REPLIED);
  if (replied !== undefined) return [trace.proc[replied] as Proc];
  return input.outcome?.node === undefined ? [] : [input.outcome.node];
}

function whyLacks(teller: Teller, input: WhyInput, write: Op, node: Proc): Tree {
  const { reading } = teller;
  const { trace } = reading;
  const name = teller.name(node);
  const rows = reading.ofOp(write);
  const notes = hints(teller, write, node);
  const ignored = ofOperation(teller, write, ['dropped', 'refused']).filter((row) => trace.proc[row] === node);
  if (ignored.length > 0) return tree(line(teller.because(ignored.at(-1) as number)), notes);
  const sent = rows.filter(
    (row) => trace.peer[row] === node && trace.proc[row] !== node && (trace.kind[row] === SENT || trace.kind[row] === BEAT),
  );
  const there = way(teller, (trace.proc[sent[0] ?? 0] ?? -1) as Proc, node, sent);
  if (there.lost.length > 0 && there.handled.length === 0) {
    return tree(line(span(name, 'node'), ' never got it: ', teller.loss(teller.groups(there.lost))), notes);
  }
  if (there.underway.length > 0 && there.handled.length === 0)
    return tree(line(`its copy for ${name} `, whereabouts(teller, there)), notes);
  const fall = teller.fallOf(node, there.handled.at(-1) ?? reading.until);
  if (fall !== undefined) {
    teller.blame(fall.verb === 'crash' ? 'down' : 'off', fall.command, [node]);
    return tree(line(`${name} got it and went down: `, teller.command(fall.command)), notes);
  }
  const asked = rowOfQuestion(teller, input.op, node);
  const first = there.handled[0] ?? 0;
  if (first > 0 && asked > 0 && first > asked) {
    return tree(line(`it reached ${name} ${shortTime(teller.timeUs(first) - teller.timeUs(asked))} after the read had asked there`), notes);
  }
  const lost = lostTowards(teller, node, rows[0] ?? 1);
  if (lost.length > 0)
    return tree(line(span(name, 'node'), ' did not get it: messages to it are ', teller.loss(teller.groups(lost))), notes);
  return tree(
    line(span(name, 'node'), there.handled.length > 0 ? ' had been told of it, but did not show it yet' : ' had not been sent it yet'),
    notes,
  );
}

/** What the write's own reasons say about this node: a hint kept for it, a replica counted out. */
function hints(teller: Teller, write: Op, node: Proc): readonly Tree[] {
  const { trace } = teller.reading;
  const about = ofOperation(teller, write).filter((row) => {
    const { rule, facts } = trace.because(row);
    return trace.proc[row] !== node && rule.effect !== 'answered' && rule.effect !== 'waited' && nodesSingled(rule, facts).includes(node);
  });
  return folded(teller, about)
    .slice(-2)
    .map((said) => tree(saidLine(teller, said)));
}

function rowOfQuestion(teller: Teller, op: Op, node: Proc): number {
  const { trace } = teller.reading;
  return (
    teller.reading.ofOp(op).find((row) => trace.proc[row] === node && (trace.kind[row] === MESSAGE || trace.kind[row] === REQUEST)) ?? 0
  );
}

/** Messages of servers lost on the way to a node since a row; failing that, since it last heard one. */
function lostTowards(teller: Teller, node: Proc, since: number): readonly number[] {
  const { trace, losses, until } = teller.reading;
  const lost = losses.filter((row) => trace.proc[row] === node && (trace.peer[row] as Proc) < teller.scene.size);
  const lately = lost.filter((row) => row >= since);
  if (lately.length > 0) return lately.slice(-8);
  let heard = until;
  while (heard > 0 && !(trace.kind[heard] === MESSAGE && trace.proc[heard] === node && trace.peer[heard] !== node)) heard--;
  return lost.filter((row) => row > heard).slice(-8);
}

/** Clocks that are off at the nodes concerned: leases and timestamps are only as good as they are. */
export function clockTrees(teller: Teller, nodes?: readonly Proc[]): readonly Tree[] {
  return teller
    .clocks()
    .filter((laid) => nodes === undefined || laid.nodes.some((node) => nodes.includes(node)))
    .map((laid) => {
      teller.blame(laid.verb === 'skew' ? 'skew' : 'drift', laid.command, laid.nodes);
      return tree(line(`the clock of ${teller.names(laid.nodes)} is off: `, teller.command(laid.command)));
    });
}

/** What took an acknowledged write away: reasons that dropped it, or a power loss before it was flushed. */
export function removals(teller: Teller, write: Op, key: string | undefined): readonly Tree[] {
  const { trace } = teller.reading;
  const own = ofOperation(teller, write, ['dropped', 'refused']);
  const since = teller.reading.ofOp(write)[0] ?? 1;
  const related = teller.reading.reasons.filter((row) => {
    if (row < since || trace.kind[row] !== BECAUSE || trace.op[row] === write) return false;
    const { rule, facts } = trace.because(row);
    return rule.effect === 'dropped' && (facts['op'] === write || (key !== undefined && facts['key'] === key));
  });
  const said = saidByAll(teller, folded(teller, own.length > 0 ? own : related)).map((told) => tree(told));
  return [...said, ...unflushed(teller, write)];
}

/** Nodes that had taken the write in, and lost power before a flush was done since. */
function unflushed(teller: Teller, write: Op): readonly Tree[] {
  const { trace } = teller.reading;
  const byCommand = new Map<number, Proc[]>();
  for (let node = 0; node < teller.scene.size; node++) {
    const got = teller.reading
      .ofOp(write)
      .find((row) => trace.proc[row] === node && (trace.kind[row] === MESSAGE || trace.kind[row] === REQUEST));
    const fall =
      got === undefined ? undefined : teller.laid.find((laid) => laid.row > got && laid.verb === 'powerloss' && laid.nodes.includes(node));
    if (got === undefined || fall === undefined || flushedBetween(teller, node, got, fall.row)) continue;
    byCommand.set(fall.command, [...(byCommand.get(fall.command) ?? []), node]);
  }
  return [...byCommand].map(([command, nodes]) =>
    tree(line(span(teller.names(nodes), 'node'), ` had not flushed it to disk when the power went: `, teller.command(command))),
  );
}

function flushedBetween(teller: Teller, node: Proc, first: number, last: number): boolean {
  const { kind, proc } = teller.reading.trace;
  for (let row = first; row <= last; row++) if (kind[row] === FLUSH_DONE && proc[row] === node) return true;
  return false;
}
