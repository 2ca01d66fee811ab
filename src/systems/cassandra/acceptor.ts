import { isEmpty } from '../../protocols/lww.ts';
import { accept, type Ballot, commit, NEW_ACCEPTOR, type Proposal, promise } from '../../protocols/paxos.ts';
import type { Ask, Env, Memory } from './memory.ts';
import type { Message } from './messages.ts';
import { rule } from './rules.ts';
import { apply } from './storage.ts';

/** A replica's part in lightweight transactions. What it promises and accepts goes to its disk with the commit log before it answers. */
export function onPrepare(env: Env, m: Memory, ask: Ask, id: number, key: string, ballot: Ballot): Message {
  const before = m.paxos.get(key) ?? NEW_ACCEPTOR;
  const after = promise(before, ballot);
  const promised = after !== before;
  if (promised) {
    m.paxos.set(key, after);
    env.disk.write({ kind: 'paxos', key, state: after });
    if (ask.tracing) ask.because(rule.promised, { node: env.self, ballot: ballot.ts });
  } else if (ask.tracing) ask.because(rule.promiseRefused, { node: env.self, ballot: ballot.ts, promised: before.promised.ts });
  return { kind: 'promise', id, promised, ballot: after.promised, accepted: after.accepted, committed: after.committed };
}

export function onPropose(env: Env, m: Memory, ask: Ask, id: number, key: string, proposal: Proposal): Message {
  const before = m.paxos.get(key) ?? NEW_ACCEPTOR;
  const after = accept(before, proposal);
  const accepted = after !== before;
  if (accepted) {
    m.paxos.set(key, after);
    env.disk.write({ kind: 'paxos', key, state: after });
    if (ask.tracing) ask.because(rule.proposalAccepted, { node: env.self, ballot: proposal.ballot.ts });
  } else if (ask.tracing) ask.because(rule.proposalRefused, { node: env.self, ballot: proposal.ballot.ts, promised: before.promised.ts });
  return { kind: 'accept', id, accepted, ballot: after.promised };
}

export function applyCommit(env: Env, m: Memory, ask: Ask, key: string, proposal: Proposal): void {
  const before = m.paxos.get(key) ?? NEW_ACCEPTOR;
  const after = commit(before, proposal);
  if (after !== before) {
    m.paxos.set(key, after);
    env.disk.write({ kind: 'paxos', key, state: after });
  }
  if (!isEmpty(proposal.row)) apply(env, m, ask, key, proposal.row, { kind: 'mutate', key, row: proposal.row });
}
