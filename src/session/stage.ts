import { NO_OP, type Op, type Proc } from '../core/ids.ts';
import { Problem } from '../core/problem.ts';
import { clip } from '../core/units.ts';
import { must } from '../core/unreachable.ts';
import type { Statement, Word } from '../lang/statement.ts';
import { findNode, placeOf } from '../lang/words.ts';
import { leap, unsettled } from '../sim/leap.ts';
import type { Stop } from '../sim/world.ts';
import type { Call } from '../systems/index.ts';
import type { Answer, Command } from './command.ts';
import type { Client, Live } from './live.ts';
import { operationOf, rowOfFinished, rowOfOpen } from './rows.ts';
import type { Host } from './session.ts';
import type { Row } from './types.ts';

/** An operation that never ends by itself is left open after this long; so is a `settle` that does not come to rest. */
export const PATIENCE_US = 3_600_000_000;

/** How long what comes next waits for data in flight: ample within a rack, nothing against the ways of a wide area or a slow node. */
const LANDING_US = 5000;

/** Runs a command on a stage, the first time or in a replay. */
export function* perform<A>(stage: Stage, command: Command<A>, args: A): Generator<void, Answer | Problem> {
  if (command.group === 'faults') yield* stage.land();
  // A rewind into the landing: the fault has not struck yet.
  if (stage.live.world.nowUs >= stage.ceilingUs) return { blocks: [] };
  return yield* command.act(stage, args);
}

/**
 * What a command acts on: the live state, the number it has, and the means to let virtual time pass in slices. One stage serves one execution of one
 * command, the first one or a replay.
 */
export class Stage {
  readonly host: Host;
  readonly n: number;
  readonly statement: Statement;
  readonly line: number | undefined;
  /** Replaced by `use` and by travels. */
  live: Live;
  /** Events left in this slice. */
  budget = Number.POSITIVE_INFINITY;
  /** Virtual time goes no further: a replay for `rewind` stops here. */
  ceilingUs = Number.POSITIVE_INFINITY;
  /** How far a command is that does something else than let time pass. */
  says: string | undefined;
  /** Rows of `&` operations that ended while this command ran, in order. */
  readonly completions: Row[] = [];

  constructor(host: Host, live: Live, n: number, statement: Statement, line?: number) {
    this.host = host;
    this.live = live;
    this.n = n;
    this.statement = statement;
    this.line = line;
  }

  /** The server that a word names. */
  node(word: Word): Proc | Problem {
    return findNode(word, this.live.nodes);
  }

  /** The server or client that a word names. */
  process(word: Word): Proc | Problem {
    return findNode(word, this.live.names);
  }

  /** The client that acts: the one named before the verb, else the current one. Makes it if it is new. */
  client(): Client | Problem {
    const named = this.statement.client;
    if (named === undefined) return this.live.client(this.live.current);
    return this.clientNamed(named.name, named.home);
  }

  clientNamed(name: Word, home: Word | undefined): Client | Problem {
    const { live } = this;
    if (live.nodes.includes(name.text))
      return new Problem(`${clip(name.text)} is a node, not a client`, 'clients and nodes need different names', placeOf(name));
    const at = home === undefined ? undefined : this.node(home);
    if (at instanceof Problem) return at;
    const known = live.clients.get(name.text);
    if (known === undefined) return live.addClient(name.text, at ?? 0);
    if (at !== undefined && at !== known.home) {
      known.home = at;
      must(live.world.nodes[known.proc], 'a client has a process').home = at;
    }
    return known;
  }

  /** Begins a client operation. LANGUAGE section 5, "Clients": each `&` operation and the first after an unknown one is a new history process. */
  begin(call: Call, client: Client, at: Proc, pinned: boolean, request: object): void {
    const { live } = this;
    const { background } = this.statement;
    const process = background || client.process === undefined ? newProcess(client) : client.process;
    if (!background) client.process = process;
    live.open.set(this.n, {
      op: this.n,
      text: this.statement.text,
      ...(this.line === undefined ? {} : { line: this.line }),
      client: client.name,
      process,
      call,
      background,
    });
    live.world.call(this.n, client.proc, request, at, pinned);
  }

