import type { Op, Proc } from '../core/ids.ts';
import { Problem } from '../core/problem.ts';
import type { Live } from '../session/live.ts';
import type { Session } from '../session/session.ts';
import type { Stage } from '../session/stage.ts';
import type { Moment } from '../session/timeline.ts';
import type { FaultNote } from '../session/types.ts';
import type { Outcome } from '../sim/process.ts';
import { FINISHED, type Trace } from '../sim/trace.ts';
import type { Scene } from '../why/index.ts';

/** More events than this are not recorded for one picture: about a gigabyte. */
const MOST_EVENTS = 6_000_000;

/** A recorded run and what explanations and diagrams need to know beside it, or a Problem where the run since `needed` was too long to record. */
export function recorded(stage: Stage, needed: Moment | undefined): { readonly scene: Scene; readonly live: Live } | Problem {
  const { host } = stage;
  const before = needed?.prev?.events ?? 0;
  const events = host.live.world.events - (needed?.setup === undefined ? before : 0);
  if (needed !== undefined && events > MOST_EVENTS) {
    const millions = Math.round(events / 1_000_000);
    return new Problem(
      `${millions} million events have happened since; that is too much to look back over`,
      'undo the long waits first, or wait less',
      stage.statement.place,
    );
  }
  const { trace, live, from } = host.traced(needed);
  return { scene: sceneOf(host, live, trace, from === undefined ? [] : standing(host, from)), live };
}

/** A trace with the names and words that it needs to be told. */
export function sceneOf(host: Session, live: Live, trace: Trace, notes: readonly FaultNote[] = []): Scene {
  const { program } = live.system;
  return {
    trace,
    size: live.nodes.length,
    names: (proc) => live.name(proc),
    commandText: (n) => host.texts.get(n) ?? '',
    describe: (message) => program.describe(message),
    timers: program.timers,
    standing: notes,
  };
}

/** The faults in force where a record begins, oldest first. */
function standing(host: Session, live: Live): readonly FaultNote[] {
  const notes = new Map<number, readonly Proc[]>();
  for (const rule of live.world.network.rules)
    notes.set(rule.command, rule.kind === 'partition' ? [...rule.group.keys()] : [rule.from, rule.to]);
  for (const node of live.world.nodes) {
    if (!node.up) notes.set(node.downBy, [node.self]);
    if (node.paused) notes.set(node.pausedBy, [node.self]);
    if (node.slowUs > 0) notes.set(node.slowBy, [node.self]);
    if (node.offsetUs !== 0 || node.rate !== 1) notes.set(node.clockBy, [node.self]);
  }
  const ends = new Map(host.path().map((moment) => [moment.n, moment.endUs]));
  return [...notes]
    .sort(([a], [b]) => a - b)
    .map(([command, nodes]) => ({ command, text: host.texts.get(command) ?? '', atUs: ends.get(command) ?? 0, nodes }));
}

/** How an operation ended, if it did within the trace. */
export function outcomeOf(trace: Trace, op: Op): Outcome | undefined {
  for (let row = trace.length; row > 0; row--) if (trace.kind[row] === FINISHED && trace.op[row] === op) return trace.data[row] as Outcome;
  return undefined;
}
