import type { Op, Proc } from '../../core/ids.ts';
import { newestTs, type Row } from '../../protocols/lww.ts';
import { applyCommit } from './acceptor.ts';
import { onCommitted } from './cas.ts';
import { OK, unavailable, writeTimeout } from './errors.ts';
import { storeHint } from './hints.ts';
import { blockFor, type Level } from './levels.ts';
import { type Ask, type Env, type Memory, T_WRITE, type WriteThen, type WriteWork } from './memory.ts';
import type { Commit, Mutate, Result } from './messages.ts';
import { rule } from './rules.ts';
import { acknowledge, apply } from './storage.ts';

const ACK = 'acknowledgement of the write';

const TO_CLIENT: WriteThen = { to: 'client' };

/** The live replicas of a key: the list itself where nobody is down. */
export function liveReplicas(env: Env, m: Memory, key: string): readonly Proc[] {
  const replicas = env.config.ring.replicas(key);
  return m.peers.down === 0 ? replicas : replicas.filter((p) => m.peers.isUp(p));
}

/** States why a level cannot be met, and since when the missing replicas have been down. */
export function refuse(env: Env, m: Memory, ask: Ask, key: string, level: Level, required: number, alive: number): Result {
  if (ask.tracing) {
    const replicas = env.config.ring.replicas(key);
    const down = replicas.filter((p) => !m.peers.isUp(p));
    if (required > replicas.length) ask.because(rule.tooFewReplicas, { level, required, key, replicas });
    else ask.because(rule.unavailable, { level, required, replicas, coordinator: env.self, down, alive });
    for (const peer of down) ask.because(rule.heldDown, { peer, for: env.monotonicUs() - (m.peers.downSinceUs[peer] as number) });
  }
  return unavailable(level, required, alive);
}

/** A client's write: to every live replica at once, whatever the level; the level only says how many of them it waits for. */
export function onWrite(env: Env, m: Memory, ask: Ask, op: Op, key: string, row: Row, level: Level): void {
  const live = liveReplicas(env, m, key);
  const need = blockFor(level, env.config.ring.rf);
  if (live.length < need && level !== 'ANY') {
    ask.reply(op, refuse(env, m, ask, key, level, need, live.length));
    return;
  }
  startWrite(env, m, ask, op, { kind: 'mutate', id: m.nextWork++, key, row, why: 'write' }, level, live, need, TO_CLIENT);
}

/**
 * Sends a mutation, whose id is new, to `live` and waits for `need` of them. The caller has made sure that the level can be met. A counter's leader has
 * applied it already.
 */
export function startWrite(
  env: Env,
  m: Memory,
  ask: Ask,
  op: Op,
  message: Mutate | Commit,
  level: Level,
  live: readonly Proc[],
  need: number,
  then: WriteThen,
): void {
  const { id } = message;
  const work: WriteWork = { kind: 'write', id, op, message, level, need, asked: live, have: [], hints: 0, replied: false, then };
  const row = rowIn(message);
  if (ask.tracing && live.length > 0) ask.because(rule.writeSent, { coordinator: env.self, ts: newestTs(row), asked: live, level, need });
  let here = false;
  for (let i = 0; i < live.length; i++) {
    const replica = live[i] as Proc;
    if (replica === env.self) here = true;
    else ask.send(replica, message);
  }
  if (m.peers.down > 0) hintTheDead(env, m, ask, work, row);
  const remote = here ? live.length - 1 : live.length;
  if (remote > 0 || (here && env.config.commitlogSync === 'batch')) m.works.set(id, work);
  if (remote > 0) {
    const timeoutUs = timeoutOf(env, message);
    ask.timer(T_WRITE, id, timeoutUs, timeoutUs);
  }
  // An own acknowledgement comes at once, and says what is still awaited.
  if (ask.tracing && (!here || env.config.commitlogSync === 'batch')) ask.awaits(op, { need, of: live, have: [], what: ACK });
  if (here) writeHere(env, m, ask, work);
  else advance(env, m, ask, work);
}

