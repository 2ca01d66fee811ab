import { NO_PROC, type Op, type Proc } from '../../core/ids.ts';
import { termAt } from './log.ts';
import { everybody, others, quorumOf } from './progress.ts';
import { raftRules as rules } from './rules.ts';
import { sayFor } from './say.ts';
import type { PendingRead, Raft, RaftAsk, RaftEnv } from './types.ts';

/**
 * Linearizable reads without a log entry (dissertation, section 6.4): the leader notes its commit index, confirms with one round of heartbeats
 * that it still leads, and the asker answers from its own state once it has applied that much.
 */
export function askReadIndex(env: RaftEnv, raft: Raft, ask: RaftAsk, from: Proc, id: number, ops: readonly Op[]): void {
  if (raft.role === 'leader') {
    leaderReadIndex(env, raft, ask, { id, from, ops, question: 0, index: raft.commit, acks: [env.self] });
    return;
  }
  // A follower passes it on; without a leader, and at a candidate, it is dropped and the asker repeats it.
  if (raft.role === 'follower' && raft.lead !== NO_PROC) ask.send(raft.lead, { kind: 'read-index', id, ops });
}

function leaderReadIndex(env: RaftEnv, raft: Raft, ask: RaftAsk, read: PendingRead): void {
  // Also where there is no other: a power loss takes the commit index, which is written without a flush, but not the entries that were acknowledged.
  // (etcd's raft answers a lone member's read before it looks, and so can miss them for as long as its first entry takes to reach the disk.)
  if (termAt(raft.log, raft.commit) !== raft.term) {
    // What earlier leaders committed may not be known here yet; the first commit of the own term settles it.
    raft.postponed.push(read);
    if (ask.tracing) {
      for (const op of read.ops) {
        sayFor(ask, op, rules.readPostponed, { leader: env.self, term: raft.term });
        ask.awaits(op, {
          need: 1,
          of: [env.self],
          have: [],
          what: 'a first commit of {leader:node} in term {term}',
          facts: { leader: env.self, term: raft.term },
        });
      }
    }
    return;
  }
  startRead(env, raft, ask, { ...read, index: raft.commit });
}

function startRead(env: RaftEnv, raft: Raft, ask: RaftAsk, asked: PendingRead): void {
  if (env.size === 1) {
    answerRead(env, raft, ask, asked.from, asked.id, asked.index);
    return;
  }
  const read: PendingRead = { ...asked, question: raft.questions + 1 };
  if (env.config.leaseReads) {
    if (ask.tracing) {
      for (const op of read.ops) {
        sayFor(ask, op, rules.readByLease, { leader: env.self });
      }
    }
    answerRead(env, raft, ask, read.from, read.id, read.index);
    return;
  }
  if (raft.reads.some((r) => r.id === read.id && r.from === read.from)) return;
  raft.questions++;
  raft.reads.push(read);
  if (ask.tracing) {
    const peers = others(env.size, env.self);
    for (const op of read.ops) {
      sayFor(ask, op, rules.readAsks, { leader: env.self, others: peers, index: read.index });
      awaitsConfirmation(env, ask, read, op);
    }
  }
  broadcastHeartbeat(env, raft, ask, read.question, true);
}

function awaitsConfirmation(env: RaftEnv, ask: RaftAsk, read: PendingRead, op: Op): void {
  ask.awaits(op, {
    need: quorumOf(env.size),
    of: everybody(env.size, env.self),
    have: read.acks.slice(),
    what: 'confirmation that {leader:node} still leads',
    facts: { leader: env.self },
  });
}

/** `question`: sent for a read, not because a tick came. One message serves all followers that may hear of the same commit index. */
export function broadcastHeartbeat(env: RaftEnv, raft: Raft, ask: RaftAsk, read: number, question: boolean): void {
  let beat: { kind: 'heartbeat'; term: number; commit: number; read: number } | undefined;
  for (let to = 0; to < env.size; to++) {
    const p = raft.progress[to];
    if (to === env.self || p === undefined) continue;
    // Never more than it is known to have: the rest of its log may not be ours.
    const commit = Math.min(p.match, raft.commit);
    if (beat === undefined || beat.commit !== commit) beat = { kind: 'heartbeat', term: raft.term, commit, read };
    if (question) ask.send(to, beat);
    else ask.beat(to, beat);
    p.sentCommit = commit;
  }
}

/** The newest read that waits: a heartbeat that confirms it confirms all before it. */
export function newestRead(raft: Raft): number {
  return raft.reads[raft.reads.length - 1]?.question ?? 0;
}

/** A follower has confirmed that it followed this leader after the leader began to ask about a read. */
export function confirmRead(env: RaftEnv, raft: Raft, ask: RaftAsk, from: Proc, question: number): void {
  const at = waitingAt(raft, question);
  const read = raft.reads[at];
  if (read === undefined) return;
  if (!read.acks.includes(from)) read.acks = [...read.acks, from];
  const enough = read.acks.length >= quorumOf(env.size);
  if (ask.tracing && !enough) for (const op of read.ops) awaitsConfirmation(env, ask, read, op);
  if (!enough) return;
  const done = at === raft.reads.length - 1 ? raft.reads : raft.reads.slice(0, at + 1);
  raft.reads = raft.reads.length === done.length ? [] : raft.reads.slice(at + 1);
  for (const r of done) {
    if (ask.tracing) {
      for (const op of r.ops) {
        sayFor(ask, op, rules.readConfirmed, { leader: env.self, have: read.acks.slice(), index: r.index });
      }
    }
    answerRead(env, raft, ask, r.from, r.id, r.index);
  }
}

/** Where the read of a question waits, -1 if it does not. */
function waitingAt(raft: Raft, question: number): number {
  const { reads } = raft;
  for (let i = 0; i < reads.length; i++) if ((reads[i] as PendingRead).question === question) return i;
  return -1;
}

function answerRead(env: RaftEnv, raft: Raft, ask: RaftAsk, to: Proc, id: number, index: number): void {
  if (to === env.self) raft.confirmed = { id, index };
  else ask.send(to, { kind: 'read-at', term: raft.term, id, index });
}

/** The leader has committed in its term: reads that had to wait for it begin. */
export function releasePostponed(env: RaftEnv, raft: Raft, ask: RaftAsk): void {
  if (raft.postponed.length === 0 || termAt(raft.log, raft.commit) !== raft.term) return;
  const reads = raft.postponed;
  raft.postponed = [];
  const served = ask.op;
  for (const read of reads) {
    if (read.ops[0] !== undefined) ask.serving(read.ops[0]);
    startRead(env, raft, ask, { ...read, index: raft.commit });
  }
  ask.serving(served);
}
