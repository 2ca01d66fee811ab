import { formatDuration } from '../core/units.ts';
import type { Operation } from '../history/operation.ts';
import { type Command, immediate } from '../session/command.ts';
import type { Stage } from '../session/stage.ts';
import { text } from '../view/block.ts';
import { historyOf } from './check.ts';
import { bare } from './words.ts';

function row(stage: Stage, op: Operation): readonly (readonly string[])[] {
  const what = op.effect === 'read' ? `R ${op.key}` : `${op.effect === 'write' ? 'W' : op.effect} ${op.key}=${String(op.value)}`;
  const result = op.effect === 'read' && op.status === 'ok' ? `ok ${String(op.value)}` : op.status;
  const until = op.returnUs === Number.POSITIVE_INFINITY ? 'open' : formatDuration(op.returnUs);
  return [[String(op.id)], [op.process], [stage.live.name(op.node)], [what], [result], [formatDuration(op.callUs)], [until]];
}

export const history: Command<null> = {
  verb: 'history',
  usage: ['history'],
  help: 'client operations as a timeline',
  example: 'history',
  group: 'look',
  changes: 'view',
  read: bare('history'),
  act: immediate((stage: Stage) => {
    const operations = historyOf(stage.live);
    if (operations.length === 0) return { blocks: [text(['no client operation has begun yet'])] };
    const column = (title: string, align: 'left' | 'right' = 'left') => ({ title, align }) as const;
    return {
      blocks: [{ kind: 'table', columns: [column('#', 'right'), column('process'), column('node'), column('operation'), column('outcome'), column('from', 'right'), column('to', 'right')], rows: operations.map((op) => row(stage, op)) }],
    };
  }),
};
