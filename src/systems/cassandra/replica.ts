import type { Proc } from '../../core/ids.ts';
import { unreachable } from '../../core/unreachable.ts';
import { EMPTY, merge } from '../../protocols/lww.ts';
import { PhiDetector } from '../../protocols/phi.ts';
import type { Replica } from '../../sim/process.ts';
import { applyCommit, onPrepare, onPropose } from './acceptor.ts';
import { onAccept, onBackoffTimer, onCas, onPaxosTimer, onPromise, onSerialRead } from './cas.ts';
import type { Config } from './config.ts';
import { onAdd, onCount, onCounted, onCountTimer } from './counter.ts';
import { judge, onGossip, onGossipTimer } from './gossip.ts';
import { onHinted, onHintsTimer } from './hints.ts';
import { isSerial } from './levels.ts';
import {
  type Ask,
  type Env,
  flushTables,
  GOSSIP_US,
  HINTS_US,
  type LogRecord,
  type Memory,
  newMemory,
  rowOf,
  SYNC_US,
  T_BACKOFF,
  T_COUNT,
  T_GOSSIP,
  T_HINTS,
  T_PAXOS,
  T_READ,
  T_REPAIR,
  T_SYNC,
  T_VERDICT,
  T_WRITE,
} from './memory.ts';
import { onMended } from './mend.ts';
import type { Message } from './messages.ts';
import { onFetched, onRead, onReadTimer } from './read.ts';
import { onRepair, onRepairTimer, onStream, onSync, onSynced, onTrees, onValidate } from './repair.ts';
import { rule } from './rules.ts';
import { acknowledge, apply, compact } from './storage.ts';
import { onWrite, onWriteAcked, onWriteTimer } from './write.ts';

/** A node of Cassandra: coordinator for whoever asks it, replica for the keys of its ranges. */
export const replica: Replica<Memory, LogRecord, Message, Config> = {
  boot(env, ask, start) {
    const nowUs = env.monotonicUs();
    const m = newMemory(new PhiDetector(env.size, nowUs, GOSSIP_US), env.size, nowUs);
    if (start === undefined) replay(env, m, ask);
    // A fresh cluster has gossiped for long: each node is somewhere in its second. A node that comes back introduces itself at once.
    ask.timer(T_GOSSIP, 0, 0, start === undefined ? 0 : GOSSIP_US);
    ask.timer(T_SYNC, 0, SYNC_US, SYNC_US);
    ask.timer(T_HINTS, 0, HINTS_US, HINTS_US);
    return m;
  },

  onRequest(env, m, ask, op, message) {
    switch (message.kind) {
      case 'write':
        return onWrite(env, m, ask, op, message.key, message.row, message.level);
      case 'read':
        if (isSerial(message.level)) return onSerialRead(env, m, ask, op, message.key, message.level);
        return onRead(env, m, ask, op, message.key, message.level);
      case 'cas':
        return onCas(env, m, ask, op, message);
      case 'add':
        return onAdd(env, m, ask, op, message.key, message.delta, message.level);
      case 'repair':
        return onRepair(env, m, ask, op, message.nodes);
      case 'compact':
        return ask.reply(op, { kind: 'result', status: 'ok', dropped: compact(env, m, ask) });
      case 'flush':
        flushTables(env, m);
        return ask.reply(op, { kind: 'result', status: 'ok' });
      default:
        throw new Error(`a client sent ${message.kind}, which only servers say`);
    }
  },

  onMessage(env, m, ask, from, message) {
    switch (message.kind) {
      case 'mutate':
        apply(env, m, ask, message.key, message.row, message);
        return acknowledge(env, ask, from, { kind: 'acked', id: message.id });
      case 'acked':
        return onAcked(env, m, ask, from, message.id);
      case 'fetch':
        return ask.send(from, { kind: 'fetched', id: message.id, row: rowOf(env, m, message.key), digest: message.digest });
      case 'fetched':
        return onFetched(env, m, ask, from, message);
      case 'gossip':
        return onGossip(env, m, ask, from, message.hears);
      default:
        return onRareMessage(env, m, ask, from, message);
    }
  },

  onTimer(env, m, ask, kind, tag) {
    const work = m.works.get(tag);
    switch (kind) {
      case T_GOSSIP:
        return onGossipTimer(env, m, ask);
      case T_VERDICT:
        return judge(env, m, ask, env.monotonicUs());
      case T_SYNC:
        ask.timer(T_SYNC, 0, SYNC_US, SYNC_US);
        if (env.disk.durable < env.disk.length) ask.flush();
        return;
      case T_HINTS:
        return onHintsTimer(env, m, ask);
      case T_WRITE:
        return work?.kind === 'write' ? onWriteTimer(env, m, ask, work) : undefined;
      case T_READ:
        return work?.kind === 'read' ? onReadTimer(env, m, ask, work) : undefined;
      case T_PAXOS:
        return onPaxosTimer(env, m, ask, tag);
      case T_BACKOFF:
        return onBackoffTimer(env, m, ask, tag);
      case T_COUNT:
        return work?.kind === 'count' ? onCountTimer(env, m, ask, work) : undefined;
      case T_REPAIR:
        return work?.kind === 'repair' ? onRepairTimer(m, ask, work) : undefined;
      default:
        throw new Error(`timer ${kind} is none of a server's`);
    }
  },

  unsettled(env, m, reach) {
    if (m.works.size > 0) return 'an answer of a replica';
    for (const hint of m.hints.map.values()) if (reach(hint.target)) return 'the delivery of a hint';
    for (let peer = 0; peer < env.size; peer++) {
      if (peer !== env.self && reach(peer) !== m.peers.isUp(peer)) return 'a verdict of the failure detector';
    }
    return undefined;
  },

  shift(env, m, deltaUs) {
    if (m.works.size > 0 || env.disk.durable < env.disk.length || m.hintsFlushed < m.nextHint - 1) return false;
    for (const hint of m.hints.map.values()) if (m.peers.isUp(hint.target)) return false;
    m.peers.shift(deltaUs);
    for (let peer = 0; peer < env.size; peer++) if (m.peers.isUp(peer)) m.gossipUs[peer] = (m.gossipUs[peer] as number) + deltaUs;
    return true;
  },
};

