import { isProblem, Problem } from '../core/problem.ts';
import { formatDuration } from '../core/units.ts';
import { Reader } from '../lang/words.ts';
import { type Answer, type Command, immediate } from '../session/command.ts';
import { PATIENCE_US, type Stage } from '../session/stage.ts';
import type { Moment } from '../session/timeline.ts';
import { text } from '../view/block.ts';
import { atEnd, bare } from './words.ts';

// Letting virtual time pass.

function at(stage: Stage): string {
  return `t ${formatDuration(stage.live.world.nowUs)}`;
}

export const wait: Command<number | null> = {
  verb: 'wait',
  usage: ['wait', 'wait 12s'],
  help: 'let time pass; without a duration until the & operations that can end have ended',
  example: 'wait 12s',
  group: 'time',
  changes: 'world',
  read: (statement) => {
    const reader = new Reader(statement, 'wait 12s');
    if (reader.left === 0) return atEnd(reader) ?? null;
    const us = reader.duration();
    return isProblem(us) ? us : (atEnd(reader) ?? us);
  },
  *act(stage, us) {
    if (us !== null) {
      yield* stage.pass(stage.live.world.nowUs + us);
      return { blocks: [text([at(stage)])] };
    }
    return yield* waitForAll(stage);
  },
};

function* waitForAll(stage: Stage): Generator<void, Answer> {
  const { live } = stage;
  const untilUs = live.world.nowUs + PATIENCE_US;
  while (live.open.size > 0 && live.world.nowUs < Math.min(untilUs, stage.ceilingUs))
    yield* stage.run(untilUs, live.open.keys().next().value as number);
  const left = live.open.size;
  return {
    blocks: [
      text([
        left === 0 ? at(stage) : `${at(stage)} · ${left} operation${left === 1 ? '' : 's'} still open after ${formatDuration(PATIENCE_US)}`,
      ]),
    ],
  };
}

export const settle: Command<null> = {
  verb: 'settle',
  usage: ['settle'],
  help: 'run until no operation, hint, election or data message is pending and no failure detector has a verdict due (at most 1 h)',
  example: 'settle',
  group: 'time',
  changes: 'world',
  read: bare('settle'),
  *act(stage) {
    const what = yield* stage.settle();
    return {
      blocks: [
        text([what === undefined ? `settled at ${at(stage)}` : `not settled after ${formatDuration(PATIENCE_US)}: still pending: ${what}`]),
      ],
    };
  },
};

export const undo: Command<number> = {
  verb: 'undo',
  usage: ['undo', 'undo 3'],
  help: 'take back the last command that changed the world, the clients or options',
  example: 'undo',
  group: 'time',
  changes: 'travel',
  read: (statement) => count(new Reader(statement, 'undo 3')),
  act: immediate((stage: Stage, times): Answer | Problem => {
    let head = stage.host.head;
    const taken: string[] = [];
    for (let i = 0; i < times && head !== undefined; i++) {
      taken.push(named(stage, head));
      stage.host.travelled(head);
      head = 'undoTo' in head ? head.undoTo : head.prev;
    }
    if (taken.length === 0) return new Problem('there is nothing to take back', 'undo takes back commands that changed the world');
    stage.live = stage.host.goTo(head);
    return { blocks: [text([`took back ${taken.join(', ')} · ${at(stage)}`])] };
  }),
};

export const redo: Command<number> = {
  verb: 'redo',
  usage: ['redo', 'redo 2'],
  help: 'do again what undo took back',
  example: 'redo',
  group: 'time',
  changes: 'travel',
  read: (statement) => count(new Reader(statement, 'redo')),
  act: immediate((stage: Stage, times): Answer | Problem => {
    const done: string[] = [];
    let head = stage.host.head;
    for (let i = 0; i < times; i++) {
      const next = stage.host.takeRedo();
      if (next === undefined) break;
      done.push(named(stage, next));
      head = next;
    }
    if (done.length === 0)
      return new Problem('there is nothing to do again', 'redo brings back what undo took, until a new command changes the world');
    stage.live = stage.host.goTo(head);
    return { blocks: [text([`did again ${done.join(', ')} · ${at(stage)}`])] };
  }),
};

/** A moment as people know it: its number and text, or the rewind that led to it. */
function named(stage: Stage, moment: Moment): string {
  return moment.travel ?? `${moment.n} ${stage.host.texts.get(moment.n) ?? ''}`;
}

function count(reader: Reader): number | Problem {
  if (reader.left === 0) return atEnd(reader) ?? 1;
  const times = reader.integer('the number of commands', 1, 1_000_000);
  return isProblem(times) ? times : (atEnd(reader) ?? times);
}

export const rewind: Command<number> = {
  verb: 'rewind',
  usage: ['rewind 3.2s'],
  help: 'go back to that virtual time, with the operations that were open then still open (undo takes it back)',
  example: 'rewind 3.2s',
  group: 'time',
  changes: 'travel',
  read: (statement) => {
    const reader = new Reader(statement, 'rewind 3.2s');
    const us = reader.duration('a virtual time');
    return isProblem(us) ? us : (atEnd(reader) ?? us);
  },
  act: immediate((stage: Stage, us): Answer | Problem => {
    const { nowUs } = stage.live.world;
    if (us > nowUs) return new Problem(`it is only t ${formatDuration(nowUs)}`, 'rewind goes back; to go on use wait');
    stage.live = stage.host.rewind(us, stage.statement);
    const open = stage.live.open.size;
    return { blocks: [text([`${at(stage)}${open === 0 ? '' : ` · ${open} operation${open === 1 ? '' : 's'} open`}`])] };
  }),
};
