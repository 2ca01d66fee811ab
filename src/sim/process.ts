import type { NO_OP, Op, Proc } from '../core/ids.ts';
import type { Disk } from './disk.ts';
import type { Facts, Need, Rule } from './rules.ts';

/**
 * What runs on the machine. A process is a set of handlers over its own memory: it asks, it never acts. Servers are
 * `Replica`s, client libraries are `Driver`s. Handlers must be deterministic functions of what they are given, must keep
 * memory as plain data (core/copy.ts), must never change a message, a request or a disk record once made, and must
 * behave the same whether `ask.tracing` is on or off.
 */
export type Value = string | number | null | readonly string[];

/** How an operation ended for its client. A timeout is `unknown`, never `fail` (Jepsen's :info and :fail). */
export interface Outcome {
  readonly status: 'ok' | 'fail' | 'unknown';
  /** What an ok read returned; `null` means "no value". Absent on writes and failures. */
  readonly value?: Value;
  /** Where `value` is several siblings that the system could not choose between. */
  readonly siblings?: boolean;
  /** A `cas` that failed because it compared and found another value: its failure is an answer about the value. */
  readonly compared?: boolean;
  /** The real system's text. */
  readonly error?: string;
  /** A remark for people behind an ok: `rev 3`, `[applied] = False`. Never parsed. */
  readonly note?: string;
  /** The node that the last attempt went to. */
  readonly node?: Proc;
}

/** What a handler may know of its surroundings. One object serves every call: do not keep it. */
export interface Env<R, C> {
  readonly self: Proc;
  /** The number of servers. */
  readonly size: number;
  /** The system's options as its `configure` returned them. The object is replaced, never edited, by `config`. */
  readonly config: C;
  /** What survives a crash. Clients have one too, and never use it. */
  readonly disk: Disk<R>;
  /** This node's wall clock in integer microseconds: its offset and drift are in it, so it may be wrong and may jump. */
  clockUs(): number;
  /** Time since this node's world began, by its own oscillator: drift is in it, steps are not. Never goes back. */
  monotonicUs(): number;
}

/**
 * What a handler may ask for. Requests are carried out in order. After `flush()` the later requests of the same
 * handler call (`send`, `beat`, `reply`, `timer`, `cancel`) wait until everything written to the disk so far is on stable storage;
 * a message to oneself after `flush()` is how a process learns that its flush is done.
 */
export interface Ask<M> {
  /** Whether reasons are being recorded. Facts cost allocations: `if (ask.tracing) ask.because(…)`. */
  readonly tracing: boolean;
  /** A message that carries data or a question. To oneself it arrives at once, but as an event of its own. */
  send(to: Proc, message: M): void;
  /** A periodic message (heartbeat, gossip): the same, but an idle cluster sends it too, so nothing waits for it to settle. */
  beat(to: Proc, message: M): void;
  /**
   * Calls `onTimer(kind, tag)` after a time drawn from `[minUs, maxUs]` on this node's own oscillator. (kind, tag) names the timer:
   * setting it again replaces it. Kinds are indexes into the program's `timers`; `tag` is any non-negative integer below 2^31.
   */
  timer(kind: number, tag: number, minUs: number, maxUs: number): void;
  cancel(kind: number, tag: number): void;
  /** Replica only: answers the client that has `op` open here. A second answer to the same op is allowed (the driver decides). */
  reply(op: Op, message: M): void;
  /** Driver only: ends the operation for its caller. A second `finish` of an op is a bug and throws. */
  finish(op: Op, outcome: Outcome): void;
  flush(): void;
  /** An integer of `[lo, hi]` from this process's own stream. */
  draw(lo: number, hi: number): number;
  /** The operation for which requests are made now, NO_OP for none: a handler that speaks of another one in between can come back. */
  readonly op: Op;
  /** Says for which operation the following requests are made (a handler starts with the op of the event that called it). */
  serving(op: Op | typeof NO_OP): void;
  because(rule: Rule, facts: Facts): void;
  awaits(op: Op, need: Need): void;
}

/** How a world starts. `leader` leads from time 0 (`NO_PROC` where there are no leaders); a cold start elects instead. */
export interface Start {
  readonly leader: Proc;
  readonly cold: boolean;
}

