import { NO_OP, NO_PROC, type Op, type Proc } from '../core/ids.ts';
import { must } from '../core/unreachable.ts';
import { ARM, BEAT, CANCEL, Deferred, REPLY, SEND } from './deferred.ts';
import { answer, transmit } from './delivery.ts';
import type { Disk } from './disk.ts';
import type { Node } from './node.ts';
import type { Ask, Env, Outcome } from './process.ts';
import { FLUSHED, TIMER } from './queue.ts';
import type { Facts, Need, Rule } from './rules.ts';
import { AWAITS, BECAUSE } from './trace.ts';
import type { World } from './world.ts';

/**
 * What a handler holds while it runs: its environment and what it may ask for, in one object that serves every call of a
 * world. Requests are carried out as they are made; none of them calls a handler, so the handler never sees its own consequences.
 */
export class Hand implements Env<unknown, unknown>, Ask<unknown> {
  self: Proc = NO_PROC;
  size: number;
  config: unknown;
  disk!: Disk<unknown>;
  tracing = false;
  readonly #world: World;
  #node!: Node;
  #op: Op = NO_OP;
  #row = 0;
  /** A flush was asked for: what comes now waits for it, in this chain. */
  #flushing = false;
  #first: Deferred | undefined;
  #last: Deferred | undefined;
  #free: Deferred | undefined;

  constructor(world: World, size: number, config: unknown) {
    this.#world = world;
    this.size = size;
    this.config = config;
  }

  /** Points at the process whose handler is about to run. */
  enter(node: Node, op: Op, row: number): void {
    this.self = node.self;
    this.disk = node.disk;
    this.#node = node;
    this.#op = op;
    this.#row = row;
    this.tracing = row !== 0;
  }

  /** After the handler: sends off the flush it asked for, with what waits behind it. */
  leave(): void {
    if (this.#flushing) this.#beginFlush();
  }

  #beginFlush(): void {
    const world = this.#world;
    const node = this.#node;
    const first = this.#first;
    this.#flushing = false;
    this.#first = undefined;
    this.#last = undefined;
    const idle = first === undefined;
    const event = world.blank(FLUSHED, node.self, node.self, this.#op, this.#row, idle, idle ? 0 : 1);
    event.at = node.flushUs(world.nowUs);
    event.a = node.disk.length;
    event.b = node.disk.generation;
    event.epoch = node.epoch;
    event.body = first;
    world.push(event);
  }

  #defer(what: number, op: Op, to: Proc, message: unknown, timer = 0, tag = 0, minUs = 0, maxUs = 0): void {
    const request = this.#free ?? new Deferred();
    this.#free = request.next;
    request.next = undefined;
    request.what = what;
    request.op = op;
    request.to = to;
    request.message = message;
    request.timer = timer;
    request.tag = tag;
    request.minUs = minUs;
    request.maxUs = maxUs;
    if (this.#last === undefined) this.#first = request;
    else this.#last.next = request;
    this.#last = request;
  }

  /** A client reads the clock of the machine that it sits beside for the operation it serves. */
  clockUs(): number {
    const world = this.#world;
    const node = this.#node;
    if (!node.isClient) return node.clockUs(world.nowUs);
    const machine = world.nodes[world.open.get(this.#op)?.at ?? node.home];
    return must(machine, 'a client sits beside a server').clockUs(world.nowUs);
  }

  monotonicUs(): number {
    return this.#node.monotonicUs(this.#world.nowUs);
  }

  send(to: Proc, message: unknown): void {
    if (this.#flushing) this.#defer(SEND, this.#op, to, message);
    else transmit(this.#world, this.#node, to, message, this.#op, this.#row, false);
  }

  beat(to: Proc, message: unknown): void {
    if (this.#flushing) this.#defer(BEAT, this.#op, to, message);
    else transmit(this.#world, this.#node, to, message, this.#op, this.#row, true);
  }

  timer(timer: number, tag: number, minUs: number, maxUs: number): void {
    if (this.#flushing) {
      this.#defer(ARM, this.#op, NO_PROC, undefined, timer, tag, minUs, maxUs);
      return;
    }
    this.cancel(timer, tag);
    const world = this.#world;
    const node = this.#node;
    const background = world.isBackground(timer);
    const event = world.blank(TIMER, node.self, node.self, background ? NO_OP : this.#op, this.#row, background, 0);
    event.at = world.nowUs + node.timerUs(minUs, maxUs);
    event.a = timer;
    event.b = tag;
    event.epoch = node.epoch;
    node.timers.add(event);
    world.push(event);
  }

  cancel(timer: number, tag: number): void {
    if (this.#flushing) {
      this.#defer(CANCEL, this.#op, NO_PROC, undefined, timer, tag);
      return;
    }
    const event = this.#node.timers.take(timer, tag);
    if (event !== undefined) this.#world.withdraw(event, this.#node);
  }

  reply(op: Op, message: unknown): void {
    if (this.#flushing) this.#defer(REPLY, op, NO_PROC, message);
    else answer(this.#world, this.#node, op, message, this.#row);
  }

  finish(op: Op, outcome: Outcome): void {
    this.#world.finish(op, outcome, this.#row);
  }

  flush(): void {
    this.#flushing = true;
  }

  draw(lo: number, hi: number): number {
    return this.#node.draw(lo, hi);
  }

  get op(): Op {
    return this.#op;
  }

  serving(op: Op): void {
    this.#op = op;
  }

  because(rule: Rule, facts: Facts): void {
    if (this.#row !== 0) this.#world.note(BECAUSE, this.#node, this.#op, this.#row, { rule, facts });
  }

  awaits(op: Op, need: Need): void {
    if (this.#row !== 0) this.#world.note(AWAITS, this.#node, op, this.#row, need);
  }

  /** Carries out what waited behind a flush. None of these requests is a flush, so none of them waits again. */
  resumeAfterFlush(node: Node, op: Op, row: number, first: Deferred | undefined): void {
    this.enter(node, op, row);
    let request = first;
    while (request !== undefined) {
      switch (request.what) {
        case SEND:
        case BEAT:
          transmit(this.#world, node, request.to, request.message, request.op, row, request.what === BEAT);
          break;
        case REPLY:
          answer(this.#world, node, request.op, request.message, row);
          break;
        case ARM:
          this.#op = request.op;
          this.timer(request.timer, request.tag, request.minUs, request.maxUs);
          break;
        case CANCEL:
          this.cancel(request.timer, request.tag);
          break;
      }
      const { next } = request;
      request.message = undefined;
      request.next = this.#free;
      this.#free = request;
      request = next;
    }
  }
}
