import type { Op, Proc } from '../../src/core/ids.ts';
import type { Ask, Env, Outcome } from '../../src/sim/process.ts';
import { program } from '../../src/sim/process.ts';
import { ruleBook } from '../../src/sim/rules.ts';

/**
 * A register on every node, written to all and answered by some: enough to lose, delay and miss copies. `need` answers end an operation; a read asks the
 * first `need` nodes from its own on. The newest version wins.
 */
export const registerRules = ruleBook({
  asked: { says: '{node:node} asked {of:nodes} and waits for {need}', effect: 'waited' },
  older: { says: '{node:node} ignored version {version}: it holds {held}', effect: 'dropped' },
  tooMany: { says: '{node:node} refused: {need} answers cannot come from {size} nodes', effect: 'refused' },
  answered: { says: '{node:node} answered after {have:nodes} had', effect: 'answered' },
  timedOut: { says: '{node:node} gave up after {limit:time}', effect: 'waited' },
});

export interface RegisterRequest {
  readonly write?: string;
  readonly version?: number;
  readonly need: number;
}

type Message =
  | { readonly kind: 'request'; readonly request: RegisterRequest }
  | { readonly kind: 'store'; readonly op: Op; readonly value: string; readonly version: number }
  | { readonly kind: 'fetch'; readonly op: Op }
  | { readonly kind: 'has'; readonly op: Op; readonly value: string | null; readonly version: number }
  | { readonly kind: 'answer'; readonly outcome: Outcome };

interface Work {
  readonly of: Proc[];
  readonly have: Proc[];
  readonly need: number;
  value: string | null;
  version: number;
}

export interface RegisterMemory {
  value: string | null;
  version: number;
  work: Map<Op, Work>;
}

type Disk = { readonly value: string; readonly version: number };
const LIMIT_US = 2_000_000;
type ServerEnv = Env<Disk, unknown>;

function store(env: ServerEnv, memory: RegisterMemory, ask: Ask<Message>, value: string, version: number): void {
  if (version < memory.version) {
    if (ask.tracing) ask.because(registerRules.older, { node: env.self, version, held: memory.version });
    return;
  }
  memory.value = value;
  memory.version = version;
  env.disk.write({ value, version });
}

function begin(env: ServerEnv, memory: RegisterMemory, ask: Ask<Message>, op: Op, request: RegisterRequest): void {
  if (request.need > env.size) {
    ask.because(registerRules.tooMany, { node: env.self, need: request.need, size: env.size });
    ask.reply(op, { kind: 'answer', outcome: { status: 'fail', error: 'too many', node: env.self } });
    return;
  }
  const order = Array.from({ length: env.size }, (_, i) => (env.self + i) % env.size);
  const of = request.write === undefined ? order.slice(0, request.need) : order;
  const work: Work = { of, have: [], need: request.need, value: null, version: 0 };
  memory.work.set(op, work);
  ask.because(registerRules.asked, { node: env.self, of: of.filter((node) => node !== env.self), need: request.need });
  ask.awaits(op, { need: work.need, of, have: [], what: 'copies counted by {node:node}', facts: { node: env.self } });
  ask.timer(0, op, LIMIT_US, LIMIT_US);
  if (request.write !== undefined) ask.flush();
  for (const to of of)
    ask.send(
      to,
      request.write === undefined ? { kind: 'fetch', op } : { kind: 'store', op, value: request.write, version: request.version ?? op },
    );
}

function count(env: ServerEnv, memory: RegisterMemory, ask: Ask<Message>, from: Proc, message: Extract<Message, { kind: 'has' }>): void {
  const work = memory.work.get(message.op);
  if (work === undefined) return;
  work.have.push(from);
  if (message.version > work.version) {
    work.version = message.version;
    work.value = message.value;
  }
  ask.awaits(message.op, {
    need: work.need,
    of: work.of,
    have: work.have.slice(),
    what: 'copies counted by {node:node}',
    facts: { node: env.self },
  });
  if (work.have.length < work.need) return;
  memory.work.delete(message.op);
  ask.cancel(0, message.op);
  ask.because(registerRules.answered, { node: env.self, have: work.have.slice() });
  ask.reply(message.op, { kind: 'answer', outcome: { status: 'ok', value: work.value, node: env.self } });
}

export const register = program<RegisterMemory, Disk, Message, unknown, undefined, RegisterRequest>({
  replica: {
    boot(env) {
      const last = env.disk.records.at(-1);
      return { value: last?.value ?? null, version: last?.version ?? 0, work: new Map() };
    },
    onRequest(env, memory, ask, op, message) {
      if (message.kind === 'request') begin(env, memory, ask, op, message.request);
    },
    onMessage(env, memory, ask, from, message) {
      switch (message.kind) {
        case 'store':
          store(env, memory, ask, message.value, message.version);
          ask.flush();
          ask.send(from, { kind: 'has', op: message.op, value: message.value, version: message.version });
          return;
        case 'fetch':
          ask.send(from, { kind: 'has', op: message.op, value: memory.value, version: memory.version });
          return;
        case 'has':
          count(env, memory, ask, from, message);
          return;
        case 'request':
        case 'answer':
          return;
      }
    },
    onTimer(env, memory, ask, _kind, op) {
      if (!memory.work.delete(op)) return;
      ask.because(registerRules.timedOut, { node: env.self, limit: LIMIT_US });
      ask.reply(op, { kind: 'answer', outcome: { status: 'unknown', error: 'timed out', node: env.self } });
    },
    unsettled: (_env, memory) => (memory.work.size > 0 ? 'an operation' : undefined),
    shift: () => true,
  },
  driver: {
    boot: () => undefined,
    onCall(_env, _memory, ask, op, request, home) {
      ask.send(home, { kind: 'request', request });
      ask.timer(1, op, 3_000_000, 3_000_000);
    },
    onMessage(_env, _memory, ask, _from, op, message) {
      ask.cancel(1, op);
      if (message.kind === 'answer') ask.finish(op, message.outcome);
    },
    onTimer(_env, _memory, ask, _kind, op) {
      ask.finish(op, { status: 'unknown', error: 'no answer' });
    },
    onBroken(_env, _memory, ask, from, op, how) {
      ask.cancel(1, op);
      ask.finish(
        op,
        how === 'refused'
          ? { status: 'fail', error: 'connection refused', node: from }
          : { status: 'unknown', error: 'connection reset', node: from },
      );
    },
  },
  timers: [
    { name: 'request timeout', background: false },
    { name: 'client timeout', background: false },
  ],
  periodUs: 1000,
  describe: (message) => message.kind,
});
