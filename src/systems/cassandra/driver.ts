import type { Op, Proc } from '../../core/ids.ts';
import { unreachable } from '../../core/unreachable.ts';
import { cellWrite, deletion, registerWrite } from '../../protocols/lww.ts';
import type { Ask, Driver, Env, Outcome } from '../../sim/process.ts';
import type { Config } from './config.ts';
import { T_CLIENT } from './memory.ts';
import type { ClientMessage, Message, Result } from './messages.ts';
import type { DriverRequest } from './request.ts';
import { rule } from './rules.ts';
import { ELEMENT } from './values.ts';

/** One operation on its way. */
interface Open {
  readonly request: DriverRequest;
  readonly home: Proc;
  readonly pinned: boolean;
  readonly message: ClientMessage;
  /** For the note on writes: the timestamp that was sent. */
  readonly ts: number | undefined;
  at: Proc;
  /** Administrator's commands go to several nodes: who has not answered. */
  left: Proc[];
  dropped: number;
  /** A machine did not even refuse. */
  silence: boolean;
}

/** The client's memory: what is open, and the last timestamp for each machine that it has sat beside. */
export interface Client {
  readonly open: Map<Op, Open>;
  readonly lastTs: Map<Proc, number>;
  /** Writes begun at one instant get timestamps one apart, wherever the client sits. */
  instantUs: number;
  atInstant: number;
}

/** Shared by all operations of one node; never added to. */
const NOBODY: Proc[] = [];

type ClientEnv = Env<never, Config>;
type ClientAsk = Ask<Message>;

export const driver: Driver<Client, Message, Config, DriverRequest> = {
  boot() {
    return { open: new Map(), lastTs: new Map(), instantUs: -1, atInstant: 0 };
  },

  onCall(env, client, ask, op, request, home, pinned) {
    const ts = timestampOf(env, client, request, home);
    const message = messageOf(env, request, ts);
    const admin = request.kind === 'compact' || request.kind === 'flush' ? request.nodes : undefined;
    // A repair is run by the first of its nodes, as nodetool is pointed at one.
    const at = request.kind === 'repair' && !request.nodes.includes(home) ? (request.nodes[0] as Proc) : home;
    client.open.set(op, {
      request,
      home,
      pinned,
      message,
      ts,
      at,
      left: admin === undefined ? NOBODY : admin.slice(),
      dropped: 0,
      silence: false,
    });
    ask.timer(T_CLIENT, op, request.timeoutUs, request.timeoutUs);
    if (admin === undefined) ask.send(at, message);
    else for (const node of admin) ask.send(node, message);
  },

  onMessage(_env, client, ask, from, op, message) {
    const open = client.open.get(op);
    if (open === undefined || message.kind !== 'result') return;
    open.dropped += message.dropped ?? 0;
    if (open.left.length > 1 && message.status === 'ok') {
      open.left.splice(open.left.indexOf(from), 1);
      return;
    }
    end(client, ask, op, outcomeOf(open, from, message));
  },

  onTimer(_env, client, ask, _kind, op) {
    const open = client.open.get(op);
    if (open === undefined) return;
    if (ask.tracing) ask.because(rule.clientGaveUp, { timeout: open.request.timeoutUs });
    end(client, ask, op, {
      status: 'unknown',
      error: 'OperationTimedOut: Client request timeout. See Session.execute[_async](timeout)',
      node: open.at,
    });
  },

  onBroken(env, client, ask, from, op, how) {
    const open = client.open.get(op);
    if (open === undefined) return;
    if (open.left.length > 0 || open.request.kind === 'repair') {
      end(client, ask, op, { status: 'fail', error: "nodetool: Failed to connect - ConnectException: 'Connection refused'.", node: from });
      return;
    }
    if (how === 'reset') {
      // Statements are not idempotent unless the application says so: the driver does not send them again.
      end(client, ask, op, { status: 'unknown', error: 'ConnectionShutdown: connection reset, the coordinator died', node: from });
      return;
    }
    const next = (from + 1) % env.size;
    if (how === 'unreachable') open.silence = true;
    if (open.pinned || next === open.home) {
      end(client, ask, op, {
        // Silence is no answer, even to a dialler.
        status: open.silence ? 'unknown' : 'fail',
        error: `NoHostAvailable: Unable to complete the operation against any hosts: ${how === 'unreachable' ? 'timed out' : 'connection refused'}`,
        node: from,
      });
      return;
    }
    if (ask.tracing) ask.because(rule.nextHost, { node: from, next });
    open.at = next;
    ask.send(next, open.message);
  },
};

function end(client: Client, ask: ClientAsk, op: Op, outcome: Outcome): void {
  client.open.delete(op);
  ask.cancel(T_CLIENT, op);
  ask.finish(op, outcome);
}

function outcomeOf(open: Open, from: Proc, result: Result): Outcome {
  const { status, value, error } = result;
  const compared = result.compared === true ? { compared: true } : {};
  if (status !== 'ok') return error === undefined ? { status, node: from } : { status, error, node: from, ...compared };
  if (value !== undefined) return { status, value, node: from };
  if (open.ts !== undefined) return { status, note: `ts ${open.ts}`, node: from };
  const note = open.request.kind === 'compact' ? `${open.dropped} tombstone${open.dropped === 1 ? '' : 's'} dropped` : result.note;
  return note === undefined ? { status, node: from } : { status, note, node: from };
}

/**
 * Client-side timestamps, in microseconds of the clock of the machine that the client sits beside (drivers make them since protocol v3). They strictly increase for a
 * client beside one node; a client that asks beside another node for once is that machine's application, with that machine's clock.
 */
function timestampOf(env: ClientEnv, client: Client, request: DriverRequest, home: Proc): number | undefined {
  if (request.kind !== 'set' && request.kind !== 'delete' && request.kind !== 'element') return undefined;
  if (request.ts !== undefined) return request.ts;
  const nowUs = env.monotonicUs();
  client.atInstant = client.instantUs === nowUs ? client.atInstant + 1 : 0;
  client.instantUs = nowUs;
  const ts = Math.max(env.clockUs() + client.atInstant, (client.lastTs.get(home) ?? Number.NEGATIVE_INFINITY) + 1);
  client.lastTs.set(home, ts);
  return ts;
}

function messageOf(env: ClientEnv, request: DriverRequest, ts: number | undefined): ClientMessage {
  const at = ts ?? 0;
  switch (request.kind) {
    case 'set':
      return { kind: 'write', key: request.key, row: registerWrite(request.value, at), level: request.level };
    case 'delete':
      return { kind: 'write', key: request.key, row: deletion(at, env.clockUs()), level: request.level };
    case 'element': {
      const row = cellWrite(ELEMENT + request.element, request.present ? '' : null, at, request.present ? 0 : env.clockUs());
      return { kind: 'write', key: request.key, row, level: request.level };
    }
    case 'read':
      return { kind: 'read', key: request.key, level: request.level };
    case 'add':
      return { kind: 'add', key: request.key, delta: request.delta, level: request.level };
    case 'cas':
      return {
        kind: 'cas',
        key: request.key,
        expected: request.expected,
        value: request.value,
        serial: request.serial,
        commit: request.commit,
      };
    case 'repair':
      return { kind: 'repair', nodes: request.nodes };
    case 'compact':
    case 'flush':
      return { kind: request.kind };
    default:
      return unreachable(request);
  }
}
