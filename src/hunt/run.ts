import { isProblem, Problem } from '../core/problem.ts';
import { parseDuration } from '../core/units.ts';
import type { Setup } from '../session/live.ts';
import { startLine } from '../session/script.ts';
import { type Bounds, type Ground, RUN_EVENTS } from './bounds.ts';
import { Dice } from './dice.ts';
import type { Expectations, Goal } from './goal.ts';
import { drawMood } from './mood.ts';
import { type Played, Schedule } from './schedule.ts';
import { type Phrases, type Said, Trial } from './trial.ts';
import { type Breach, Watch } from './watch.ts';

/** Everything that a run needs besides its number. */
export interface Hunt {
  readonly phrases: Phrases;
  readonly expectations: Expectations;
  readonly goal: Goal;
  readonly ground: Ground;
  readonly bounds: Bounds;
}

/** What one run came to. */
export interface Ran {
  readonly events: number;
  readonly us: number;
  readonly operations: number;
  readonly faults: number;
  /** It was cut short: no verdict. */
  readonly spent: boolean;
  readonly found: Found | undefined;
}

/** A run that shows what was looked for, as a script. */
export interface Found {
  readonly setup: Setup;
  readonly lines: readonly string[];
  /** How long each line took, in microseconds. */
  readonly took: readonly number[];
  readonly ending: readonly string[];
  /** Where the cluster must be shown on the way: behind so many lines. */
  readonly after?: number;
  readonly reason: string;
}

/** Run number `run`: drawn from the hunt's seed and this number alone. */
export function runDrawn({ phrases, expectations, goal, ground, bounds }: Hunt, run: number): Ran {
  const dice = new Dice(bounds.seed, run);
  const seed = dice.draw();
  const base = ground.setups[dice.weighted(ground.weights)] as Setup;
  const setup = { ...base, seed };
  const { property } = goal;
  const atRest = (property.kind === 'expect' && property.about === 'cluster') || (property.kind === 'model' && property.calm);
  const mood = drawMood(dice, setup, bounds, atRest ? 'always' : property.kind === 'leaders' ? 'never' : 'mostly');
  const trial = new Trial(phrases, setup, RUN_EVENTS);
  const watch = new Watch(goal, expectations);
  return ranOf(trial, new Schedule(trial, dice, mood, watch, bounds.timeUs).play());
}

/** The same lines on a fresh cluster. Those that are refused there are left out. `plainly`: nothing is looked at within a line. */
export function runScript(
  { phrases, expectations, goal }: Omit<Hunt, 'ground' | 'bounds'>,
  setup: Setup,
  script: readonly string[],
  plainly = false,
): Ran {
  const trial = new Trial(phrases, setup, RUN_EVENTS);
  const watch = new Watch(goal, expectations);
  for (const [i, line] of script.entries()) {
    const said = plainly ? trial.say(line) : sayOf(trial, watch, line);
    if (said === 'spent') return ranOf(trial, 'void');
    if (said === 'refused') return runScript({ phrases, expectations, goal }, setup, script.toSpliced(i, 1), plainly);
    const breach = watch.after(trial);
    if (breach !== undefined) return ranOf(trial, breach);
  }
  return ranOf(trial, watch.end(trial) ?? 'over');
}

/** Lines that wait for news, whenever it comes: no commands of the language. A run that has them is a script with the waits that they came to. */
export const NEWS = { leader: '?leader', role: '?role' } as const;

function sayOf(trial: Trial, watch: Watch, line: string): Said {
  const glance = (): boolean => watch.closely && watch.glance(trial);
  if (line === NEWS.leader || line === NEWS.role)
    return trial.waitForNews(line === NEWS.leader ? 'leader' : 'role', glance) === 'spent' ? 'spent' : 'done';
  if (!watch.closely || !line.startsWith('wait ')) return trial.say(line);
  // A wait that ends as soon as there is something to see. One that is long enough to leap over cannot be taken apart.
  const us = parseDuration(line.slice(5));
  const { world, system } = trial.live;
  if (isProblem(us) || us >= 4 * system.program.periodUs) return trial.say(line);
  return trial.waitUntil(world.nowUs + us, glance) === undefined ? 'spent' : 'done';
}

function ranOf(trial: Trial, played: Played): Ran {
  const { live, setup } = trial;
  return {
    events: trial.events,
    us: live.world.nowUs,
    operations: live.history.items.length + live.open.size,
    faults: trial.faults,
    spent: played === 'void',
    found: played === 'over' || played === 'void' ? undefined : foundOf(trial, setup, played),
  };
}

function foundOf({ lines, took }: Trial, setup: Setup, { after, length, ending, reason }: Breach): Found {
  return { setup, lines: lines.slice(0, length), took: took.slice(0, length), ending, reason, ...(after === undefined ? {} : { after }) };
}

/** The script of a run, from `use` to the line that shows what was found. */
export function scriptOf({ setup, lines, ending, after }: Found): readonly string[] {
  const shown = after === undefined ? lines : lines.toSpliced(after, 0, ending[0] as string);
  return [startLine(setup), ...shown, ...ending];
}

/** The cluster that `use` with these words starts, or what is wrong with them. */
export function setupOf(phrases: Phrases, words: string): Setup | Problem {
  const host = phrases.host.fork();
  const statements = host.read(`use ${words}`);
  if (isProblem(statements)) return statements;
  if (statements.length !== 1)
    return new Problem('a hunt starts from one cluster', 'write what stands behind use, such as etcd read=lease');
  for (const statement of statements) {
    const step = host.execute(statement).step(Number.POSITIVE_INFINITY);
    if (step.done && step.reply.problem !== undefined) return step.reply.problem;
  }
  return host.live.setup;
}
