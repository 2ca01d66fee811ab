import { SharedMap } from '../../core/copy.ts';
import type { Op, Proc } from '../../core/ids.ts';
import { EMPTY, NEVER, purge, type Row } from '../../protocols/lww.ts';
import type { MerkleTree } from '../../protocols/merkle.ts';
import type { Acceptor, Ballot, Promised } from '../../protocols/paxos.ts';
import { Percentile } from '../../protocols/percentile.ts';
import type { PhiDetector } from '../../protocols/phi.ts';
import type { Ask as KernelAsk, Env as KernelEnv } from '../../sim/process.ts';
import type { Config } from './config.ts';
import type { Level } from './levels.ts';
import type { Cas, Commit, Hint, Message, Mutate } from './messages.ts';

/**
 * The commit log. Mutations are logged as the messages that brought them. A memtable flush replaces all by what the SSTables hold (`row`) and what is
 * kept in system tables and hint files.
 */
export type LogRecord =
  | { readonly kind: 'mutate' | 'row' | 'hint'; readonly key: string; readonly row: Row }
  | { readonly kind: 'paxos'; readonly key: string; readonly state: Acceptor }
  | { readonly kind: 'hint stored'; readonly hint: Hint }
  | { readonly kind: 'hint gone'; readonly id: number };

export type Env = KernelEnv<LogRecord, Config>;
export type Ask = KernelAsk<Message>;

// Timer kinds: indexes into the program's timers.
export const T_GOSSIP = 0;
export const T_SYNC = 1;
export const T_HINTS = 2;
export const T_WRITE = 3;
export const T_READ = 4;
export const T_PAXOS = 5;
export const T_BACKOFF = 6;
export const T_COUNT = 7;
export const T_REPAIR = 8;
export const T_CLIENT = 9;
export const T_VERDICT = 10;

export const GOSSIP_US = 1_000_000;
/** Commit log sync (commitlog_sync_period) and hint flush and dispatch: every 10 s. */
export const SYNC_US = 10_000_000;
export const HINTS_US = 10_000_000;

/** A write that waits for acknowledgements: of a client, of a counter's leader, or of a decided lightweight transaction. */
export interface WriteWork {
  readonly kind: 'write';
  readonly id: number;
  readonly op: Op;
  readonly message: Mutate | Commit;
  readonly level: Level;
  readonly need: number;
  /** Replicas that were up when it was sent. */
  readonly asked: readonly Proc[];
  readonly have: Proc[];
  /** For ANY: hints stored count as an answer. */
  hints: number;
  replied: boolean;
  readonly then: WriteThen;
}

/** Who hears of the end: the client, a lightweight transaction here, the coordinator that handed a counter over, or nobody. */
export type WriteThen =
  | { readonly to: 'client' }
  | { readonly to: 'cas'; readonly id: number }
  | { readonly to: 'coordinator'; readonly peer: Proc; readonly id: number }
  | { readonly to: 'nobody' };

export interface ReadWork {
  readonly kind: 'read';
  /** Each round has an id of its own, so that what is late for one is not taken for an answer of the next. */
  id: number;
  readonly op: Op;
  readonly key: string;
  readonly level: Level;
  readonly need: number;
  /** Live replicas, nearest first; the first `asked` of them have been asked. */
  readonly order: readonly Proc[];
  asked: number;
  round: 'digests' | 'rows' | 'repair';
  speculated: boolean;
  readonly startUs: number;
  from: Proc[];
  rows: Row[];
  /** Where in `rows` the full row is, -1 before it came. */
  full: number;
  merged: Row;
  /** The lightweight transaction that reads, or 0 for a client. */
  readonly cas: number;
}

