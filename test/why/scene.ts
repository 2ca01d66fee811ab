import type { Proc } from '../../src/core/ids.ts';
import { crash, drift, layRules, pause, powerLoss, restart, resume, skew, slow } from '../../src/sim/faults.ts';
import { LATENCIES, type NetRule } from '../../src/sim/network.ts';
import type { Program } from '../../src/sim/process.ts';
import { Trace } from '../../src/sim/trace.ts';
import { type FinishedOp, World } from '../../src/sim/world.ts';
import { plain, type Tree } from '../../src/view/block.ts';
import { explain } from '../../src/why/explain.ts';
import type { Explanation, Scene, WhyInput } from '../../src/why/types.ts';

/** A small world on a traced kernel, driven by numbered commands, with the few words of the language that explanations need. */
export class Stage {
  readonly world: World;
  readonly trace = new Trace();
  readonly client: Proc;
  readonly commands: string[] = [''];
  rules: readonly NetRule[] = [];

  constructor(program: Program, size = 3, seed = 1, leader = 0) {
    this.world = World.start(program, { size, seed, latency: LATENCIES.lan, config: {}, start: { leader, cold: false } }, this.trace);
    this.client = this.world.addClient(0);
  }

  /** Numbers a command. */
  say(text: string): number {
    return this.commands.push(text) - 1;
  }

  name(proc: Proc): string {
    return proc >= this.world.size ? 'you' : String.fromCharCode(97 + proc);
  }

  proc(name: string): Proc {
    return name.charCodeAt(0) - 97;
  }

  do(text: string): number {
    const n = this.say(text);
    const [verb = '', a = 'a', b = 'b'] = text.split(' ');
    const { world } = this;
    switch (verb) {
      case 'partition': {
        const side = new Set(
          text
            .split(' ')
            .slice(1)
            .map((name) => this.proc(name)),
        );
        const group = new Map(Array.from({ length: world.size }, (_, i) => [i, side.has(i) ? 0 : 1] as const));
        return this.#lay([{ command: n, kind: 'partition', group, open: [] }], n, [...group.keys()]);
      }
      case 'cut':
        return this.#lay(
          [
            ...this.rules,
            { command: n, kind: 'cut', from: this.proc(a), to: this.proc(b) },
            { command: n, kind: 'cut', from: this.proc(b), to: this.proc(a) },
          ],
          n,
          [this.proc(a), this.proc(b)],
        );
      case 'heal':
        return this.#lay([], n, []);
      case 'crash':
        crash(world, this.proc(a), n);
        return n;
      case 'powerloss':
        powerLoss(world, this.proc(a), n);
        return n;
      case 'restart':
        restart(world, this.proc(a), n);
        return n;
      case 'pause':
        pause(world, this.proc(a), undefined, n);
        return n;
      case 'resume':
        resume(world, this.proc(a), n);
        return n;
      case 'slow':
        slow(world, this.proc(a), Number(b.replace('ms', '')) * 1000, n);
        return n;
      case 'skew':
        skew(world, this.proc(a), 1_000_000, n);
        return n;
      case 'drift':
        drift(world, this.proc(a), 2, n);
        return n;
      case 'wait':
        world.run(world.nowUs + Number(a.replace('ms', '')) * 1000, 0, 1_000_000);
        return n;
      default:
        throw new Error(`the test's stage does not know ${verb}`);
    }
  }

  #lay(rules: readonly NetRule[], n: number, nodes: readonly Proc[]): number {
    this.rules = rules;
    layRules(this.world, rules, n, nodes);
    return n;
  }

  /** Runs an operation to its end, or for a minute. */
  call(text: string, request: object, at: Proc): number {
    const n = this.begin(text, request, at);
    this.world.run(this.world.nowUs + 60_000_000, n, 1_000_000);
    return n;
  }

  begin(text: string, request: object, at: Proc): number {
    const n = this.say(text);
    this.world.call(n, this.client, request, at, true);
    return n;
  }

  finished(op: number): FinishedOp | undefined {
    return this.world.finished.find((done) => done.op === op);
  }

  scene(): Scene {
    return {
      trace: this.trace,
      size: this.world.size,
      names: (proc) => this.name(proc),
      commandText: (n) => this.commands[n] ?? `no command ${n}`,
      describe: (message) => this.world.program.describe(message),
      timers: this.world.program.timers,
      standing: [],
    };
  }

  input(op: number, more: Partial<WhyInput> = {}): WhyInput {
    const done = this.finished(op);
    const text = this.commands[op] ?? '';
    return {
      ...this.scene(),
      op,
      text,
      client: 'you',
      callUs: done?.callUs ?? this.world.open.get(op)?.callUs ?? 0,
      ...(done === undefined ? {} : { returnUs: done.returnUs, outcome: done.outcome }),
      key: 'x',
      copies: () =>
        this.world.nodes
          .slice(0, this.world.size)
          .map((node) => ({ node: node.self, value: (node.memory as { value?: string } | undefined)?.value ?? null })),
      alternatives: [],
      ...more,
    };
  }

  why(op: number, more: Partial<WhyInput> = {}): string[] {
    return printed(explain(this.input(op, more)));
  }
}

/** An explanation as lines, branches indented by two. */
export function printed(explanation: Explanation): string[] {
  return [plain(explanation.headline), ...explanation.roots.flatMap((root) => branch(root, 1))];
}

function branch(tree: Tree, depth: number): string[] {
  return ['  '.repeat(depth) + plain(tree.line), ...tree.children.flatMap((child) => branch(child, depth + 1))];
}
