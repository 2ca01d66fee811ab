import { modelNamed, modelNear, models } from '../checkers/index.ts';
import type { Model } from '../checkers/model.ts';
import { isProblem, Problem } from '../core/problem.ts';
import { didYouMean } from '../core/suggest.ts';
import { clip, parseDuration } from '../core/units.ts';
import type { Stage } from '../session/stage.ts';
import type { System } from '../systems/index.ts';
import type { Phrases } from './trial.ts';

/** What a hunt looks for. Of an expectation it looks for a run in which it fails. */
export type Property =
  | { readonly kind: 'stale' }
  /** `calm`: only what is read when all is mended and at rest can show it. */
  | { readonly kind: 'model'; readonly model: Model; readonly bound?: number; readonly calm: boolean }
  | { readonly kind: 'leaders' }
  | {
      readonly kind: 'expect';
      readonly line: string;
      readonly args: unknown;
      readonly about: About;
      /** The line that ends the script: the expectation itself, which then fails, or one that holds. */
      readonly ending: string;
    };

/** An expectation about the result printed last is judged after every operation that ends; one about the cluster when all is mended and has settled. */
export type About = 'result' | 'cluster';

/** How `expect` lines are judged: the verb's own business, so it is handed in. */
export interface Expectations {
  about(args: unknown): About;
  /** Undefined where neither it nor its negation holds: a claim about a value where none was read. */
  judge(stage: Stage, args: unknown): { readonly held: boolean | undefined; readonly actual: string } | Problem;
}

export interface Goal {
  /** As people say it: `stale read`. */
  readonly words: string;
  readonly property: Property;
  /** What a run that has it is called in a sentence: `a stale read`. */
  readonly says: string;
}

const NAMED = ['stale read', 'lost write', 'two leaders', 'diverged'];

/** What the reader of a wrong property is told. */
export const PROPERTIES = 'stale read, lost write, two leaders, diverged, not <model> (not linearizable), expect …';

/** The property that the words name, for this system. */
export function readGoal(words: string, system: System, phrases: Phrases, expectations: Expectations): Goal | Problem {
  const text = words.trim().replace(/\s+/g, ' ');
  const lower = text.toLowerCase();
  if (lower === 'stale read' || lower === 'stale reads' || lower === 'stale')
    return { words: 'stale read', property: { kind: 'stale' }, says: 'a stale read' };
  if (lower === 'two leaders') {
    if (!system.hasLeader)
      return new Problem(`${system.title} has no leader, so no two of them`, 'what it can have: stale read, lost write, diverged');
    return { words: 'two leaders', property: { kind: 'leaders' }, says: 'two nodes that led the same term' };
  }
  if (lower === 'diverged' || lower === 'not converged')
    return goalOfLine('diverged', 'expect converged', 'replicas that differ', phrases, expectations);
  if (lower === 'lost write' || lower === 'lost writes') return goalOfModel('lost write', 'no-lost-write');
  const not = /^not ([a-z][\w+-]*)(?:=(\S+))?$/.exec(lower);
  if (not !== null) return goalOfModel(`not ${not[1]}${not[2] === undefined ? '' : `=${not[2]}`}`, not[1] as string, not[2]);
  if (/^expect /i.test(text)) return goalOfLine(text, text, `a run in which "${clip(text, 60)}" fails`, phrases, expectations);
  return unknown(text);
}

function unknown(text: string): Problem {
  const near = didYouMean(text, [...NAMED, ...models.map(({ name }) => `not ${name}`)]);
  const model = modelNamed(text);
  if (model !== undefined)
    return new Problem(`a hunt looks for what breaks a model, not for what keeps it: "${clip(text)}"`, `did you mean not ${model.name}?`);
  return new Problem(
    text === '' ? 'a hunt needs a property to look for' : `there is no property "${clip(text)}" to hunt for`,
    `${near === undefined ? '' : `did you mean ${near}? `}the properties are ${PROPERTIES}`,
  );
}

function goalOfModel(words: string, name: string, bound?: string): Goal | Problem {
  const model = modelNamed(name);
  if (model === undefined) {
    const near = modelNear(name);
    return new Problem(
      `there is no model "${clip(name)}"`,
      `${near === undefined ? '' : `did you mean not ${near}? `}the models are ${models.map((one) => one.name).join(', ')}`,
    );
  }
  if (!model.judges.includes('register')) {
    const able = models.filter((one) => one.judges.includes('register')).map((one) => one.name);
    return new Problem(
      `${model.name} judges ${model.judges.join(', ')}, and a hunt uses registers`,
      `what a hunt can break: ${able.join(', ')}`,
    );
  }
  const figure = bound === undefined ? undefined : readBound(model, bound);
  if (isProblem(figure)) return figure;
  if (model.bound !== undefined && figure === undefined)
    return new Problem(
      `any history has ${model.name} of some size`,
      `say which is too much: not ${model.name}=${model.bound === 'us' ? '500ms' : '2'}`,
    );
  return {
    words,
    property: { kind: 'model', model, calm: words === 'lost write', ...(figure === undefined ? {} : { bound: figure }) },
    says: words === 'lost write' ? 'a lost write' : `a history that is ${words}`,
  };
}

function readBound(model: Model, text: string): number | Problem {
  if (model.bound === undefined) return new Problem(`${model.name} takes no bound`, `write not ${model.name}`);
  if (model.bound === 'us') return parseDuration(text);
  return /^\d{1,9}$/.test(text) && Number(text) >= 1
    ? Number(text)
    : new Problem(`"${clip(text)}" is no number of versions`, `for example not ${model.name}=2`);
}

function goalOfLine(words: string, line: string, says: string, phrases: Phrases, expectations: Expectations): Goal | Problem {
  const understood = phrases.understand(line);
  if (isProblem(understood)) return new Problem(understood.what, understood.remedy);
  const { args } = understood;
  const ending = words === 'diverged' ? 'expect not converged' : line;
  return { words, property: { kind: 'expect', line, args, about: expectations.about(args), ending }, says };
}
