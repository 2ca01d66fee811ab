import type { Op } from '../core/ids.ts';
import type { Live } from '../session/live.ts';
import type { Session } from '../session/session.ts';
import type { Outcome } from '../sim/process.ts';
import { FINISHED, type Trace } from '../sim/trace.ts';
import type { Scene } from '../why/index.ts';

/** What explanations and diagrams need to know beside the trace. It was recorded from the cluster's beginning, so no fault stands from before. */
export function sceneOf(host: Session, live: Live, trace: Trace): Scene {
  const { program } = live.system;
  return {
    trace,
    size: live.nodes.length,
    names: (proc) => live.name(proc),
    commandText: (n) => host.texts.get(n) ?? '',
    describe: (message) => program.describe(message),
    timers: program.timers,
    standing: [],
  };
}

/** How an operation ended, if it did within the trace. */
export function outcomeOf(trace: Trace, op: Op): Outcome | undefined {
  for (let row = trace.length; row > 0; row--) if (trace.kind[row] === FINISHED && trace.op[row] === op) return trace.data[row] as Outcome;
  return undefined;
}
