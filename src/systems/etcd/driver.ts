import type { Op, Proc } from '../../core/ids.ts';
import type { Ask, Driver, Env, Outcome } from '../../sim/process.ts';
import { errors } from './errors.ts';
import { etcdRules as rules } from './rules.ts';
import {
  DRIVER_KEEPALIVE,
  DRIVER_RETRY,
  DRIVER_TIMEOUT,
  type EtcdConfig,
  type EtcdMessage,
  type EtcdReply,
  type EtcdRequest,
} from './types.ts';

/**
 * etcd's client (clientv3). It talks to one server at a time, which forwards what it must, and sends a write once. By itself it waits for ever; what
 * ends the waiting is the server's answer, a broken connection, a keepalive that is not answered, or the user's deadline.
 */
interface Open {
  readonly request: EtcdRequest;
  readonly pinned: boolean;
  target: Proc;
  /** A machine did not even refuse. */
  silence: boolean;
  /** Servers that refused the connection in a row. */
  refusals: number;
  /** Repetitions after `leader changed`. */
  attempts: number;
  /** When the server was last heard or asked; and whether a keepalive is out. */
  lastUs: number;
  pinging: boolean;
}

export interface DriverMemory {
  readonly open: Map<Op, Open>;
  keepaliveArmed: boolean;
  /** Servers whose connection the keepalive closed: they are passed over until they are heard again. */
  dark: Proc[];
}

type DriverEnv = Env<never, EtcdConfig>;
type DriverAsk = Ask<EtcdMessage>;

/**
 * gRPC's keepalive with etcdctl's --keepalive-time=2s, which gRPC raises to its least, 10 s, and --keepalive-timeout=6s. Without it a client
 * would wait for ever for a server that lost power.
 */
const KEEPALIVE_US = 10_000_000;
const KEEPALIVE_TIMEOUT_US = 6_000_000;
/** clientv3's backoffWaitBetween, 25 ms with a jitter of a tenth, after each round through a majority. */
const BACKOFF_US = [22_500, 27_500] as const;

export const driver: Driver<DriverMemory, EtcdMessage, EtcdConfig, EtcdRequest> = {
  boot() {
    return { open: new Map(), keepaliveArmed: false, dark: [] };
  },

  onCall(env, memory, ask, op, request, home, pinned) {
    const open: Open = { request, pinned, target: home, refusals: 0, silence: false, attempts: 0, lastUs: 0, pinging: false };
    memory.open.set(op, open);
    if (request.timeoutUs > 0) ask.timer(DRIVER_TIMEOUT, op, request.timeoutUs, request.timeoutUs);
    if (memory.dark.length > 0 && !pinned) passOver(env, memory, ask, op, open);
    send(env, memory, ask, op, open);
  },

  onMessage(env, memory, ask, from, op, message) {
    if (memory.dark.includes(from)) memory.dark = memory.dark.filter((server) => server !== from);
    const open = memory.open.get(op);
    if (open === undefined || open.target !== from) return;
    open.lastUs = env.monotonicUs();
    open.pinging = false;
    if (message.kind === 'pong') return;
    // Servers answer clients with replies only.
    onReply(env, memory, ask, op, open, message as EtcdReply);
  },

  onTimer(env, memory, ask, kind, tag) {
    switch (kind) {
      case DRIVER_TIMEOUT:
        onTimeout(memory, ask, tag);
        return;
      case DRIVER_KEEPALIVE:
        keepalive(env, memory, ask);
        return;
      case DRIVER_RETRY: {
        const open = memory.open.get(tag);
        if (open !== undefined) send(env, memory, ask, tag, open);
        return;
      }
      default:
        throw new Error(`timer kind ${kind} is none of a client's`);
    }
  },

  onBroken(env, memory, ask, from, op, how) {
    const open = memory.open.get(op);
    if (open === undefined || open.target !== from) return;
    const error = how === 'refused' ? errors.refused : how === 'unreachable' ? errors.dialTimeout : errors.reset;
    if (how === 'unreachable') open.silence = true;
    if (how !== 'reset') open.refusals++;
    else if (open.request.kind !== 'range') {
      if (ask.tracing) ask.because(rules.clientReset, { server: from });
      end(memory, ask, op, open, { status: 'unknown', error, node: from });
      return;
    }
    if (open.pinned || open.refusals >= env.size) {
      // Silence is no answer, even to a dialler.
      if (ask.tracing && !open.silence) ask.because(rules.clientRefused, {});
      end(memory, ask, op, open, { status: open.silence ? 'unknown' : 'fail', error, node: from });
      return;
    }
    const next = (from + 1) % env.size;
    if (ask.tracing) ask.because(rules.clientFailsOver, { server: from, next, error });
    open.target = next;
    send(env, memory, ask, op, open);
  },
};

function send(env: DriverEnv, memory: DriverMemory, ask: DriverAsk, op: Op, open: Open): void {
  open.lastUs = env.monotonicUs();
  open.pinging = false;
  ask.serving(op);
  ask.send(open.target, open.request);
  if (memory.keepaliveArmed) return;
  memory.keepaliveArmed = true;
  ask.timer(DRIVER_KEEPALIVE, 0, KEEPALIVE_US, KEEPALIVE_US);
}

