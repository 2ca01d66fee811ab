import { SharedList } from '../../core/copy.ts';
import { NO_OP, NO_PROC } from '../../core/ids.ts';
import { blank, compactDisk, restore, save } from '../../protocols/raft/durability.ts';
import { lead } from '../../protocols/raft/election.ts';
import { compact, entryAt, lastIndex, termAt } from '../../protocols/raft/log.ts';
import { becomeReplicate } from '../../protocols/raft/progress.ts';
import { sendSnapshot } from '../../protocols/raft/replication.ts';
import { step, tick } from '../../protocols/raft/step.ts';
import type { Entry, Proposal, Raft, RaftRecord, Snapshot } from '../../protocols/raft/types.ts';
import type { Replica, Start } from '../../sim/process.ts';
import { cancelRead, idleReads, onFirstCommit, onLeaderChanged, onRange, onReadTimer, sayLeaderless, takeConfirmed } from './reads.ts';
import { shift, unsettled } from './rest.ts';
import { emptyStore, freeze, thaw } from './store.ts';
import {
  CLIENT_DEADLINE,
  type EtcdAsk,
  type EtcdConfig,
  type EtcdEnv,
  type EtcdMemory,
  type EtcdMessage,
  READ_ROUND,
  TICK,
  WRITE_DEADLINE,
} from './types.ts';
import { applyCommand, noteHeard, onWrite, onWriteTimer, submitBlocked } from './writes.ts';

/** Entries between two compactions of the log in memory (etcd 3.6: memorySnapshotCount), or fewer where snapshots are asked for more often. */
const COMPACT_EVERY = 100;
/** The term in which a new etcd cluster writes its members into the log, before its first election. */
const BOOTSTRAP_TERM = 1;

/** etcd's server over Raft: it applies what Raft commits and answers clients. */
export const replica: Replica<EtcdMemory, RaftRecord, EtcdMessage, EtcdConfig> = {
  boot(env, ask, start) {
    const memory = newMemory(env, start === undefined ? restore(env) : firstBoot(env, ask, start));
    const { raft } = memory;
    if (start === undefined) raft.timeoutTicks = ask.draw(env.config.electionTicks, 2 * env.config.electionTicks - 1);
    // A lone member need not wait for a leader that it might disturb (etcd: adjustTicks).
    if (env.size === 1 && raft.role !== 'leader') raft.elapsed = env.config.electionTicks - 1;
    applyCommitted(env, memory, ask);
    ask.timer(TICK, 0, 1, env.config.tickUs);
    return memory;
  },

  onRequest(env, memory, ask, op, message) {
    switch (message.kind) {
      case 'range':
        onRange(env, memory, ask, op, message);
        break;
      case 'put':
      case 'delete':
      case 'cas':
        onWrite(env, memory, ask, op, message);
        break;
      case 'ping':
        ask.reply(op, { kind: 'pong' });
        return;
      default:
        throw new Error(`a client sent ${message.kind}, which only servers send`);
    }
    if (message.timeoutUs > 0) ask.timer(CLIENT_DEADLINE, op, message.timeoutUs, message.timeoutUs);
    ready(env, memory, ask);
  },

  onMessage(env, memory, ask, from, message) {
    if (from !== env.self) noteHeard(env, memory, from);
    // Servers send each other nothing but Raft's messages.
    step(env, memory.raft, ask, from, message as Parameters<typeof step>[4]);
    ready(env, memory, ask);
    if (ask.tracing && message.kind === 'vote') sayElection(env, memory, ask);
  },

  onTimer(env, memory, ask, kind, tag) {
    switch (kind) {
      case TICK:
        ask.timer(TICK, 0, env.config.tickUs, env.config.tickUs);
        tick(env, memory.raft, ask);
        if (ask.tracing && memory.raft.elapsed === 0 && memory.raft.role !== 'leader') sayElection(env, memory, ask);
        break;
      case WRITE_DEADLINE:
        onWriteTimer(env, memory, ask);
        break;
      case READ_ROUND:
        onReadTimer(env, memory, ask);
        break;
      case CLIENT_DEADLINE:
        // The client's deadline travels with its request: what still waits is dropped, what was proposed may yet happen.
        memory.waiting.delete(tag);
        cancelRead(memory, tag);
        return;
      default:
        throw new Error(`timer kind ${kind} is none of a server's`);
    }
    ready(env, memory, ask);
  },

  unsettled,
  shift,
};

function newMemory(env: EtcdEnv, raft: Raft): EtcdMemory {
  const nowUs = env.monotonicUs();
  const snapshot = lastSnapshot(env.disk.records);
  return {
    raft,
    store: snapshot === undefined ? emptyStore() : thaw(snapshot.state),
    lead: raft.lead,
    electedUs: Number.NEGATIVE_INFINITY,
    nextId: nowUs + 1,
    waiting: new Map(),
    blocked: new SharedList<Proposal>(),
    deadlineArmed: false,
    reads: idleReads(),
    heardUs: new Array<number>(env.size).fill(nowUs),
    activeUs: new Array<number>(env.size).fill(nowUs),
    snapshotIndex: raft.log.base,
    compactedIndex: raft.log.base,
  };
}

function lastSnapshot(records: readonly RaftRecord[]): Snapshot | undefined {
  for (let i = records.length - 1; i >= 0; i--) {
    const record = records[i];
    if (record?.kind === 'snapshot') return record;
  }
  return undefined;
}

/**
 * A new cluster. Cold: every log begins with one entry for each member (as etcd's bootstrap writes them), and nobody leads. Warm: the chosen node
 * has also won the first election, in term 2, and everybody has committed its empty entry.
 */
