import { NO_OP, NO_PROC, type Op, type Proc } from '../../src/core/ids.ts';
import { isProblem } from '../../src/core/problem.ts';
import { LATENCIES } from '../../src/sim/network.ts';
import type { Trace } from '../../src/sim/trace.ts';
import { World } from '../../src/sim/world.ts';
import type { Call, Options, System } from '../../src/systems/index.ts';

const KEYS = 16;
const REQUESTS = 256;
/** Clients look for ended operations this often, in virtual time, so each thinks for up to this long between two. */
const THINK_US = 100;

/** A cluster that needs no session: a world, closed-loop clients, half reads and half writes. */
export class Cluster {
  readonly world: World;
  /** Operations that ended well. */
  ok = 0;
  /** Pending events, summed over the looks at them. */
  #pendingSum = 0;
  #looks = 0;
  #ops: Op = 0;
  readonly #system: System;
  readonly #size: number;
  readonly #clients: Proc[] = [];
  readonly #options: Options;
  readonly #reads: readonly object[];
  readonly #writes: readonly object[];

  constructor(system: System, size: number, clients: number, options: Options = {}, trace?: Trace) {
    this.#system = system;
    this.#size = size;
    this.#options = options;
    const given: Record<string, string> = {};
    for (const spec of system.options) {
      const value = options[spec.name] ?? spec.default;
      if (value !== undefined) given[spec.name] = value;
    }
    const config = system.configure(given, size);
    if (isProblem(config)) throw new Error(`the bench's options are wrong: ${config.toString()}`);
    const start = { leader: system.hasLeader ? 0 : NO_PROC, cold: false };
    this.world = World.start(system.program, { size, seed: 7, latency: LATENCIES.lan, config, start }, trace);
    this.#reads = this.#requests(true);
    this.#writes = this.#requests(false);
    for (let i = 0; i < clients; i++) {
      const client = this.world.addClient(i % size);
      this.#clients.push(client);
      this.#call(client);
    }
  }

  get pending(): number {
    return this.#pendingSum / this.#looks;
  }

  #call(client: Proc): void {
    const op = ++this.#ops;
    // Reads and writes alternate for each client; keys go round at another pace.
    const read = (Math.floor(op / this.#clients.length) + client) % 2 === 0;
    const request = (read ? this.#reads : this.#writes)[op % REQUESTS] as object;
    this.world.call(op, client, request, (client - this.#size) % this.#size, false);
  }

  /** Requests are shared and never edited, so they are made once: making them is the session's work, not the machine's. */
  #requests(read: boolean): object[] {
    return Array.from({ length: REQUESTS }, (_, i) => {
      const key = `k${(i * 7) % KEYS}`;
      const call: Call = read
        ? { verb: 'read', kind: 'read', key, options: this.#options }
        : { verb: 'set', kind: 'write', key, value: `v${i}`, options: this.#options };
      const request = this.#system.request(call, this.world.config as object);
      if (isProblem(request)) throw new Error(`the bench's request is wrong: ${request.toString()}`);
      return request;
    });
  }

  /** Runs for at least `events` handler calls; returns how many it were. */
  run(events: number): number {
    const { world } = this;
    const start = world.events;
    while (world.events - start < events) this.#slice();
    return world.events - start;
  }

  #slice(): void {
    const { world } = this;
    world.run(world.nowUs + THINK_US, NO_OP, Number.POSITIVE_INFINITY);
    this.#pendingSum += world.queue.length;
    this.#looks++;
    if (world.finished.length === 0) return;
    const { finished } = world;
    world.finished = [];
    for (const { client, outcome } of finished) {
      if (outcome.status === 'ok') this.ok++;
      this.#call(client);
    }
  }
}