/** gRPC goes on dialling a server that it lost, and sends requests where it is connected meanwhile. */
function passOver(env: DriverEnv, memory: DriverMemory, ask: DriverAsk, op: Op, open: Open): void {
  const home = open.target;
  const next = inOrder(env, home).find((server) => !memory.dark.includes(server));
  if (next === undefined || next === home) return;
  if (ask.tracing) ask.because(rules.clientFailsOver, { server: home, next, error: errors.keepalive });
  ask.serving(op);
  ask.send(home, { kind: 'ping' });
  open.target = next;
}

/** All servers in node order, from one on. */
function inOrder(env: DriverEnv, first: Proc): Proc[] {
  return Array.from({ length: env.size }, (_, i) => (first + i) % env.size);
}

function end(memory: DriverMemory, ask: DriverAsk, op: Op, open: Open, outcome: Outcome): void {
  memory.open.delete(op);
  if (open.request.timeoutUs > 0) ask.cancel(DRIVER_TIMEOUT, op);
  if (open.attempts > 0) ask.cancel(DRIVER_RETRY, op);
  ask.finish(op, outcome);
}

function onReply(env: DriverEnv, memory: DriverMemory, ask: DriverAsk, op: Op, open: Open, reply: EtcdReply): void {
  const node = open.target;
  switch (reply.kind) {
    case 'found':
      end(memory, ask, op, open, { status: 'ok', value: reply.value, node });
      return;
    case 'written':
      if (!reply.held) end(memory, ask, op, open, { status: 'fail', compared: true, error: errors.failure, node });
      else if (open.request.kind === 'delete' && reply.count === 0) end(memory, ask, op, open, { status: 'ok', note: '0 deleted', node });
      else end(memory, ask, op, open, { status: 'ok', node });
      return;
    case 'error':
      if (reply.text === errors.leaderChanged && open.request.kind === 'range') repeat(env, memory, ask, op, open);
      else end(memory, ask, op, open, { status: reply.definite ? 'fail' : 'unknown', error: reply.text, node });
      return;
    case 'pong':
      return;
  }
}

/** `leader changed` says that the read was not answered: asking again is safe. */
function repeat(env: DriverEnv, memory: DriverMemory, ask: DriverAsk, op: Op, open: Open): void {
  open.attempts++;
  if (ask.tracing) ask.because(rules.clientRepeats, { error: errors.leaderChanged });
  const majority = (env.size >> 1) + 1;
  if (open.attempts % majority === 0) ask.timer(DRIVER_RETRY, op, BACKOFF_US[0], BACKOFF_US[1]);
  else send(env, memory, ask, op, open);
}

function onTimeout(memory: DriverMemory, ask: DriverAsk, op: Op): void {
  const open = memory.open.get(op);
  if (open === undefined) return;
  if (ask.tracing) ask.because(rules.clientTimeout, { limit: open.request.timeoutUs, server: open.target });
  end(memory, ask, op, open, { status: 'unknown', error: errors.deadline, node: open.target });
}

/** The keepalive closes a connection. A read is asked again elsewhere (clientv3's retry policy for immutable requests): true; else the operation is over. */
function closeSilent(env: DriverEnv, memory: DriverMemory, ask: DriverAsk, op: Op, open: Open): boolean {
  const server = open.target;
  if (ask.tracing) ask.because(rules.clientDead, { server, limit: KEEPALIVE_TIMEOUT_US });
  if (!memory.dark.includes(server)) memory.dark.push(server);
  const next = inOrder(env, server).find((other) => !memory.dark.includes(other));
  if (open.request.kind !== 'range' || open.pinned || next === undefined) {
    end(memory, ask, op, open, { status: 'unknown', error: errors.keepalive, node: server });
    return false;
  }
  if (ask.tracing) ask.because(rules.clientFailsOver, { server, next, error: errors.keepalive });
  open.target = next;
  send(env, memory, ask, op, open);
  return true;
}

/** Asks servers that have been silent for long whether they live, and gives those up that do not answer. One timer serves all operations. */
function keepalive(env: DriverEnv, memory: DriverMemory, ask: DriverAsk): void {
  memory.keepaliveArmed = false;
  const nowUs = env.monotonicUs();
  let dueUs = Number.POSITIVE_INFINITY;
  for (const [op, open] of memory.open) {
    ask.serving(op);
    const silentUs = nowUs - open.lastUs;
    if (open.pinging && silentUs >= KEEPALIVE_TIMEOUT_US) {
      if (!closeSilent(env, memory, ask, op, open)) continue;
    } else if (!open.pinging && silentUs >= KEEPALIVE_US) {
      if (ask.tracing) ask.because(rules.clientPing, { server: open.target, silent: silentUs });
      open.pinging = true;
      open.lastUs = nowUs;
      ask.send(open.target, { kind: 'ping' });
    }
    dueUs = Math.min(dueUs, open.lastUs + (open.pinging ? KEEPALIVE_TIMEOUT_US : KEEPALIVE_US) - nowUs);
  }
  if (dueUs === Number.POSITIVE_INFINITY) return;
  memory.keepaliveArmed = true;
  ask.timer(DRIVER_KEEPALIVE, 0, dueUs, dueUs);
}
