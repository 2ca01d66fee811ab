import { ruleBook } from '../../sim/rules.ts';

/** What Raft says about itself while it runs. */
export const raftRules = ruleBook({
  voteGranted: { effect: 'noted', says: '{voter:node} gave {candidate:node} its {kind} for term {term}' },
  voteTaken: {
    effect: 'refused',
    says: '{voter:node} refused {candidate:node} its {kind}: it had given its vote of term {term} to {votedFor:node}',
  },
  voteHasLeader: { effect: 'refused', says: '{voter:node} refused {candidate:node} its {kind}: it follows {leader:node} in term {term}' },
  voteLogBehind: {
    effect: 'refused',
    says: "{voter:node} refused {candidate:node} its {kind}: the candidate's log ends with entry {theirIndex} of term {theirTerm}, its own with entry {index} of term {term}",
  },
  voteOldTerm: { effect: 'refused', says: '{voter:node} refused {candidate:node} its {kind}: term {asked} is over, it is in term {term}' },
  voteInLease: {
    effect: 'refused',
    says: '{voter:node} ignored that {candidate:node} asked for its {kind}: it heard from its leader {leader:node} within the election timeout (lease is not expired)',
  },
  preVoteAsked: {
    effect: 'detected',
    says: '{node:node} heard no leader for {waited:time}, its election timeout, and asked for pre-votes for term {term}',
  },
  voteAsked: { effect: 'detected', says: '{node:node} began term {term} and asked for votes' },
  elected: { effect: 'elected', says: '{node:node} leads term {term}: {votes:nodes} voted for it, {need} were needed' },
  electionLost: { effect: 'refused', says: '{node:node} lost its election for term {term}: {against:nodes} refused' },
  follows: { effect: 'elected', says: '{node:node} follows {leader:node} in term {term}' },
  quorumLost: {
    effect: 'stepped-down',
    says: '{node:node} stepped down in term {term}: within {window:time} it heard only from {heard:nodes}, no majority',
  },
  higherTerm: { effect: 'stepped-down', says: '{node:node}, {role} in term {old}, stepped down: {from:node} is in term {term}' },
  oldLeader: { effect: 'refused', says: '{node:node} refused a message of {from:node}, leader of term {old}: it is in term {term}' },
  appended: { effect: 'stored', says: '{leader:node} appended it as entry {index} of term {term} and sent it to {others:nodes}' },
  stored: { effect: 'stored', says: '{node:node} put the log up to entry {index} on disk' },
  committed: { effect: 'stored', says: 'entry {index} is committed: {have:nodes} have it on disk, {need} are needed' },
  oldTermWaits: {
    effect: 'waited',
    says: 'a majority has entry {index} of term {old}, but {leader:node} may count copies only of entries of its own term {term}',
  },
  truncated: {
    effect: 'dropped',
    says: '{node:node} threw away entry {index} of term {term}, never committed: the leader {leader:node} has another log',
  },
  mismatch: { effect: 'refused', says: "{node:node} lacks the leader's entry {index} of term {term} and refused what comes after it" },
  backedUp: { effect: 'repaired', says: '{leader:node} goes back in its log for {follower:node}, to entry {next}' },
  snapshotSent: {
    effect: 'repaired',
    says: '{leader:node} no longer has the entries that {follower:node} lacks (after {match}) and sent it a snapshot at entry {index}',
  },
  snapshotInstalled: { effect: 'repaired', says: '{node:node} replaced its state by the snapshot at entry {index} of term {term}' },
  proposalDropped: { effect: 'dropped', says: '{node:node} got a forwarded proposal, but leads no more and knows no leader: dropped' },
  readPostponed: { effect: 'waited', says: '{leader:node} may not answer yet: it has committed nothing in its term {term}' },
  readAsks: { effect: 'waited', says: '{leader:node} asks {others:nodes} whether it still leads; its commit index is {index}' },
  readConfirmed: {
    effect: 'noted',
    says: '{have:nodes} confirmed that {leader:node} still led: the read may be answered from entry {index} on',
  },
  readByLease: { effect: 'answered', says: '{leader:node} trusted its lease, by its own clock, and asked nobody whether it still leads' },
});
