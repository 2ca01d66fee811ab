import { NO_PROC, type Proc } from '../../core/ids.ts';
import { beginsWithEmptyEntry, isUpToDate, mayVote } from './decisions.ts';
import { answer, sorted } from './durability.ts';
import { lastIndex, lastTerm } from './log.ts';
import { becomeReplicate, quorumOf, resetProgress } from './progress.ts';
import { broadcastHeartbeat, newestRead } from './readindex.ts';
import { appendEntry, broadcastAppend } from './replication.ts';
import { raftRules as rules } from './rules.ts';
import type { Raft, RaftAsk, RaftEnv, RaftMessage } from './types.ts';

type AskVote = Extract<RaftMessage, { kind: 'ask-vote' }>;

const NO_ANSWER = 0;
const GRANTED = 1;
const REFUSED = 2;

/** Ends whatever role the server had; a new term has no vote yet. */
function reset(env: RaftEnv, raft: Raft, ask: RaftAsk, term: number): void {
  if (raft.term !== term) {
    raft.term = term;
    raft.vote = NO_PROC;
  }
  raft.lead = NO_PROC;
  raft.elapsed = 0;
  raft.timeoutTicks = ask.draw(env.config.electionTicks, 2 * env.config.electionTicks - 1);
  raft.votes.fill(NO_ANSWER);
  raft.progress = [];
  raft.reads = [];
  raft.postponed = [];
  raft.snapshotsDue = [];
}

export function becomeFollower(env: RaftEnv, raft: Raft, ask: RaftAsk, term: number, lead: Proc): void {
  reset(env, raft, ask, term);
  raft.role = 'follower';
  raft.lead = lead;
  if (ask.tracing && lead !== NO_PROC) ask.because(rules.follows, { node: env.self, leader: lead, term });
}

function becomeLeader(env: RaftEnv, raft: Raft, ask: RaftAsk): void {
  const votes = ask.tracing ? voters(raft, GRANTED) : [];
  reset(env, raft, ask, raft.term);
  raft.role = 'leader';
  raft.lead = env.self;
  lead(env, raft);
  if (ask.tracing) ask.because(rules.elected, { node: env.self, term: raft.term, votes, need: quorumOf(env.size) });
  // The empty entry lets it commit what earlier terms left (section 5.4.2 of the paper, section 6.4 of the dissertation).
  if (beginsWithEmptyEntry(env.config)) appendEntry(env, raft, ask, null);
  else broadcastAppend(env, raft, ask);
}

/** A leader's view of its followers: nothing is known yet. */
export function lead(env: RaftEnv, raft: Raft): void {
  resetProgress(raft, env.size);
  const own = raft.progress[env.self];
  if (own === undefined) return;
  own.match = raft.savedIndex;
  becomeReplicate(own);
  own.next = lastIndex(raft.log) + 1;
  own.active = true;
}

/** A tick of a server that does not lead. */
export function tickElection(env: RaftEnv, raft: Raft, ask: RaftAsk): void {
  raft.elapsed++;
  if (raft.elapsed < raft.timeoutTicks) return;
  const waited = raft.elapsed * env.config.tickUs;
  raft.elapsed = 0;
  raft.lonelyRounds++;
  if (env.config.preVote) {
    raft.role = 'pre-candidate';
    raft.votes.fill(NO_ANSWER);
    raft.lead = NO_PROC;
    if (ask.tracing) ask.because(rules.preVoteAsked, { node: env.self, waited, term: raft.term + 1 });
    campaign(env, raft, raft.term + 1, true);
  } else stand(env, raft, ask);
}

function stand(env: RaftEnv, raft: Raft, ask: RaftAsk): void {
  reset(env, raft, ask, raft.term + 1);
  raft.role = 'candidate';
  raft.vote = env.self;
  if (ask.tracing) ask.because(rules.voteAsked, { node: env.self, term: raft.term });
  campaign(env, raft, raft.term, false);
}

/** Questions leave when term and vote are on disk; the own vote counts then too, so it comes as a message. */
function campaign(env: RaftEnv, raft: Raft, term: number, pre: boolean): void {
  answer(raft, env.self, { kind: 'vote', term, pre, granted: true });
  const question: AskVote = { kind: 'ask-vote', term, pre, lastIndex: lastIndex(raft.log), lastTerm: lastTerm(raft.log) };
  for (let to = 0; to < env.size; to++) if (to !== env.self) answer(raft, to, question);
}

/** "If a server hears a question for its vote within the minimum election timeout of hearing from a leader, it ignores it" (section 4.2.3). */
export function inLease(env: RaftEnv, raft: Raft): boolean {
  return raft.lead !== NO_PROC && raft.elapsed < env.config.electionTicks;
}

