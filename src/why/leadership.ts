import { NO_OP, type Proc } from '../core/ids.ts';
import type { Rule } from '../sim/rules.ts';
import { AWAITS, LOST, MESSAGE } from '../sim/trace.ts';
import type { Line, Tree } from '../view/block.ts';
import { isMet, lastRow, tally, unmetTree, waitings, wanted } from './needs.ts';
import { atLarge, folded, type Said } from './reasons.ts';
import { nodesNamed, timesNamed } from './sentence.ts';
import type { Teller } from './teller.ts';
import { count, line, often, shortTime, span, tree } from './words.ts';

/** Which news about the cluster itself explains something: who leads, who was given up. */
const NEWS = ['elected', 'stepped-down', 'detected'] as const;

/** A message that was lost on its way had been sent a little before its receiver began to wait for it. */
const SLACK_US = 1000;

/**
 * What servers did about leadership and failures between two rows, with the messages whose loss led to it: `why` for a `wait` in which the leader
 * changed, and the background of an operation that had nobody to serve it. `fromUs`: times are told from there.
 */
export function news(
  teller: Teller,
  procs: ReadonlySet<Proc> | undefined,
  first: number,
  last: number,
  fromUs: number,
  effects: readonly Rule['effect'][] = NEWS,
): readonly Tree[] {
  const byRule = new Map<string, Said[]>();
  const all = folded(teller, atLarge(teller, procs, first, last, effects));
  for (const said of all) byRule.set(said.rule.id, [...(byRule.get(said.rule.id) ?? []), said]);
  const told = all.filter((said) => isTold(said, byRule.get(said.rule.id) ?? []));
  const rest = [...byRule.values()].filter((alike) => alike.length > MOST_ALIKE).map((alike) => restTree(teller, alike, fromUs));
  return [...told.map((said) => newsTree(teller, said.rows, fromUs)), ...rest];
}

/** In a large cluster everybody notices the same: the first few are told, the rest are counted. */
const MOST_ALIKE = 5;

function isTold(said: Said, alike: readonly Said[]): boolean {
  return alike.length <= MOST_ALIKE || alike.indexOf(said) < 2;
}

function restTree(teller: Teller, alike: readonly Said[], fromUs: number): Tree {
  const lastUs = Math.max(...alike.map(({ rows }) => teller.timeUs(rows[0] ?? 0)));
  const last = alike.findLast(({ rows }) => teller.timeUs(rows[0] ?? 0) === lastUs) as Said;
  return tree(
    line(
      span('and ', 'dim'),
      `${count(alike.length - 2, 'more', 'more')} like it, the last after ${shortTime(lastUs - fromUs)}: `,
      teller.because(last.rows[0] ?? 0),
    ),
  );
}

/** One piece of news that a process stated once or again and again (`rows`, in order): told with its first time and wording, and how often it came. */
export function newsTree(teller: Teller, rows: readonly number[], fromUs: number): Tree {
  const row = rows[0] ?? 0;
  const afterUs = teller.timeUs(row) - fromUs;
  const when = afterUs < 0 ? `${shortTime(-afterUs)} before: ` : `after ${shortTime(afterUs)}: `;
  const rhythm = often(rows.map((one) => teller.timeUs(one)));
  const said = line(span(when, 'dim'), teller.because(row), rhythm === '' ? '' : ` (${rhythm})`);
  const children: Line[] = [votes(teller, row), silence(teller, row), unheard(teller, row)].filter((one) => one !== undefined);
  return tree(
    said,
    children.map((one) => tree(one)),
  );
}

/** The need that was met in the handler that stated this reason: whose votes made a leader. */
function votes(teller: Teller, row: number): Line | undefined {
  const { reading } = teller;
  const handler = reading.handler(row);
  const inHandler = handler === 0 ? [] : reading.consequences(handler).filter((one) => reading.trace.kind[one] === AWAITS);
  const met = waitings(teller, inHandler).filter((one) => isMet(one) && one.need.have.length > 0);
  const last = met.at(-1);
  return last === undefined ? undefined : line(`${wanted(teller, last)}: ${tally(teller, last)}`);
}

