import type { Op } from '../core/ids.ts';
import { isProblem, Problem } from '../core/problem.ts';
import type { Operation } from '../history/operation.ts';
import { judgeRead } from '../history/stale.ts';
import { Reader } from '../lang/words.ts';
import { type Answer, type Command, immediate } from '../session/command.ts';
import type { Live } from '../session/live.ts';
import { inspect } from '../session/overview.ts';
import { operationsOf } from '../session/rows.ts';
import type { Session } from '../session/session.ts';
import type { Stage } from '../session/stage.ts';
import type { Moment } from '../session/timeline.ts';
import type { Row } from '../session/types.ts';
import type { Alternative, Call } from '../systems/index.ts';
import { type Block, type Line, styled } from '../view/block.ts';
import { type CopyAt, type Explanation, explain, explainCommand, retarget, type Suggestion, type WhyInput } from '../why/index.ts';
import { outcomeOf, recorded } from './scene.ts';
import { run } from './trial.ts';
import { atEnd } from './words.ts';

/** How many suggestions are shown. */
const SHOWN = 3;
/** An ok operation is worth a suggestion only if it took this long. */
const SLOW_US = 20_000;

/** A trial that goes on for longer is given up: a cluster that keeps electing never settles. About 0.1 s. */
const TRIAL_EVENTS = 100_000;

/** The operation and the moment in which it began. */
interface Subject {
  readonly moment: Moment;
  readonly row: Row | undefined;
}

/** Why an operation ended as it did, or, without one, what the last command changed. Says nothing where nothing can be said. */
export function whyBlocks(stage: Stage, op: Op | undefined): readonly Block[] {
  const moment = op === undefined ? stage.host.head : stage.host.path().find((candidate) => candidate.n === op);
  const blocks = moment === undefined ? [] : explained(stage, moment);
  return isProblem(blocks) ? [] : blocks;
}

function explained(stage: Stage, moment: Moment): readonly Block[] | Problem {
  const about = aboutOperation(stage, { moment, row: stage.live.rows.get(moment.n) });
  return about ?? aboutCommand(stage, moment);
}

/** What a fault or a wait changed. */
function aboutCommand(stage: Stage, moment: Moment): readonly Block[] | Problem {
  const found = recorded(stage, moment);
  if (isProblem(found)) return found;
  const fromUs = moment.prev?.endUs ?? 0;
  return told(explainCommand({ ...found.scene, n: moment.n, text: stage.host.texts.get(moment.n) ?? '', fromUs, toUs: moment.endUs }));
}

