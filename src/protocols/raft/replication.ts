import { NO_OP, NO_PROC, type Op, type Proc } from '../../core/ids.ts';
import { mayCommitByCounting } from './decisions.ts';
import { answer } from './durability.ts';
import { entriesFrom, entryAt, firstConflict, lastIndex, lastWithTermUpTo, termAt, truncate } from './log.ts';
import {
  acknowledge,
  backUp,
  becomeProbe,
  becomeReplicate,
  becomeSnapshot,
  everybody,
  holders,
  isPaused,
  MAX_INFLIGHT,
  majorityIndex,
  others,
  quorumOf,
} from './progress.ts';
import { releasePostponed } from './readindex.ts';
import { raftRules as rules } from './rules.ts';
import { sayFor } from './say.ts';
import type { Entry, Progress, Proposal, Raft, RaftAsk, RaftEnv, RaftMessage, Snapshot } from './types.ts';

type Append = Extract<RaftMessage, { kind: 'append' }>;

/** A leader's new entry: into its log and off to the followers; the disk comes at the end of the handler call (durability.ts). */
export function appendEntry(env: RaftEnv, raft: Raft, ask: RaftAsk, proposal: Proposal | null): void {
  const index = lastIndex(raft.log) + 1;
  const op: Op = proposal === null ? NO_OP : proposal.op;
  raft.log.entries.push({
    kind: 'entry',
    index,
    term: raft.term,
    op,
    from: proposal === null ? NO_PROC : proposal.from,
    command: proposal === null ? null : proposal.command,
  });
  if (ask.tracing && op !== NO_OP) {
    ask.because(rules.appended, { leader: env.self, index, term: raft.term, others: others(env.size, env.self) });
    awaitsCopies(env, raft, ask, index, op);
  }
  broadcastAppend(env, raft, ask);
}

function awaitsCopies(env: RaftEnv, raft: Raft, ask: RaftAsk, index: number, op: Op): void {
  ask.awaits(op, {
    need: quorumOf(env.size),
    of: everybody(env.size, env.self),
    have: holders(raft, index),
    what: 'entry {index} on disk',
    facts: { index },
  });
}

/** Sends every follower what it lacks, or at least the commit index. Those that lack the same get the same message. */
export function broadcastAppend(env: RaftEnv, raft: Raft, ask: RaftAsk): void {
  let last: Append | undefined;
  for (let to = 0; to < env.size; to++) if (to !== env.self) last = sendAppend(raft, ask, to, true, last) ?? last;
}

/** Sends `to` its next entries if it may get any now, `like` again if that is what it would be. Returns what was sent, undefined where nothing was. */
export function sendAppend(raft: Raft, ask: RaftAsk, to: Proc, evenIfEmpty: boolean, like?: Append): Append | undefined {
  const p = raft.progress[to] as Progress;
  if (isPaused(p)) return undefined;
  const prev = p.next - 1;
  const prevTerm = termAt(raft.log, prev);
  if (prevTerm < 0) {
    // What it lacks is compacted away. etcd sends a snapshot only to a follower that has been heard of lately.
    if (p.active && !raft.snapshotsDue.includes(to)) raft.snapshotsDue.push(to);
    return undefined;
  }
  const room = p.state === 'replicate' ? MAX_INFLIGHT - (p.next - 1 - p.match) : MAX_INFLIGHT;
  const same =
    like !== undefined && like.prev === prev && room >= like.entries.length && prev + like.entries.length === lastIndex(raft.log);
  const message = same ? like : append(raft, p, prevTerm, room);
  const { entries } = message;
  if (entries.length === 0 && !evenIfEmpty) return undefined;
  ask.send(to, message);
  p.sentCommit = raft.commit;
  if (entries.length > 0) {
    // Replicate: optimistic, the next message goes on where this one ends. Probe: one at a time until the follower's log is known.
    if (p.state === 'replicate') p.next += entries.length;
    else p.paused = true;
  }
  return message;
}