/**
 * The messages that a process missed before it stated this reason: those lost on their way to it within the time that the sentence names. Where it says what
 * was detected about some nodes, only theirs count.
 */
function silence(teller: Teller, row: number): Line | undefined {
  const lost = missedBefore(teller, row);
  if (lost.length === 0) return undefined;
  const { trace } = teller.reading;
  const groups = teller.groups(lost);
  const peers = [...new Set(lost.map((one) => trace.peer[one] as Proc))];
  const me = trace.proc[row] as Proc;
  return line(`${count(lost.length, 'message')} from ${teller.names(peers)} to ${teller.name(me)} `, teller.loss(groups));
}

/** What the process sent when it stated this reason and nobody got, where another command than that of the silence is to blame. */
function unheard(teller: Teller, row: number): Line | undefined {
  const { reading } = teller;
  const { trace } = reading;
  if (trace.because(row).rule.effect !== 'detected') return undefined;
  const silent = new Set(missedBefore(teller, row).map((one) => trace.loss(one).command));
  const lost = reading.consequences(reading.handler(row)).filter((one) => trace.kind[one] === LOST && !silent.has(trace.loss(one).command));
  if (lost.length === 0) return undefined;
  const peers = [...new Set(lost.map((one) => trace.proc[one] as Proc))];
  return line(`its messages to ${teller.names(peers)} were `, teller.loss(teller.groups(lost)));
}

function missedBefore(teller: Teller, row: number): readonly number[] {
  const { trace, losses } = teller.reading;
  const me = trace.proc[row] as Proc;
  const { rule, facts } = trace.because(row);
  const named = rule.effect === 'detected' ? nodesNamed(rule, facts).filter((proc) => proc !== me) : [];
  const windowUs = Math.max(0, ...timesNamed(rule, facts));
  // Without a time of its own, only a detection is about silence: it lasts since the peer was heard last.
  if (windowUs === 0 && rule.effect !== 'detected') return [];
  const sinceUs = windowUs === 0 ? 0 : teller.timeUs(row) - windowUs - SLACK_US;
  const heard = windowUs === 0 ? lastHeard(teller, me, row) : new Map<Proc, number>();
  return losses.filter((lost) => {
    const peer = trace.peer[lost] as Proc;
    if (lost > row || trace.proc[lost] !== me || peer >= teller.scene.size || teller.timeUs(lost) < sinceUs) return false;
    return lost > (heard.get(peer) ?? 0) && (named.length === 0 || named.includes(peer));
  });
}

/** The row in which a process last handled a message of each peer before a row. */
function lastHeard(teller: Teller, me: Proc, before: number): ReadonlyMap<Proc, number> {
  const { kind, proc, peer } = teller.reading.trace;
  const out = new Map<Proc, number>();
  for (let row = before - 1; row > 0; row--) {
    if (kind[row] !== MESSAGE || proc[row] !== me) continue;
    const from = peer[row] as Proc;
    if (!out.has(from)) out.set(from, row);
  }
  return out;
}

/** Needs outside any operation (votes, quorum checks) that were not met between two rows: the last two kinds of each process. */
export function vainNeeds(
  teller: Teller,
  procs: ReadonlySet<Proc>,
  first: number,
  last: number,
  depth: number,
  seen: Set<number>,
): readonly Tree[] {
  const { reading } = teller;
  const { trace } = reading;
  const rows = reading.reasons.filter(
    (row) => row >= first && row <= last && trace.kind[row] === AWAITS && trace.op[row] === NO_OP && procs.has(trace.proc[row] as Proc),
  );
  return waitings(teller, rows)
    .filter((one) => !isMet(one) && !seen.has(lastRow(one)))
    .slice(-2)
    .map((one) => unmetTree(teller, one, depth, seen));
}
