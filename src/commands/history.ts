import { linearizable } from '../checkers/linearizable.ts';
import { escapedForTerminal } from '../core/units.ts';
import type { Operation } from '../history/operation.ts';
import { ednHistory, jsonHistory } from '../history/write.ts';
import { Reader } from '../lang/words.ts';
import { type Command, immediate } from '../session/command.ts';
import type { Live } from '../session/live.ts';
import { operationsOf } from '../session/rows.ts';
import type { Stage } from '../session/stage.ts';
import type { Moment } from '../session/timeline.ts';
import type { Block } from '../view/block.ts';
import { type FaultBand, type Interval, timeline } from '../view/timeline.ts';
import { type Judged, judgeNow, numbersOf, witnessOf } from './judging.ts';
import { answerText, operationText } from './operation-text.ts';
import { atEnd } from './words.ts';

/** What ends a fault: the verbs that mend it, and whether it must name the same nodes. */
const ENDED_BY: Readonly<Record<string, readonly string[]>> = {
  partition: ['partition', 'heal'],
  cut: ['heal'],
  delay: ['heal'],
  loss: ['heal'],
  crash: ['restart'],
  powerloss: ['restart'],
  pause: ['resume'],
};

type Form = '--json' | '--edn';

/** The operations with what came of each, the faults as bands, and the smallest counterexample marked where the history is not linearizable. */
export const history: Command<Form | undefined> = {
  verb: 'history',
  usage: ['history', 'history --json', 'history --edn'],
  help: 'client operations as a timeline, with the faults on it; or as a file for `cap-tutor check` and its like',
  example: 'history',
  group: 'look',
  changes: 'view',
  read: (statement) => {
    const reader = new Reader(statement, 'history --json');
    const form = reader.keyword('--json', '--edn');
    return atEnd(reader) ?? form;
  },
  act: immediate((stage: Stage, form) => {
    const operations = operationsOf(stage.live);
    if (form !== undefined) {
      const lines = form === '--json' ? jsonHistory(operations, (node) => stage.live.name(node)) : ednHistory(operations);
      return { blocks: [{ kind: 'verbatim', lines: lines.map(escapedForTerminal) }] };
    }
    const mark = markOf(stage.live);
    const data = {
      operations: operations.map((op) => interval(stage.live, op, mark)),
      faults: bandsOf(stage),
      nowUs: stage.live.world.nowUs,
    };
    return { blocks: [{ kind: 'drawing', draw: (width) => timeline(data, width) }] };
  }),
};

interface Mark {
  readonly op: number;
  readonly why: string;
}

/** The last operation of the counterexample: the one with which it became one. */
function markOf(live: Live): Mark | undefined {
  const verdict = judgeNow(live, { model: linearizable });
  const last = witnessOf(verdict).at(-1);
  return verdict.valid !== false || last === undefined ? undefined : { op: last, why: 'breaks linearizable' };
}

/** The operations of a counterexample alone, the faults on them, and those marked that no order can take in. */
export function counterexample(stage: Stage, verdict: Judged): Block {
  const { operations, wish, witness = [], unplaced = [] } = verdict;
  const shown = witness.flatMap((row) => operations[row] ?? []);
  const misplaced = new Set(numbersOf(unplaced, operations));
  const last = shown.at(-1)?.id;
  const marks = (op: Operation): Mark | undefined =>
    misplaced.has(op.id) || (misplaced.size === 0 && op.id === last) ? { op: op.id, why: `breaks ${wish.model.name}` } : undefined;
  const data = {
    operations: shown.map((op) => interval(stage.live, op, marks(op))),
    faults: bandsOf(stage),
    nowUs: stage.live.world.nowUs,
  };
  return { kind: 'drawing', draw: (width) => timeline(data, width) };
}

function interval(live: Live, op: Operation, mark: Mark | undefined): Interval {
  const row = live.rows.get(op.id);
  return {
    n: op.id,
    who: op.node === live.client(op.client).home ? op.process : `${op.process}@${live.name(op.node)}`,
    label: operationText(op, true),
    callUs: op.callUs,
    returnUs: op.returnUs,
    status: op.status,
    result: answerText(op),
    ...(row?.stale === true ? { stale: true } : {}),
    ...(mark?.op === op.id ? { mark: mark.why } : {}),
  };
}

function bandsOf(stage: Stage): readonly FaultBand[] {
  const path = stage.host.path();
  return path.flatMap((moment, i) => {
    const enders = ENDED_BY[moment.statement.verb];
    if (enders === undefined) return [];
    const end = path.slice(i + 1).find((later) => enders.includes(later.statement.verb) && mends(later, moment));
    return [{ label: stage.host.texts.get(moment.n) ?? '', fromUs: moment.endUs, toUs: end?.endUs ?? Number.POSITIVE_INFINITY }];
  });
}

/** `heal` and `restart` alone mend everything; with names only what has the same names. */
function mends(later: Moment, fault: Moment): boolean {
  const names = (moment: Moment): readonly string[] => moment.statement.words.map((word) => word.text).filter((text) => text !== '->');
  if (later.statement.verb === 'partition') return true;
  const mended = names(later);
  return mended.length === 0 || (fault.statement.verb !== 'partition' && mended.every((name) => names(fault).includes(name)));
}
