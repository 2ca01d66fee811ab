import { isProblem } from '../core/problem.ts';
import { must } from '../core/unreachable.ts';
import type { Statement } from '../lang/statement.ts';
import type { Trace } from '../sim/trace.ts';
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
  /** Only the part of the command up to this time was kept (`rewind`). */
  readonly untilUs?: number;
  /** Where `undo` goes from here; default `prev`. */
  readonly undoTo?: Moment | undefined;
  /** How it was typed, for scripts, where that is not the statement itself. */
  readonly travel?: string;
  checkpoint?: Live;
}

/** The state at a moment, as a copy that may be changed. */
export function materialize(host: Host, root: Live, moment: Moment | undefined, keep: (moment: Moment, live: Live) => void): Live {
  const path: Moment[] = [];
  let at = moment;
  while (at !== undefined && at.checkpoint === undefined && at.setup === undefined) {
    path.push(at);
    at = at.prev;
  }
  let live: Live;
  if (at === undefined) live = root.copy();
  else if (at.checkpoint !== undefined) live = at.checkpoint.copy();
  else live = freshLive(must(at.setup, 'the walk ended at a use'), undefined);
  for (const next of path.reverse()) {
    live = replay(host, live, next);
    // Who goes back one step often goes back another: the way there is kept.
    if (next !== moment) keep(next, live);
  }
  return live;
}

/** The whole run up to a moment once more, with every event recorded. */
export function traced(host: Host, root: Live, moment: Moment | undefined, trace: Trace): Live {
  const path: Moment[] = [];
  let at = moment;
  while (at !== undefined && at.setup === undefined) {
    path.push(at);
    at = at.prev;
  }
  const setup = at?.setup ?? root.setup;
  let live = freshLive(setup, trace);
  for (const next of path.reverse()) live = replay(host, live, next);
  return live;
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
