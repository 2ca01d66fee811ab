import { NO_OP, NO_PROC, type Op, type Proc } from '../core/ids.ts';
import { must } from '../core/unreachable.ts';
import type { Deferred } from './deferred.ts';
import { lose, lossAtArrival, sendAgain } from './delivery.ts';
import { Hand } from './hand.ts';
import { type Latency, Network, RECONNECT_US } from './network.ts';
import { Node } from './node.ts';
import type { Broken, Outcome, Program, Start } from './process.ts';
import { BROKEN, CALL, DELIVER, type Event, EventQueue, FLUSHED, RESUME, TIMER } from './queue.ts';
import { ANSWER, BOOT, BROKEN_IN, CALLED, FINISHED, FLUSH_DONE, MESSAGE, REQUEST, TIMED, type Trace } from './trace.ts';

export interface WorldOptions {
  readonly size: number;
  readonly seed: number;
  readonly latency: Latency;
  readonly config: unknown;
  readonly start: Start;
}

/** An operation that its driver has not ended yet. */
export interface OpenOp {
  readonly op: Op;
  readonly client: Proc;
  /** The node beside which the client sits for this operation. */
  readonly at: Proc;
  readonly pinned: boolean;
  readonly request: object;
  readonly callUs: number;
  readonly callRank: number;
  /** Servers that hold its connection, and in which of their lives they took it: a machine that lost its power knows nothing of it any more. */
  openAt: Proc[];
  openSince: number[];
}

export interface FinishedOp extends Omit<OpenOp, 'openAt' | 'openSince'> {
  readonly outcome: Outcome;
  readonly returnUs: number;
  readonly returnRank: number;
}

/** What became of a connection, by the number in its event. */
const BROKEN_HOW: readonly Broken[] = ['refused', 'reset', 'unreachable'];

/** Where an operation has no connection yet. Nothing is ever added to this list: the first connection makes one. */
const NONE: number[] = [];

/** Why `run` came back: its time was over, the watched operation ended, its budget was used up, or nothing is left to happen. */
export type Stop = 'limit' | 'finished' | 'budget' | 'idle';

/**
 * A cluster, its network and its clients at one moment of virtual time (integer microseconds). The world changes in place; `copy` makes a
 * twin that goes on exactly as this one would. Faults are in faults.ts, leaps over idle time in leap.ts.
 */
export class World {
  nowUs = 0;
  /** When a fault or its mending last changed the network or a process; far in the past at the start. */
  changedUs = Number.NEGATIVE_INFINITY;
  /** Handler calls so far. */
  events = 0;
  /** Foreground messages and calls on their way: 0 means that no data is in flight. */
  pending = 0;
  readonly program: Program;
  readonly seed: number;
  /** The number of servers; clients come after them in `nodes`. */
  readonly size: number;
  queue = new EventQueue();
  nodes: Node[] = [];
  network: Network;
  readonly open = new Map<Op, OpenOp>();
  /** Operations that ended, oldest first; the session takes them out. */
  finished: FinishedOp[] = [];
  trace: Trace | undefined;
  #seq = 0;
  #rank = 0;
  #watched: Op = NO_OP;
  #hand: Hand;

  private constructor(program: Program, size: number, seed: number, network: Network, config: unknown) {
    this.program = program;
    this.size = size;
    this.seed = seed;
    this.network = network;
    this.#hand = new Hand(this, size, config);
  }

  static start(program: Program, o: WorldOptions, trace?: Trace): World {
    const world = new World(program, o.size, o.seed, new Network(o.seed, o.size, o.latency, program.reconnectUs ?? RECONNECT_US), o.config);
    world.trace = trace;
    for (let i = 0; i < o.size; i++) world.nodes.push(new Node(i, o.seed));
    for (const node of world.nodes) world.boot(node, o.start);
    return world;
  }

  get config(): unknown {
    return this.#hand.config;
  }

  /** Replaces the configuration that handlers see from now on. */
  set config(config: unknown) {
    this.#hand.config = config;
  }

  /** A new client process beside `home`; its index follows the last process. */
  addClient(home: Proc): Proc {
    const node = new Node(this.nodes.length, this.seed);
    node.home = home;
    this.nodes.push(node);
    this.network.grow();
    this.boot(node, undefined);
    return node.self;
  }

