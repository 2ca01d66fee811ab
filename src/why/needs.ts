import { NO_OP, type Op, type Proc } from '../core/ids.ts';
import type { Need } from '../sim/rules.ts';
import { AWAITS, BEAT, BECAUSE, REPLIED, SENT } from '../sim/trace.ts';
import type { Line, Tree } from '../view/block.ts';
import { peerStories } from './peers.ts';
import { phrase } from './sentence.ts';
import type { Teller } from './teller.ts';
import { line, often, span, tree } from './words.ts';

/** All statements of one need by one process: the last one says how it stands. */
export interface Waiting {
  readonly proc: Proc;
  readonly op: Op;
  /** AWAITS rows, in order. */
  readonly rows: readonly number[];
  readonly need: Need;
}

/** The needs stated in some rows, by process and kind, in order of their first statement. */
export function waitings(teller: Teller, rows: readonly number[]): readonly Waiting[] {
  const { trace } = teller.reading;
  const out = new Map<string, { proc: Proc; op: Op; rows: number[]; need: Need }>();
  for (const row of rows) {
    if (trace.kind[row] !== AWAITS) continue;
    const need = trace.need(row);
    const proc = trace.proc[row] as Proc;
    const op = trace.op[row] as Op;
    const key = `${proc} ${op} ${need.what}`;
    const known = out.get(key);
    if (known === undefined) out.set(key, { proc, op, rows: [row], need });
    else {
      known.rows.push(row);
      known.need = need;
    }
  }
  return [...out.values()];
}

export function isMet(waiting: Waiting): boolean {
  return waiting.need.have.length >= waiting.need.need;
}

export function lastRow(waiting: Waiting): number {
  return waiting.rows.at(-1) ?? 0;
}

/** `confirmation that a still leads`. */
export function wanted(teller: Teller, { need }: Waiting): string {
  return phrase(need.what, need.facts ?? {}, teller.scene.names);
}

/** `1 of 2 (a)`; nothing where one answer of one node was needed. */
export function tally(teller: Teller, { need }: Waiting): string {
  const who = need.have.length === 0 ? '' : ` (${teller.names(need.have)})`;
  return `${need.have.length} of ${need.need}${who}`;
}

/**
 * Messages that this waiting sent to a peer, the most telling there are: those of the handlers that stated the need; those of its operation while it stood;
 * whatever went there meanwhile.
 */
export function asked(teller: Teller, waiting: Waiting, peer: Proc): readonly number[] {
  const { reading } = teller;
  const { trace } = reading;
  const isTo = (row: number): boolean =>
    trace.proc[row] === waiting.proc && trace.peer[row] === peer && (trace.kind[row] === SENT || trace.kind[row] === BEAT);
  const stated = new Set(waiting.rows.map((row) => reading.handler(row)));
  stated.delete(0);
  const direct = [...stated].flatMap((handler) => reading.consequences(handler).filter(isTo));
  if (direct.length > 0) return direct;
  const [first, last] = spanOf(teller, waiting);
  const own = waiting.op === NO_OP ? [] : reading.ofOp(waiting.op).filter((row) => row >= first && row <= last && isTo(row));
  if (own.length > 0) return own;
  return reading.between(waiting.proc, peer, first, last).filter((row) => trace.kind[row] !== REPLIED);
}

/** The rows during which a need stood: from its first statement until the same process stated another one for the same operation. */
function spanOf(teller: Teller, waiting: Waiting): readonly [first: number, last: number] {
  const { trace } = teller.reading;
  const first = teller.reading.handler(waiting.rows[0] ?? 0) || (waiting.rows[0] ?? 1);
  const said = waiting.op === NO_OP ? [] : teller.reading.ofOp(waiting.op);
  const next = said.find((row) => row > lastRow(waiting) && trace.kind[row] === AWAITS && trace.proc[row] === waiting.proc);
  return [first, next ?? teller.reading.until];
}

/** The tree of a need that was not met: what it was, how far it came, and what became of each answer that is missing. */
export function unmetTree(teller: Teller, waiting: Waiting, depth: number, seen: Set<number>): Tree {
  seen.add(lastRow(waiting));
  return tree(unmetLine(teller, waiting), depth <= 0 ? [] : missingTrees(teller, waiting, depth, seen));
}

function missingTrees(teller: Teller, waiting: Waiting, depth: number, seen: Set<number>): readonly Tree[] {
  seen.add(lastRow(waiting));
  const { need } = waiting;
  const missing = need.of.filter((peer) => !need.have.includes(peer));
  return peerStories(teller, waiting, missing, depth, seen);
}

/**
 * All that one process waited for on behalf of an operation and did not get, one after the other, under the sentence that says why it had to wait. `all` is in
 * order of time and belongs to one process.
 */
export function unmetTrees(teller: Teller, all: readonly Waiting[], depth: number, seen: Set<number>): Tree {
  const last = all.at(-1) as Waiting;
  const reason = waitedSentence(teller, last);
  if (reason === undefined && all.length === 1) return unmetTree(teller, last, depth, seen);
  const head = reason === undefined ? line(span(teller.name(last.proc), 'node'), ' had to wait') : line(reason);
  const branches = all.slice(-3).map((one) => needBranch(teller, one, depth - 1, seen));
  // What was waited for before counts where one story tells why it never came.
  const telling = branches.filter((branch, i) => i === branches.length - 1 || branch.children.length === 0);
  return tree(head, telling);
}

/** `confirmation that a still leads: c asked a: lost on …`; several stories stand below. */
function needBranch(teller: Teller, waiting: Waiting, depth: number, seen: Set<number>): Tree {
  const label = `${wanted(teller, waiting)}${counted(waiting) ? `, ${tally(teller, waiting)}` : ''}`;
  const stories = missingTrees(teller, waiting, depth, seen);
  const only = stories.length === 1 ? stories[0] : undefined;
  return only === undefined ? tree(line(label), stories) : tree(line(`${label}: `, only.line), only.children);
}

function counted({ need }: Waiting): boolean {
  return need.of.length > 1 && (need.need > 1 || need.have.length > 0);
}

function unmetLine(teller: Teller, waiting: Waiting): Line {
  const reason = waitedSentence(teller, waiting);
  const how = counted(waiting) ? `: ${tally(teller, waiting)}` : '';
  if (reason !== undefined) return line(reason, how === '' ? '' : ` (${wanted(teller, waiting)}${how})`);
  const rhythm = waiting.op === NO_OP ? often(rounds(teller, waiting)) : '';
  return line(span(teller.name(waiting.proc), 'node'), ' waited for ', wanted(teller, waiting), rhythm === '' ? '' : ` ${rhythm}`, how);
}

/** When a need was stated with no answer beyond the asker's own: each is a new round. */
function rounds(teller: Teller, waiting: Waiting): readonly number[] {
  const { trace } = teller.reading;
  return waiting.rows.filter((row) => trace.need(row).have.length <= 1).map((row) => teller.timeUs(row));
}

/** Why the process had to wait, in the system's own words, if it said so. */
function waitedSentence(teller: Teller, waiting: Waiting): string | undefined {
  const { trace } = teller.reading;
  const handlers = new Set(waiting.rows.map((row) => teller.reading.handler(row)));
  const said = teller.reading.reasons.findLast(
    (row) =>
      trace.kind[row] === BECAUSE &&
      trace.proc[row] === waiting.proc &&
      trace.because(row).rule.effect === 'waited' &&
      (waiting.op === NO_OP ? handlers.has(teller.reading.handler(row)) : trace.op[row] === waiting.op),
  );
  return said === undefined ? undefined : teller.because(said);
}
