import type { Op, Proc } from '../../core/ids.ts';
import { EMPTY, isEmpty, newestTs, type Row, sameRow } from '../../protocols/lww.ts';
import { onCasRead } from './cas.ts';
import { readTimeout } from './errors.ts';
import { blockFor, type Level } from './levels.ts';
import { type Ask, type Env, type Memory, type ReadWork, rowOf, T_READ } from './memory.ts';
import { mend } from './mend.ts';
import type { Fetched, Result } from './messages.ts';
import { rule } from './rules.ts';
import { valueIn } from './values.ts';
import { refuse } from './write.ts';

/** How often the 99th percentile of read latency is computed anew: each read_request_timeout. */
const PERCENTILE_US = 5_000_000;

export function onRead(env: Env, m: Memory, ask: Ask, op: Op, key: string, level: Level): void {
  const failure = startRead(env, m, ask, op, key, level, 0);
  if (failure !== undefined) ask.reply(op, failure);
}

/**
 * Asks as many replicas as the level needs, the nearest first: one for the row, the others for digests. Returns the refusal if too few
 * are up; everything else goes to the client, or to the lightweight transaction `cas`.
 */
export function startRead(env: Env, m: Memory, ask: Ask, op: Op, key: string, level: Level, cas: number): Result | undefined {
  const order = nearestFirst(env, m, key);
  const need = blockFor(level, env.config.ring.rf);
  if (order.length < need) return refuse(env, m, ask, key, level, need, order.length);
  if (need === 1 && order[0] === env.self && cas === 0 && env.config.speculativeRetry !== 'ALWAYS') {
    const row = rowOf(env, m, key);
    if (ask.tracing) explainAnswer(ask, [env.self], level, key, row);
    ask.reply(op, { kind: 'result', status: 'ok', value: valueIn(row) });
    return undefined;
  }
  const asked = env.config.speculativeRetry === 'ALWAYS' ? Math.min(need + 1, order.length) : need;
  const work: ReadWork = {
    kind: 'read',
    id: m.nextWork++,
    op,
    key,
    level,
    need,
    order,
    asked,
    round: 'digests',
    speculated: asked > need || asked === order.length,
    startUs: env.monotonicUs(),
    from: [],
    rows: [],
    full: -1,
    merged: EMPTY,
    cas,
  };
  m.works.set(work.id, work);
  armFirst(env, m, ask, work);
  if (ask.tracing)
    ask.because(rule.readAsked, { coordinator: env.self, full: order[0] as Proc, digests: order.slice(1, asked), level, need });
  for (let i = 0; i < asked; i++) if (order[i] !== env.self) ask.send(order[i] as Proc, { kind: 'fetch', id: work.id, key, digest: i > 0 });
  // The own answer last: it may be all that was missing, and if not it says what is still awaited.
  const here = order.indexOf(env.self);
  if (ask.tracing && (here < 0 || here >= asked)) awaitAnswers(ask, work);
  if (here >= 0 && here < asked) onAnswer(env, m, ask, work, env.self, rowOf(env, m, key), here > 0);
  return undefined;
}

/** The snitch: this node itself, then replicas that nobody has measured since they came back (their score is zero), then the ring's order. */
function nearestFirst(env: Env, m: Memory, key: string): readonly Proc[] {
  const near = env.config.ring.nearest(key, env.self);
  if (m.peers.down === 0 && m.unscored.size === 0) return near;
  const live = near.filter((p) => m.peers.isUp(p));
  const rank = (p: Proc): number => (p === env.self ? 0 : m.unscored.has(p) ? 1 : 2);
  return live
    .map((p, i) => ({ p, at: rank(p) * live.length + i }))
    .sort((a, b) => a.at - b.at)
    .map((x) => x.p);
}

/** One timer serves both: first the moment to ask one replica more, then what is left of the timeout. */
function armFirst(env: Env, m: Memory, ask: Ask, work: ReadWork): void {
  const { readTimeoutUs, speculativeRetry } = env.config;
  let waitUs = readTimeoutUs;
  if (speculativeRetry === '99p' && !work.speculated) {
    if (work.startUs - m.speculateSetUs >= PERCENTILE_US) {
      m.speculateSetUs = work.startUs;
      m.speculateUs = m.latency.read(0.99) ?? m.speculateUs;
    }
    waitUs = Math.min(m.speculateUs, readTimeoutUs);
  }
  if (waitUs >= readTimeoutUs) work.speculated = true;
  ask.timer(T_READ, work.id, waitUs, waitUs);
}

function awaitAnswers(ask: Ask, work: ReadWork): void {
  const what = work.round === 'digests' ? 'answer to the read' : 'full row';
  ask.awaits(work.op, { need: work.need, of: work.order.slice(0, work.asked), have: work.from.slice(), what });
}

