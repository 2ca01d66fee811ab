import { isProblem, Problem } from '../core/problem.ts';
import { clip } from '../core/units.ts';
import type { Setup } from '../session/live.ts';
import { BOUNDS, type Bounds, type Ground } from './bounds.ts';
import { type Expectations, type Goal, readGoal } from './goal.ts';
import { type End, Ledger, type Result, type Tally } from './ledger.ts';
import { verbsOf } from './mood.ts';
import { type Hunt, runDrawn, setupOf } from './run.ts';
import { type Shrunk, shrink } from './shrink.ts';
import { type Phrases, Trial } from './trial.ts';

/** How far a hunt is, for those who watch. */
export interface Progress {
  readonly runs: number;
  /** Handler calls since the hunt began. */
  readonly events: number;
  /** Set while the script is made smaller: how many lines it has. */
  readonly lines?: number;
}

export interface Outcome {
  readonly end: End;
  readonly tally: Tally;
  readonly shrunk: Shrunk | undefined;
}

/** The words of a hunt, as they came from a prompt or a command line. */
export interface Quest {
  readonly property: string;
  /** What stands behind `use`: `etcd read=lease`. */
  readonly cluster: string;
  readonly bounds: Partial<Bounds>;
}

/** Sizes of clusters that are drawn where nobody named the nodes, and how often. Four only helps to get from five to three. */
const SIZES: readonly (readonly [nodes: number, weight: number])[] = [
  [3, 3],
  [4, 0],
  [5, 1],
];

/** Everything that runs need, or what is wrong with the words. */
export function prepare(quest: Quest, phrases: Phrases, expectations: Expectations): Hunt | Problem {
  if (/(^|\s)seed=/i.test(quest.cluster))
    return new Problem('a hunt draws the seed of every run', 'leave seed= out; the seed of the hunt itself is another');
  const first = setupOf(phrases, quest.cluster);
  if (isProblem(first)) return first;
  const goal = readGoal(quest.property, first.system, phrases, expectations);
  if (isProblem(goal)) return goal;
  if (verbsOf(first.system).length === 0)
    return new Problem(`a hunt knows no operation of ${first.system.title}`, 'it uses registers: set, read');
  if (goal.property.kind === 'leaders' && first.nodes.length < 2)
    return new Problem('one node alone can have no second leader', 'name at least two nodes');
  if (goal.words === 'diverged' && first.nodes.length < 2)
    return new Problem('one node alone cannot differ from others', 'name at least two nodes');
  const wrong = unjudgeable(goal, first, phrases, expectations);
  if (wrong !== undefined) return wrong;
  const ground = groundOf(phrases, quest.cluster, first.nodes);
  return isProblem(ground) ? ground : { phrases, expectations, goal, ground, bounds: { ...BOUNDS, ...quest.bounds } };
}

/** An expectation that this cluster cannot have: of a node that is not there, of a leader where nobody leads. */
function unjudgeable({ property }: Goal, setup: Setup, phrases: Phrases, expectations: Expectations): Problem | undefined {
  if (property.kind !== 'expect' || property.about !== 'cluster') return undefined;
  const trial = new Trial(phrases, setup, 0);
  const finding = expectations.judge(trial.viewStage(property.line), property.args);
  // Its place is one in the expectation, which is only a part of what was typed.
  return isProblem(finding) ? new Problem(finding.what, finding.remedy) : undefined;
}

function groundOf(phrases: Phrases, cluster: string, nodes: readonly string[]): Ground | Problem {
  const first = setupOf(phrases, cluster);
  if (isProblem(first)) return first;
  // Nodes that were named, or a leader among them, or copies for so many: then that is the cluster that is meant.
  const [system = '', ...words] = cluster.trim().split(/\s+/);
  if (nodes.length !== 3 || words.some((word) => !word.includes('=') || /^(nodes|leader)=/i.test(word)))
    return { setups: [first], weights: [1] };
  const setups = [first];
  const weights = [SIZES[0]?.[1] ?? 1];
  for (const [size, weight] of SIZES.slice(1)) {
    const setup = setupOf(phrases, `${system} nodes=${size} ${words.join(' ')}`);
    if (isProblem(setup)) continue;
    setups.push(setup);
    weights.push(weight);
  }
  return { setups, weights };
}

/** One run, with a bug of ours as a result: it is that run's, and runs before it may have found what was looked for. */
export function tryRun(hunt: Hunt, run: number): Result {
  try {
    return runDrawn(hunt, run);
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** The whole hunt in one thread. Yields after each run and each step of shrinking. */
export function* hunting(hunt: Hunt): Generator<Progress, Outcome> {
  const ledger = new Ledger(hunt.bounds);
  const { tally } = ledger;
  while (ledger.end === undefined) {
    ledger.add(tally.runs, [tryRun(hunt, tally.runs)]);
    yield { runs: tally.runs, events: tally.events };
  }
  return { end: ledger.end, tally, shrunk: yield* shrinking(hunt, ledger.end, tally) };
}

/** Makes what was found smaller; nothing where nothing was. */
export function* shrinking(hunt: Hunt, end: End, tally: Tally): Generator<Progress, Shrunk | undefined> {
  if (end.kind !== 'found') return undefined;
  const steps = shrink(hunt, end.found);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    yield { runs: tally.runs, events: tally.events + step.value.events, lines: step.value.best.lines.length };
  }
}

/** A whole number of a word, within its limits. */
export function readNumber(name: string, text: string, least: number, most: number): number | Problem {
  const number = Number(text);
  if (/^\d{1,16}$/.test(text) && number >= least && number <= most) return number;
  return new Problem(
    `${name}: "${clip(text)}" is not a whole number from ${least} to ${most}`,
    `for example ${Math.min(most, Math.max(least, 100))}`,
  );
}
