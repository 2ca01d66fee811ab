import { isProblem } from '../core/problem.ts';
import { formatDuration } from '../core/units.ts';
import { Reader } from '../lang/words.ts';
import type { Command } from '../session/command.ts';
import { Trace } from '../sim/trace.ts';
import { type Line, styled, text } from '../view/block.ts';
import { stepLine } from '../why/index.ts';
import { sceneOf } from './scene.ts';
import { atEnd } from './words.ts';

/** At most this many events are told one by one. */
const MOST = 100_000;

export const step: Command<number> = {
  verb: 'step',
  usage: ['step', 'step 5'],
  help: 'deliver the next n events one by one, and say what each did',
  example: 'step 5',
  group: 'time',
  changes: 'world',
  read: (statement) => {
    const reader = new Reader(statement, 'step 5');
    if (reader.left === 0) return atEnd(reader) ?? 1;
    const n = reader.integer('the number of events', 1, MOST);
    return isProblem(n) ? n : (atEnd(reader) ?? n);
  },
  *act(stage, n) {
    const { live } = stage;
    const { world } = live;
    const lines: Line[] = [];
    // Only these events are recorded; a replay that records everything keeps its own trace.
    const outer = world.trace;
    const trace = outer ?? new Trace();
    for (let i = 0; i < n; i++) {
      world.trace = trace;
      const before = trace.length;
      const stop = world.run(stage.ceilingUs, 0, 1);
      world.trace = outer;
      stage.collect();
      if (stop === 'idle' || stop === 'limit') break;
      lines.push([
        styled(formatDuration(world.nowUs).padStart(12), 'dim'),
        '  ',
        ...stepLine(sceneOf(stage.host, live, trace), before + 1, trace.length),
      ]);
    }
    if (outer === undefined) world.forgetTrace();
    yield* [];
    return { blocks: [text(...(lines.length === 0 ? [['nothing is left to happen']] : lines))] };
  },
};
