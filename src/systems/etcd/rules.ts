import { ruleBook } from '../../sim/rules.ts';

/** What etcd's server and its client say about themselves. */
export const etcdRules = ruleBook({
  forwarded: { effect: 'noted', says: '{node:node} forwarded the write to its leader {leader:node}' },
  noLeaderWrite: { effect: 'waited', says: '{node:node} knows no leader: the write waits until there is one' },
  applied: { effect: 'answered', says: '{node:node} applied entry {index} and answered, at revision {rev}' },
  compareFailed: {
    effect: 'answered',
    says: '{node:node} applied entry {index}: the value was not {expected}, so the Txn changed nothing',
  },
  tooLarge: { effect: 'refused', says: '{node:node} refused a request of {bytes} bytes; the limit is {limit}' },
  writeTimedOut: {
    effect: 'refused',
    says: '{node:node} gave up after {limit:time} (5 s + 2 × election timeout): {why}; the write may still happen',
  },
  writeNeverProposed: {
    effect: 'refused',
    says: '{node:node} gave up after {limit:time} (5 s + 2 × election timeout) without a leader to propose the write to: it never left {node:node}, but its client cannot know that',
  },
  serializable: {
    effect: 'answered',
    says: '{node:node} answered from its own copy, at revision {rev}, and asked nobody: it cannot know how far behind it is',
  },
  readQueued: { effect: 'waited', says: '{node:node} confirms reads in rounds: this one waits for the round under way' },
  readAsked: {
    effect: 'waited',
    says: '{node:node} may not answer before the leader has confirmed that it still leads (ReadIndex), and asked {leader:node}',
  },
  readNoLeader: {
    effect: 'waited',
    says: '{node:node} may not answer before a leader has confirmed that it leads (ReadIndex), and knows no leader to ask',
  },
  readRetried: { effect: 'waited', says: '{node:node} got no read index within {every:time} and asked again: {times} times so far' },
  readResent: { effect: 'noted', says: '{node:node} applied the first entry of term {term} and asked for the read index again' },
  readWaitsApply: { effect: 'waited', says: '{node:node} must apply entry {index} before it may answer; it has applied {applied}' },
  readAnswered: {
    effect: 'answered',
    says: '{node:node} answered from its own copy, at revision {rev}: it has applied entry {applied}, entry {index} was asked for',
  },
  readTimedOut: {
    effect: 'refused',
    says: '{node:node} asked {times} times, every {every:time}, and gave up after {limit:time} (5 s + 2 × election timeout)',
  },
  readLeaderChanged: { effect: 'refused', says: '{node:node} now follows {leader:node}: the read index it had asked for is void' },
  clientRepeats: { effect: 'noted', says: 'the client repeats the read: {error}' },
  clientTimeout: { effect: 'refused', says: 'the client gave up after {limit:time}; {server:node} had not answered' },
  clientFailsOver: { effect: 'noted', says: 'no connection to {server:node} ({error}): the client tries {next:node}' },
  clientRefused: { effect: 'refused', says: 'no server took the connection: the request certainly had no effect' },
  clientReset: {
    effect: 'refused',
    says: 'the connection to {server:node} broke while the request was open: whether it happened nobody can tell',
  },
  clientPing: {
    effect: 'waited',
    says: '{server:node} has been silent for {silent:time}: the client checks whether the connection lives (keepalive)',
  },
  clientDead: {
    effect: 'refused',
    says: '{server:node} did not answer the keepalive within {limit:time}: the client closed the connection',
  },
});