export function onReadTimer(env: Env, m: Memory, ask: Ask, work: ReadWork): void {
  if (work.round === 'digests' && !work.speculated) {
    speculate(env, ask, work);
    return;
  }
  m.works.delete(work.id);
  const { readTimeoutUs } = env.config;
  if (work.round === 'repair') {
    const missing = work.order.slice(0, work.asked).filter((p) => !work.from.includes(p));
    if (ask.tracing) ask.because(rule.repairTimedOut, { missing, timeout: readTimeoutUs });
    endRead(env, m, ask, work, readTimeout(work.need - 1));
    return;
  }
  if (ask.tracing) {
    const missing = work.order.slice(0, work.asked).filter((p) => !work.from.includes(p));
    ask.because(rule.readTimedOut, { level: work.level, need: work.need, received: work.from.length, timeout: readTimeoutUs, missing });
  }
  endRead(env, m, ask, work, readTimeout(work.from.length));
}

/** speculative_retry: the answer is late, so one replica more is asked, for the row if nobody has sent it yet. */
function speculate(env: Env, ask: Ask, work: ReadWork): void {
  work.speculated = true;
  const peer = work.order[work.asked] as Proc;
  work.asked++;
  const afterUs = env.monotonicUs() - work.startUs;
  const leftUs = Math.max(0, env.config.readTimeoutUs - afterUs);
  ask.timer(T_READ, work.id, leftUs, leftUs);
  if (ask.tracing) {
    ask.because(rule.speculated, { after: afterUs, peer });
    awaitAnswers(ask, work);
  }
  ask.send(peer, { kind: 'fetch', id: work.id, key: work.key, digest: work.full >= 0 });
}

export function onFetched(env: Env, m: Memory, ask: Ask, from: Proc, message: Fetched): void {
  if (m.unscored.size > 0) m.unscored.delete(from);
  const work = m.works.get(message.id);
  if (work !== undefined && work.kind === 'read') onAnswer(env, m, ask, work, from, message.row, message.digest);
}

function onAnswer(env: Env, m: Memory, ask: Ask, work: ReadWork, from: Proc, row: Row, digest: boolean): void {
  work.from.push(from);
  work.rows.push(row);
  if (!digest && work.full < 0) work.full = work.rows.length - 1;
  if (ask.tracing) awaitAnswers(ask, work);
  if (work.rows.length < work.need || (work.full < 0 && work.round === 'digests')) return;
  if (work.round === 'rows') {
    mend(env, m, ask, work);
    return;
  }
  const first = work.rows[0] as Row;
  for (let i = 1; i < work.rows.length; i++) {
    if (sameRow(first, work.rows[i] as Row)) continue;
    fetchRows(env, m, ask, work);
    return;
  }
  m.works.delete(work.id);
  ask.cancel(T_READ, work.id);
  // Answers that needed no other node say nothing about how long others take.
  if (work.asked > 1 || from !== env.self) m.latency.add(env.monotonicUs() - work.startUs);
  if (ask.tracing) explainAnswer(ask, work.from.slice(), work.level, work.key, first);
  endRead(env, m, ask, work, work.rows[work.full] as Row);
}

export function explainAnswer(ask: Ask, from: readonly Proc[], level: Level, key: string, row: Row): void {
  if (isEmpty(row)) ask.because(rule.servedNothing, { from, level, key });
  else ask.because(rule.servedBy, { from, level, ts: newestTs(row) });
}

/** Digests differ: everybody asked so far sends the full row. */
function fetchRows(env: Env, m: Memory, ask: Ask, work: ReadWork): void {
  if (ask.tracing) ask.because(rule.digestMismatch, { from: work.from.slice() });
  nextRound(env, m, ask, work, 'rows');
  work.from = [];
  work.rows = [];
  for (let i = 0; i < work.asked; i++) {
    if (work.order[i] !== env.self) ask.send(work.order[i] as Proc, { kind: 'fetch', id: work.id, key: work.key, digest: false });
  }
  if (ask.tracing) awaitAnswers(ask, work);
  if (work.order.indexOf(env.self) >= 0 && work.order.indexOf(env.self) < work.asked)
    onAnswer(env, m, ask, work, env.self, rowOf(env, m, work.key), false);
}

/** A new id, so that late answers of the last round are nobody's, with what is left of the timeout. */
export function nextRound(env: Env, m: Memory, ask: Ask, work: ReadWork, round: ReadWork['round']): void {
  m.works.delete(work.id);
  ask.cancel(T_READ, work.id);
  work.id = m.nextWork++;
  work.round = round;
  m.works.set(work.id, work);
  const leftUs = Math.max(0, env.config.readTimeoutUs - (env.monotonicUs() - work.startUs));
  ask.timer(T_READ, work.id, leftUs, leftUs);
}

/** The end of a read: the row, or why there is none. */
export function endRead(env: Env, m: Memory, ask: Ask, work: ReadWork, end: Row | Result): void {
  if (work.cas !== 0) onCasRead(env, m, ask, work.cas, end);
  else if ('kind' in end) ask.reply(work.op, end);
  else ask.reply(work.op, { kind: 'result', status: 'ok', value: valueIn(end) });
}
