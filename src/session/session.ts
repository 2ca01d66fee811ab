import { isProblem, Problem } from '../core/problem.ts';
import { didYouMean } from '../core/suggest.ts';
import { clip } from '../core/units.ts';
import { must } from '../core/unreachable.ts';
import type { Operation } from '../history/operation.ts';
import { parseLine } from '../lang/parse.ts';
import type { Statement } from '../lang/statement.ts';
import { BECAUSE, type Because } from '../sim/trace.ts';
import { systemNamed, systems } from '../systems/index.ts';
import { Checkpoints } from './checkpoints.ts';
import type { Answer, Command } from './command.ts';
import { complete } from './complete.ts';
import { lateBlock } from './late.ts';
import type { Live, Setup } from './live.ts';
import { overview, sidesOf } from './overview.ts';
import { operationsOf } from './rows.ts';
import { scriptOf } from './script.ts';
import { PATIENCE_US, perform, Stage } from './stage.ts';
import { SYNONYMS } from './synonyms.ts';
import { freshLive, type Moment, materialize, pathOf, type Traced, traced } from './timeline.ts';
import type { Completion, Files, Job, Overview, Progress, ReadScope, Reply, Row, SessionApi } from './types.ts';

/** What commands may ask of the session beyond the live state: travel, replays and branches. */
export type Host = Session;

/** Where a session parts from another; `at` undefined: before its first command. */
interface Branch {
  readonly of: Session;
  readonly at: Moment | undefined;
}

/** A cluster, its clients and its timeline. */
export class Session implements SessionApi {
  readonly table: readonly Command[];
  readonly files: Files | undefined;
  live: Live;
  head: Moment | undefined;
  readonly expectations = { held: 0, failed: 0 };
  readonly #root: Live;
  /** Where `use` names none. */
  readonly defaultSeed: number;
  #counter = 0;
  #redo: Moment[] = [];
  readonly #checkpoints = new Checkpoints();
  /** What was typed, by number, for blame and for `why 5`. */
  readonly texts = new Map<number, string>();

  constructor(table: readonly Command[], setup: Setup, files: Files | undefined, branch?: Branch) {
    const parent = branch?.of;
    this.table = table;
    this.files = files;
    this.defaultSeed = parent?.defaultSeed ?? setup.seed;
    if (branch === undefined || parent === undefined) {
      this.live = freshLive(setup, undefined);
      this.#root = this.live.copy();
      return;
    }
    this.#root = parent.#root;
    // Moments are shared with the parent, so a branch leaves no checkpoints on them: nobody would thin those out.
    this.live = branch.at === parent.head ? parent.live.copy() : materialize(parent, parent.#root, branch.at, { keep: () => undefined });
    this.head = branch.at;
    this.#counter = parent.#counter;
    for (const [n, text] of parent.texts) this.texts.set(n, text);
  }

  get nowUs(): number {
    return this.live.world.nowUs;
  }
  get system(): string {
    return this.live.system.name;
  }
  get seed(): number {
    return this.live.setup.seed;
  }
  get client(): string {
    return this.live.current;
  }
  get commands(): number {
    return this.#counter;
  }

  commandFor(verb: string): Command | undefined {
    return this.table.find((command) => command.verb === verb || command.aliases?.includes(verb) === true);
  }

  read(
    source: string,
    scope: ReadScope = { system: this.system },
    where: { file?: string; line?: number } = {},
  ): readonly Statement[] | Problem {
    const statements = parseLine(source, where);
    if (isProblem(statements)) return statements;
    for (const statement of statements) {
      const understood = this.understand(statement, scope);
      if (isProblem(understood)) return understood;
    }
    return statements;
  }

  /** The verb's own reading of its words; `use` moves the scope on. */
  understand(statement: Statement, scope: ReadScope): { readonly command: Command; readonly args: unknown } | Problem {
    const system = systemNamed(scope.system) ?? this.live.system;
    const command =
      this.commandFor(statement.verb) ?? (system.operations.some((op) => op.verb === statement.verb) ? this.commandFor('set') : undefined);
    if (command === undefined)
      return this.#unknownVerb(
        statement,
        system.operations.map((op) => op.verb),
        system.title,
      );
    const args = command.read(statement, { system });
    if (isProblem(args)) return args.near(statement.place);
    if (statement.verb === 'use') scope.system = statement.words[0]?.text.toLowerCase() ?? scope.system;
    return { command, args };
  }

