import type { SharedList, SharedMap } from '../../core/copy.ts';
import type { Op, Proc } from '../../core/ids.ts';
import type { Proposal, Raft, RaftConfig, RaftMessage, RaftRecord } from '../../protocols/raft/types.ts';
import type { Ask, Env } from '../../sim/process.ts';

export interface EtcdConfig extends RaftConfig {
  /** Of a request in the server: 5 s + 2 × election timeout, as `ServerConfig.ReqTimeout` of etcd has it. */
  readonly requestTimeoutUs: number;
  /** The largest request that is taken, in bytes. */
  readonly maxRequestBytes: number;
  /** Applied entries between two snapshots on disk, and entries kept behind the applied one for slow followers. */
  readonly snapshotCount: number;
  readonly catchUp: number;
}

/** What a client asks. The driver's request and the message to the server are the same object. */
export type EtcdRequest =
  | { readonly kind: 'put'; readonly key: string; readonly value: string; readonly timeoutUs: number }
  | { readonly kind: 'delete'; readonly key: string; readonly timeoutUs: number }
  /** A Txn: if the value of `key` is `expected` (null: if there is no such key, create_revision 0), put `value`. */
  | { readonly kind: 'cas'; readonly key: string; readonly expected: string | null; readonly value: string; readonly timeoutUs: number }
  | { readonly kind: 'range'; readonly key: string; readonly serializable: boolean; readonly timeoutUs: number };

export type Command = Exclude<EtcdRequest, { kind: 'range' }>;

export type EtcdReply =
  /** `count`: keys changed; `held`: whether the compare of a Txn held. */
  | { readonly kind: 'written'; readonly rev: number; readonly count: number; readonly held: boolean }
  | { readonly kind: 'found'; readonly value: string | null; readonly rev: number }
  /** `definite`: the request certainly had no effect. */
  | { readonly kind: 'error'; readonly text: string; readonly definite: boolean }
  | { readonly kind: 'pong' };

/** HTTP/2 keepalive of the client's connection. */
export type Ping = { readonly kind: 'ping' };

export type EtcdMessage = RaftMessage | EtcdRequest | EtcdReply | Ping;

/** One key of the store as its latest revision has it. */
export interface KeyValue {
  readonly value: string;
  readonly create: number;
  readonly mod: number;
  readonly version: number;
}

/** The multi-version store, its latest versions only. One revision counter for all keys; 1 is the empty store. */
export interface Store {
  rev: number;
  keys: SharedMap<string, KeyValue>;
}

/** A linearizable read that waits. */
export interface WaitingRead {
  readonly op: Op;
  readonly key: string;
}

/** etcd's linearizableReadLoop: one round at a time; what comes meanwhile shares the next round. */
export interface ReadLoop {
  stage: 'idle' | 'asking' | 'applying';
  batch: WaitingRead[];
  next: WaitingRead[];
  /** The ids of this round's questions; an answer to any of them will do. */
  ids: number[];
  startUs: number;
  retryUs: number;
  /** Applying: the entry that must be applied before the answer. */
  index: number;
  /** The timer is armed. It is left armed when a round ends: arming and cancelling at every read would cost more. */
  armed: boolean;
}

export interface EtcdMemory {
  raft: Raft;
  store: Store;
  /** The leader as the server (not Raft) last saw it, and when this server was last elected, on its own oscillator. */
  lead: Proc;
  electedUs: number;
  /** Ids of read-index questions: begin with the time, so that they differ from those before a crash. */
  nextId: number;
  /** Writes that wait here for their entry to be applied, with the time they came; oldest first. */
  waiting: Map<Op, number>;
  /** Proposals that wait until there is a leader. */
  blocked: SharedList<Proposal>;
  /** The timer of the oldest write is armed. */
  deadlineArmed: boolean;
  reads: ReadLoop;
  /** For each server, when it was last heard from, and since when its connection has been alive. */
  heardUs: number[];
  activeUs: number[];
  /** The applied index at the last snapshot on disk, and at the last compaction in memory. */
  snapshotIndex: number;
  compactedIndex: number;
}

export type EtcdEnv = Env<RaftRecord, EtcdConfig>;
export type EtcdAsk = Ask<EtcdMessage>;

/** Timer kinds, in the order of `timers`. */
export const TICK = 0;
export const WRITE_DEADLINE = 1;
export const READ_ROUND = 2;
export const CLIENT_DEADLINE = 3;
export const DRIVER_TIMEOUT = 4;
export const DRIVER_KEEPALIVE = 5;
export const DRIVER_RETRY = 6;

export const timers = [
  { name: 'tick', background: true },
  { name: 'write deadline', background: false },
  { name: 'read round', background: false },
  { name: "client's deadline", background: false },
  { name: 'client timeout', background: false },
  { name: 'keepalive', background: false },
  { name: 'retry', background: false },
] as const;
