import { NO_PROC, type Proc } from '../../core/ids.ts';
import { unreachable } from '../../core/unreachable.ts';
import { answer } from './durability.ts';
import { becomeFollower, inLease, onAskVote, onVote, tickElection, tickLeader } from './election.ts';
import { lastIndex } from './log.ts';
import { askReadIndex, confirmRead } from './readindex.ts';
import { appendEntry, onAppend, onAppended, onInstall, onMismatch, sendAppend } from './replication.ts';
import { raftRules as rules } from './rules.ts';
import type { Proposal, Raft, RaftAsk, RaftEnv, RaftMessage } from './types.ts';

type Termed = Exclude<RaftMessage, { kind: 'propose' | 'read-index' | 'flushed' }>;

/**
 * One message. After every call the host applies `commit`, looks at `lead`, `confirmed`, `incoming` and `snapshotsDue`, and ends with
 * `save` (durability.ts), as etcd's server does with each Ready.
 */
export function step(env: RaftEnv, raft: Raft, ask: RaftAsk, from: Proc, m: RaftMessage): void {
  if (from !== env.self) raft.lonelyRounds = 0;
  switch (m.kind) {
    case 'propose':
      propose(env, raft, ask, m.proposal);
      return;
    case 'read-index':
      askReadIndex(env, raft, ask, from, m.id, m.ops);
      return;
    case 'flushed':
      if (raft.role === 'leader' && raft.term === m.term) onAppended(env, raft, ask, env.self, m.index);
      return;
    default:
      if (admit(env, raft, ask, from, m)) handle(env, raft, ask, from, m);
  }
}

export function tick(env: RaftEnv, raft: Raft, ask: RaftAsk): void {
  if (raft.role === 'leader') tickLeader(env, raft, ask);
  else tickElection(env, raft, ask);
}

/** Appends at the leader, forwards at a follower; false where nobody is known to lead and the proposal is dropped. */
export function propose(env: RaftEnv, raft: Raft, ask: RaftAsk, proposal: Proposal): boolean {
  ask.serving(proposal.op);
  if (raft.role === 'leader') {
    appendEntry(env, raft, ask, proposal);
    return true;
  }
  if (raft.lead === NO_PROC) {
    if (ask.tracing) ask.because(rules.proposalDropped, { node: env.self });
    return false;
  }
  ask.send(raft.lead, { kind: 'propose', proposal });
  return true;
}

/** The rules about terms (figure 2 of the paper, "all servers"); false where the message is done with. */
function admit(env: RaftEnv, raft: Raft, ask: RaftAsk, from: Proc, m: Termed): boolean {
  if (m.term > raft.term) return admitNewer(env, raft, ask, from, m);
  if (m.term === raft.term) return true;
  if (m.kind === 'heartbeat' || m.kind === 'append') {
    // A leader of an older term hears of the newer one in this way; with check-quorum nobody else would tell it.
    if (ask.tracing) ask.because(rules.oldLeader, { node: env.self, from, old: m.term, term: raft.term });
    answer(raft, from, { kind: 'appended', term: raft.term, index: 0 });
  } else if (m.kind === 'ask-vote' && m.pre) {
    if (ask.tracing) ask.because(rules.voteOldTerm, { voter: env.self, candidate: from, kind: 'pre-vote', asked: m.term, term: raft.term });
    answer(raft, from, { kind: 'vote', term: raft.term, pre: true, granted: false });
  }
  return false;
}

function admitNewer(env: RaftEnv, raft: Raft, ask: RaftAsk, from: Proc, m: Termed): boolean {
  if (m.kind === 'ask-vote') {
    if (inLease(env, raft)) {
      if (ask.tracing)
        ask.because(rules.voteInLease, { voter: env.self, candidate: from, kind: m.pre ? 'pre-vote' : 'vote', leader: raft.lead });
      return false;
    }
    // A pre-vote changes nobody's term, neither the question nor a yes to it.
    if (m.pre) return true;
  }
  if (m.kind === 'vote' && m.pre && m.granted) return true;
  if (ask.tracing && raft.role !== 'follower')
    ask.because(rules.higherTerm, { node: env.self, role: raft.role, old: raft.term, from, term: m.term });
  const fromLeader = m.kind === 'append' || m.kind === 'heartbeat' || m.kind === 'install';
  becomeFollower(env, raft, ask, m.term, fromLeader ? from : NO_PROC);
  return true;
}

function handle(env: RaftEnv, raft: Raft, ask: RaftAsk, from: Proc, m: Termed): void {
  switch (m.kind) {
    case 'append':
      follow(env, raft, ask, from);
      onAppend(env, raft, ask, from, m);
      return;
    case 'heartbeat':
      follow(env, raft, ask, from);
      if (m.commit > raft.commit) raft.commit = Math.min(m.commit, lastIndex(raft.log));
      answer(raft, from, { kind: 'alive', term: raft.term, read: m.read });
      return;
    case 'install':
      follow(env, raft, ask, from);
      onInstall(env, raft, ask, from, m.snapshot);
      return;
    case 'appended':
      if (raft.role === 'leader') onAppended(env, raft, ask, from, m.index);
      return;
    case 'mismatch':
      if (raft.role === 'leader') onMismatch(env, raft, ask, from, m);
      return;
    case 'alive':
      if (raft.role === 'leader') onAlive(env, raft, ask, from, m.read);
      return;
    case 'ask-vote':
      onAskVote(env, raft, ask, from, m);
      return;
    case 'vote':
      onVote(env, raft, ask, from, m.pre, m.granted);
      return;
    case 'read-at':
      if (raft.role === 'follower') raft.confirmed = { id: m.id, index: m.index };
      return;
    default:
      unreachable(m);
  }
}

/** A message of the leader of this term: whoever gets it follows. */
function follow(env: RaftEnv, raft: Raft, ask: RaftAsk, from: Proc): void {
  if (raft.role === 'leader') {
    if (env.config.bug === 'none')
      throw new Error(`servers ${env.self} and ${from} both lead term ${raft.term}: election safety is broken`);
    return;
  }
  if (raft.role !== 'follower') becomeFollower(env, raft, ask, raft.term, from);
  raft.elapsed = 0;
  if (raft.lead !== from) {
    raft.lead = from;
    if (ask.tracing) ask.because(rules.follows, { node: env.self, leader: from, term: raft.term });
  }
}

/** An answer to a heartbeat: the follower lives, and whatever it may have lost is sent again. */
function onAlive(env: RaftEnv, raft: Raft, ask: RaftAsk, from: Proc, read: number): void {
  const p = raft.progress[from];
  if (p === undefined) return;
  p.active = true;
  if (p.state !== 'snapshot') p.paused = false;
  if (p.match < lastIndex(raft.log) || p.state === 'probe') sendAppend(raft, ask, from, true);
  if (read !== 0) confirmRead(env, raft, ask, from, read);
}
