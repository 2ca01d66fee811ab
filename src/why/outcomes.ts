import type { Proc } from '../core/ids.ts';
import { AWAITS, BECAUSE, BROKEN_IN, CALLED, FAULT, MESSAGE, REPLIED, REQUEST, SENT, TIMED } from '../sim/trace.ts';
import type { Tree } from '../view/block.ts';
import { news, newsTree, vainNeeds } from './leadership.ts';
import { isMet, lastRow, tally, unmetTree, unmetTrees, type Waiting, waitings, wanted } from './needs.ts';
import { pathOf, shares, timeLine } from './path.ts';
import { hinderedStories } from './peers.ts';
import { atLarge, folded, ofOperation, type Said, saidByAll, saidLine } from './reasons.ts';
import { nodesNamed } from './sentence.ts';
import type { Teller } from './teller.ts';
import type { WhyInput } from './types.ts';
import { way, whereabouts } from './way.ts';
import { line, plain, shortTime, span, tree } from './words.ts';

/** What ended well: whom it needed, who answered, what was said on the way, and where the time went. */
export function okTrees(teller: Teller, input: WhyInput, finished: number, most: number): readonly Tree[] {
  const out: Tree[] = [];
  const needs = waitings(teller, teller.reading.ofOp(input.op)).filter((one) => one.need.of.length > 1);
  const path = pathOf(teller, finished, input.op);
  const onPath = new Set(path);
  const said = folded(teller, ofOperation(teller, input.op)).filter(({ rule }) => input.gone !== true || rule.effect !== 'dropped');
  const telling = said.filter((one) => one.rows.some((row) => onPath.has(teller.reading.handler(row))));
  for (const told of saidByAll(teller, telling.length > 0 ? telling : said).slice(0, most)) out.push(tree(told));
  // The losses on the way are told, but mending them would not have changed an outcome that is right already.
  const blamedBefore = teller.blamed.length;
  for (const one of needs.slice(-most)) {
    if (isMet(one) && telling.length === 0) out.push(tree(line(`${wanted(teller, one)}: ${tally(teller, one)}`)));
    out.push(...hinderedStories(teller, one).map((story) => tree(line('not waited for: ', story.line), story.children)));
  }
  if (input.newest === undefined && input.gone !== true) teller.blamed.length = blamedBefore;
  const time = input.newest === undefined ? timeLine(teller, shares(teller, path, input.callUs)) : undefined;
  if (time !== undefined) out.push(tree(time));
  return out;
}

/** What certainly did not happen: who refused it and why, or whose connection broke. */
export function failTrees(teller: Teller, input: WhyInput, finished: number): readonly Tree[] {
  const { reading } = teller;
  const { trace } = reading;
  const onPath = new Set(pathOf(teller, finished, input.op));
  const refused = ofOperation(teller, input.op, ['refused']);
  const chosen = refused.findLast((row) => onPath.has(reading.handler(row))) ?? refused.at(-1);
  const broken = brokenTrees(teller, input, [...onPath]);
  if (chosen === undefined) return [...(broken.length > 0 ? broken : clientTrees(teller, input)), ...otherReasons(teller, input, 3).flat()];
  const proc = trace.proc[chosen] as Proc;
  const { rule, facts } = trace.because(chosen);
  const named = nodesNamed(rule, facts);
  const detected = atLarge(teller, new Set([proc]), 1, chosen, ['detected', 'stepped-down']);
  const latest = new Map<string, number>();
  for (const row of detected) {
    const about = trace.because(row);
    latest.set(`${about.rule.effect} ${nodesNamed(about.rule, about.facts).join()}`, row);
  }
  const children = [...latest.values()].slice(-4).map((row) => newsTree(teller, [row], input.callUs));
  const before = folded(
    teller,
    ofOperation(teller, input.op).filter((row) => row < chosen && trace.kind[row] === BECAUSE),
  );
  const unmet = unmetOf(teller, input)
    .slice(0, 1)
    .map((one) => unmetTree(teller, one, 1, new Set()));
  const down = named.length > 0 || detected.length > 0 ? [] : vainNeeds(teller, new Set([proc]), 1, chosen, 1, new Set());
  return [
    tree(line(teller.because(chosen)), [
      ...children,
      ...unmet,
      ...down,
      ...before.slice(-2).map((said) => tree(saidLine(teller, said, input.callUs))),
    ]),
    ...broken,
  ];
}

