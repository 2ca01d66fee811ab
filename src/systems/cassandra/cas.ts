import type { Op, Proc } from '../../core/ids.ts';
import { EMPTY, type Row, registerWrite } from '../../protocols/lww.ts';
import { examine, NO_BALLOT, type Proposal } from '../../protocols/paxos.ts';
import { onPrepare, onPropose } from './acceptor.ts';
import { casTimeout, casUnknown, readTimeout } from './errors.ts';
import { blockFor, type Level } from './levels.ts';
import { type Ask, type CasWork, type Env, type Memory, T_BACKOFF, T_PAXOS } from './memory.ts';
import type { Cas, Commit, Message, PeerMessage, Result } from './messages.ts';
import { startRead } from './read.ts';
import { rule } from './rules.ts';
import { acknowledge } from './storage.ts';
import { valueIn } from './values.ts';
import { liveReplicas, refuse, startWrite } from './write.ts';

type Promise = Extract<PeerMessage, { kind: 'promise' }>;
type Accept = Extract<PeerMessage, { kind: 'accept' }>;

const MAX_BACKOFF_US = 100_000;

/**
 * A lightweight transaction (StorageProxy.cas, Paxos v1): prepare, read, propose, commit, a round trip each. A condition that does not hold, and a read at
 * SERIAL, propose nothing: only then can no older proposal be decided behind their back (CASSANDRA-12126).
 */
export function onCas(env: Env, m: Memory, ask: Ask, op: Op, cas: Cas): void {
  begin(env, m, ask, op, cas.key, cas.serial, cas);
}

/** A read at SERIAL or LOCAL_SERIAL: prepare, propose nothing, read at quorum. */
export function onSerialRead(env: Env, m: Memory, ask: Ask, op: Op, key: string, serial: Level): void {
  begin(env, m, ask, op, key, serial, undefined);
}

function begin(env: Env, m: Memory, ask: Ask, op: Op, key: string, serial: Level, cas: Cas | undefined): void {
  const work: CasWork = {
    kind: 'cas',
    id: m.nextWork++,
    op,
    cas,
    key,
    serial,
    startUs: env.monotonicUs(),
    round: 'prepare',
    contentions: 0,
    asked: [],
    need: blockFor(serial, env.config.ring.rf),
    ballot: NO_BALLOT,
    aboveTs: Number.NEGATIVE_INFINITY,
    promises: [],
    have: [],
    accepts: 0,
    row: EMPTY,
    seen: null,
  };
  m.works.set(work.id, work);
  prepare(env, m, ask, work, true);
}

function prepare(env: Env, m: Memory, ask: Ask, work: CasWork, first: boolean): void {
  const live = liveReplicas(env, m, work.key);
  if (live.length < work.need) {
    end(m, ask, work, refuse(env, m, ask, work.key, work.serial, work.need, live.length));
    return;
  }
  if (!first && env.monotonicUs() - work.startUs >= env.config.casContentionUs) {
    end(m, ask, work, timedOut(work, 0));
    return;
  }
  // Real ballots are time UUIDs of the coordinator's clock, raised above what others were seen to have promised.
  const ts = Math.max(env.clockUs(), m.lastBallotTs + 1, work.aboveTs + 1);
  m.lastBallotTs = ts;
  work.ballot = { ts, by: env.self };
  work.promises = [];
  work.asked = live;
  newRound(env, m, ask, work, 'prepare', true);
  const { id, key, ballot } = work;
  toAll(env, m, ask, work, { kind: 'prepare', id, key, ballot }, () => onPrepare(env, m, ask, id, key, ballot));
}

/** Each round has an id of its own: late answers of an earlier one find nobody. */
function newRound(env: Env, m: Memory, ask: Ask, work: CasWork, round: CasWork['round'], timed: boolean): void {
  m.works.delete(work.id);
  ask.cancel(T_PAXOS, work.id);
  work.id = m.nextWork++;
  work.round = round;
  work.have = [];
  work.accepts = 0;
  m.works.set(work.id, work);
  if (timed) ask.timer(T_PAXOS, work.id, env.config.writeTimeoutUs, env.config.writeTimeoutUs);
}

