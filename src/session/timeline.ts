import { isProblem } from '../core/problem.ts';
import { must } from '../core/unreachable.ts';
import type { Statement } from '../lang/statement.ts';
import { Trace } from '../sim/trace.ts';
import type { Command } from './command.ts';
import { Live, type Setup } from './live.ts';
import type { Host } from './session.ts';
import { perform, Stage } from './stage.ts';

/**
 * One world-changing command in its place. Moments form a tree by `prev`; the state at a moment is never stored but for checkpoints: determinism rebuilds it by
 * running the commands from the nearest one.
 */
export interface Moment {
  readonly prev: Moment | undefined;
  readonly n: number;
  readonly line?: number;
  readonly statement: Statement;
  readonly command: Command;
  readonly args: unknown;
  /** Set by `use`: everything before it is forgotten. */
  readonly setup?: Setup;
  /** Virtual time at its end. */
  readonly endUs: number;
  /** Handler calls in this world up to its end. */
  readonly events: number;
  /** Only the part of the command up to this time was kept (`rewind`). */
  readonly untilUs?: number;
  /** Where `undo` goes from here; default `prev`. */
  readonly undoTo?: Moment | undefined;
  /** How it was typed, for scripts, where that is not the statement itself. */
  readonly travel?: string;
  checkpoint?: Live;
}

/** What to do with checkpoints on the way: whether to lay one down, and, for who stays where he goes, whether to use one up. */
export interface Keeping {
  keep(moment: Moment, live: Live): void;
  take?(moment: Moment): Live | undefined;
}

/** The state at a moment, which may be changed. */
export function materialize(host: Host, root: Live, moment: Moment | undefined, keeping: Keeping): Live {
  const path: Moment[] = [];
  let at = moment;
  while (at !== undefined && at.checkpoint === undefined && at.setup === undefined) {
    path.push(at);
    at = at.prev;
  }
  let live: Live;
  if (at === undefined) live = root.copy();
  else if (at.checkpoint !== undefined) live = (at === moment ? keeping.take?.(at) : undefined) ?? at.checkpoint.copy();
  else live = freshLive(must(at.setup, 'the walk ended at a use'), undefined);
  for (const next of path.reverse()) {
    live = replay(host, live, next);
    // Who goes back one step often goes back another: the way there is kept.
    if (next !== moment) keeping.keep(next, live);
  }
  return live;
}

/** A run with every event recorded costs memory for each: this many are kept at most, beyond what the wanted commands need themselves. */
const MOST_TRACED = 600_000;

/** A run once more with every event recorded. */
export interface Traced {
  readonly trace: Trace;
  readonly live: Live;
  /** The state in which the record begins: faults that stood then are not in it. */
  readonly from: Live | undefined;
}

/**
 * The run up to `moment` once more, recorded from the cluster's beginning; or, where that would be too much, from a later command on, but always from before `needed`.
 */
export function traced(host: Host, root: Live, moment: Moment | undefined, needed: Moment | undefined): Traced {
  const trace = new Trace();
  const { start, path } = pathOf(moment);
  const total = path.at(-1)?.events ?? 0;
  const first = path.findIndex((candidate) => candidate === needed || total - candidate.events <= MOST_TRACED);
  const from = path[first - 1];
  let live: Live;
  let before: Live | undefined;
  if (from === undefined || total <= MOST_TRACED) live = freshLive(start?.setup ?? root.setup, trace);
  else {
    live = materialize(host, root, from, { keep: () => undefined });
    before = live.copy();
    live.world.trace = trace;
  }
  for (const next of from === undefined || total <= MOST_TRACED ? path : path.slice(first)) live = replay(host, live, next);
  return { trace, live, from: before };
}

/** One command again on a state that may be changed. */
export function replay(host: Host, live: Live, moment: Moment): Live {
  const stage = new Stage(host, live, moment.n, moment.statement, moment.line);
  if (moment.untilUs !== undefined) stage.ceilingUs = moment.untilUs;
  const run = perform(stage, moment.command, moment.args);
  const { done, value } = run.next();
  if (done !== true) throw new Error(`command ${moment.n} asked for a second slice of an endless one`);
  if (isProblem(value)) throw new Error(`command ${moment.n} ran before and is refused in a replay: ${value.what}`);
  return stage.live;
}

export function freshLive(setup: Setup, trace: Trace | undefined): Live {
  const live = Live.start(setup, trace);
  if (isProblem(live)) throw new Error(`a cluster that was started before cannot start again: ${live.what}`);
  return live;
}

/** The moments from the last `use` (exclusive) to this one, oldest first, and that `use`. */
export function pathOf(moment: Moment | undefined): { readonly start: Moment | undefined; readonly path: readonly Moment[] } {
  const path: Moment[] = [];
  let at = moment;
  while (at !== undefined && at.setup === undefined) {
    path.push(at);
    at = at.prev;
  }
  return { start: at, path: path.reverse() };
}
