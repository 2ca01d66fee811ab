import { judgeOperations, modelNamed, models } from '../checkers/index.ts';
import type { Verdict } from '../checkers/model.ts';
import type { Op } from '../core/ids.ts';
import { isProblem, Problem } from '../core/problem.ts';
import { clip } from '../core/units.ts';
import type { Operation } from '../history/operation.ts';
import { placeOf, Reader } from '../lang/words.ts';
import { type Command, immediate } from '../session/command.ts';
import type { Live } from '../session/live.ts';
import { operationOf } from '../session/rows.ts';
import type { Stage } from '../session/stage.ts';
import { type Line, styled, text } from '../view/block.ts';
import { atEnd } from './words.ts';

/** How far a check of a session's own history may go: far beyond what a reader types. */
const STEPS = 2_000_000;

/** The history so far, operations that are still open included, in order of invocation. */
export function historyOf(live: Live): readonly Operation[] {
  const open = [...live.open.values()].flatMap((pending) => operationOf(live, pending, undefined) ?? []);
  return [...live.history.items, ...open].sort((a, b) => a.callRank - b.callRank);
}

/** A verdict on the history so far, with the operations that its rows mean. */
export interface Judged extends Verdict {
  readonly operations: readonly Operation[];
}

export function judgeModel(live: Live, name: string): Judged {
  const model = modelNamed(name);
  if (model === undefined) throw new Error(`the words of a command were read with a model that is not there: ${name}`);
  const operations = historyOf(live);
  return { ...judgeOperations(model, operations, { steps: STEPS }), operations };
}

/** The numbers of the commands that a counterexample consists of. */
export function witnessOf({ witness = [], operations }: Judged): readonly Op[] {
  return witness.flatMap((row) => operations[row]?.id ?? []);
}

function line(name: string, verdict: Judged): Line {
  if (verdict.valid === 'undecided') return [styled('? undecided', 'unknown'), `  ${name}: ${verdict.reason ?? 'the step budget ran out'}`];
  if (verdict.valid) return [styled('✓ valid', 'ok'), `  ${name}: ${verdict.operations.length} operations`];
  return [
    styled('✗ violated', 'fail'),
    `  ${name}: ${
      verdict.reason ??
      `by ${witnessOf(verdict)
        .map((op) => `#${op}`)
        .join(', ')}`
    }`,
  ];
}

export const check: Command<readonly string[]> = {
  verb: 'check',
  usage: ['check', 'check linearizable'],
  help: 'judge the history so far by a consistency model',
  example: 'check linearizable',
  group: 'judge',
  changes: 'view',
  read: (statement) => {
    const reader = new Reader(statement, 'check linearizable');
    const wanted: string[] = [];
    while (reader.left > 0) {
      const word = reader.word('a consistency model');
      if (isProblem(word)) return word;
      const model = modelNamed(word.text);
      if (model === undefined)
        return new Problem(
          `there is no model "${clip(word.text)}" yet`,
          `the models are ${models.map((m) => m.name).join(', ')}`,
          placeOf(word),
        );
      wanted.push(model.name);
    }
    return atEnd(reader) ?? (wanted.length === 0 ? models.map((m) => m.name) : wanted);
  },
  act: immediate((stage: Stage, wanted) => {
    const strange = historyOf(stage.live).find((op) => !['read', 'write', 'cas'].includes(op.effect));
    if (strange !== undefined)
      return new Problem(
        `check judges registers so far, and command ${strange.id} is an ${strange.effect}`,
        'counters, sets and lists are not yet judged',
        stage.statement.place,
      );
    const verdicts = wanted.map((name) => [name, judgeModel(stage.live, name)] as const);
    const judged = verdicts.map(
      ([name, verdict]) =>
        [
          name,
          {
            valid: verdict.valid === 'undecided' ? ('unknown' as const) : verdict.valid,
            ...(verdict.witness === undefined ? {} : { witness: witnessOf(verdict) }),
          },
        ] as const,
    );
    return {
      blocks: [text(...verdicts.map(([name, verdict]) => line(name, verdict)))],
      row: { models: Object.fromEntries(judged) },
    };
  }),
};