/** Asks every live replica, this node last: its own answer may end the round. */
function toAll(env: Env, m: Memory, ask: Ask, work: CasWork, message: Message, here: () => Message): void {
  for (const peer of work.asked) if (peer !== env.self) ask.send(peer, message);
  if (ask.tracing && (!work.asked.includes(env.self) || env.config.commitlogSync === 'batch')) awaitAnswers(ask, work);
  if (!work.asked.includes(env.self)) return;
  const answer = here();
  if (env.config.commitlogSync === 'batch') acknowledge(env, ask, env.self, answer);
  else if (answer.kind === 'promise') onPromise(env, m, ask, env.self, answer);
  else if (answer.kind === 'accept') onAccept(env, m, ask, env.self, answer);
}

function awaitAnswers(ask: Ask, work: CasWork): void {
  const what = work.round === 'prepare' ? 'promise of ballot {ballot}' : 'acceptance of ballot {ballot}';
  ask.awaits(work.op, { need: work.need, of: work.asked, have: work.have.slice(), what, facts: { ballot: work.ballot.ts } });
}

function find(m: Memory, id: number, ...rounds: CasWork['round'][]): CasWork | undefined {
  const work = m.works.get(id);
  return work !== undefined && work.kind === 'cas' && rounds.includes(work.round) ? work : undefined;
}

export function onPromise(env: Env, m: Memory, ask: Ask, from: Proc, message: Promise): void {
  const work = find(m, message.id, 'prepare');
  if (work === undefined) return;
  if (!message.promised) {
    work.aboveTs = Math.max(work.aboveTs, message.ballot.ts);
    backOff(m, ask, work, env);
    return;
  }
  work.have.push(from);
  work.promises.push({ from, accepted: message.accepted, committed: message.committed });
  if (ask.tracing) awaitAnswers(ask, work);
  if (work.promises.length < work.need) return;
  const finding = examine(work.promises);
  switch (finding.kind) {
    case 'finish':
      if (ask.tracing) ask.because(rule.finishesRound, { coordinator: env.self, found: finding.proposal.ballot.ts });
      propose(env, m, ask, work, 'finish', restamp(finding.proposal.row, work.ballot.ts));
      return;
    case 'inform':
      if (ask.tracing) ask.because(rule.informs, { coordinator: env.self, peers: finding.peers });
      inform(env, m, ask, work, finding.proposal, finding.peers);
      return;
    case 'free':
      if (work.cas === undefined) propose(env, m, ask, work, 'nothing', EMPTY);
      else read(env, m, ask, work);
  }
}

/** An unfinished update is proposed again under this ballot, which becomes its timestamp. */
function restamp(row: Row, ts: number): Row {
  return row.value === null ? row : registerWrite(row.value, ts);
}

function inform(env: Env, m: Memory, ask: Ask, work: CasWork, proposal: Proposal, peers: readonly Proc[]): void {
  startWrite(env, m, ask, work.op, { kind: 'commit', id: m.nextWork++, key: work.key, proposal }, 'ONE', peers, 1, { to: 'nobody' });
  prepare(env, m, ask, work, false);
}

function read(env: Env, m: Memory, ask: Ask, work: CasWork): void {
  newRound(env, m, ask, work, 'read', false);
  const failure = startRead(env, m, ask, work.op, work.key, work.serial === 'LOCAL_SERIAL' ? 'LOCAL_QUORUM' : 'QUORUM', work.id);
  if (failure !== undefined) end(m, ask, work, failure);
}

export function onCasRead(env: Env, m: Memory, ask: Ask, id: number, found: Row | Result): void {
  const work = find(m, id, 'read');
  if (work === undefined) return;
  if ('kind' in found) {
    end(m, ask, work, found);
    return;
  }
  if (work.cas === undefined) {
    end(m, ask, work, { kind: 'result', status: 'ok', value: valueIn(found) });
    return;
  }
  work.seen = found.value;
  const { expected, value } = work.cas;
  if (found.value === expected) propose(env, m, ask, work, 'propose', registerWrite(value, work.ballot.ts));
  else {
    if (ask.tracing) ask.because(rule.conditionFailed, { key: work.key, seen: found.value ?? 'none', expected: expected ?? 'none' });
    propose(env, m, ask, work, 'nothing', EMPTY);
  }
}

