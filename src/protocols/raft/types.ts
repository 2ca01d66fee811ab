import type { Shared, SharedList } from '../../core/copy.ts';
import type { Op, Proc } from '../../core/ids.ts';
import type { Ask, Env } from '../../sim/process.ts';

/**
 * Raft as etcd-io/raft runs it: Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm" (ATC'14), with pre-vote and
 * check-quorum (Ongaro's dissertation, sections 9.6 and 6.2). Membership is fixed. Indexes and terms count from 1; 0 means "none".
 */
export interface Entry {
  readonly kind: 'entry';
  readonly index: number;
  readonly term: number;
  /** The operation that it serves and the server that its client asked; NO_OP and NO_PROC for a leader's own entries. */
  readonly op: Op;
  readonly from: Proc;
  /** What the state machine applies; null for the empty entry with which a leader begins its term, and for bootstrap entries. */
  readonly command: object | null;
}

/** A state machine's whole state up to and including an index. */
export interface Snapshot {
  readonly kind: 'snapshot';
  readonly index: number;
  readonly term: number;
  readonly state: Shared<object>;
}

/** What must outlive a crash besides the log (dissertation, section 3.8), with the commit index, which etcd saves but does not wait for. */
export interface HardState {
  readonly kind: 'state';
  readonly term: number;
  readonly vote: Proc;
  readonly commit: number;
}

/** A record of the write-ahead log. An entry replaces every earlier one of its index and above; a snapshot replaces all up to its index. */
export type RaftRecord = Entry | HardState | Snapshot;

export interface Proposal {
  readonly op: Op;
  readonly from: Proc;
  readonly command: object;
}

export type RaftMessage =
  | {
      readonly kind: 'append';
      readonly term: number;
      readonly prev: number;
      readonly prevTerm: number;
      readonly entries: readonly Entry[];
      readonly commit: number;
    }
  /** "My log is yours up to `index`, on disk." Index 0 only carries a higher term. */
  | { readonly kind: 'appended'; readonly term: number; readonly index: number }
  /** "I have no entry `index` like yours; try after `hint`, where mine has `hintTerm`." */
  | { readonly kind: 'mismatch'; readonly term: number; readonly index: number; readonly hint: number; readonly hintTerm: number }
  /** `read` is the leader's number of the newest read that waits for a confirmation of leadership, or 0. */
  | { readonly kind: 'heartbeat'; readonly term: number; readonly commit: number; readonly read: number }
  | { readonly kind: 'alive'; readonly term: number; readonly read: number }
  | { readonly kind: 'ask-vote'; readonly term: number; readonly pre: boolean; readonly lastIndex: number; readonly lastTerm: number }
  | { readonly kind: 'vote'; readonly term: number; readonly pre: boolean; readonly granted: boolean }
  | { readonly kind: 'install'; readonly term: number; readonly snapshot: Snapshot }
  /** Forwarded to the leader; without a term, so any leader takes it. */
  | { readonly kind: 'propose'; readonly proposal: Proposal }
  | { readonly kind: 'read-index'; readonly id: number; readonly ops: readonly Op[] }
  | { readonly kind: 'read-at'; readonly term: number; readonly id: number; readonly index: number }
  /** To oneself: the log up to `index` is on disk. */
  | { readonly kind: 'flushed'; readonly term: number; readonly index: number };

export type Role = 'follower' | 'pre-candidate' | 'candidate' | 'leader';

/** Planted faults for exercises and for laws that must be seen to fail. See decisions.ts. */
export type Bug = 'none' | 'vote-twice' | 'forget-vote' | 'commit-old-term' | 'local-read' | 'skip-log-check';

export interface RaftConfig {
  readonly preVote: boolean;
  /** Ticks without a leader before an election; the real timeout is drawn from [electionTicks, 2 * electionTicks - 1]. */
  readonly electionTicks: number;
  /** The length of a tick, for sentences only. */
  readonly tickUs: number;
  /** Answer reads by the leader's lease (ReadOnlyLeaseBased) instead of by asking a majority (ReadOnlySafe). */
  readonly leaseReads: boolean;
  readonly bug: Bug;
}

/** What a leader knows of one follower's log. */
export interface Progress {
  /** Known to be on its disk. */
  match: number;
  /** The next entry to send. */
  next: number;
  state: 'probe' | 'replicate' | 'snapshot';
  /** Probe: a probe is out. */
  paused: boolean;
  /** Heard of since the last check of the quorum. */
  active: boolean;
  /** The highest commit index it was told. */
  sentCommit: number;
  /** Snapshot: its index, and the ticks since it was sent. */
  pending: number;
  pendingTicks: number;
}

/** A read that waits until a majority has confirmed that its leader still leads. */
export interface PendingRead {
  /** What its asker calls it; askers number theirs without knowing of each other. */
  readonly id: number;
  readonly from: Proc;
  readonly ops: readonly Op[];
  /** The leader's own number for it, 0 before it is asked about: heartbeats carry this one. */
  readonly question: number;
  /** The commit index when it came. */
  readonly index: number;
  /** Who has confirmed. */
  acks: readonly Proc[];
}

export interface RaftLog {
  /** The index and term of the entry before the first one kept. */
  base: number;
  baseTerm: number;
  entries: SharedList<Entry>;
}

/** One server's memory. */
export interface Raft {
  role: Role;
  term: number;
  vote: Proc;
  lead: Proc;
  log: RaftLog;
  commit: number;
  /** Set by the state machine. */
  applied: number;
  /** Ticks since the last sign of a leader (followers), since the last check of the quorum (leaders). */
  elapsed: number;
  timeoutTicks: number;
  /** By server, in the current (pre-)election: 0 nothing heard, 1 granted, 2 refused. */
  votes: number[];
  /** (Pre-)elections begun since anything was heard from another server. */
  lonelyRounds: number;
  progress: Progress[];
  /** Leader: reads not confirmed yet, oldest first; and those that came before it had committed in its term. */
  reads: PendingRead[];
  postponed: PendingRead[];
  /** How many reads it has asked about since it started. A leader that restarts leads in a later term, so a number and a term name one question. */
  questions: number;
  /** For the state machine: the newest read that was confirmed (id 0: none), followers that need a snapshot, a snapshot to install. */
  confirmed: { id: number; index: number };
  snapshotsDue: Proc[];
  incoming: Snapshot | null;
  /** Disk: the last index written, what the last hard state said, and how many records must be flushed before an answer may go out. */
  savedIndex: number;
  savedTerm: number;
  savedVote: Proc;
  savedCommit: number;
  syncAt: number;
  /** Answers that wait for the disk; empty between handler calls. */
  answers: RaftMessage[];
  answersTo: Proc[];
}

export type RaftEnv = Env<RaftRecord, RaftConfig>;
export type RaftAsk = Ask<RaftMessage>;
