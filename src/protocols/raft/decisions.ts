import { NO_PROC, type Proc } from '../../core/ids.ts';
import { lastIndex, lastTerm, termAt } from './log.ts';
import type { Raft, RaftConfig } from './types.ts';

/**
 * The five decisions on which Raft's safety rests, each in one place. `config.bug` breaks exactly one of them: the laws must see it.
 */

/** Election safety: at most one vote in a term. A pre-vote binds nobody, so it may be given to several (dissertation, section 9.6). */
export function mayVote(config: RaftConfig, raft: Raft, candidate: Proc, term: number, pre: boolean): boolean {
  if (config.bug === 'vote-twice') return true;
  return raft.vote === candidate || (raft.vote === NO_PROC && raft.lead === NO_PROC) || (pre && term > raft.term);
}

/** The vote as it goes to disk: a server that forgot it could vote again in the same term after a restart (section 3.8). */
export function voteOnDisk(config: RaftConfig, raft: Raft): Proc {
  return config.bug === 'forget-vote' ? NO_PROC : raft.vote;
}

/**
 * A leader commits by counting copies only for entries of its own term: an older entry on a majority may still be overwritten
 * (section 5.4.2 and figure 8 of the paper). Older entries are committed along with the first of its own.
 */
export function mayCommitByCounting(config: RaftConfig, raft: Raft, index: number): boolean {
  return config.bug === 'commit-old-term' || termAt(raft.log, index) === raft.term;
}

/**
 * Because of that rule a leader begins its term with an empty entry: else what older terms left could wait for ever. Who counts copies of older entries
 * sees no need for it.
 */
export function beginsWithEmptyEntry(config: RaftConfig): boolean {
  return config.bug !== 'commit-old-term';
}

/** Leader completeness: no vote for a candidate whose log is behind (section 5.4.1). */
export function isUpToDate(config: RaftConfig, raft: Raft, theirIndex: number, theirTerm: number): boolean {
  if (config.bug === 'skip-log-check') return true;
  const ours = lastTerm(raft.log);
  return theirTerm > ours || (theirTerm === ours && theirIndex >= lastIndex(raft.log));
}

/** A linearizable read must not be answered from the local copy alone (section 6.4 of the dissertation). */
export function needsReadIndex(config: RaftConfig): boolean {
  return config.bug !== 'local-read';
}