  /** Runs until the time, the end of the watched operation, or nothing is left. Time that is out of reach stays untouched. */
  *run(limitUs: number, watch: Op = 0): Generator<void, Stop> {
    const ceiling = Math.min(limitUs, this.ceilingUs);
    for (;;) {
      const before = this.live.world.events;
      const stop = this.live.world.run(ceiling, watch, this.budget);
      this.budget -= this.live.world.events - before;
      this.collect();
      if (stop !== 'budget') return stop;
      yield;
    }
  }

  /** Lets time pass, with leaps where only periodic work is pending. */
  *pass(untilUs: number): Generator<void, void> {
    const limitUs = Math.min(untilUs, this.ceilingUs);
    let strideUs = 2 * this.live.system.program.periodUs;
    while (this.live.world.nowUs < limitUs) {
      if (leap(this.live.world, limitUs) > 0) continue;
      yield* this.run(Math.min(limitUs, this.live.world.nowUs + strideUs));
      // A world that does not settle is asked less and less often.
      strideUs *= 2;
    }
  }

  /** Runs until nothing is pending by itself; returns what still was after an hour. */
  *settle(): Generator<void, string | undefined> {
    const { world } = this.live;
    const untilUs = Math.min(world.nowUs + PATIENCE_US, this.ceilingUs);
    // Asking every server about every peer is quadratic: large clusters are asked less often.
    const stepUs = world.size <= 12 ? 1000 : 100_000;
    for (;;) {
      const what = unsettled(world);
      if (what === undefined || world.nowUs >= untilUs) return what;
      const nextUs = Math.min(untilUs, world.nowUs + stepUs);
      // Most steps have nothing to handle: then time alone passes, and that costs no slice.
      if ((world.queue.peek()?.at ?? nextUs + 1) > nextUs) world.run(nextUs, NO_OP, 0);
      else yield* this.run(nextUs);
    }
  }

  /**
   * Lets data that is on its way arrive, after an operation and before a fault: whoever types one command after the other leaves far more time between them
   * than a message takes. With an `&` operation open nothing is waited for: then the race is what was asked for. Slow ways are not waited for either.
   */
  *land(): Generator<void, void> {
    const { world } = this.live;
    const untilUs = Math.min(this.ceilingUs, world.nowUs + LANDING_US);
    while (world.pending > 0 && world.open.size === 0 && world.nowUs < untilUs) {
      const next = world.queue.peek();
      if (next === undefined) return;
      yield* this.run(Math.min(next.at, untilUs));
    }
  }

  /** Turns operations that ended in the world into history and rows. The command's own row is kept for it; others are completions. */
  collect(): void {
    const { live } = this;
    if (live.world.finished.length === 0) return;
    const finished = live.world.finished;
    live.world.finished = [];
    for (const [i, done] of finished.entries()) {
      const pending = must(live.open.get(done.op), `operation ${done.op} was begun by a command`);
      live.open.delete(done.op);
      const operation = operationOf(live, pending, done);
      if (operation !== undefined) {
        live.history.push(operation);
        live.reads.add(operation);
      }
      const client = live.client(pending.client);
      if (done.outcome.status === 'unknown' && client.process === pending.process) client.process = undefined;
      const row = rowOfFinished(live, pending, done, operation, finished.slice(i + 1));
      live.rows.set(done.op, row);
      live.last = row;
      if (done.op !== this.n) this.completions.push(row);
    }
  }

  /** The row of an operation that this command gives up waiting for. It stays open and may still end later. */
  leaveOpen(op: Op): Row {
    const pending = must(this.live.open.get(op), `operation ${op} is open`);
    const client = this.live.client(pending.client);
    if (client.process === pending.process) client.process = undefined;
    const row = rowOfOpen(this.live, pending);
    this.live.last = row;
    return row;
  }
}

function newProcess(client: Client): string {
  client.processes++;
  return client.processes === 1 ? client.name : `${client.name}#${client.processes}`;
}
