import { weakest } from '../checkers/implications.ts';
import { misfit, models } from '../checkers/index.ts';
import type { Wish } from '../checkers/wish.ts';
import { isProblem, Problem } from '../core/problem.ts';
import type { Command } from '../session/command.ts';
import type { Stage } from '../session/stage.ts';
import type { Row } from '../session/types.ts';
import { type Block, styled, text } from '../view/block.ts';
import { counterexample } from './history.ts';
import { fitting, type Judged, judging, ownHistory, witnessOf } from './judging.ts';
import { modelTable } from './model-help.ts';
import { orderLine, summary, verdictLine } from './verdict-lines.ts';
import { readWishes } from './wishes.ts';

interface Asked {
  /** Undefined: every model that fits. */
  readonly wishes: readonly Wish[] | undefined;
}

function rowOf(judged: readonly Judged[]): Pick<Row, 'models'> {
  const said = judged.map((verdict) => {
    const valid = verdict.valid === 'undecided' ? ('unknown' as const) : verdict.valid;
    return [verdict.wish.model.name, { valid, ...(verdict.witness === undefined ? {} : { witness: witnessOf(verdict) }) }] as const;
  });
  return { models: Object.fromEntries(said) };
}

/** The verdict that is worth a picture: of what is violated the model that says most, for that is where the history first went wrong. */
function telling(judged: readonly Judged[]): Judged | undefined {
  const violated = judged.filter(({ valid, wish }) => valid === false && (wish.model.mendable !== true || judged.length === 1));
  const [first] = weakest(violated.map(({ wish }) => wish.model));
  return violated.find(({ wish }) => wish.model === first);
}

/** `check` alone lists what holds and what does not; named models each get their line, and a valid one an order that explains it. */
export const check: Command<Asked> = {
  verb: 'check',
  usage: ['check', 'check linearizable', 'check sequential causal', 'check k-staleness=2 t-staleness=500ms'],
  help: 'judge the history so far by consistency models',
  example: 'check linearizable',
  group: 'judge',
  changes: 'view',
  about: () => [...modelTable(), text(['help <model>', styled(' has its other names, its source and what it judges', 'dim')])],
  read: (statement) => {
    const wishes = readWishes(statement, 'check linearizable');
    return isProblem(wishes) ? wishes : { wishes };
  },
  *act(stage: Stage, { wishes }) {
    const own = ownHistory(stage.live);
    if (isProblem(own)) return own.near(stage.statement.place);
    for (const wish of wishes ?? []) {
      const wrong = fitting(wish, own);
      if (wrong !== undefined) return wrong.near(stage.statement.place);
    }
    const judged: Judged[] = [];
    const able = models.filter((model) => misfit(model, own.recorded) === undefined);
    for (const wish of wishes ?? able.map((model) => ({ model }))) judged.push(yield* judging(wish, own, wishes !== undefined));
    if (judged.length === 0) {
      const types = [...new Set(own.recorded.types.map(({ name }) => name))];
      return new Problem(
        `no model judges all keys of this history: ${types.join(', ')}`,
        'help check says what each judges',
        stage.statement.place,
      );
    }
    const blocks: Block[] =
      wishes === undefined
        ? [...summary(judged)]
        : [{ kind: 'text', hang: 12, lines: judged.flatMap((verdict) => [verdictLine(verdict), ...orderLine(verdict)]) }];
    const wrong = telling(judged);
    if (wrong !== undefined) blocks.push(counterexample(stage, wrong));
    return { blocks, row: rowOf(judged) };
  },
};
