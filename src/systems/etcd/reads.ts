import { NO_OP, NO_PROC, type Op } from '../../core/ids.ts';
import { needsReadIndex } from '../../protocols/raft/decisions.ts';
import { askReadIndex } from '../../protocols/raft/readindex.ts';
import { errors } from './errors.ts';
import { etcdRules as rules } from './rules.ts';
import {
  type EtcdAsk,
  type EtcdEnv,
  type EtcdMemory,
  type EtcdReply,
  type EtcdRequest,
  READ_ROUND,
  type ReadLoop,
  type WaitingRead,
} from './types.ts';

/** A question for the read index is repeated after this time (etcd: readIndexRetryTime). */
export const RETRY_US = 500_000;

const LEADER_CHANGED: EtcdReply = { kind: 'error', text: errors.leaderChanged, definite: false };
const TIMED_OUT: EtcdReply = { kind: 'error', text: errors.timeout, definite: false };

export function idleReads(): ReadLoop {
  return { stage: 'idle', batch: [], next: [], ids: [], startUs: 0, retryUs: 0, index: 0, armed: false };
}

/** A read: at once from the local copy if that was asked for, else in the next round. */
export function onRange(env: EtcdEnv, memory: EtcdMemory, ask: EtcdAsk, op: Op, request: Extract<EtcdRequest, { kind: 'range' }>): void {
  if (request.serializable || !needsReadIndex(env.config)) {
    if (ask.tracing) ask.because(rules.serializable, { node: env.self, rev: memory.store.rev });
    replyRead(memory, ask, op, request.key);
    return;
  }
  const { reads } = memory;
  reads.next.push({ op, key: request.key });
  if (reads.stage === 'idle') startRound(env, memory, ask);
  else if (ask.tracing) {
    ask.because(rules.readQueued, { node: env.self });
    ask.awaits(op, {
      need: 1,
      of: [env.self],
      have: [],
      what: 'the end of a round of reads under way on {node:node}',
      facts: { node: env.self },
    });
  }
}

/** A client's context ended: its read is forgotten. */
export function cancelRead(memory: EtcdMemory, op: Op): void {
  const { reads } = memory;
  if (reads.next.some((read) => read.op === op)) reads.next = reads.next.filter((read) => read.op !== op);
  if (reads.batch.some((read) => read.op === op)) reads.batch = reads.batch.filter((read) => read.op !== op);
}

function replyRead(memory: EtcdMemory, ask: EtcdAsk, op: Op, key: string): void {
  ask.reply(op, { kind: 'found', value: memory.store.keys.get(key)?.value ?? null, rev: memory.store.rev });
}

function startRound(env: EtcdEnv, memory: EtcdMemory, ask: EtcdAsk): void {
  const { reads } = memory;
  reads.batch = reads.next;
  reads.next = [];
  reads.stage = 'asking';
  reads.ids = [];
  reads.startUs = env.monotonicUs();
  sendQuestion(env, memory, ask, reads.startUs);
  if (!reads.armed) arm(env, memory, ask, reads.startUs);
}

/** Asks for the read index once more, under a new id. */
function sendQuestion(env: EtcdEnv, memory: EtcdMemory, ask: EtcdAsk, nowUs: number): void {
  const { reads, raft } = memory;
  const id = memory.nextId++;
  reads.ids.push(id);
  reads.retryUs = nowUs + RETRY_US;
  const ops = reads.batch.map((read) => read.op);
  if (ask.tracing) sayAsked(env, memory, ask);
  const served = ask.op;
  ask.serving(ops[0] ?? NO_OP);
  askReadIndex(env, raft, ask, env.self, id, ops);
  ask.serving(served);
}

function sayAsked(env: EtcdEnv, memory: EtcdMemory, ask: EtcdAsk): void {
  const { raft, reads } = memory;
  if (raft.role === 'leader') return;
  const leader = raft.role === 'follower' ? raft.lead : NO_PROC;
  eachOp(ask, reads.batch, (op) => {
    if (leader === NO_PROC) {
      ask.because(rules.readNoLeader, { node: env.self });
      sayLeaderless(env, memory, ask, op);
    } else {
      ask.because(rules.readAsked, { node: env.self, leader });
      ask.awaits(op, { need: 1, of: [leader], have: [], what: 'confirmation that {leader:node} still leads', facts: { leader } });
    }
  });
}

/** For an operation that waits because nobody leads: the votes of the election under way here, or a leader. */
export function sayLeaderless(env: EtcdEnv, memory: EtcdMemory, ask: EtcdAsk, op: Op): void {
  const { raft } = memory;
  const everybody = Array.from({ length: env.size }, (_, i) => i);
  const have = raft.votes.flatMap((vote, proc) => (vote === 1 ? [proc] : []));
  if (raft.role === 'follower') {
    ask.awaits(op, { need: 1, of: everybody.filter((i) => i !== env.self), have: [], what: 'a leader' });
    return;
  }
  const kind = raft.role === 'candidate' ? 'vote' : 'pre-vote';
  ask.awaits(op, {
    need: (env.size >> 1) + 1,
    of: everybody,
    have,
    what: '{kind} for {candidate:node}',
    facts: { kind, candidate: env.self },
  });
}

