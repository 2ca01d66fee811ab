import { SharedList } from '../../core/copy.ts';
import { NO_OP, NO_PROC, type Op, type Proc } from '../../core/ids.ts';
import { quorumOf } from '../../protocols/raft/progress.ts';
import { propose } from '../../protocols/raft/step.ts';
import type { Entry, Proposal } from '../../protocols/raft/types.ts';
import { errors } from './errors.ts';
import { sayLeaderless } from './reads.ts';
import { etcdRules as rules } from './rules.ts';
import { apply } from './store.ts';
import { type Command, type EtcdAsk, type EtcdEnv, type EtcdMemory, type EtcdReply, WRITE_DEADLINE } from './types.ts';

/** A peer that is silent for this long has lost its connection (etcd: rafthttp.ConnReadTimeout). */
const CONNECTION_US = 5_000_000;

export function onWrite(env: EtcdEnv, memory: EtcdMemory, ask: EtcdAsk, op: Op, command: Command): void {
  const limit = env.config.maxRequestBytes;
  const bytes = sizeOf(command, limit);
  if (bytes > limit) {
    if (ask.tracing) ask.because(rules.tooLarge, { node: env.self, bytes, limit });
    ask.reply(op, { kind: 'error', text: errors.tooLarge, definite: true });
    return;
  }
  memory.waiting.set(op, env.monotonicUs());
  if (!memory.deadlineArmed) arm(memory, ask, env.config.requestTimeoutUs);
  submit(env, memory, ask, { op, from: env.self, command });
}

/** Hands a proposal to Raft, or keeps it while there is no leader (etcd's node does not read proposals then). */
function submit(env: EtcdEnv, memory: EtcdMemory, ask: EtcdAsk, proposal: Proposal): void {
  const { raft } = memory;
  if (raft.lead === NO_PROC) {
    memory.blocked.push(proposal);
    if (ask.tracing) {
      ask.because(rules.noLeaderWrite, { node: env.self });
      sayLeaderless(env, memory, ask, proposal.op);
    }
    return;
  }
  if (ask.tracing && raft.lead !== env.self) {
    ask.because(rules.forwarded, { node: env.self, leader: raft.lead });
    ask.awaits(proposal.op, {
      need: 1,
      of: [raft.lead],
      have: [],
      what: 'the commit of what was forwarded to {leader:node}',
      facts: { leader: raft.lead },
    });
  }
  propose(env, raft, ask, proposal);
}

/** There is a leader again: what waited goes on, oldest first, unless it was given up meanwhile. */
export function submitBlocked(env: EtcdEnv, memory: EtcdMemory, ask: EtcdAsk): void {
  if (memory.blocked.length === 0) return;
  const { items } = memory.blocked;
  memory.blocked = new SharedList<Proposal>();
  const served = ask.op;
  for (const proposal of items) {
    if (!memory.waiting.has(proposal.op)) continue;
    ask.serving(proposal.op);
    submit(env, memory, ask, proposal);
  }
  ask.serving(served);
}

/** Applies one committed command and answers its client if it waits here. */
export function applyCommand(env: EtcdEnv, memory: EtcdMemory, ask: EtcdAsk, entry: Entry): void {
  // Raft carries commands without looking inside; every one was proposed by `submit`.
  const command = entry.command as Command;
  const { store } = memory;
  const count = apply(store, command);
  if (entry.from !== env.self || !memory.waiting.delete(entry.op)) return;
  const served = ask.op;
  ask.serving(entry.op);
  if (ask.tracing) {
    const facts = { node: env.self, index: entry.index, rev: store.rev };
    if (count < 0 && command.kind === 'cas') ask.because(rules.compareFailed, { ...facts, expected: command.expected ?? 'none' });
    else ask.because(rules.applied, facts);
  }
  ask.reply(entry.op, { kind: 'written', rev: store.rev, count: Math.max(0, count), held: count >= 0 });
  ask.serving(served);
}

function arm(memory: EtcdMemory, ask: EtcdAsk, dueUs: number): void {
  const served = ask.op;
  ask.serving(NO_OP);
  ask.timer(WRITE_DEADLINE, 0, dueUs, dueUs);
  ask.serving(served);
  memory.deadlineArmed = true;
}

