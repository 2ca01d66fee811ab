import type { Copyable } from '../core/copy.ts';
import type { Proc } from '../core/ids.ts';
import { EMPTY, isEmpty, type Row } from './lww.ts';

/**
 * The acceptor of Cassandra's lightweight transactions (Paxos v1, service/paxos/PaxosState). Each partition is a register decided again and again: a commit ends
 * one decision, and proposals at higher ballots begin the next. All functions return a new state, to be written to the disk before it is spoken of.
 */
export interface Ballot {
  /** Microseconds of the proposer's clock, raised where others were ahead: it becomes the timestamp of the cells. */
  readonly ts: number;
  readonly by: Proc;
}

export const NO_BALLOT: Ballot = { ts: Number.NEGATIVE_INFINITY, by: -1 };

export function compareBallots(a: Ballot, b: Ballot): number {
  return a.ts === b.ts ? a.by - b.by : a.ts < b.ts ? -1 : 1;
}

export interface Proposal {
  readonly ballot: Ballot;
  /** The mutation; empty for a read or a condition that did not hold, which must also be decided to be safe. */
  readonly row: Row;
}

export const NO_PROPOSAL: Proposal = { ballot: NO_BALLOT, row: EMPTY };

export class Acceptor implements Copyable {
  readonly promised: Ballot;
  readonly accepted: Proposal;
  readonly committed: Proposal;

  constructor(promised: Ballot, accepted: Proposal, committed: Proposal) {
    this.promised = promised;
    this.accepted = accepted;
    this.committed = committed;
  }

  /** States never change. */
  copy(): this {
    return this;
  }
}

export const NEW_ACCEPTOR = new Acceptor(NO_BALLOT, NO_PROPOSAL, NO_PROPOSAL);

/** The same state where the promise is refused. */
export function promise(state: Acceptor, ballot: Ballot): Acceptor {
  if (compareBallots(ballot, state.promised) <= 0) return state;
  return new Acceptor(ballot, state.accepted, state.committed);
}

/** The same state where the proposal is refused: a higher ballot was promised. */
export function accept(state: Acceptor, proposal: Proposal): Acceptor {
  if (compareBallots(proposal.ballot, state.promised) < 0) return state;
  return new Acceptor(proposal.ballot, proposal, state.committed);
}

export function commit(state: Acceptor, proposal: Proposal): Acceptor {
  if (compareBallots(proposal.ballot, state.committed.ballot) <= 0) return state;
  const done = compareBallots(state.accepted.ballot, proposal.ballot) <= 0;
  const promised = compareBallots(state.promised, proposal.ballot) < 0 ? proposal.ballot : state.promised;
  return new Acceptor(promised, done ? NO_PROPOSAL : state.accepted, proposal);
}

export interface Promised {
  readonly from: Proc;
  readonly accepted: Proposal;
  readonly committed: Proposal;
}

/** What a proposer must do with the promises of a quorum before it may propose something of its own. */
export type Finding =
  /** A round was accepted somewhere and not known to be committed: it may have been decided, so it is proposed again. */
  | { readonly kind: 'finish'; readonly proposal: Proposal }
  /** Some of those who promised have not heard of the last commit: they are told first. */
  | { readonly kind: 'inform'; readonly proposal: Proposal; readonly peers: readonly Proc[] }
  | { readonly kind: 'free' };

export function examine(promises: readonly Promised[]): Finding {
  let accepted = NO_PROPOSAL;
  let committed = NO_PROPOSAL;
  for (const one of promises) {
    if (compareBallots(one.accepted.ballot, accepted.ballot) > 0) accepted = one.accepted;
    if (compareBallots(one.committed.ballot, committed.ballot) > 0) committed = one.committed;
  }
  // Only the highest accepted ballot counts: an empty one above an older proposal means that the older one can no longer be decided unseen.
  if (!isEmpty(accepted.row) && compareBallots(accepted.ballot, committed.ballot) > 0) return { kind: 'finish', proposal: accepted };
  const peers = promises.filter((one) => compareBallots(one.committed.ballot, committed.ballot) < 0).map((one) => one.from);
  return peers.length > 0 ? { kind: 'inform', proposal: committed, peers } : { kind: 'free' };
}