/** What is said about one operation, with suggestions that were each tried on a branch and did change the outcome. Undefined: the moment is no operation. */
function aboutOperation(stage: Stage, { moment, row }: Subject): readonly Block[] | Problem | undefined {
  const { host } = stage;
  const call = callOfMoment(stage, moment);
  if (call === undefined) return undefined;
  const found = recorded(stage, moment);
  if (isProblem(found)) return found;
  const { scene, live } = found;
  const { n } = moment;
  const operation = operationsOf(live).find((candidate) => candidate.id === n);
  const judged = row?.stale === true && operation !== undefined ? judgeRead(operationsOf(live), operation) : undefined;
  const newest = judged?.latestOp === undefined ? undefined : live.history.items.find((candidate) => candidate.id === judged.latestOp);
  const outcome = outcomeOf(scene.trace, n);
  const input: WhyInput = {
    ...scene,
    op: n,
    text: host.texts.get(n) ?? '',
    client: row?.client ?? live.current,
    callUs: row?.atUs ?? 0,
    ...(row === undefined ? {} : { returnUs: row.atUs + row.tookUs }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(call.key === undefined ? {} : { key: call.key }),
    ...(call.value === undefined ? {} : { written: call.value }),
    ...(newest === undefined ? {} : { newest: { op: newest.id, value: newest.value, returnUs: newest.returnUs } }),
    ...(operation !== undefined && isGone(host, live, operation) ? { gone: true } : {}),
    copies: (key) => copiesAt(host, key, judged === undefined || row === undefined ? undefined : row.atUs + row.tookUs),
    alternatives: outcome === undefined ? [] : alternativesAt(live.system.alternatives(call, outcome, live.nodes), moment),
  };
  const explanation = explain(input);
  return [...told(explanation), ...suggested(proven(host, moment, row, explanation.suggestions))];
}

/** An operation that was sent to a node by name keeps that node in what might stand in its place. */
function alternativesAt(alternatives: readonly Alternative[], { statement }: Moment): readonly Alternative[] {
  const { at } = statement;
  if (at === undefined) return alternatives;
  return alternatives.map((one) => (one.command.includes('@') ? one : { ...one, command: retarget(one.command, at.text) }));
}

/** Those that did change the outcome on a branch, until there are enough; what an earlier one makes pointless is not tried. */
function proven(host: Session, moment: Moment, row: Row | undefined, suggestions: readonly Suggestion[]): readonly Suggestion[] {
  const kept: Suggestion[] = [];
  for (const one of suggestions) {
    if (kept.length === SHOWN) break;
    if (kept.some(({ text }) => one.unless?.includes(text)) || !changes(host, moment, row, one)) continue;
    kept.push(one);
  }
  return kept;
}

function told(explanation: Explanation): readonly Block[] {
  return [
    { kind: 'text', lines: [explanation.headline], hang: 2 },
    ...(explanation.roots.length === 0 ? [] : [{ kind: 'tree' as const, roots: explanation.roots }]),
  ];
}

function suggested(kept: readonly Suggestion[]): readonly Block[] {
  if (kept.length === 0) return [];
  const line: Line[number][] = ['What would change it: '];
  kept.forEach((one, i) => {
    if (i > 0) line.push(' · ');
    line.push(styled(one.text, 'command'));
    if (one.caveat !== undefined) line.push(` (${one.caveat})`);
  });
  return [{ kind: 'text', lines: [line], hang: 2 }];
}

/** Runs the suggestion on a branch that stands just before the operation, and looks whether the operation then ends better. */
function changes(host: Session, moment: Moment, row: Row | undefined, one: Suggestion): boolean {
  if (row?.outcome === 'ok' && row.stale !== true && row.tookUs < SLOW_US) return false;
  const branch = host.forkAt(moment.prev);
  for (const command of one.commands) if (run(branch, command, TRIAL_EVENTS) === undefined) return false;
  const after = run(branch, one.replacement ?? host.texts.get(moment.n) ?? '', TRIAL_EVENTS);
  if (after === undefined || after.outcome !== 'ok') return false;
  if (row === undefined || row.outcome !== 'ok') return true;
  return row.stale === true ? after.stale === false : after.tookUs * 2 <= row.tookUs;
}

/** What the servers held of a key at a time: at the end of the first moment that reached it, or now. */
function copiesAt(host: Session, key: string, atUs: number | undefined): readonly CopyAt[] {
  const moment = atUs === undefined ? host.head : (host.path().find((candidate) => candidate.endUs >= atUs) ?? host.head);
  const live = moment === host.head ? host.live : host.materialize(moment);
  return live.nodes.map((_, node) => ({
    node,
    value: inspect(live, node).holds.find((held) => held.key === key && held.hidden !== true)?.value ?? null,
  }));
}

/** An acknowledged write that no server holds any more although nothing was written over it: no other write of its key ended, or may still end, after it began. */
function isGone(host: Session, live: Live, write: Operation): boolean {
  if (write.status !== 'ok' || write.effect !== 'write') return false;
  const later = operationsOf(live).some(
    (other) => other.id !== write.id && other.key === write.key && other.effect !== 'read' && other.returnRank > write.callRank,
  );
  return !later && copiesAt(host, write.key, undefined).every(({ value }) => value !== write.value);
}

/** The call behind a moment, if it was a client operation. */
function callOfMoment(stage: Stage, moment: Moment): Call | undefined {
  const { operations } = stage.live.system;
  const spec = operations.find((op) => op.verb === moment.statement.verb);
  if (spec === undefined) return undefined;
  const { words, options } = moment.args as { readonly words: Readonly<Record<string, string>>; readonly options: Call['options'] };
  return { verb: spec.verb, kind: spec.kind, options, ...words };
}

/** Without a number: the last thing that happened, an operation that ended meanwhile before the wait in which it did. */
function subject(stage: Stage, n: number | null): Moment | Problem {
  const { host, live } = stage;
  const path = host.path();
  if (n === null) {
    const { head } = host;
    if (head === undefined || path.length === 0) return new Problem('nothing has happened yet', 'run a command first, then ask why');
    const ended = live.last?.n;
    if (ended !== undefined && ended !== head.n && live.last !== undefined && live.last.atUs + live.last.tookUs > (head.prev?.endUs ?? 0))
      return path.find((moment) => moment.n === ended) ?? head;
    return head;
  }
  const found = path.find((moment) => moment.n === n);
  if (found !== undefined) return found;
  const known = host.texts.get(n);
  const remedy =
    path.length === 0
      ? 'run a command first'
      : `commands that changed this world: ${path
          .slice(-8)
          .map((moment) => moment.n)
          .join(', ')}`;
  return new Problem(
    known === undefined ? `there is no command ${n}` : `command ${n}, ${known}, is no part of this world's past`,
    remedy,
    stage.statement.place,
  );
}

export const why: Command<number | null> = {
  verb: 'why',
  usage: ['why', 'why 3'],
  help: 'explain the outcome of the last command, or of the numbered one, from its causes',
  example: 'why',
  group: 'look',
  changes: 'view',
  read: (statement) => {
    const reader = new Reader(statement, 'why 3');
    if (reader.left === 0) return atEnd(reader) ?? null;
    const n = reader.integer('the number of a command', 1, 1_000_000_000);
    return isProblem(n) ? n : (atEnd(reader) ?? n);
  },
  act: immediate((stage: Stage, n): Answer | Problem => {
    const moment = subject(stage, n);
    if (isProblem(moment)) return moment;
    const blocks = explained(stage, moment);
    return isProblem(blocks) ? blocks : { blocks };
  }),
};
