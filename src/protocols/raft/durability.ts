import { SharedList } from '../../core/copy.ts';
import { NO_PROC, type Proc } from '../../core/ids.ts';
import { byNumber } from '../../core/order.ts';
import type { Disk } from '../../sim/disk.ts';
import { voteOnDisk } from './decisions.ts';
import { emptyLog, entryAt, lastIndex } from './log.ts';
import type { Entry, HardState, Raft, RaftAsk, RaftEnv, RaftMessage, RaftRecord, Snapshot } from './types.ts';

/** Queues an answer that may leave only when everything it promises is on disk. */
export function answer(raft: Raft, to: Proc, message: RaftMessage): void {
  raft.answersTo.push(to);
  raft.answers.push(message);
}

/**
 * The end of every handler call: writes what is new to the disk and sends the answers that had to wait for it. Entries, term and vote are flushed
 * before any answer; the commit index is written but not waited for, as etcd does: it can be learnt again.
 * A leader has sent its entries before it comes here, so its disk works in parallel with its followers'.
 */
export function save(env: RaftEnv, raft: Raft, ask: RaftAsk): void {
  const { disk } = env;
  let appended = false;
  let mustSync = false;
  if (raft.incoming !== null) {
    disk.write(raft.incoming);
    raft.savedIndex = raft.incoming.index;
    mustSync = true;
  }
  const last = lastIndex(raft.log);
  for (let i = raft.savedIndex + 1; i <= last; i++) {
    disk.write(entryAt(raft.log, i) as Entry);
    appended = true;
  }
  raft.savedIndex = last;
  const vote = voteOnDisk(env.config, raft);
  if (raft.term !== raft.savedTerm || vote !== raft.savedVote || raft.commit !== raft.savedCommit) {
    if (raft.term !== raft.savedTerm || vote !== raft.savedVote) mustSync = true;
    disk.write({ kind: 'state', term: raft.term, vote, commit: raft.commit });
    raft.savedTerm = raft.term;
    raft.savedVote = vote;
    raft.savedCommit = raft.commit;
  }
  if (mustSync || appended) raft.syncAt = disk.length;
  const selfAck = appended && raft.role === 'leader';
  if (!mustSync && !appended && raft.answers.length === 0) return;
  if (disk.durable < raft.syncAt) ask.flush();
  if (selfAck) ask.send(env.self, { kind: 'flushed', term: raft.term, index: last });
  if (raft.answers.length > 0) sendAnswers(raft, ask);
}

function sendAnswers(raft: Raft, ask: RaftAsk): void {
  for (let i = 0; i < raft.answers.length; i++) {
    const message = raft.answers[i] as RaftMessage;
    const to = raft.answersTo[i] as Proc;
    // Only answers to periodic messages are periodic themselves.
    if (message.kind === 'alive' && message.read === 0) ask.beat(to, message);
    else ask.send(to, message);
  }
  // Not `length = 0`: that would throw the room away, and nearly every event needs it again.
  while (raft.answers.pop() !== undefined) raft.answersTo.pop();
}

/** What a log on disk amounts to. */
export interface Replayed {
  readonly snapshot: Snapshot | undefined;
  readonly entries: readonly Entry[];
  readonly state: HardState;
}

/** Reads a log on disk, as a restart does. */
export function replay(records: readonly RaftRecord[]): Replayed {
  let snapshot: Snapshot | undefined;
  let entries: Entry[] = [];
  let state: HardState = { kind: 'state', term: 0, vote: NO_PROC, commit: 0 };
  for (const record of records) {
    switch (record.kind) {
      case 'snapshot':
        snapshot = record;
        entries = [];
        break;
      case 'state':
        state = record;
        break;
      case 'entry':
        entries.length = Math.min(entries.length, Math.max(0, record.index - 1 - (snapshot?.index ?? 0)));
        entries.push(record);
        break;
    }
  }
  return { snapshot, entries, state };
}

/** Memory from the disk alone. The state machine is rebuilt by applying what is committed. */
export function restore(env: RaftEnv): Raft {
  const { snapshot, entries, state } = replay(env.disk.records);
  const raft = blank(env.size);
  raft.log = emptyLog(snapshot?.index ?? 0, snapshot?.term ?? 0);
  raft.log.entries = new SharedList(entries.slice());
  raft.term = Math.max(state.term, raft.term);
  raft.vote = state.vote;
  raft.commit = Math.max(snapshot?.index ?? 0, Math.min(state.commit, lastIndex(raft.log)));
  raft.applied = snapshot?.index ?? 0;
  raft.savedIndex = lastIndex(raft.log);
  raft.savedTerm = state.term;
  raft.savedVote = state.vote;
  raft.savedCommit = state.commit;
  raft.syncAt = env.disk.length;
  return raft;
}

export function blank(size: number): Raft {
  return {
    role: 'follower',
    term: 0,
    vote: NO_PROC,
    lead: NO_PROC,
    log: emptyLog(),
    commit: 0,
    applied: 0,
    elapsed: 0,
    timeoutTicks: 0,
    votes: new Array<number>(size).fill(0),
    lonelyRounds: 0,
    progress: [],
    reads: [],
    postponed: [],
    questions: 0,
    confirmed: { id: 0, index: 0 },
    snapshotsDue: [],
    incoming: null,
    savedIndex: 0,
    savedTerm: 0,
    savedVote: NO_PROC,
    savedCommit: 0,
    syncAt: 0,
    answers: [],
    answersTo: [],
  };
}

/** The log with everything up to `snapshot` replaced by it: what etcd's WAL is after a snapshot file was written and old segments were released. */
export function compactDisk(disk: Disk<RaftRecord>, raft: Raft, snapshot: Snapshot): void {
  const records: RaftRecord[] = [snapshot];
  for (let i = Math.max(snapshot.index, raft.log.base) + 1; i <= raft.savedIndex; i++) records.push(entryAt(raft.log, i) as Entry);
  records.push({ kind: 'state', term: raft.savedTerm, vote: raft.savedVote, commit: raft.savedCommit });
  disk.rewrite(records);
  raft.syncAt = disk.length;
}

/** Sorted copy, for facts. */
export function sorted(procs: readonly Proc[]): Proc[] {
  return procs.slice().sort(byNumber);
}
