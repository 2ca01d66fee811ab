import type { Proc } from '../core/ids.ts';
import { isProblem, type Problem } from '../core/problem.ts';
import type { Statement } from '../lang/statement.ts';
import type { Answer, Command } from '../session/command.ts';
import { Live, type Setup } from '../session/live.ts';
import { inspect } from '../session/overview.ts';
import type { Session } from '../session/session.ts';
import { perform, Stage } from '../session/stage.ts';
import type { Node } from '../sim/node.ts';

/** A line that was understood once: the same words come again in many runs. */
interface Understood {
  readonly statement: Statement;
  readonly command: Command;
  readonly args: unknown;
}

/** How many lines are remembered; then all are forgotten. */
const REMEMBERED = 20_000;

/** What the lines of one system mean. Runs share it. */
export class Phrases {
  readonly host: Session;
  readonly #system: string;
  readonly #known = new Map<string, Understood>();

  constructor(host: Session, system: string) {
    this.host = host;
    this.#system = system;
  }

  understand(line: string): Understood | Problem {
    const known = this.#known.get(line);
    if (known !== undefined) return known;
    const statements = this.host.read(line, { system: this.#system });
    if (isProblem(statements)) return statements;
    const [statement] = statements;
    if (statement === undefined || statements.length > 1) throw new Error(`a hunt runs one command a line: ${line}`);
    const found = this.host.understand(statement, { system: this.#system });
    if (isProblem(found)) return found;
    const understood = { statement, ...found };
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.set(line, understood);
    return understood;
  }
}

/** `done`, `refused` (the run is then no run of any script), or `spent`: the events that one run may have are used up. */
export type Said = 'done' | 'refused' | 'spent';

/**
 * One run: a fresh cluster and the lines that were said to it. It does what a session does with the same script, less what only readers need: replies, undo, a record
 * of moments. The numbers of its commands are those of the printed script, where `use` is the first.
 */
export class Trial {
  readonly setup: Setup;
  live: Live;
  readonly lines: string[] = [];
  /** How long each of them took, in microseconds. */
  readonly took: number[] = [];
  /** How many faults were laid or mended. */
  faults = 0;
  readonly #phrases: Phrases;
  #n = 1;
  /** Events left for this run. */
  #left: number;

  constructor(phrases: Phrases, setup: Setup, events: number) {
    const live = Live.start(setup, undefined);
    if (isProblem(live)) throw new Error(`the setup of a hunt was tried before it began: ${live.what}`);
    this.#phrases = phrases;
    this.setup = setup;
    this.live = live;
    this.#left = events;
  }

  get events(): number {
    return this.live.world.events;
  }

  /** The number of the last command. */
  get n(): number {
    return this.#n;
  }

  say(line: string): Said {
    const understood = this.#phrases.understand(line);
    if (isProblem(understood)) return 'refused';
    const { command, args } = understood;
    const fromUs = this.live.world.nowUs;
    const stage = this.stage(understood.statement, ++this.#n);
    const end = this.finish(stage, perform(stage, command, args));
    if (end === undefined) return 'spent';
    if (isProblem(end)) return 'refused';
    this.#said(line, this.live.world.nowUs - fromUs);
    if (command.group === 'faults') this.faults++;
    return 'done';
  }

  /** `wait`, said to the cluster event by event: it ends when `done` says so, at `limitUs` at the latest. Undefined: the events are spent. */
  waitUntil(limitUs: number, done: () => boolean): number | undefined {
    const { world } = this.live;
    const fromUs = world.nowUs;
    const understood = this.#phrases.understand('wait 1s');
    if (isProblem(understood)) throw new Error(`wait is a command of every system: ${understood.what}`);
    const stage = this.stage(understood.statement, ++this.#n);
    const step = (untilUs: number, events: number): void => {
      const before = world.events;
      world.run(untilUs, 0, events);
      this.#left -= world.events - before;
    };
    while (world.nowUs < limitUs && !done()) {
      if (this.#left <= 0) return undefined;
      const next = world.queue.peek();
      // One event and no further: with more time allowed the kernel would go on to the end of it.
      step(next === undefined ? limitUs : Math.min(next.at, limitUs), 1);
    }
    // Whatever else happens at this very moment belongs to the wait.
    step(world.nowUs, Number.POSITIVE_INFINITY);
    stage.collect();
    const us = world.nowUs - fromUs;
    if (us > 0) this.#said(`wait ${duration(us)}`, us);
    else this.#n--;
    return us;
  }

  #said(line: string, us: number): void {
    this.lines.push(line);
    this.took.push(us);
  }

  /** What a line that changes nothing looks at. */
  viewStage(line: string): Stage {
    const understood = this.#phrases.understand(line);
    if (isProblem(understood)) throw new Error(`this line was understood before: ${line}`);
    return this.stage(understood.statement, this.#n + 1);
  }

  stage(statement: Statement, n: number): Stage {
    return new Stage(this.#phrases.host, this.live, n, statement);
  }

  /** Runs a command to its end within what is left. */
  finish(stage: Stage, acting: Generator<void, Answer | Problem>): Answer | Problem | undefined {
    const before = this.live.world.events;
    stage.budget = this.#left;
    const { done, value } = acting.next();
    this.#left -= this.live.world.events - before;
    return done === true ? value : undefined;
  }

  /**
   * Waits until some server changes its role, or until one leads that did not: at most as long as nothing leaps, so that the wait is the sum of its parts. `also` may
   * end it too. Who it was, or undefined where nothing came of it; `spent` as in `waitUntil`.
   */
  waitForNews(of: 'role' | 'leader', also: () => boolean): { readonly proc: Proc | undefined } | 'spent' {
    const { world, system } = this.live;
    const look = (proc: Proc): number => (of === 'role' ? this.mark(proc) : this.leads(proc));
    const before = Array.from({ length: world.size }, (_, proc) => look(proc));
    let who: Proc | undefined;
    const changed = (): boolean => {
      for (let proc = 0; proc < before.length; proc++) {
        const now = look(proc);
        // That somebody leads no more is no news of a leader.
        if (now === before[proc] || (of === 'leader' && now === 0)) continue;
        who = proc;
        return true;
      }
      return also();
    };
    return this.waitUntil(world.nowUs + 4 * system.program.periodUs - 1, changed) === undefined ? 'spent' : { proc: who };
  }

  // What a schedule may look at.

  node(proc: Proc): Node {
    return this.live.world.nodes[proc] as Node;
  }

  /** The term that a server leads in, 0 if it does not. */
  leads(proc: Proc): number {
    const node = this.node(proc);
    const { pulse, hasLeader } = this.live.system;
    if (!hasLeader || !node.up) return 0;
    return pulse === undefined ? (inspect(this.live, proc).leads ?? 0) : pulse.leads(node.memory);
  }

  /** A number for each server that changes when its role does. */
  mark(proc: Proc): number {
    const node = this.node(proc);
    return node.up && node.memory !== undefined ? (this.live.system.pulse?.mark(node.memory) ?? 0) : -1;
  }
}

/** Microseconds in a short and exact way that the language reads. */
export function duration(us: number): string {
  if (us < 1000) return `${us}us`;
  return us >= 1_000_000 && us % 100_000 === 0 ? `${us / 1_000_000}s` : `${us / 1000}ms`;
}