function writeHere(env: Env, m: Memory, ask: Ask, work: WriteWork): void {
  const { message } = work;
  if (message.kind === 'commit') applyCommit(env, m, ask, message.key, message.proposal);
  else if (message.why !== 'counter') apply(env, m, ask, message.key, message.row, message);
  if (env.config.commitlogSync === 'batch') acknowledge(env, ask, env.self, { kind: 'acked', id: work.id });
  else onWriteAcked(env, m, ask, work, env.self);
}

function hintTheDead(env: Env, m: Memory, ask: Ask, work: WriteWork, row: Row): void {
  const { key } = work.message;
  for (const replica of env.config.ring.replicas(key)) {
    if (m.peers.isUp(replica)) continue;
    if (storeHint(env, m, ask, replica, key, row, work.op, 'is held for down')) work.hints++;
  }
}

export function rowIn(message: Mutate | Commit): Row {
  return message.kind === 'commit' ? message.proposal.row : message.row;
}

function timeoutOf(env: Env, message: Mutate | Commit): number {
  return message.kind === 'mutate' && message.why === 'counter' ? env.config.counterTimeoutUs : env.config.writeTimeoutUs;
}

export function onWriteAcked(env: Env, m: Memory, ask: Ask, work: WriteWork, from: Proc): void {
  work.have.push(from);
  if (ask.tracing && !work.replied) ask.awaits(work.op, { need: work.need, of: work.asked, have: work.have.slice(), what: ACK });
  advance(env, m, ask, work);
}

function advance(env: Env, m: Memory, ask: Ask, work: WriteWork): void {
  const { have } = work;
  const all = have.length === work.asked.length;
  if (all && (have.length >= work.need || work.level === 'ANY')) {
    m.works.delete(work.id);
    ask.cancel(T_WRITE, work.id);
  }
  if (work.replied) return;
  if (have.length >= work.need) {
    if (ask.tracing) ask.because(rule.levelReached, { level: work.level, have: have.slice(), ts: newestTs(rowIn(work.message)) });
  } else if (work.level !== 'ANY') return;
  else if (work.hints > 0) {
    if (ask.tracing) ask.because(rule.anyByHint, { key: work.message.key });
  } else {
    // No replica is up and no hint could be kept.
    if (all) endWrite(env, m, ask, work, unavailable(work.level, work.need, 0));
    return;
  }
  endWrite(env, m, ask, work, OK);
}

/** Time is up: who has not answered gets a hint, whether or not the level was reached. */
export function onWriteTimer(env: Env, m: Memory, ask: Ask, work: WriteWork): void {
  m.works.delete(work.id);
  const missing = work.asked.filter((p) => !work.have.includes(p));
  const row = rowIn(work.message);
  const { key } = work.message;
  if (!work.replied && ask.tracing) {
    ask.because(work.have.length === 0 ? rule.writeUnanswered : rule.writeTimedOut, {
      level: work.level,
      need: work.need,
      received: work.have.length,
      timeout: timeoutOf(env, work.message),
      missing,
      have: work.have.slice(),
    });
  }
  for (const replica of missing) if (storeHint(env, m, ask, replica, key, row, work.op, 'did not acknowledge in time')) work.hints++;
  if (work.replied) return;
  if (work.level === 'ANY' && work.hints > 0) {
    if (ask.tracing) ask.because(rule.anyByHint, { key });
    endWrite(env, m, ask, work, OK);
    return;
  }
  endWrite(env, m, ask, work, writeTimeout(work.have.length));
}

function endWrite(env: Env, m: Memory, ask: Ask, work: WriteWork, result: Result): void {
  work.replied = true;
  switch (work.then.to) {
    case 'client':
      ask.reply(work.op, result);
      break;
    case 'coordinator':
      ask.send(work.then.peer, { kind: 'counted', id: work.then.id, result });
      break;
    case 'cas':
      onCommitted(env, m, ask, work.then.id, result);
      break;
    case 'nobody':
      break;
  }
}
