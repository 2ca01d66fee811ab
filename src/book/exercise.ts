import { type Place, Problem } from '../core/problem.ts';
import { didYouMean } from '../core/suggest.ts';
import { clip } from '../core/units.ts';
import { formatValue } from '../lang/format.ts';
import { quote } from '../lang/quoted.ts';
import { Fields, readCommands, shifted } from './fields.ts';
import type { Choice, CommandLine, Do, Exercise, NearMiss, Predict } from './types.ts';
import { readYaml, type Yaml, type YamlMap } from './yaml.ts';

const COMMON = ['kind', 'slug', 'title', 'setup', 'question', 'hints', 'lesson'];
const PREDICT = [...COMMON, 'command', 'choices', 'confidence'];
const DO = [...COMMON, 'goal', 'solution', 'also', 'near'];
const CHOICE = ['text', 'value', 'outcome', 'error', 'expect', 'feedback'];
const NEAR = ['commands', 'when', 'feedback'];

const KINDS = ['predict', 'do'];
/** Kinds that the book knows by name and cannot play yet. */
const LATER = ['break', 'repair', 'design', 'order', 'judge', 'explain'];
const OUTCOMES = ['ok', 'fail', 'unknown'];

/** The body of an `exercise` fence that opens on `line`. Either the whole exercise or everything that is wrong with it. */
export function readExercise(body: readonly string[], line: number): Exercise | readonly Problem[] {
  const at: Place = { from: 0, to: 3, line };
  const yaml = readYaml(body.join('\n'), line + 1);
  if (yaml instanceof Problem) return [yaml];
  if (yaml.kind !== 'map') return [new Problem('an exercise is written as key: value', 'begin with kind: predict', yaml.at)];
  const kind = kindOf(yaml, at);
  if (kind instanceof Problem) return [kind];
  return kind === 'predict' ? readPredict(yaml, at) : readDo(yaml, at);
}

function kindOf(map: YamlMap, at: Place): 'predict' | 'do' | Problem {
  const entry = map.entries.find(({ key }) => key.text === 'kind');
  if (entry?.value.kind !== 'text' || entry.value.text === '') {
    return new Problem('an exercise needs kind:', `one of ${KINDS.join(', ')}`, entry?.value.at ?? at);
  }
  const kind = entry.value.text;
  if (kind === 'predict' || kind === 'do') return kind;
  if (LATER.includes(kind)) {
    return new Problem(`exercises of kind ${kind} cannot be played: not yet`, `write a ${KINDS.join(' or a ')}`, entry.value.at);
  }
  const near = didYouMean(kind, [...KINDS, ...LATER]);
  const remedy = near === undefined ? `one of ${KINDS.join(', ')}` : `did you mean ${near}?`;
  return new Problem(`there is no kind of exercise "${clip(kind)}"`, remedy, entry.value.at);
}

interface Common {
  readonly slug: string;
  readonly title: string;
  readonly question: string;
  readonly rest: Pick<Exercise, 'setup' | 'hints' | 'at'> & { readonly lesson?: string };
}

function common(fields: Fields, at: Place): Common | undefined {
  const slug = fields.slug('slug', 'stale-follower');
  const title = fields.text('title', 'Who may answer?');
  const question = fields.text('question', 'What comes back?');
  const lesson = fields.optional('lesson');
  const rest = { setup: fields.commands('setup'), hints: fields.texts('hints'), at, ...(lesson === undefined ? {} : { lesson }) };
  return slug === undefined || title === undefined || question === undefined ? undefined : { slug, title, question, rest };
}

function readPredict(map: YamlMap, at: Place): Predict | readonly Problem[] {
  const fields = new Fields(map, 'a predict exercise', PREDICT);
  const base = common(fields, at);
  const command = needed(fields, 'command', 'read x@c');
  const items = fields.items('choices');
  const choices = items.flatMap((item) => readChoice(item, fields));
  if (items.length < 2) fields.refuse('choices', 'there is nothing to choose between', 'give at least two choices');
  const confidence = fields.flag('confidence', true);
  if (base === undefined || fields.problems.length > 0) return fields.problems;
  const { slug, title, question, rest } = base;
  return { kind: 'predict', slug, title, question, ...rest, command, choices, confidence };
}