/** What has not ended, or ended without an answer: the need that was not met, and what became of each answer that is missing. */
export function openTrees(teller: Teller, input: WhyInput, finished: number): readonly Tree[] {
  const { reading } = teller;
  const path = finished === 0 ? [] : pathOf(teller, finished, input.op);
  const seen = new Set<number>();
  const unmet = unmetOf(teller, input);
  const first = unmet[0];
  const main =
    first === undefined
      ? undefined
      : unmetTrees(
          teller,
          unmet.filter((one) => one.proc === first.proc),
          3,
          seen,
        );
  const rest = unmet.filter((one) => one.proc !== first?.proc && !seen.has(lastRow(one)));
  const others = rest.slice(-2).map((one) => unmetTree(teller, one, 1, seen));
  const procs = serversAt(teller, input);
  const called = reading.ofOp(input.op)[0] ?? reading.rowAt(input.callUs);
  const around = [...vainNeeds(teller, procs, called, reading.until, 1, seen), ...freshNews(teller, input, procs, called)];
  const gaveUp = gaveUpTree(teller, input, path);
  const broke = brokenTrees(teller, input, path);
  const broken = broke.length > 0 ? broke : clientTrees(teller, input);
  const reasons = otherReasons(teller, input, 3, main === undefined ? '' : plain(main.line), main !== undefined);
  if (main === undefined) return [...broken, ...reasons.flat(), ...around, ...gaveUp];
  const [early, late] = reasons;
  return [...broken, tree(main.line, [...early, ...main.children, ...around, ...late, ...gaveUp]), ...others];
}

/** Needs of this operation that were not met: those of the server which took the request last come first, each server's in order of time. */
function unmetOf(teller: Teller, input: WhyInput): readonly Waiting[] {
  const { trace } = teller.reading;
  const rows = teller.reading.ofOp(input.op);
  const took = rows.findLast((row) => trace.kind[row] === REQUEST);
  const front = took === undefined ? -1 : (trace.proc[took] as Proc);
  const unmet = waitings(teller, rows)
    .filter((one) => !isMet(one))
    .sort((x, y) => lastRow(x) - lastRow(y));
  return [...unmet.filter((one) => one.proc === front), ...unmet.filter((one) => one.proc !== front)];
}

/** The servers that handled something for this operation. */
function serversAt(teller: Teller, input: WhyInput): ReadonlySet<Proc> {
  const { trace } = teller.reading;
  const rows = teller.reading.ofOp(input.op).filter((row) => (trace.kind[row] as number) <= MESSAGE);
  return new Set(rows.map((row) => trace.proc[row] as Proc).filter((proc) => !teller.isClient(proc)));
}

/** News about the cluster while it waited; what was only detected counts where it brings a new culprit, for the needs have told the others. */
function freshNews(teller: Teller, input: WhyInput, procs: ReadonlySet<Proc>, first: number): readonly Tree[] {
  const known = new Set(teller.blamed.map(({ command }) => command));
  const found = news(teller, procs, first, teller.reading.until, input.callUs, ['detected']);
  const isNew = teller.blamed.some(({ command }) => !known.has(command));
  const detected = isNew || known.size === 0 ? found.slice(-2) : [];
  return [...news(teller, procs, first, teller.reading.until, input.callUs, ['elected', 'stepped-down']).slice(-3), ...detected];
}

/**
 * The last reasons stated for it, in two parts: those before it had to wait and those after. What has been told (`told`) is left out, and so is why it waited
 * where its needs (`needs`) say that better.
 */