export interface CasWork {
  readonly kind: 'cas';
  id: number;
  readonly op: Op;
  /** Undefined for a read at SERIAL. */
  readonly cas: Cas | undefined;
  readonly key: string;
  readonly serial: Level;
  readonly startUs: number;
  round: 'prepare' | 'read' | 'finish' | 'nothing' | 'propose' | 'commit' | 'backoff';
  contentions: number;
  asked: readonly Proc[];
  need: number;
  ballot: Ballot;
  /** Ballots must lie above this timestamp. */
  aboveTs: number;
  promises: Promised[];
  /** Who has answered in this round. */
  have: Proc[];
  accepts: number;
  /** What is proposed in this round. */
  row: Row;
  /** What the read of the condition saw. */
  seen: string | null;
}

/** A counter update handed to its leader. */
export interface CountWork {
  readonly kind: 'count';
  readonly id: number;
  readonly op: Op;
  readonly leader: Proc;
  readonly level: Level;
}

export interface RepairWork {
  readonly kind: 'repair';
  readonly id: number;
  readonly op: Op;
  readonly nodes: readonly Proc[];
  readonly trees: Map<Proc, ReadonlyMap<number, MerkleTree>>;
  readonly syncs: { readonly a: Proc; readonly b: Proc; readonly range: number; readonly leaves: readonly number[]; done: boolean }[];
  /** Exchanges that are not done. */
  left: number;
  rows: number;
  rounds: number;
}

export type Work = WriteWork | ReadWork | CasWork | CountWork | RepairWork;

/** What a node knows while it runs. */
export interface Memory {
  readonly table: SharedMap<string, Row>;
  readonly paxos: SharedMap<string, Acceptor>;
  readonly hints: SharedMap<number, Hint>;
  /** Hints up to this id are in files. */
  hintsFlushed: number;
  nextHint: number;
  readonly peers: PhiDetector;
  /** When any gossip of a peer came last, whether or not it hears us. */
  readonly gossipUs: Float64Array;
  /** Peers without a latency score: the snitch tries them first. */
  readonly unscored: Set<Proc>;
  readonly works: Map<number, Work>;
  nextWork: number;
  /** The commit log is replaced by SSTables when it has grown to this length. */
  flushAt: number;
  readonly latency: Percentile;
  speculateUs: number;
  speculateSetUs: number;
  lastBallotTs: number;
}

/** Records of a young commit log before the memtables are written out. */
const LOG_LIMIT = 1024;

export function newMemory(peers: PhiDetector, size: number, nowUs: number): Memory {
  return {
    table: new SharedMap(),
    paxos: new SharedMap(),
    hints: new SharedMap(),
    hintsFlushed: nowUs,
    nextHint: 1 + nowUs,
    peers,
    gossipUs: new Float64Array(size).fill(nowUs),
    unscored: new Set(),
    works: new Map(),
    // Answers to an earlier incarnation of this node must find nothing: ids go with the time of the start. Timer tags have 31 bits.
    nextWork: 1 + (nowUs % 2 ** 30),
    flushAt: LOG_LIMIT,
    latency: new Percentile(),
    // Until it has seen reads of its own a node takes half the read timeout for their 99th percentile.
    speculateUs: 2_500_000,
    speculateSetUs: nowUs,
    lastBallotTs: NEVER,
  };
}

/** What a read of this replica finds: tombstones beyond gc_grace_seconds no longer count, compacted or not. */
export function rowOf(env: Env, m: Memory, key: string): Row {
  const row = m.table.get(key);
  if (row === undefined) return EMPTY;
  return row.deletedTs === NEVER && row.cells.length === 0 ? row : purge(row, env.clockUs() - env.config.gcGraceUs);
}

/** Replaces the commit log by tables: everything that memory holds, flushed. */
export function flushTables(env: Env, m: Memory): void {
  const records: LogRecord[] = [];
  for (const [key, row] of m.table.map) records.push({ kind: 'row', key, row });
  for (const [key, state] of m.paxos.map) records.push({ kind: 'paxos', key, state });
  for (const hint of m.hints.map.values()) if (hint.id <= m.hintsFlushed) records.push({ kind: 'hint stored', hint });
  env.disk.rewrite(records);
  m.flushAt = LOG_LIMIT + 2 * records.length;
}