  #unknownVerb(statement: Statement, own: readonly string[], title: string): Problem {
    const verbs = [...this.table.flatMap((command) => [command.verb, ...(command.aliases ?? [])]), ...own];
    const other = systems.find((system) => system.operations.some((op) => op.verb === statement.verb));
    if (other !== undefined) {
      return new Problem(`${title} has no ${statement.verb}`, `${other.title} has; ${title} has ${own.join(', ')}`, statement.verbAt);
    }
    const synonym = SYNONYMS[statement.verb];
    const near = synonym !== undefined && verbs.includes(synonym) ? synonym : didYouMean(statement.verb, verbs);
    const example = near === undefined ? 'set x apple' : (this.commandFor(near)?.example ?? near);
    const elsewhere = near === undefined ? `; ${title} has ${own.join(', ')}; type help for all commands` : '';
    return new Problem(
      `there is no command "${clip(statement.verb)}"`,
      `${near === undefined ? 'for example' : `did you mean ${near}? For example`}: ${example}${elsewhere}`,
      statement.verbAt,
    );
  }

  execute(statement: Statement, line?: number): Job {
    const n = ++this.#counter;
    this.texts.set(n, statement.text);
    const understood = this.understand(statement, { system: this.system });
    if (isProblem(understood)) return finished(this.#refusal(n, statement, line, understood));
    const stage = new Stage(this, this.live, n, statement, line);
    const startedUs = this.nowUs;
    const startedLive = this.live;
    const startedEvents = this.live.world.events;
    const acting = perform(stage, understood.command, understood.args);
    return this.#job(stage, acting, (result) => {
      if (isProblem(result)) {
        // It may have let data in flight land before it found that it could not act.
        if (this.nowUs !== startedUs || this.live.world.events !== startedEvents) this.live = this.materialize(this.head);
        return this.#refusal(n, statement, line, result);
      }
      this.#commit(stage, understood.command, understood.args, startedEvents);
      return this.#reply(stage, result, startedUs, understood.command.changes === 'travel' || stage.live !== startedLive);
    });
  }

  close(): Job {
    const statement = must((parseLine('wait') as readonly Statement[])[0], 'wait is a command');
    const stage = new Stage(this, this.live, 0, statement);
    const waiting = (function* (): Generator<void, Answer> {
      const untilUs = stage.live.world.nowUs + PATIENCE_US;
      while (stage.live.open.size > 0 && stage.live.world.nowUs < untilUs) {
        const next = stage.live.open.keys().next().value as number;
        yield* stage.run(untilUs, next);
      }
      for (const op of [...stage.live.open.keys()]) stage.completions.push(stage.leaveOpen(op));
      return { blocks: [] };
    })();
    return this.#job(stage, waiting, () => ({ n: 0, statement, rows: stage.completions, blocks: stage.completions.map(lateBlock) }));
  }

  #job(stage: Stage, acting: Generator<void, Answer | Problem>, end: (result: Answer | Problem) => Reply): Job {
    let reply: Reply | undefined;
    return {
      step: (events: number): Progress | { readonly done: true; readonly reply: Reply } => {
        if (reply !== undefined) return { done: true, reply };
        stage.budget = events;
        const { done, value } = acting.next();
        if (done !== true) {
          const { live, says } = stage;
          return { done: false, nowUs: live.world.nowUs, events: live.world.events, ...(says === undefined ? {} : { says }) };
        }
        reply = end(value as Answer | Problem);
        return { done: true, reply };
      },
      cancel: () => {
        if (reply === undefined) this.live = this.materialize(this.head);
      },
    };
  }

  /** A refused command left everything as it was. */
  #refusal(n: number, statement: Statement, line: number | undefined, problem: Problem): Reply {
    const row: Row = {
      n,
      ...(line === undefined ? {} : { line }),
      command: statement.text,
      kind: statement.verb,
      atUs: this.nowUs,
      tookUs: 0,
      outcome: 'invalid',
      error: problem.toString(),
    };
    return { n, statement, rows: [row], blocks: [], problem };
  }

  #commit(stage: Stage, command: Command, args: unknown, startedEvents: number): void {
    const before = this.live;
    this.live = stage.live;
    if (command.changes !== 'world') return;
    const moment: Moment = {
      prev: this.head,
      n: stage.n,
      ...(stage.line === undefined ? {} : { line: stage.line }),
      statement: stage.statement,
      command,
      args,
      endUs: this.nowUs,
      events: this.live.world.events,
      ...(stage.live === before ? {} : { setup: stage.live.setup }),
    };
    this.head = moment;
    this.#redo = [];
    this.#checkpoints.consider(moment, this.live, stage.live === before ? this.live.world.events - startedEvents : 0);
  }

  #reply(stage: Stage, answer: Answer, startedUs: number, timeless: boolean): Reply {
    const { row } = answer;
    if (row?.held !== undefined) this.expectations[row.held ? 'held' : 'failed']++;
    const own: Row = {
      n: stage.n,
      ...(stage.line === undefined ? {} : { line: stage.line }),
      command: stage.statement.text,
      kind: stage.statement.verb,
      // Travel and a fresh cluster take no time: the clock they end on is another one.
      atUs: timeless ? this.nowUs : startedUs,
      tookUs: timeless ? 0 : this.nowUs - startedUs,
      outcome: 'done',
      ...(this.commandFor(stage.statement.verb)?.group === 'faults' ? { sides: sidesOf(this.live) } : {}),
      ...row,
    };
    // A client operation in the background gets its row when it ends.
    const rows = stage.statement.background ? stage.completions : [...stage.completions, ...(answer.rows ?? []), own];
    return {
      n: stage.n,
      statement: stage.statement,
      rows,
      blocks: [...stage.completions.map(lateBlock), ...answer.blocks],
      ...(answer.quit === true ? { quit: true } : {}),
    };
  }

  // Travel.

  materialize(moment: Moment | undefined): Live {
    return materialize(this, this.#root, moment, { keep: (at, live) => this.#checkpoints.keep(at, live) });
  }

  /** Goes to another moment. */
  goTo(moment: Moment | undefined): Live {
    this.head = moment;
    return materialize(this, this.#root, moment, this.#checkpoints);
  }

  /** Remembers a moment that `undo` leaves, for `redo`. */
  travelled(from: Moment): void {
    this.#redo.push(from);
  }

  /** What `redo` would bring back. */
  takeRedo(): Moment | undefined {
    return this.#redo.pop();
  }

  /** Back to a virtual time on this cluster's timeline; `undo` leads to where we were. */
  rewind(us: number, statement: Statement): Live {
    const { start, path } = pathOf(this.head);
    const at = path.findIndex((moment) => moment.endUs > us);
    const travel = statement.text;
    const last = at < 0 ? this.head : (path[at - 1] ?? start);
    const next = at < 0 ? undefined : path[at];
    const undoTo = this.head;
    this.#redo = [];
    if (next !== undefined && us > (last?.endUs ?? 0))
      return this.goTo({ ...withoutCheckpoint(next), prev: last, endUs: us, untilUs: us, undoTo, travel });
    // The time lies between two commands: the moment before it once more, with another way back.
    if (last !== undefined) return this.goTo({ ...withoutCheckpoint(last), undoTo, travel });
    const command = must(this.commandFor('reset'), 'reset is a command');
    return this.goTo({
      prev: undefined,
      n: this.#counter,
      statement,
      command,
      args: null,
      endUs: 0,
      events: 0,
      setup: this.#root.setup,
      undoTo,
    });
  }

  /** The same run once more with every event recorded, at least from before `needed` on. */
  traced(needed: Moment | undefined = undefined): Traced {
    return traced(this, this.#root, this.head, needed);
  }

  /** The moments since the cluster was started, oldest first. */
  path(): readonly Moment[] {
    return pathOf(this.head).path;
  }

  fork(): Session {
    return this.forkAt(this.head);
  }

  /** A branch that stands just before a command of this timeline. */
  forkAt(moment: Moment | undefined): Session {
    return new Session(this.table, this.live.setup, undefined, { of: this, at: moment });
  }

  rulesStated(): ReadonlySet<string> {
    const { trace } = this.traced();
    const stated = new Set<string>();
    for (let row = 1; row <= trace.length; row++) if (trace.kind[row] === BECAUSE) stated.add((trace.data[row] as Because).rule.id);
    return stated;
  }

  overview(): Overview {
    return overview(this.live, this.texts);
  }

  operations(): readonly Operation[] {
    return operationsOf(this.live);
  }

  complete(line: string, cursor: number): Completion {
    return complete(this, line, cursor);
  }

  script(): string {
    return scriptOf(this.live.setup, this.path());
  }
}

function withoutCheckpoint(moment: Moment): Moment {
  const { checkpoint: _, ...rest } = moment;
  return rest;
}

function finished(reply: Reply): Job {
  return { step: () => ({ done: true, reply }), cancel: () => undefined };
}