function propose(env: Env, m: Memory, ask: Ask, work: CasWork, round: 'finish' | 'nothing' | 'propose', row: Row): void {
  work.row = row;
  newRound(env, m, ask, work, round, true);
  const { id, key, ballot } = work;
  const proposal: Proposal = { ballot, row };
  toAll(env, m, ask, work, { kind: 'propose', id, key, proposal }, () => onPropose(env, m, ask, id, key, proposal));
}

export function onAccept(env: Env, m: Memory, ask: Ask, from: Proc, message: Accept): void {
  const work = find(m, message.id, 'finish', 'nothing', 'propose');
  if (work === undefined) return;
  work.have.push(from);
  if (message.accepted) work.accepts++;
  else work.aboveTs = Math.max(work.aboveTs, message.ballot.ts);
  if (ask.tracing) awaitAnswers(ask, work);
  if (work.accepts >= work.need) {
    if (ask.tracing) ask.because(rule.decided, { have: work.have.slice(), ballot: work.ballot.ts });
    onDecided(env, m, ask, work);
  } else if (work.have.length === work.asked.length) {
    // Where some accepted, a later round may yet decide it: the client must not try it again as if nothing had happened.
    if (work.round === 'propose' && work.accepts > 0) end(m, ask, work, casUnknown(work.accepts));
    else backOff(m, ask, work, env);
  }
}

function onDecided(env: Env, m: Memory, ask: Ask, work: CasWork): void {
  const proposal: Proposal = { ballot: work.ballot, row: work.row };
  const level = work.cas?.commit ?? 'QUORUM';
  const commit = (): Commit => ({ kind: 'commit', id: m.nextWork++, key: work.key, proposal });
  const live = liveReplicas(env, m, work.key);
  const need = blockFor(level, env.config.ring.rf);
  switch (work.round) {
    case 'finish':
      startWrite(env, m, ask, work.op, commit(), level, live, need, { to: 'nobody' });
      prepare(env, m, ask, work, false);
      return;
    case 'nothing':
      if (work.cas === undefined) read(env, m, ask, work);
      else end(m, ask, work, { kind: 'result', status: 'fail', compared: true, error: `[applied] = False, v = ${work.seen ?? 'null'}` });
      return;
    case 'propose':
      newRound(env, m, ask, work, 'commit', false);
      startWrite(env, m, ask, work.op, commit(), level, live, need, { to: 'cas', id: work.id });
      return;
    default:
      throw new Error(`a proposal was decided in round ${work.round}, which proposes nothing`);
  }
}

/** The commit has reached its level, or has not: decided it is in any case. */
export function onCommitted(_env: Env, m: Memory, ask: Ask, id: number, result: Result): void {
  const work = find(m, id, 'commit');
  if (work !== undefined) end(m, ask, work, result.status === 'ok' ? { kind: 'result', status: 'ok', note: '[applied] = True' } : result);
}

function backOff(m: Memory, ask: Ask, work: CasWork, env: Env): void {
  work.contentions++;
  if (ask.tracing) ask.because(rule.contention, { coordinator: env.self });
  newRound(env, m, ask, work, 'backoff', false);
  ask.timer(T_BACKOFF, work.id, 0, MAX_BACKOFF_US);
}

export function onBackoffTimer(env: Env, m: Memory, ask: Ask, id: number): void {
  const work = find(m, id, 'backoff');
  if (work !== undefined) prepare(env, m, ask, work, false);
}

export function onPaxosTimer(env: Env, m: Memory, ask: Ask, id: number): void {
  const work = find(m, id, 'prepare', 'finish', 'nothing', 'propose');
  if (work === undefined) return;
  if (ask.tracing) {
    const missing = work.asked.filter((p) => !work.have.includes(p));
    const round = work.round === 'prepare' ? 'prepare' : 'propose';
    ask.because(rule.casTimedOut, {
      round,
      ballot: work.ballot.ts,
      received: work.have.length,
      need: work.need,
      timeout: env.config.writeTimeoutUs,
      missing,
    });
  }
  end(m, ask, work, timedOut(work, work.have.length));
}

/** A read at SERIAL reports its Paxos timeouts as read timeouts. */
function timedOut(work: CasWork, received: number): Result {
  return work.cas === undefined ? readTimeout(0) : casTimeout(work.need, received, work.contentions);
}

function end(m: Memory, ask: Ask, work: CasWork, result: Result): void {
  m.works.delete(work.id);
  ask.cancel(T_PAXOS, work.id);
  ask.reply(work.op, result);
}