export function onAskVote(env: RaftEnv, raft: Raft, ask: RaftAsk, from: Proc, m: AskVote): void {
  const may = mayVote(env.config, raft, from, m.term, m.pre);
  const upToDate = isUpToDate(env.config, raft, m.lastIndex, m.lastTerm);
  if (ask.tracing) sayVote(env, raft, ask, from, m, may, upToDate);
  if (may && upToDate) {
    // The term of the question: a pre-vote is for a term that neither is in.
    answer(raft, from, { kind: 'vote', term: m.term, pre: m.pre, granted: true });
    if (m.pre) return;
    raft.elapsed = 0;
    raft.vote = from;
  } else answer(raft, from, { kind: 'vote', term: raft.term, pre: m.pre, granted: false });
}

function sayVote(env: RaftEnv, raft: Raft, ask: RaftAsk, from: Proc, m: AskVote, may: boolean, upToDate: boolean): void {
  const facts = { voter: env.self, candidate: from, kind: m.pre ? 'pre-vote' : 'vote', term: raft.term };
  if (may && upToDate) ask.because(rules.voteGranted, { ...facts, term: m.term });
  else if (may) {
    ask.because(rules.voteLogBehind, {
      ...facts,
      term: lastTerm(raft.log),
      index: lastIndex(raft.log),
      theirIndex: m.lastIndex,
      theirTerm: m.lastTerm,
    });
  } else if (raft.vote !== NO_PROC) ask.because(rules.voteTaken, { ...facts, votedFor: raft.vote });
  else ask.because(rules.voteHasLeader, { ...facts, leader: raft.lead });
}

export function onVote(env: RaftEnv, raft: Raft, ask: RaftAsk, from: Proc, pre: boolean, granted: boolean): void {
  if (raft.role !== (pre ? 'pre-candidate' : 'candidate')) return;
  if (raft.votes[from] === NO_ANSWER) raft.votes[from] = granted ? GRANTED : REFUSED;
  const quorum = quorumOf(env.size);
  let yes = 0;
  let no = 0;
  for (const vote of raft.votes) {
    if (vote === GRANTED) yes++;
    else if (vote === REFUSED) no++;
  }
  if (yes >= quorum) {
    if (pre) stand(env, raft, ask);
    else becomeLeader(env, raft, ask);
  } else if (no > env.size - quorum) {
    if (ask.tracing)
      ask.because(rules.electionLost, { node: env.self, term: pre ? raft.term + 1 : raft.term, against: voters(raft, REFUSED) });
    becomeFollower(env, raft, ask, raft.term, NO_PROC);
  }
}

/** Who has answered so in the current election, for facts and pictures. */
export function voters(raft: Raft, how: 1 | 2): Proc[] {
  return raft.votes.flatMap((vote, proc) => (vote === how ? [proc] : []));
}

/** A tick of the leader: check the quorum once in an election timeout, then a heartbeat (etcd: one each tick). */
export function tickLeader(env: RaftEnv, raft: Raft, ask: RaftAsk): void {
  raft.elapsed++;
  if (raft.elapsed >= env.config.electionTicks) {
    raft.elapsed = 0;
    checkQuorum(env, raft, ask);
    if (raft.role !== 'leader') return;
  }
  for (const p of raft.progress) {
    // A snapshot that nobody has acknowledged within an election timeout is taken for lost (etcd's transport reports the failure).
    if (p.state === 'snapshot' && ++p.pendingTicks >= env.config.electionTicks) giveUpSnapshot(p);
  }
  broadcastHeartbeat(env, raft, ask, newestRead(raft), false);
}

function giveUpSnapshot(p: Raft['progress'][number]): void {
  p.state = 'probe';
  p.pending = 0;
  p.next = p.match + 1;
  p.paused = true;
}

/** A leader that has not heard from a majority within an election timeout cannot know that it still leads (section 6.2). */
function checkQuorum(env: RaftEnv, raft: Raft, ask: RaftAsk): void {
  let active = 0;
  for (const p of raft.progress) if (p.active) active++;
  if (active < quorumOf(env.size)) {
    if (ask.tracing) {
      const heard = sorted(raft.progress.flatMap((p, i) => (p.active ? [i] : [])));
      ask.because(rules.quorumLost, { node: env.self, term: raft.term, window: env.config.electionTicks * env.config.tickUs, heard });
    }
    becomeFollower(env, raft, ask, raft.term, NO_PROC);
    return;
  }
  for (let i = 0; i < raft.progress.length; i++) {
    const p = raft.progress[i];
    if (p !== undefined && i !== env.self) p.active = false;
  }
}