function append(raft: Raft, p: Progress, prevTerm: number, room: number): Append {
  const entries = room > 0 ? entriesFrom(raft.log, p.next, room) : [];
  return { kind: 'append', term: raft.term, prev: p.next - 1, prevTerm, entries, commit: raft.commit };
}

/** Sends a snapshot that the state machine has made for a follower in `snapshotsDue`. */
export function sendSnapshot(env: RaftEnv, raft: Raft, ask: RaftAsk, to: Proc, snapshot: Snapshot): void {
  const p = raft.progress[to];
  if (raft.role !== 'leader' || p === undefined || isPaused(p)) return;
  if (ask.tracing) ask.because(rules.snapshotSent, { leader: env.self, follower: to, index: snapshot.index, match: p.match });
  becomeSnapshot(p, snapshot.index);
  ask.send(to, { kind: 'install', term: raft.term, snapshot });
}

/** Leader: moves the commit index as far as a majority has the log, and tells everybody if it moved. */
export function maybeCommit(env: RaftEnv, raft: Raft, ask: RaftAsk): boolean {
  const index = majorityIndex(raft, env.self, quorumOf(env.size));
  if (index <= raft.commit) return false;
  if (!mayCommitByCounting(env.config, raft, index)) {
    if (ask.tracing) ask.because(rules.oldTermWaits, { leader: env.self, index, old: termAt(raft.log, index), term: raft.term });
    return false;
  }
  const before = raft.commit;
  raft.commit = index;
  broadcastAppend(env, raft, ask);
  if (ask.tracing) sayCommitted(env, raft, ask, before);
  releasePostponed(env, raft, ask);
  return true;
}

function sayCommitted(env: RaftEnv, raft: Raft, ask: RaftAsk, before: number): void {
  for (let i = before + 1; i <= raft.commit; i++) {
    const entry = entryAt(raft.log, i);
    if (entry === undefined || entry.op === NO_OP) continue;
    sayFor(ask, entry.op, rules.committed, { index: i, have: holders(raft, i), need: quorumOf(env.size) });
    if (entry.from !== env.self)
      ask.awaits(entry.op, { need: 1, of: [entry.from], have: [], what: 'news that entry {index} is committed', facts: { index: i } });
  }
}

export function onAppended(env: RaftEnv, raft: Raft, ask: RaftAsk, from: Proc, index: number): void {
  const p = raft.progress[from] as Progress;
  p.active = true;
  const news = acknowledge(p, index);
  if (!news && !(p.match === index && p.state === 'probe')) return;
  if (p.state === 'probe') becomeReplicate(p);
  // A snapshot has arrived, or appends sent before it sufficed.
  else if (p.state === 'snapshot' && p.match + 1 > raft.log.base) becomeReplicate(p);
  if (ask.tracing) sayCopies(env, raft, ask);
  if (!maybeCommit(env, raft, ask) && from !== env.self && raft.commit > p.sentCommit && p.sentCommit < p.next - 1)
    sendAppend(raft, ask, from, true);
  if (from !== env.self) while (sendAppend(raft, ask, from, false) !== undefined);
}

function sayCopies(env: RaftEnv, raft: Raft, ask: RaftAsk): void {
  const last = lastIndex(raft.log);
  for (let i = raft.commit + 1; i <= last; i++) {
    const entry = entryAt(raft.log, i);
    if (entry !== undefined && entry.op !== NO_OP) awaitsCopies(env, raft, ask, i, entry.op);
  }
}

export function onMismatch(env: RaftEnv, raft: Raft, ask: RaftAsk, from: Proc, m: Extract<RaftMessage, { kind: 'mismatch' }>): void {
  const p = raft.progress[from] as Progress;
  p.active = true;
  const hint = m.hintTerm > 0 ? lastWithTermUpTo(raft.log, Math.min(m.hint, lastIndex(raft.log)), m.hintTerm) : m.hint;
  if (!backUp(p, m.index, hint)) return;
  if (p.state === 'replicate') becomeProbe(p);
  if (ask.tracing) ask.because(rules.backedUp, { leader: env.self, follower: from, next: p.next });
  sendAppend(raft, ask, from, true);
}