function onAcked(env: Env, m: Memory, ask: Ask, from: Proc, id: number): void {
  const work = m.works.get(id);
  if (work === undefined) return;
  if (work.kind === 'write') onWriteAcked(env, m, ask, work, from);
  else if (work.kind === 'read') onMended(env, m, ask, work, from);
}

function onRareMessage(env: Env, m: Memory, ask: Ask, from: Proc, message: Message): void {
  switch (message.kind) {
    case 'hint':
      apply(env, m, ask, message.key, message.row, message);
      acknowledge(env, ask, from, { kind: 'hinted', id: message.id });
      return;
    case 'hinted':
      onHinted(env, m, ask, from, message.id);
      return;
    case 'prepare':
      acknowledge(env, ask, from, onPrepare(env, m, ask, message.id, message.key, message.ballot));
      return;
    case 'promise':
      onPromise(env, m, ask, from, message);
      return;
    case 'propose':
      acknowledge(env, ask, from, onPropose(env, m, ask, message.id, message.key, message.proposal));
      return;
    case 'accept':
      onAccept(env, m, ask, from, message);
      return;
    case 'commit':
      applyCommit(env, m, ask, message.key, message.proposal);
      acknowledge(env, ask, from, { kind: 'acked', id: message.id });
      return;
    case 'count':
      onCount(env, m, ask, from, message);
      return;
    case 'counted':
      onCounted(env, m, ask, message.id, message.result);
      return;
    case 'validate':
      onValidate(env, m, ask, from, message.id, message.nodes);
      return;
    case 'trees':
      onTrees(env, m, ask, from, message.id, message.trees);
      return;
    case 'sync':
      onSync(env, m, ask, from, message);
      return;
    case 'stream':
      onStream(env, m, ask, from, message);
      return;
    case 'synced':
      onSynced(m, ask, message);
      return;
    case 'write':
    case 'read':
    case 'cas':
    case 'add':
    case 'compact':
    case 'flush':
    case 'repair':
    case 'result':
    case 'mutate':
    case 'acked':
    case 'fetch':
    case 'fetched':
    case 'gossip':
      throw new Error(`a server was sent ${message.kind} by another, which is none of its messages`);
    default:
      unreachable(message);
  }
}

/** After a crash: tables and commit log, system.paxos and the hint files, in the order in which they were written. */
function replay(env: Env, m: Memory, ask: Ask): void {
  for (const record of env.disk.records) {
    switch (record.kind) {
      case 'mutate':
      case 'row':
      case 'hint':
        m.table.set(record.key, merge(m.table.get(record.key) ?? EMPTY, record.row));
        break;
      case 'paxos':
        m.paxos.set(record.key, record.state);
        m.lastBallotTs = Math.max(m.lastBallotTs, record.state.promised.ts);
        break;
      case 'hint stored':
        m.hints.set(record.hint.id, record.hint);
        m.nextHint = Math.max(m.nextHint, record.hint.id + 1);
        break;
      case 'hint gone':
        m.hints.delete(record.id);
        break;
    }
  }
  m.hintsFlushed = m.nextHint - 1;
  if (ask.tracing) ask.because(rule.replayed, { node: env.self, records: env.disk.length });
}