function otherReasons(
  teller: Teller,
  input: WhyInput,
  most: number,
  told = '',
  needs = false,
): readonly [early: readonly Tree[], late: readonly Tree[]] {
  const { trace } = teller.reading;
  const waited = teller.reading.ofOp(input.op).find((row) => trace.kind[row] === AWAITS) ?? 0;
  const rows = ofOperation(teller, input.op).filter((row) => {
    const { effect } = trace.because(row).rule;
    return effect !== 'stored' && !(needs && effect === 'waited') && (told === '' || !told.includes(teller.because(row)));
  });
  const said = folded(teller, rows).slice(-most);
  const isEarly = (one: Said): boolean => teller.reading.handler(one.rows[0] ?? 0) <= teller.reading.handler(waited);
  const lines = (part: readonly Said[]): readonly Tree[] => part.map((one) => tree(saidLine(teller, one, input.callUs)));
  return [lines(said.filter(isEarly)), lines(said.filter((one) => !isEarly(one)))];
}

/** Who gave up, where a timer ended it and no reason was given for that. */
function gaveUpTree(teller: Teller, input: WhyInput, path: readonly number[]): readonly Tree[] {
  const { reading } = teller;
  const timed = path.find((row) => reading.trace.kind[row] === TIMED);
  if (timed === undefined) return [];
  if (reading.consequences(timed).some((row) => reading.trace.kind[row] === BECAUSE)) return [];
  const who = teller.name(reading.trace.proc[timed] as Proc);
  return [tree(line(`${who} gave up after ${shortTime(teller.timeUs(timed) - input.callUs)}`))];
}

/** A connection that broke, or was refused, on the way to the end. */
function brokenTrees(teller: Teller, input: WhyInput, path: readonly number[]): readonly Tree[] {
  const { reading } = teller;
  const { trace } = reading;
  const row = path.find((one) => trace.kind[one] === BROKEN_IN) ?? 0;
  if (row === 0) return [];
  const server = trace.peer[row] as Proc;
  const cause = trace.cause[row] as number;
  const name = teller.name(server);
  if (trace.kind[cause] === FAULT) {
    const { command } = trace.fault(cause);
    teller.blame('down', command, [server]);
    return [tree(line(`${name} crashed while it served ${input.client}: `, teller.command(command)))];
  }
  const lost = -reading.end(cause);
  const how = trace.ref[row] === 0 ? 'refused the connection' : 'broke the connection';
  const loss = lost > 0 ? trace.loss(lost) : undefined;
  if (loss === undefined || lost <= 0) return [tree(line(`${name} ${how}`))];
  const why = teller.loss(teller.groups([lost]));
  if (loss.why !== 'down') return [tree(line(`${name} ${how}: the request was `, why))];
  return [tree(line(`${name} ${how}: it was `, span('down', 'down'), ' since ', teller.command(loss.command)))];
}

/** Requests and answers between the client and the servers that did not get through. */
function clientTrees(teller: Teller, input: WhyInput): readonly Tree[] {
  const { reading } = teller;
  const { trace } = reading;
  const rows = reading.ofOp(input.op);
  const called = rows.find((row) => trace.kind[row] === CALLED);
  if (called === undefined) return [];
  const client = trace.proc[called] as Proc;
  const requests = rows.filter((row) => trace.kind[row] === SENT && trace.proc[row] === client);
  const replies = rows.filter((row) => trace.kind[row] === REPLIED);
  const out: Tree[] = [];
  for (const server of new Set(requests.map((row) => trace.peer[row] as Proc))) {
    const there = way(
      teller,
      client,
      server,
      requests.filter((row) => trace.peer[row] === server),
    );
    const back = way(
      teller,
      server,
      client,
      replies.filter((row) => trace.proc[row] === server),
    );
    const name = teller.name(server);
    if (there.handled.length === 0 && there.lost.length > 0)
      out.push(tree(line(`the request to ${name} was `, teller.loss(teller.groups(there.lost)))));
    else if (there.handled.length === 0 && there.underway.length > 0)
      out.push(tree(line(`the request to ${name} `, whereabouts(teller, there))));
    else if (back.lost.length > 0 && back.handled.length === 0)
      out.push(tree(line(span(name, 'node'), ' answered: ', teller.loss(teller.groups(back.lost)))));
    else if (back.underway.length > 0 && back.handled.length === 0)
      out.push(tree(line(`the answer of ${name} `, whereabouts(teller, back))));
  }
  return out;
}