/** Follower: entries of the leader of this term. */
export function onAppend(env: RaftEnv, raft: Raft, ask: RaftAsk, from: Proc, m: Append): void {
  if (m.prev < raft.commit) {
    // All of this is committed here: say how far, so that the leader need not search.
    answer(raft, from, { kind: 'appended', term: raft.term, index: raft.commit });
    return;
  }
  if (termAt(raft.log, m.prev) !== m.prevTerm) {
    const hint = lastWithTermUpTo(raft.log, Math.min(m.prev, lastIndex(raft.log)), m.prevTerm);
    if (ask.tracing) ask.because(rules.mismatch, { node: env.self, index: m.prev, term: m.prevTerm });
    answer(raft, from, { kind: 'mismatch', term: raft.term, index: m.prev, hint, hintTerm: Math.max(0, termAt(raft.log, hint)) });
    return;
  }
  const { entries } = m;
  const conflict = firstConflict(raft.log, entries);
  if (conflict > 0) takeOver(env, raft, ask, from, entries, conflict);
  const last = m.prev + entries.length;
  const commit = Math.min(m.commit, last);
  if (commit > raft.commit) raft.commit = commit;
  if (ask.tracing && entries.length > 0) ask.because(rules.stored, { node: env.self, index: last });
  answer(raft, from, { kind: 'appended', term: raft.term, index: last });
}

/** Replaces the log from `conflict` on by the leader's. What goes was never committed (leader completeness), and its clients may still wait. */
function takeOver(env: RaftEnv, raft: Raft, ask: RaftAsk, from: Proc, entries: readonly Entry[], conflict: number): void {
  if (conflict <= raft.commit && env.config.bug === 'none')
    throw new Error(`entry ${conflict} of server ${env.self} is committed and would be overwritten: log matching is broken`);
  const last = lastIndex(raft.log);
  if (conflict <= last) {
    if (ask.tracing) {
      for (let i = conflict; i <= last; i++) {
        const lost = entryAt(raft.log, i) as Entry;
        sayFor(ask, lost.op, rules.truncated, { node: env.self, index: i, term: lost.term, leader: from });
      }
    }
    truncate(raft.log, conflict);
    raft.savedIndex = Math.min(raft.savedIndex, conflict - 1);
    // Only a planted bug can come here with a committed entry: the lie is then carried on as a broken server would.
    raft.commit = Math.min(raft.commit, conflict - 1);
  }
  for (let i = conflict - (entries[0] as Entry).index; i < entries.length; i++) raft.log.entries.push(entries[i] as Entry);
}

/** Follower: a snapshot of the leader of this term. Sets `incoming` for the state machine. */
export function onInstall(env: RaftEnv, raft: Raft, ask: RaftAsk, from: Proc, snapshot: Snapshot): void {
  if (snapshot.index <= raft.commit) {
    answer(raft, from, { kind: 'appended', term: raft.term, index: raft.commit });
    return;
  }
  if (termAt(raft.log, snapshot.index) === snapshot.term) {
    raft.commit = snapshot.index;
    answer(raft, from, { kind: 'appended', term: raft.term, index: raft.commit });
    return;
  }
  raft.log.base = snapshot.index;
  raft.log.baseTerm = snapshot.term;
  raft.log.entries.items = [];
  raft.commit = snapshot.index;
  raft.incoming = snapshot;
  if (ask.tracing) ask.because(rules.snapshotInstalled, { node: env.self, index: snapshot.index, term: snapshot.term });
  answer(raft, from, { kind: 'appended', term: raft.term, index: snapshot.index });
}