function readChoice(item: Yaml, parent: Fields): readonly Choice[] {
  if (item.kind !== 'map') {
    parent.problems.push(new Problem('a choice is written as key: value', 'for example - value: apple', item.at));
    return [];
  }
  const fields = new Fields(item, 'a choice', CHOICE);
  const expects = [...shorthands(fields), ...expectations(fields, 'expect')];
  if (expects.length === 0 && fields.problems.length === 0) {
    const what = 'a choice must say what would make it right';
    fields.problems.push(new Problem(what, 'with value:, outcome:, error: or expect:', item.at));
  }
  const text = fields.optional('text') ?? fields.optional('value') ?? fields.optional('outcome') ?? fields.optional('error');
  if (text === undefined) fields.text('text', 'the old value');
  const feedback = fields.optional('feedback');
  parent.problems.push(...fields.problems);
  return text === undefined ? [] : [{ text, expects, ...(feedback === undefined ? {} : { feedback }) }];
}

/** `value: apple` is short for `expect apple`, `outcome: unknown` for `expect unknown`, `error: timed out` for `expect error "timed out"`. */
function shorthands(fields: Fields): readonly CommandLine[] {
  const short = (key: string, write: (text: string) => string): readonly CommandLine[] => {
    const text = fields.optional(key);
    if (text === undefined) return [];
    const at = fields.get(key)?.at ?? fields.at;
    const line = readCommands(`expect ${write(text)}`, at.line ?? 1, 0);
    if (line instanceof Problem) fields.problems.push(new Problem(line.what, line.remedy, at));
    return line instanceof Problem ? [] : [line];
  };
  const outcome = fields.optional('outcome');
  if (outcome !== undefined && !OUTCOMES.includes(outcome)) {
    fields.refuse('outcome', `"${clip(outcome)}" is no outcome`, `one of ${OUTCOMES.join(', ')}`);
    return [];
  }
  // `ok`, `none` and their like are words of `expect`; in quotes they are values.
  const value = (text: string): string =>
    /^(ok|fail|unknown|none|error|stale|fresh|siblings|took|leader|no|not|converged|check|op)$/i.test(text)
      ? quote(text)
      : formatValue(text);
  return [...short('value', value), ...short('outcome', (text) => text), ...short('error', (text) => `error ${quote(text)}`)];
}

function readDo(map: YamlMap, at: Place): Do | readonly Problem[] {
  const fields = new Fields(map, 'a do exercise', DO);
  const base = common(fields, at);
  const goal = expectations(fields, 'goal');
  if (goal.length === 0 && fields.problems.length === 0)
    fields.refuse('goal', 'a do exercise needs goal:', 'for example goal: expect apple');
  const solution = needed(fields, 'solution', 'read x@c level=serializable');
  const also = fields.items('also').map((way) => fields.commandsOf(way, 'also'));
  const near = fields.items('near').flatMap((item) => readNear(item, fields));
  if (base === undefined || fields.problems.length > 0) return fields.problems;
  const { slug, title, question, rest } = base;
  return { kind: 'do', slug, title, question, ...rest, goal, solution, also, near };
}

function readNear(item: Yaml, parent: Fields): readonly NearMiss[] {
  if (item.kind !== 'map') {
    parent.problems.push(new Problem('a near miss is written as key: value', 'give it commands: and feedback:', item.at));
    return [];
  }
  const fields = new Fields(item, 'a near miss', NEAR);
  const commands = needed(fields, 'commands', 'read x@a');
  const feedback = fields.text('feedback', 'a is the leader: it has the newest value. Ask somebody else.');
  const when = expectations(fields, 'when');
  parent.problems.push(...fields.problems);
  return feedback === undefined ? [] : [{ commands, when, feedback }];
}

function needed(fields: Fields, key: string, example: string): readonly CommandLine[] {
  const commands = fields.commands(key);
  if (commands.length === 0 && fields.problems.length === 0)
    fields.refuse(key, `${key}: is missing or empty`, `for example ${key}: ${example}`);
  return commands;
}

/** Lines in which every statement is an `expect`: nothing else may stand where something is only judged. */
function expectations(fields: Fields, key: string): readonly CommandLine[] {
  const lines = fields.commands(key);
  for (const { statements, line, column } of lines) {
    for (const { verb, verbAt, background } of statements) {
      if (verb === 'expect' && !background) continue;
      fields.problems.push(
        new Problem(`${key}: holds expect lines only, not ${clip(verb)}`, 'write for example expect apple', shifted(verbAt, line, column)),
      );
    }
  }
  return lines;
}
