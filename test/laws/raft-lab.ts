import type { Op, Proc } from '../../src/core/ids.ts';
import { NO_PROC } from '../../src/core/ids.ts';
import { isProblem } from '../../src/core/problem.ts';
import { layRules } from '../../src/sim/faults.ts';
import { LATENCIES, type NetRule } from '../../src/sim/network.ts';
import type { Outcome } from '../../src/sim/process.ts';
import { Trace } from '../../src/sim/trace.ts';
import { World } from '../../src/sim/world.ts';
import { etcd } from '../../src/systems/etcd/index.ts';
import type { EtcdMemory } from '../../src/systems/etcd/types.ts';

/** A small etcd cluster without the language around it. */
export class Lab {
  readonly world: World;
  #op: Op = 0;
  #command = 0;
  rules: NetRule[] = [];
  readonly client: Proc;

  constructor(size: number, options: Record<string, string> = {}, o: { seed?: number; traced?: boolean; cold?: boolean } = {}) {
    const config = etcd.configure(options, size);
    if (isProblem(config)) throw new Error(config.toString());
    const start = { leader: o.cold === true ? NO_PROC : 0, cold: o.cold === true };
    this.world = World.start(
      etcd.program,
      { size, seed: o.seed ?? 1, latency: LATENCIES.lan, config, start },
      o.traced === true ? new Trace() : undefined,
    );
    this.client = this.world.addClient(0);
  }

  memory(proc: Proc): EtcdMemory | undefined {
    return this.world.nodes[proc]?.memory as EtcdMemory | undefined;
  }

  leader(): Proc {
    let best = NO_PROC;
    for (let i = 0; i < this.world.size; i++) {
      const raft = this.memory(i)?.raft;
      if (raft?.role === 'leader' && (best === NO_PROC || raft.term > (this.memory(best)?.raft.term ?? 0))) best = i;
    }
    return best;
  }

  call(
    verb: 'set' | 'read' | 'delete' | 'cas',
    words: { key: string; value?: string; expected?: string },
    at: Proc = 0,
    options: Record<string, string> = {},
  ): Op {
    const kind = verb === 'set' ? 'write' : verb;
    const request = etcd.request({ verb, kind, ...words, options }, this.world.config as object);
    if (isProblem(request)) throw new Error(request.toString());
    this.#op++;
    this.world.call(this.#op, this.client, request, at, true);
    return this.#op;
  }

  /** Runs until the operation has ended, and takes its outcome. */
  until(op: Op): Outcome & { tookUs: number } {
    const stop = this.world.run(Number.POSITIVE_INFINITY, op, 5_000_000);
    const done = this.world.finished.find((f) => f.op === op);
    if (done === undefined) throw new Error(`operation ${op} did not end: ${stop}`);
    return { ...done.outcome, tookUs: done.returnUs - done.callUs };
  }

  set(key: string, value: string, at: Proc = 0, options: Record<string, string> = {}): Outcome & { tookUs: number } {
    return this.until(this.call('set', { key, value }, at, options));
  }

  read(key: string, at: Proc = 0, options: Record<string, string> = {}): Outcome & { tookUs: number } {
    return this.until(this.call('read', { key }, at, options));
  }

  wait(us: number): void {
    this.world.run(this.world.nowUs + us, 0, Number.POSITIVE_INFINITY);
  }

  lay(rules: NetRule[]): void {
    this.rules = rules;
    layRules(this.world, rules, this.#command, []);
  }

  /** Puts every node into a group; nodes of different groups do not hear each other. */
  partition(groups: readonly number[]): void {
    const command = ++this.#command;
    this.lay([
      { command, kind: 'partition', group: new Map(groups.map((g, i) => [i, g])), open: [] },
      ...this.rules.filter((r) => r.kind !== 'partition'),
    ]);
  }

  heal(): void {
    this.#command++;
    this.lay([]);
  }

  next(): number {
    return ++this.#command;
  }
}