  /** Begins an operation of a client that sits beside `at`; its driver ends it with an outcome. `op` must be new. */
  call(op: Op, client: Proc, request: object, at: Proc, pinned: boolean): void {
    if (this.open.has(op)) throw new Error(`broken guarantee: operation ${op} is new`);
    this.open.set(op, { op, client, at, pinned, request, callUs: this.nowUs, callRank: ++this.#rank, openAt: NONE, openSince: NONE });
    const event = this.blank(CALL, client, client, op, 0, false, 1);
    event.at = this.nowUs;
    event.body = request;
    this.push(event);
  }

  /** Runs until `limitUs` (inclusive), until `watch` has ended, or for `budget` events. */
  run(limitUs: number, watch: Op, budget: number): Stop {
    this.#watched = this.open.has(watch) ? watch : NO_OP;
    if (watch !== NO_OP && this.#watched === NO_OP) return 'finished';
    const queue = this.queue;
    for (let left = budget; ; left--) {
      const event = queue.peek();
      if (event === undefined || event.at > limitUs) {
        if (limitUs > this.nowUs && limitUs !== Number.POSITIVE_INFINITY) this.nowUs = limitUs;
        return event === undefined ? 'idle' : 'limit';
      }
      if (left <= 0) return 'budget';
      queue.pop();
      this.pending -= event.weight;
      this.nowUs = event.at;
      this.#dispatch(event);
      if (watch !== NO_OP && this.#watched === NO_OP) return 'finished';
    }
  }

  #dispatch(event: Event): void {
    const node = this.nodes[event.to] as Node;
    switch (event.kind) {
      case DELIVER:
        this.#deliver(event, node);
        return;
      case TIMER:
        if (event.epoch !== node.epoch) break;
        if (this.#held(event, node)) return;
        node.timers.take(event.a, event.b);
        this.#onTimer(event, node);
        break;
      case CALL:
        if (this.#held(event, node)) return;
        this.#onCall(event, node);
        break;
      case BROKEN:
        if (event.waiting) {
          sendAgain(this, event);
          return;
        }
        if (this.#held(event, node)) return;
        this.#onBroken(event, node);
        break;
      case FLUSHED:
        if (event.epoch !== node.epoch) break;
        if (event.b === node.disk.generation) node.disk.durable = Math.max(node.disk.durable, event.a);
        if (this.#held(event, node)) return;
        this.#onFlushed(event, node);
        break;
      case RESUME:
        if (event.epoch === node.epoch && node.paused && event.a === node.pausedBy) this.wake(node);
        break;
    }
    this.queue.release(event);
  }

  #deliver(event: Event, node: Node): void {
    if (event.waiting) {
      sendAgain(this, event);
      return;
    }
    const loss = lossAtArrival(this, event, node);
    if (loss !== undefined) {
      lose(this, event, node, loss);
      return;
    }
    if (this.#held(event, node)) return;
    if (node.slowUs > 0 && !event.slowed && event.from !== event.to) {
      event.slowed = true;
      event.at = this.nowUs + node.slowUs;
      this.push(event);
      return;
    }
    this.#handle(event, node);
    this.queue.release(event);
  }

  /** Frees a frozen process: everything that waited is handled now, in the order in which it came. */
  wake(node: Node): void {
    node.paused = false;
    const inbox = node.inbox;
    node.inbox = [];
    for (const event of inbox) {
      event.at = this.nowUs;
      event.slowed = true;
      this.push(event);
    }
  }

  /** A frozen process: the event waits for it in the inbox. */
  #held(event: Event, node: Node): boolean {
    if (!node.paused) return false;
    node.inbox.push(event);
    return true;
  }

  #handle(event: Event, node: Node): void {
    this.events++;
    const hand = this.#hand;
    const trace = this.trace;
    const { program } = this;
    if (node.isClient) {
      const row = trace === undefined ? 0 : trace.add(ANSWER, this.nowUs, node.self, event.from, event.cause, event.op, 0, event.body);
      hand.enter(node, event.op, row);
      program.driver.onMessage(hand as never, node.memory, hand, event.from, event.op, event.body);
    } else if (event.from >= this.size) {
      const row = trace === undefined ? 0 : trace.add(REQUEST, this.nowUs, node.self, event.from, event.cause, event.op, 0, event.body);
      hand.enter(node, event.op, row);
      program.replica.onRequest(hand as never, node.memory, hand, event.op, event.body);
    } else {
      const row = trace === undefined ? 0 : trace.add(MESSAGE, this.nowUs, node.self, event.from, event.cause, event.op, 0, event.body);
      hand.enter(node, event.op, row);
      program.replica.onMessage(hand as never, node.memory, hand, event.from, event.body);
    }
    hand.leave();
  }

  #onTimer(event: Event, node: Node): void {
    this.events++;
    const row =
      this.trace === undefined ? 0 : this.trace.add(TIMED, this.nowUs, node.self, NO_PROC, event.cause, event.op, event.a, undefined);
    this.#hand.enter(node, event.op, row);
    const handler = node.isClient ? this.program.driver : this.program.replica;
    handler.onTimer(this.#hand as never, node.memory, this.#hand, event.a, event.b);
    this.#hand.leave();
  }

  #onCall(event: Event, node: Node): void {
    this.events++;
    const open = must(this.open.get(event.op), 'an operation is open when its call arrives');
    const row = this.trace === undefined ? 0 : this.trace.add(CALLED, this.nowUs, node.self, open.at, 0, event.op, 0, event.body);
    this.#hand.enter(node, event.op, row);
    this.program.driver.onCall(this.#hand as never, node.memory, this.#hand, event.op, open.request, open.at, open.pinned);
    this.#hand.leave();
  }

  #onBroken(event: Event, node: Node): void {
    if (!this.open.has(event.op)) return;
    this.events++;
    const row =
      this.trace === undefined
        ? 0
        : this.trace.add(BROKEN_IN, this.nowUs, node.self, event.from, event.cause, event.op, event.a, undefined);
    this.#hand.enter(node, event.op, row);
    this.program.driver.onBroken(this.#hand as never, node.memory, this.#hand, event.from, event.op, BROKEN_HOW[event.a] as Broken);
    this.#hand.leave();
  }

  #onFlushed(event: Event, node: Node): void {
    const row =
      this.trace === undefined ? 0 : this.trace.add(FLUSH_DONE, this.nowUs, node.self, NO_PROC, event.cause, event.op, 0, undefined);
    this.#hand.resumeAfterFlush(node, event.op, row, event.body as Deferred | undefined);
  }

  boot(node: Node, start: Start | undefined): void {
    const row = this.trace === undefined ? 0 : this.trace.add(BOOT, this.nowUs, node.self, NO_PROC, 0, NO_OP, 0, undefined);
    this.#hand.enter(node, NO_OP, row);
    node.memory = node.isClient
      ? this.program.driver.boot(this.#hand as never, this.#hand)
      : this.program.replica.boot(this.#hand as never, this.#hand, start);
    this.#hand.leave();
  }

  /** For calls from outside an event (`unsettled`, `shift`): the environment of one server. */
  envOf(node: Node): unknown {
    this.#hand.enter(node, NO_OP, 0);
    return this.#hand;
  }

  // What a Hand asks for.

  finish(op: Op, outcome: Outcome, cause: number): void {
    const open = must(this.open.get(op), 'an operation ends once');
    this.open.delete(op);
    this.trace?.add(FINISHED, this.nowUs, open.client, outcome.node ?? NO_PROC, cause, op, 0, outcome);
    const { client, at, pinned, request, callUs, callRank } = open;
    this.finished.push({ op, client, at, pinned, request, callUs, callRank, outcome, returnUs: this.nowUs, returnRank: ++this.#rank });
    if (op === this.#watched) this.#watched = NO_OP;
  }

  note(kind: number, node: Node, op: Op, cause: number, data: unknown): void {
    this.trace?.add(kind, this.nowUs, node.self, NO_PROC, cause, op, 0, data);
  }

  isBackground(timer: number): boolean {
    return must(this.program.timers[timer], 'a timer kind is declared by its program').background;
  }

  // The queue, with its count of data in flight.

  push(event: Event): void {
    event.seq = this.#seq++;
    this.pending += event.weight;
    this.queue.push(event);
  }

  withdraw(event: Event, node: Node): void {
    if (event.pos >= 0) {
      this.queue.remove(event);
      this.pending -= event.weight;
    } else node.inbox.splice(node.inbox.indexOf(event), 1);
    this.queue.release(event);
  }

  /** Fills an event; `background` is periodic work, `weight` 1 is data that `settle` waits for. */
  blank(kind: number, to: Proc, from: Proc, op: Op, cause: number, background: boolean, weight: 0 | 1): Event {
    const event = this.queue.take();
    event.kind = kind;
    event.to = to;
    event.from = from;
    event.op = op;
    event.cause = cause;
    event.background = background;
    event.weight = weight;
    event.slowed = false;
    event.attempts = 0;
    event.waiting = false;
    event.a = 0;
    event.b = 0;
    event.epoch = 0;
    return event;
  }

  /** Gives up a trace: what is pending names rows of it as its cause, which would be other rows of the next one. */
  forgetTrace(): void {
    this.trace = undefined;
    for (const event of this.queue.heap) event.cause = 0;
    for (const node of this.nodes) for (const event of node.inbox) event.cause = 0;
  }

  /** A twin that goes on exactly as this world would. It has no trace. */
  copy(): World {
    const twin = new World(this.program, this.size, this.seed, this.network.copy(), this.config);
    twin.nowUs = this.nowUs;
    twin.events = this.events;
    twin.changedUs = this.changedUs;
    twin.pending = this.pending;
    twin.nodes = this.nodes.map((node) => node.copy());
    const retie = (from: Event, to: Event): void => {
      if (from.kind !== TIMER) return;
      if (this.nodes[from.to]?.timers.get(from.a, from.b) === from) twin.nodes[from.to]?.timers.add(to);
    };
    twin.queue = this.queue.copy(retie);
    this.nodes.forEach((node, i) => {
      node.inbox.forEach((event, k) => {
        retie(event, must(twin.nodes[i]?.inbox[k], 'a twin inbox is as long'));
      });
    });
    for (const [op, open] of this.open) twin.open.set(op, { ...open, openAt: open.openAt.slice(), openSince: open.openSince.slice() });
    twin.finished = this.finished.slice();
    twin.#seq = this.#seq;
    twin.#rank = this.#rank;
    return twin;
  }
}