function eachOp(ask: EtcdAsk, batch: readonly WaitingRead[], say: (op: Op) => void): void {
  const served = ask.op;
  for (const read of batch) {
    ask.serving(read.op);
    say(read.op);
  }
  ask.serving(served);
}

function arm(env: EtcdEnv, memory: EtcdMemory, ask: EtcdAsk, nowUs: number): void {
  const { reads } = memory;
  const dueUs = Math.max(0, Math.min(reads.retryUs, reads.startUs + env.config.requestTimeoutUs) - nowUs);
  const served = ask.op;
  ask.serving(NO_OP);
  ask.timer(READ_ROUND, 0, dueUs, dueUs);
  ask.serving(served);
  reads.armed = true;
}

/** The timer of the rounds: a question is due again, or the round is over. It may be left from an earlier round. */
export function onReadTimer(env: EtcdEnv, memory: EtcdMemory, ask: EtcdAsk): void {
  const { reads } = memory;
  reads.armed = false;
  if (reads.stage !== 'asking') return;
  const nowUs = env.monotonicUs();
  if (nowUs >= reads.startUs + env.config.requestTimeoutUs) {
    if (ask.tracing) {
      const facts = { node: env.self, times: reads.ids.length, every: RETRY_US, limit: env.config.requestTimeoutUs };
      eachOp(ask, reads.batch, () => ask.because(rules.readTimedOut, facts));
    }
    failRound(env, memory, ask, TIMED_OUT);
    return;
  }
  if (nowUs >= reads.retryUs) {
    if (ask.tracing)
      eachOp(ask, reads.batch, () => ask.because(rules.readRetried, { node: env.self, every: RETRY_US, times: reads.ids.length + 1 }));
    sendQuestion(env, memory, ask, nowUs);
  }
  arm(env, memory, ask, nowUs);
}

function failRound(env: EtcdEnv, memory: EtcdMemory, ask: EtcdAsk, reply: EtcdReply): void {
  const served = ask.op;
  for (const read of memory.reads.batch) {
    ask.serving(read.op);
    ask.reply(read.op, reply);
  }
  ask.serving(served);
  endRound(env, memory, ask);
}

function endRound(env: EtcdEnv, memory: EtcdMemory, ask: EtcdAsk): void {
  const { reads } = memory;
  reads.stage = 'idle';
  reads.batch = [];
  if (reads.next.length > 0) startRound(env, memory, ask);
}

/** A new leader (a lost one is no reason): what the old one said, or would have said, counts no more. */
export function onLeaderChanged(env: EtcdEnv, memory: EtcdMemory, ask: EtcdAsk): void {
  if (memory.reads.stage !== 'asking') return;
  if (ask.tracing) eachOp(ask, memory.reads.batch, () => ask.because(rules.readLeaderChanged, { node: env.self, leader: memory.lead }));
  failRound(env, memory, ask, LEADER_CHANGED);
}

/** The first entry of a leader's term was applied: it may answer now, so the question is repeated at once. */
export function onFirstCommit(env: EtcdEnv, memory: EtcdMemory, ask: EtcdAsk, term: number): void {
  if (memory.reads.stage !== 'asking') return;
  if (ask.tracing) eachOp(ask, memory.reads.batch, () => ask.because(rules.readResent, { node: env.self, term }));
  sendQuestion(env, memory, ask, env.monotonicUs());
}

/** Looks whether Raft has confirmed a read, and whether enough is applied to answer. */
export function takeConfirmed(env: EtcdEnv, memory: EtcdMemory, ask: EtcdAsk): void {
  const { reads, raft } = memory;
  // A round that begins in here may be confirmed at once (one server, or a lease): hence the loop.
  for (;;) {
    if (raft.confirmed.id !== 0) {
      const { id, index } = raft.confirmed;
      raft.confirmed = NOTHING;
      if (reads.stage === 'asking' && reads.ids.includes(id)) {
        reads.stage = 'applying';
        reads.index = index;
        if (ask.tracing && raft.applied < index) sayWaitsApply(env, memory, ask);
      }
    }
    if (reads.stage !== 'applying' || raft.applied < reads.index) return;
    answerRound(env, memory, ask);
  }
}

const NOTHING = { id: 0, index: 0 } as const;

function sayWaitsApply(env: EtcdEnv, memory: EtcdMemory, ask: EtcdAsk): void {
  const { index } = memory.reads;
  eachOp(ask, memory.reads.batch, (op) => {
    ask.because(rules.readWaitsApply, { node: env.self, index, applied: memory.raft.applied });
    ask.awaits(op, { need: 1, of: [memory.raft.lead], have: [], what: 'the log up to entry {index}', facts: { index } });
  });
}

function answerRound(env: EtcdEnv, memory: EtcdMemory, ask: EtcdAsk): void {
  const { reads } = memory;
  const served = ask.op;
  for (const read of reads.batch) {
    ask.serving(read.op);
    if (ask.tracing)
      ask.because(rules.readAnswered, { node: env.self, rev: memory.store.rev, applied: memory.raft.applied, index: reads.index });
    replyRead(memory, ask, read.op, read.key);
  }
  ask.serving(served);
  endRound(env, memory, ask);
}