/** Ends the writes whose time is over. One timer serves all: they came in the order in which they end. */
export function onWriteTimer(env: EtcdEnv, memory: EtcdMemory, ask: EtcdAsk): void {
  memory.deadlineArmed = false;
  const nowUs = env.monotonicUs();
  for (const [op, startUs] of memory.waiting) {
    const leftUs = startUs + env.config.requestTimeoutUs - nowUs;
    if (leftUs > 0) {
      arm(memory, ask, leftUs);
      return;
    }
    memory.waiting.delete(op);
    // While there is no leader Raft's node takes no proposals (`propc` is nil), and node.Propose ends with the context's own error.
    // EtcdServer.processInternalRaftRequestOnce hands it on before parseProposeCtxErr could name a cause, and togRPCError leaves it as it is.
    const neverProposed = memory.blocked.items.some((proposal) => proposal.op === op);
    const [text, why] = neverProposed ? [errors.deadline, undefined] : timeoutText(env, memory, startUs, nowUs);
    ask.serving(op);
    const facts = { node: env.self, limit: env.config.requestTimeoutUs };
    if (ask.tracing && why === undefined) ask.because(rules.writeNeverProposed, facts);
    else if (ask.tracing && why !== undefined) ask.because(rules.writeTimedOut, { ...facts, why });
    const reply: EtcdReply = { kind: 'error', text, definite: false };
    ask.reply(op, reply);
  }
}

/** Which of etcd's three texts a proposal gets that Raft had taken (etcdserver's parseProposeCtxErr), and the reason in words. */
function timeoutText(env: EtcdEnv, memory: EtcdMemory, startUs: number, nowUs: number): readonly [text: string, why: string] {
  const lostUs = memory.electedUs - 2 * env.config.electionTicks * env.config.tickUs;
  if (startUs > lostUs && startUs < memory.electedUs)
    return [errors.timeoutLeaderFail, 'this server was elected soon after the request came'];
  const { lead } = memory.raft;
  if (lead === NO_PROC) return [errors.timeout, 'it knows no leader'];
  const alive = (peer: Proc): boolean =>
    peer === env.self || ((memory.activeUs[peer] ?? 0) < startUs && nowUs - (memory.heardUs[peer] ?? 0) < CONNECTION_US);
  if (lead !== env.self) {
    return alive(lead)
      ? [errors.timeout, 'its leader did not commit it']
      : [errors.timeoutConnectionLost, 'the connection to its leader was lost meanwhile'];
  }
  let connected = 0;
  for (let peer = 0; peer < env.size; peer++) if (alive(peer)) connected++;
  return connected >= quorumOf(env.size)
    ? [errors.timeout, 'it leads, but no majority has the entry on disk']
    : [errors.timeoutConnectionLost, 'it leads, but was not connected to a majority all the time'];
}

/** Keeps track of connections: a peer that should talk all the time and was silent for too long has a new one when it is heard again. */
export function noteHeard(env: EtcdEnv, memory: EtcdMemory, from: Proc): void {
  const nowUs = env.monotonicUs();
  const { raft } = memory;
  if ((raft.lead === from || raft.role === 'leader') && nowUs - (memory.heardUs[from] ?? 0) >= CONNECTION_US) memory.activeUs[from] = nowUs;
  memory.heardUs[from] = nowUs;
}

/** The size of a request on the wire, near enough: keys and values in UTF-8 and a few bytes around them. */
function sizeOf(command: Command, limit: number): number {
  const value = command.kind === 'delete' ? '' : command.value;
  const expected = command.kind === 'cas' ? (command.expected ?? '') : '';
  const units = command.key.length + value.length + expected.length;
  // A UTF-16 unit takes at most three bytes: short texts, nearly all, need no counting.
  return units * 3 < limit - 64 ? units : utf8Bytes(command.key) + utf8Bytes(value) + utf8Bytes(expected) + 64;
}

function utf8Bytes(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
  }
  return bytes;
}
