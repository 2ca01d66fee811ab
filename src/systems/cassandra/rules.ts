import { ruleBook } from '../../sim/rules.ts';

/** Every reason that a node or a client of Cassandra may state. */
export const rule = ruleBook({
  // Before anything is sent
  unavailable: {
    says: '{level} needs {required} of the replicas {replicas:nodes}, and {coordinator:node} holds {down:nodes} for down: it refused and sent nothing (required_replicas {required}, alive_replicas {alive})',
    effect: 'refused',
  },
  tooFewReplicas: { says: '{level} needs {required} replicas, and {key} has only {replicas:nodes}', effect: 'refused' },
  heldDown: {
    says: '{peer:node} had been convicted {for:time} before, after 8 times 2.3 heartbeats without a sign of life',
    effect: 'noted',
  },
  // Writes
  writeSent: {
    says: '{coordinator:node} sent the write with timestamp {ts} to every replica that is up, {asked:nodes}, and {level} waits for {need}',
    effect: 'noted',
  },
  levelReached: { says: '{level} was reached: {have:nodes} acknowledged the write with timestamp {ts}', effect: 'answered' },
  writeTimedOut: {
    says: '{level} needs {need} acknowledgements and had {received} after {timeout:time}; {missing:nodes} never answered. What {have:nodes} wrote stays there',
    effect: 'waited',
  },
  writeUnanswered: {
    says: '{level} needs {need} acknowledgements and had none after {timeout:time}; {missing:nodes} never answered',
    effect: 'waited',
  },
  anyByHint: { says: 'no replica of {key} answers: at ANY the hint counts as the write', effect: 'answered' },
  ignoredOlder: {
    says: '{node:node} ignored a write of {key} with timestamp {ts}: it holds timestamp {held}, and the last write wins',
    effect: 'dropped',
  },
  counterLeader: { says: '{leader:node} leads this update of the counter {key}: its own share is now {share}', effect: 'stored' },
  // Hints
  hintStored: { says: '{coordinator:node} kept a hint for {target:node}, which {why}', effect: 'stored' },
  hintRefused: { says: '{coordinator:node} kept no hint for {target:node}: {why}', effect: 'dropped' },
  hintSent: { says: '{coordinator:node} hands the hint of {key} with timestamp {ts} to {target:node}', effect: 'repaired' },
  hintDelivered: { says: '{target:node} has applied the hint of {key}', effect: 'repaired' },
  hintExpired: {
    says: 'the hint of {key} for {target:node} is {age:time} old, more than gc_grace_seconds: it is thrown away',
    effect: 'dropped',
  },
  // Reads
  readAsked: {
    says: '{coordinator:node} asked {full:node} for the row and {digests:nodes} for a digest: {level} waits for {need}',
    effect: 'noted',
  },
  servedBy: { says: '{from:nodes} answered the read at {level}: the newest timestamp among them is {ts}', effect: 'answered' },
  servedNothing: { says: '{from:nodes} answered the read at {level}: there is nothing of {key}', effect: 'answered' },
  speculated: {
    says: 'no answer after {after:time}, longer than 99 of 100 reads take: {peer:node} is asked as well (speculative_retry)',
    effect: 'noted',
  },
  digestMismatch: { says: 'the digests of {from:nodes} differ: their full rows are fetched', effect: 'detected' },
  reconciled: { says: '{winners:nodes} had the newest row, timestamp {ts}; {losers:nodes} had {old}', effect: 'detected' },
  repairSent: { says: '{stale:nodes} must acknowledge the newest row before the read answers (read_repair=BLOCKING)', effect: 'repaired' },
  repairAcked: { says: '{peer:node} has the newest row now', effect: 'repaired' },
  repairOff: { says: 'read_repair=NONE: what {stale:nodes} had is left as it is', effect: 'noted' },
  readTimedOut: {
    says: '{level} needs {need} answers and had {received} after {timeout:time}; {missing:nodes} never answered',
    effect: 'waited',
  },
  repairTimedOut: { says: 'the read repair was not acknowledged by {missing:nodes} within {timeout:time}', effect: 'waited' },
  // Failure detector
  convicted: { says: '{node:node} convicted {peer:node} after {silence:time} of silence: phi is {phi}', effect: 'detected' },
  seenAgain: { says: '{node:node} hears {peer:node} again after {down:time}', effect: 'detected' },
  // Disk
  replayed: { says: '{node:node} replayed {records} records of its disk', effect: 'noted' },
  purged: { says: '{node:node} dropped the tombstone of {key}, written {age:time} ago: gc_grace_seconds are over', effect: 'dropped' },
  // Lightweight transactions
  promised: { says: '{node:node} promised ballot {ballot}', effect: 'noted' },
  promiseRefused: { says: '{node:node} refused ballot {ballot}: it has promised {promised}', effect: 'refused' },
  proposalAccepted: { says: '{node:node} accepted ballot {ballot}', effect: 'noted' },
  proposalRefused: { says: '{node:node} did not accept ballot {ballot}: it has promised {promised}', effect: 'refused' },
  finishesRound: {
    says: '{coordinator:node} found ballot {found} accepted but not committed, and finishes that round first',
    effect: 'noted',
  },
  informs: { says: '{peers:nodes} had not heard of the last commit: {coordinator:node} tells them and prepares anew', effect: 'noted' },
  contention: { says: '{coordinator:node} was overtaken by another ballot: it backs off and tries again', effect: 'waited' },
  decided: { says: '{have:nodes} accepted ballot {ballot}: it is decided', effect: 'answered' },
  conditionFailed: { says: 'the condition does not hold: {key} is {seen}, not {expected}', effect: 'refused' },
  casTimedOut: {
    says: 'the {round} round of ballot {ballot} had {received} of {need} answers after {timeout:time}; {missing:nodes} never answered',
    effect: 'waited',
  },
  // Repair
  treesDiffer: { says: 'the Merkle trees of {a:node} and {b:node} differ, leaves: {leaves}', effect: 'detected' },
  streamed: { says: '{from:node} streamed its rows of those leaves to {to:node}, rows: {rows}', effect: 'repaired' },
  repairFailed: { says: 'the repair needs {missing:nodes}, which did not answer', effect: 'refused' },
  // Client
  nextHost: { says: '{node:node} did not take the connection: the driver turns to {next:node}', effect: 'noted' },
  clientGaveUp: { says: 'the client waited {timeout:time} and gave up', effect: 'waited' },
});
