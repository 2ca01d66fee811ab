import type { Op, Proc } from '../../core/ids.ts';
import type { Row } from '../../protocols/lww.ts';
import type { MerkleTree } from '../../protocols/merkle.ts';
import type { Ballot, Proposal } from '../../protocols/paxos.ts';
import type { Outcome, Value } from '../../sim/process.ts';
import type { Level } from './levels.ts';

/** What clients ask of a coordinator. */
export type ClientMessage =
  | { readonly kind: 'write'; readonly key: string; readonly row: Row; readonly level: Level }
  | { readonly kind: 'read'; readonly key: string; readonly level: Level }
  | Cas
  | { readonly kind: 'add'; readonly key: string; readonly delta: number; readonly level: Level }
  | { readonly kind: 'compact' }
  | { readonly kind: 'flush' }
  | { readonly kind: 'repair'; readonly nodes: readonly Proc[] };

/** `UPDATE … SET v = value IF v = expected`; `expected` null: IF there is no value. */
export interface Cas {
  readonly kind: 'cas';
  readonly key: string;
  readonly expected: string | null;
  readonly value: string;
  readonly serial: Level;
  readonly commit: Level;
}

export interface Result {
  readonly kind: 'result';
  readonly status: Outcome['status'];
  readonly value?: Value;
  readonly error?: string;
  /** A condition that was compared and did not hold. */
  readonly compared?: boolean;
  readonly note?: string;
  /** How many tombstones a compaction dropped. */
  readonly dropped?: number;
}

export interface Mutate {
  readonly kind: 'mutate';
  /** The work of the coordinator that waits for the acknowledgement. */
  readonly id: number;
  readonly key: string;
  readonly row: Row;
  readonly why: 'write' | 'read repair' | 'counter';
}

export interface Fetch {
  readonly kind: 'fetch';
  readonly id: number;
  readonly key: string;
  readonly digest: boolean;
}

/** Digests travel as the row itself, which the coordinator only compares: an exact stand-in for a hash without collisions. */
export interface Fetched {
  readonly kind: 'fetched';
  readonly id: number;
  readonly row: Row;
  readonly digest: boolean;
}

export interface Hint {
  readonly id: number;
  readonly target: Proc;
  readonly key: string;
  readonly row: Row;
  /** Wall clock of the coordinator when it was stored, in microseconds. */
  readonly atUs: number;
  /** The operation that it belongs to. */
  readonly op: number;
}

export interface Commit {
  readonly kind: 'commit';
  readonly id: number;
  readonly key: string;
  readonly proposal: Proposal;
}

/** Between servers. `id` is always the asker's work, except in `hint`, where it is the hint. */
export type PeerMessage =
  | Mutate
  | { readonly kind: 'acked'; readonly id: number }
  | Fetch
  | Fetched
  | { readonly kind: 'gossip'; readonly hears: boolean }
  | { readonly kind: 'hint'; readonly id: number; readonly key: string; readonly row: Row }
  | { readonly kind: 'hinted'; readonly id: number }
  | { readonly kind: 'prepare'; readonly id: number; readonly key: string; readonly ballot: Ballot }
  | {
      readonly kind: 'promise';
      readonly id: number;
      readonly promised: boolean;
      readonly ballot: Ballot;
      readonly accepted: Proposal;
      readonly committed: Proposal;
    }
  | { readonly kind: 'propose'; readonly id: number; readonly key: string; readonly proposal: Proposal }
  | { readonly kind: 'accept'; readonly id: number; readonly accepted: boolean; readonly ballot: Ballot }
  | Commit
  | { readonly kind: 'count'; readonly id: number; readonly op: Op; readonly key: string; readonly delta: number; readonly level: Level }
  | { readonly kind: 'counted'; readonly id: number; readonly result: Result }
  | { readonly kind: 'validate'; readonly id: number; readonly nodes: readonly Proc[] }
  | { readonly kind: 'trees'; readonly id: number; readonly trees: ReadonlyMap<number, MerkleTree> }
  | {
      readonly kind: 'sync';
      readonly id: number;
      readonly at: number;
      readonly peer: Proc;
      readonly range: number;
      readonly leaves: readonly number[];
    }
  | Stream
  | { readonly kind: 'synced'; readonly id: number; readonly at: number; readonly rows: number };

/** Rows of some leaves of a range, from `initiator` to its peer (`back` false) and then the peer's own back. */
export interface Stream {
  readonly kind: 'stream';
  readonly id: number;
  /** Which exchange of the session it belongs to. */
  readonly at: number;
  readonly coordinator: Proc;
  readonly range: number;
  readonly leaves: readonly number[];
  readonly rows: readonly (readonly [string, Row])[];
  readonly back: boolean;
  /** Rows sent so far in this exchange. */
  readonly sent: number;
}

export type Message = ClientMessage | Result | PeerMessage;

/** For diagrams and logs. */
export function describe(message: Message): string {
  switch (message.kind) {
    case 'write':
      return `write ${message.key}`;
    case 'read':
      return `read ${message.key}`;
    case 'cas':
      return `cas ${message.key}`;
    case 'add':
      return `add ${message.key} ${message.delta}`;
    case 'compact':
    case 'flush':
    case 'repair':
      return message.kind;
    case 'result':
      return message.status === 'ok' ? (message.value === undefined ? 'ok' : shortValue(message.value)) : 'error';
    case 'mutate':
      return `${message.why === 'read repair' ? 'repair' : 'write'} ${message.key}${shortRow(message.row)}`;
    case 'acked':
      return 'ack';
    case 'fetch':
      return message.digest ? `digest ${message.key}?` : `read ${message.key}?`;
    case 'fetched':
      return message.digest ? 'digest' : `row${shortRow(message.row)}`;
    case 'gossip':
      return 'gossip';
    case 'hint':
      return `hint ${message.key}${shortRow(message.row)}`;
    case 'hinted':
      return 'hint ok';
    case 'prepare':
      return `prepare ${message.ballot.ts}`;
    case 'promise':
      return message.promised ? 'promise' : 'refused';
    case 'propose':
      return `propose${shortRow(message.proposal.row)}`;
    case 'accept':
      return message.accepted ? 'accept' : 'refused';
    case 'commit':
      return `commit${shortRow(message.proposal.row)}`;
    case 'count':
      return `add ${message.key} ${message.delta}`;
    case 'counted':
      return message.result.status === 'ok' ? 'ok' : 'error';
    case 'validate':
      return 'validate';
    case 'trees':
      return 'Merkle trees';
    case 'sync':
      return 'sync';
    case 'stream':
      return `stream ${message.rows.length}`;
    case 'synced':
      return 'synced';
  }
}

function shortValue(value: Value): string {
  return value === null ? 'none' : typeof value === 'object' ? `{${value.join(' ')}}` : String(value);
}

function shortRow(row: Row): string {
  return row.value === null ? (row.cells.length > 0 ? ` ${row.cells.map((cell) => cell.path.slice(1)).join(' ')}` : '') : `=${row.value}`;
}
