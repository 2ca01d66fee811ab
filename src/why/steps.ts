import type { Op, Proc } from '../core/ids.ts';
import type { Outcome } from '../sim/process.ts';
import {
  ANSWER,
  BEAT,
  BECAUSE,
  BOOT,
  BROKEN_IN,
  CALLED,
  FAULT,
  FINISHED,
  FLUSH_DONE,
  LOST,
  MESSAGE,
  REPLIED,
  REQUEST,
  SENT,
  TIMED,
  type Trace,
} from '../sim/trace.ts';
import type { Line } from '../view/block.ts';
import { sentence } from './sentence.ts';
import type { Scene } from './types.ts';
import { line, list, span } from './words.ts';

/** What a story of single events needs of a scene. */
export type StepScene = Pick<Scene, 'trace' | 'names' | 'commandText' | 'describe' | 'timers'>;

/**
 * One event and what its handler did in consequence, as one line: the rows `first` to `last` (both included) of the trace that one event added. No rows mean
 * that the event waits, for a frozen or slow process.
 */
export function stepLine(scene: StepScene, first: number, last: number): Line {
  if (last < first) return line(span('an arrival waits: its process is frozen or slow', 'dim'));
  const head = headOf(scene, first);
  const done = consequences(scene, head === undefined ? first : first + 1, last);
  const parts = head === undefined ? done : [head, ...done];
  return line(...parts.flatMap((part, i) => (i === 0 ? [part] : [i === 1 && head !== undefined ? ': ' : '; ', part])));
}

function headOf(scene: StepScene, row: number): Line | undefined {
  const { trace } = scene;
  const who = span(scene.names(trace.proc[row] as Proc), 'node');
  const peer = scene.names(trace.peer[row] as Proc);
  switch (trace.kind[row]) {
    case BOOT:
      return line(who, ' started');
    case REQUEST:
    case MESSAGE:
    case ANSWER:
      return trace.proc[row] === trace.peer[row]
        ? line(who, ' went on')
        : line(who, ` got ${scene.describe(trace.data[row])} from ${peer}`);
    case TIMED:
      return line(who, `, timer ${scene.timers[trace.ref[row] as number]?.name ?? 'unnamed'}`);
    case CALLED:
      return line(who, ' began ', span(scene.commandText(trace.op[row] as Op), 'command'));
    case BROKEN_IN:
      return line(who, trace.ref[row] === 0 ? ` was refused by ${peer}` : ` lost its connection to ${peer}`);
    case FLUSH_DONE:
      return line(who, ' has flushed its disk');
    default:
      return undefined;
  }
}

/** Messages with one label stand together: `sent append 3 to b and c`. */
function consequences(scene: StepScene, first: number, last: number): readonly Line[] {
  const { trace } = scene;
  const lostOf = new Map<number, number>();
  for (let row = first; row <= last; row++) if (trace.kind[row] === LOST) lostOf.set(trace.cause[row] as number, row);
  const sent = new Map<string, Proc[]>();
  // Receivers join the line of their label later, so lines are made at the end.
  const out: (() => Line)[] = [];
  for (let row = first; row <= last; row++) {
    const kind = trace.kind[row];
    if (kind !== SENT && kind !== BEAT) {
      const said = other(scene, row);
      if (said !== undefined) out.push(() => said);
      continue;
    }
    const peer = trace.peer[row] as Proc;
    if (peer === trace.proc[row] || lostOf.has(row)) continue;
    const label = scene.describe(trace.data[row]);
    const peers = sent.get(label);
    if (peers !== undefined) {
      peers.push(peer);
      continue;
    }
    const fresh = [peer];
    sent.set(label, fresh);
    out.push(() => line(`sent ${label} to ${list(fresh.map(scene.names))}`));
  }
  return out.map((make) => make());
}

function other(scene: StepScene, row: number): Line | undefined {
  const { trace } = scene;
  switch (trace.kind[row]) {
    case LOST:
      return lostLine(scene, row);
    case REPLIED:
      return line(`answered ${scene.names(trace.peer[row] as Proc)}: ${scene.describe(trace.data[row])}`);
    case FINISHED: {
      const { status } = trace.data[row] as Outcome;
      return line(span(scene.commandText(trace.op[row] as Op), 'command'), ' ended ', span(status, status));
    }
    case BECAUSE: {
      const { rule, facts } = trace.because(row);
      return line(sentence(rule, facts, scene.names));
    }
    case FAULT:
      return line(span(scene.commandText(trace.fault(row).command), 'command'));
    default:
      return undefined;
  }
}

function lostLine({ trace, names, describe }: StepScene, row: number): Line {
  const cause = trace.cause[row] as number;
  const what = cause === 0 ? 'a message' : describe(trace.data[cause]);
  return line(
    `${what} from ${names(trace.peer[row] as Proc)} to ${names(trace.proc[row] as Proc)} `,
    span('lost', 'lost'),
    `: ${lossWord(trace, row)}`,
  );
}

const WORDS = {
  cut: 'cut',
  loss: 'loss',
  reconnecting: 'reconnecting',
  down: 'down',
  off: 'no power',
  'old-connection': 'connection broken',
} as const;

/** Why a message was lost, in a word, with the command's number: `cut (2)`. */
export function lossWord(trace: Trace, row: number): string {
  const { why, command } = trace.loss(row);
  return command === 0 ? WORDS[why] : `${WORDS[why]} (${command})`;
}
