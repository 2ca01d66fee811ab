import { SharedList, SharedMap } from '../core/copy.ts';
import { NO_PROC, type Op, type Proc } from '../core/ids.ts';
import { isProblem, type Problem } from '../core/problem.ts';
import { must } from '../core/unreachable.ts';
import type { Operation } from '../history/operation.ts';
import { ReadJudge } from '../history/read-judge.ts';
import { LATENCIES } from '../sim/network.ts';
import type { Trace } from '../sim/trace.ts';
import { World } from '../sim/world.ts';
import type { Call, Options, System } from '../systems/index.ts';
import type { Row } from './types.ts';

/** What `use` decides, before anything runs. */
export interface Setup {
  readonly system: System;
  readonly nodes: readonly string[];
  readonly seed: number;
  readonly net: 'lan' | 'wan';
  /** The system's options with canonical names: only those that were given. */
  readonly options: Options;
  readonly leader: Proc;
  readonly cold: boolean;
}

/** A client name and how far its history processes have been numbered. */
export interface Client {
  readonly name: string;
  readonly proc: Proc;
  home: Proc;
  /** History processes opened so far. */
  processes: number;
  /** The process of its next foreground operation, or undefined if that needs a new one. */
  process: string | undefined;
}

/** A client operation that has not ended: what its row will say. */
export interface Pending {
  readonly op: Op;
  readonly text: string;
  readonly line?: number;
  readonly client: string;
  readonly process: string;
  readonly call: Call;
  readonly background: boolean;
}

/**
 * The state that undo, rewinds and branches copy: a world, who its processes are, and what clients have seen. Everything that a later command
 * could notice is in here; what only views need (replies, the timeline) is not.
 */
export class Live {
  readonly setup: Setup;
  options: Options;
  world: World;
  /** Names by process. */
  names: string[];
  clients: Map<string, Client>;
  current: string;
  history = new SharedList<Operation>();
  reads = new ReadJudge();
  open = new Map<Op, Pending>();
  /** Rows of ended operations by number. */
  rows = new SharedMap<Op, Row>();
  /** The client result printed last: what `expect` judges. */
  last: Row | undefined;

  private constructor(setup: Setup, world: World, options: Options) {
    this.setup = setup;
    this.world = world;
    this.options = options;
    this.names = setup.nodes.slice();
    this.clients = new Map();
    this.current = 'you';
  }

  /** A cluster at time 0 with the client `you` at its first node. */
  static start(setup: Setup, trace?: Trace): Live | Problem {
    const config = configOf(setup.system, setup.options, setup.nodes.length);
    if (isProblem(config)) return config;
    const world = World.start(
      setup.system.program,
      {
        size: setup.nodes.length,
        seed: setup.seed,
        latency: LATENCIES[setup.net],
        config,
        start: { leader: setup.leader, cold: setup.cold },
      },
      trace,
    );
    const live = new Live(setup, world, setup.options);
    live.addClient('you', 0);
    return live;
  }

  get system(): System {
    return this.setup.system;
  }

  get nodes(): readonly string[] {
    return this.setup.nodes;
  }

  addClient(name: string, home: Proc): Client {
    const client: Client = { name, proc: this.world.addClient(home), home, processes: 0, process: undefined };
    this.names.push(name);
    this.clients.set(name, client);
    return client;
  }

  client(name: string): Client {
    return must(this.clients.get(name), `client ${name} is known`);
  }

  name(proc: Proc): string {
    return this.names[proc] ?? '?';
  }

  /** A server by name, NO_PROC if there is none. */
  server(name: string): Proc {
    const at = this.nodes.indexOf(name);
    return at < 0 ? NO_PROC : at;
  }

  /** A server or a client by name, NO_PROC if there is neither. */
  process(name: string): Proc {
    const at = this.names.indexOf(name);
    return at < 0 ? NO_PROC : at;
  }

  copy(): Live {
    const twin = new Live(this.setup, this.world.copy(), this.options);
    twin.names = this.names.slice();
    for (const [name, client] of this.clients) twin.clients.set(name, { ...client });
    twin.current = this.current;
    twin.history = this.history.copy();
    twin.reads = this.reads.copy();
    for (const [op, pending] of this.open) twin.open.set(op, pending);
    twin.rows = this.rows.copy();
    twin.last = this.last;
    return twin;
  }
}

/** The system's configuration from the options given, with the defaults of its specs filled in. */
export function configOf(system: System, given: Options, size: number): object | Problem {
  const options: Record<string, string> = {};
  for (const spec of system.options) {
    const value = given[spec.name] ?? spec.default;
    if (value !== undefined && (spec.on.includes('use') || spec.on.includes('config'))) options[spec.name] = value;
  }
  return system.configure(options, size);
}
