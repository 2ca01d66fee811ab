import { isProblem, Problem } from '../core/problem.ts';
import { Reader } from '../lang/words.ts';
import { type Answer, type Command, immediate } from '../session/command.ts';
import { inspect } from '../session/overview.ts';
import { spaceTime } from '../view/diagram.ts';
import { diagramOf } from '../why/index.ts';
import { recorded } from './scene.ts';
import { atEnd } from './words.ts';

/** How many lines of happenings are drawn: what is older has scrolled out of sight. */
const MOST_LINES = 80;

export const diagram: Command<number | null> = {
  verb: 'diagram',
  usage: ['diagram', 'diagram 3'],
  help: 'the space-time diagram: messages, client operations and faults; with a number, of that command alone',
  example: 'diagram',
  group: 'look',
  changes: 'view',
  read: (statement) => {
    const reader = new Reader(statement, 'diagram 3');
    if (reader.left === 0) return atEnd(reader) ?? null;
    const n = reader.integer('the number of a command', 1, 1_000_000_000);
    return isProblem(n) ? n : (atEnd(reader) ?? n);
  },
  act: immediate((stage, n): Answer | Problem => {
    const { host } = stage;
    const moment = n === null ? undefined : host.path().find((candidate) => candidate.n === n);
    if (n !== null && moment === undefined)
      return new Problem(`command ${n} is no part of this world's past`, 'diagram draws all of it', stage.statement.place);
    const found = recorded(stage, moment);
    if (isProblem(found)) return found;
    const { scene, live } = found;
    const fromUs = moment === undefined ? 0 : (moment.prev?.endUs ?? 0);
    const leads = (proc: number): boolean => inspect(live, proc).leads !== undefined;
    const data = diagramOf(scene, {
      fromUs,
      toUs: moment?.endUs ?? live.world.nowUs,
      leads,
      ...(n === null ? {} : { command: n }),
    });
    if (data.rows.length === 0) return new Problem('nothing has happened yet', 'run a command first, for example set x apple');
    return { blocks: [{ kind: 'drawing', draw: (width) => spaceTime({ ...data, maxRows: MOST_LINES }, width) }] };
  }),
};