function firstBoot(env: EtcdEnv, ask: EtcdAsk, start: Start): Raft {
  const raft = blank(env.size);
  for (let i = 1; i <= env.size; i++) raft.log.entries.push(memberless(i, BOOTSTRAP_TERM));
  raft.term = BOOTSTRAP_TERM;
  if (!start.cold) {
    raft.term = BOOTSTRAP_TERM + 1;
    raft.log.entries.push(memberless(env.size + 1, raft.term));
    raft.vote = start.leader;
    raft.lead = start.leader;
  }
  raft.commit = lastIndex(raft.log);
  raft.timeoutTicks = ask.draw(env.config.electionTicks, 2 * env.config.electionTicks - 1);
  raft.savedIndex = raft.commit;
  raft.savedTerm = raft.term;
  raft.savedVote = raft.vote;
  raft.savedCommit = raft.commit;
  env.disk.rewrite([...raft.log.entries.items, { kind: 'state', term: raft.term, vote: raft.vote, commit: raft.commit }]);
  raft.syncAt = env.disk.length;
  if (raft.lead !== env.self) return raft;
  raft.role = 'leader';
  lead(env, raft);
  for (const p of raft.progress) {
    p.match = raft.commit;
    p.sentCommit = raft.commit;
    p.active = true;
    becomeReplicate(p);
  }
  return raft;
}

/** An entry that changes nothing in the store. */
function memberless(index: number, term: number): Entry {
  return { kind: 'entry', index, term, op: NO_OP, from: NO_PROC, command: null };
}

/** After every step of Raft, as etcd's server takes up each Ready: the leader, what is committed, what is confirmed; and last the disk. */
function ready(env: EtcdEnv, memory: EtcdMemory, ask: EtcdAsk): void {
  const { raft } = memory;
  if (raft.lead !== memory.lead) noticeLeader(env, memory, ask);
  if (raft.incoming !== null) install(memory, raft.incoming);
  if (raft.applied < raft.commit) applyCommitted(env, memory, ask);
  if (raft.confirmed.id !== 0 || memory.reads.stage === 'applying') takeConfirmed(env, memory, ask);
  if (raft.snapshotsDue.length > 0) sendSnapshots(env, memory, ask);
  save(env, raft, ask);
  raft.incoming = null;
  if (raft.applied >= memory.compactedIndex + Math.min(COMPACT_EVERY, env.config.snapshotCount)) trim(env, memory);
}

function noticeLeader(env: EtcdEnv, memory: EtcdMemory, ask: EtcdAsk): void {
  const { raft } = memory;
  memory.lead = raft.lead;
  if (raft.lead === NO_PROC) {
    if (ask.tracing) sayElection(env, memory, ask);
    return;
  }
  const nowUs = env.monotonicUs();
  if (raft.lead === env.self) {
    memory.electedUs = nowUs;
    // Followers had no reason to talk to this server before: their silence so far says nothing about their connections.
    memory.heardUs.fill(nowUs);
  } else memory.heardUs[raft.lead] = nowUs;
  onLeaderChanged(env, memory, ask);
  submitBlocked(env, memory, ask);
}

function install(memory: EtcdMemory, snapshot: Snapshot): void {
  memory.store = thaw(snapshot.state);
  memory.raft.applied = snapshot.index;
  memory.snapshotIndex = snapshot.index;
  memory.compactedIndex = snapshot.index;
}

function applyCommitted(env: EtcdEnv, memory: EtcdMemory, ask: EtcdAsk): void {
  const { raft } = memory;
  while (raft.applied < raft.commit) {
    const entry = entryAt(raft.log, raft.applied + 1);
    if (entry === undefined) throw new Error(`entry ${raft.applied + 1} is committed on server ${env.self} but not in its log`);
    raft.applied++;
    if (entry.command !== null) applyCommand(env, memory, ask, entry);
    else onFirstCommit(env, memory, ask, entry.term);
  }
}

function snapshotOf(memory: EtcdMemory): Snapshot {
  const { raft } = memory;
  return { kind: 'snapshot', index: raft.applied, term: termAt(raft.log, raft.applied), state: freeze(memory.store) };
}

function sendSnapshots(env: EtcdEnv, memory: EtcdMemory, ask: EtcdAsk): void {
  const { raft } = memory;
  const due = raft.snapshotsDue;
  raft.snapshotsDue = [];
  const snapshot = snapshotOf(memory);
  for (const to of due) sendSnapshot(env, raft, ask, to, snapshot);
}

/** Every 100 applied entries the log in memory is cut, every `snapshotCount` the log on disk begins anew with a snapshot. */
function trim(env: EtcdEnv, memory: EtcdMemory): void {
  const { raft } = memory;
  memory.compactedIndex = raft.applied;
  if (raft.applied - memory.snapshotIndex > env.config.snapshotCount) {
    memory.snapshotIndex = raft.applied;
    compactDisk(env.disk, raft, snapshotOf(memory));
  }
  // While a snapshot is under way its receiver will need the entries right after it.
  if (raft.progress.some((p) => p.state === 'snapshot')) return;
  compact(raft.log, raft.applied - env.config.catchUp);
}

/** For every operation that waits for a leader: how the election stands here. */
function sayElection(env: EtcdEnv, memory: EtcdMemory, ask: EtcdAsk): void {
  if (memory.raft.lead !== NO_PROC) return;
  for (const proposal of memory.blocked.items) if (memory.waiting.has(proposal.op)) sayLeaderless(env, memory, ask, proposal.op);
  if (memory.reads.stage === 'asking') for (const read of memory.reads.batch) sayLeaderless(env, memory, ask, read.op);
}