/** A server. `S` memory, `R` disk records, `M` messages (requests of clients included), `C` configuration. */
export interface Replica<S, R, M, C> {
  /**
   * Makes the volatile memory: at time 0 with `start` (a connected, empty cluster, the chosen node leading), after a crash
   * without it, from the disk alone. Sets the periodic timers.
   */
  boot(env: Env<R, C>, ask: Ask<M>, start: Start | undefined): S;
  /** A request of a client; answer it with `ask.reply(op, …)`, now or later. */
  onRequest(env: Env<R, C>, memory: S, ask: Ask<M>, op: Op, message: M): void;
  onMessage(env: Env<R, C>, memory: S, ask: Ask<M>, from: Proc, message: M): void;
  onTimer(env: Env<R, C>, memory: S, ask: Ask<M>, kind: number, tag: number): void;
  /**
   * What this node still expects to happen by itself, as a noun (`election`, `hint for c`), or undefined when it only repeats itself.
   * `reach(peer)` tells whether a peer runs and is connected both ways: a hint for a dead node is not pending. Used by `settle` and
   * by the leap over idle time.
   */
  unsettled(env: Env<R, C>, memory: S, reach: (peer: Proc) => boolean): string | undefined;
  /**
   * Prepares memory for a leap over idle time that is a whole multiple of the program's `periodUs`: moves the absolute times that periodic work keeps
   * (when a peer was last heard, when a check is next due) by `deltaUs`, and nothing else: timestamps of data, hints and tombstones stay, because they
   * do get older. Returns false, with memory untouched, where this state may not be leapt over. A negative delta takes a leap back.
   */
  shift(env: Env<R, C>, memory: S, deltaUs: number): boolean;
}

/** How a connection ends. */
export type Broken = 'refused' | 'reset' | 'unreachable';

/** A client library: retries, redirects, timeouts. One process for each client name; it may have several operations open. */
export interface Driver<S, M, C, Q> {
  boot(env: Env<never, C>, ask: Ask<M>): S;
  /**
   * An operation begins. `home` is the node beside which the client sits for this operation; `pinned` tells that the user named it (`@n`), so a driver
   * that would choose for itself must start there.
   */
  onCall(env: Env<never, C>, memory: S, ask: Ask<M>, op: Op, request: Q, home: Proc, pinned: boolean): void;
  onMessage(env: Env<never, C>, memory: S, ask: Ask<M>, from: Proc, op: Op, message: M): void;
  onTimer(env: Env<never, C>, memory: S, ask: Ask<M>, kind: number, tag: number): void;
  /**
   * The connection to `from` broke while `op` was open there: `refused` if the request never reached a process, `unreachable` if nobody answered the dialling at all (a
   * machine without power), `reset` if a process died with the request.
   */
  onBroken(env: Env<never, C>, memory: S, ask: Ask<M>, from: Proc, op: Op, how: Broken): void;
}

/** A timer kind. Background timers are periodic work that an idle cluster does too. */
export interface TimerKind {
  readonly name: string;
  readonly background: boolean;
}

/** Everything that the kernel needs to run one system. It has no state of its own: worlds share it. */
export interface Program<C = unknown, M = unknown, Q = unknown> {
  readonly replica: Replica<unknown, unknown, M, C>;
  readonly driver: Driver<unknown, M, C, Q>;
  readonly timers: readonly TimerKind[];
  /** The common period of all background work on clocks that run at rate 1, for leaps. */
  readonly periodUs: number;
  /** A short label of a message for diagrams and logs: `append 3`, `ok`. Only called when something is drawn. */
  describe(message: M): string;
  /** How long a mended link stays dead; default 100 to 200 ms. */
  readonly reconnectUs?: readonly [number, number];
}

/** Erases a system's own types at the kernel's door: memory made by a program is only ever handed back to it. */
export function program<S, R, M, C, D, Q>(parts: {
  replica: Replica<S, R, M, C>;
  driver: Driver<D, M, C, Q>;
  timers: readonly TimerKind[];
  periodUs: number;
  describe(message: M): string;
  reconnectUs?: readonly [number, number];
}): Program {
  return parts as unknown as Program;
}
