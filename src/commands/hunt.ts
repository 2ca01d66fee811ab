import { isProblem, Problem } from '../core/problem.ts';
import { parseDuration } from '../core/units.ts';
import type { Bounds } from '../hunt/bounds.ts';
import { FAULTS, readFaults } from '../hunt/faults.ts';
import { PROPERTIES } from '../hunt/goal.ts';
import { hunting, prepare, readNumber } from '../hunt/hunting.ts';
import { count, noneLines, scriptLines } from '../hunt/report.ts';
import { scriptOf } from '../hunt/run.ts';
import { Phrases } from '../hunt/trial.ts';
import type { Statement } from '../lang/statement.ts';
import { Reader } from '../lang/words.ts';
import type { Answer, Command } from '../session/command.ts';
import { startLine } from '../session/script.ts';
import type { Stage } from '../session/stage.ts';
import { text } from '../view/block.ts';
import { expectations } from './hunt-expect.ts';

interface Wish {
  readonly property: string;
  readonly bounds: Partial<Bounds>;
}

/** Each bound as it is typed, at the prompt and (as `--runs`) on the command line. */
export const BOUND_WORDS = ['runs', 'seed', 'ops', 'faults', 'time', 'events'] as const;
export type BoundWord = (typeof BOUND_WORDS)[number];

/** The bounds that were given, or what is wrong with one. `dash` stands before their names. */
export function readBounds(given: Readonly<Partial<Record<BoundWord, string>>>, dash = ''): Partial<Bounds> | Problem {
  const out: { -readonly [K in keyof Bounds]?: Bounds[K] } = {};
  for (const word of BOUND_WORDS) {
    const typed = given[word];
    if (typed === undefined) continue;
    const wrong = readBound(out, word, typed, `${dash}${word}`);
    if (wrong !== undefined) return wrong;
  }
  return out;
}

function readBound(out: { -readonly [K in keyof Bounds]?: Bounds[K] }, word: BoundWord, typed: string, name: string): Problem | undefined {
  if (word === 'faults') {
    const faults = readFaults(typed);
    if (isProblem(faults)) return new Problem(`${name}: ${faults.what}`, faults.remedy);
    out.faults = faults;
    return undefined;
  }
  if (word === 'time') {
    const us = parseDuration(typed);
    if (isProblem(us)) return new Problem(`${name}: ${us.what}`, us.remedy);
    if (us < 1000) return new Problem(`${name}: a run needs at least 1ms`, 'for example 60s');
    out.timeUs = us;
    return undefined;
  }
  const [key, least, most] = (
    {
      runs: ['runs', 1, 1_000_000_000],
      seed: ['seed', 0, 4_294_967_295],
      ops: ['operations', 1, 200],
      events: ['events', 1, 1_000_000_000_000_000],
    } as const
  )[word];
  const number = readNumber(name, typed, least, most);
  if (isProblem(number)) return number;
  out[key] = number;
  return undefined;
}

function read(statement: Statement): Wish | Problem {
  const given: Partial<Record<BoundWord, string>> = {};
  const waits = new Reader(statement, 'hunt stale read').foreground();
  if (waits !== undefined) return waits;
  // A property has words of its own that look like options and operators: it is what is left when the bounds are taken out.
  let property = statement.text.replace(/^\S+\s*/, '');
  for (const { name, value } of statement.options) {
    const word = BOUND_WORDS.find((known) => known === name.text);
    if (word === undefined) continue;
    if (given[word] !== undefined) return new Problem(`${word} is given twice`, 'keep one of them', name);
    given[word] = value.text;
    property = property.replace(new RegExp(`\\s*\\b${word}=("[^"]*"|\\S+)`, 'i'), '');
  }
  const bounds = readBounds(given);
  if (isProblem(bounds)) return bounds.near(statement.place);
  // In quotes, as on the command line.
  const [word, second] = statement.words;
  if (word?.quoted === true && second === undefined) property = word.text;
  if (property === '') return new Problem('hunt needs a property to look for', `the properties are ${PROPERTIES}`, statement.place);
  return { property, bounds };
}

const ABOUT = [
  'two leaders are two nodes that led the same term; diverged: replicas differ when all is mended and at rest; lost write: an acknowledged write that reads miss then.',
  'Of an expectation a hunt looks for a run in which it fails: one about a result is judged after every operation, one about the cluster when all is mended and at rest.',
  'Every run is a fresh cluster like the one in use, with other seeds. Run i is drawn from the seed of the hunt and i alone; the first that has the property is printed.',
  `runs=10000 seed=1 ops=20 (client operations of a run) time=60s (virtual time of a run) events= (of all runs) faults=all (${FAULTS.join(',')}, or network, nodes, clocks, none).`,
];

/**
 * The hunt starts from a fresh cluster like the one in use (its system, nodes and options), not from the present moment: what it finds must be a script that
 * shows it by itself.
 */
export const hunt: Command<Wish> = {
  verb: 'hunt',
  usage: ['hunt stale read', 'hunt not linearizable runs=5000', 'hunt expect not stale faults=partition,crash ops=10 time=30s seed=2'],
  help: 'search schedules of operations and faults for a run that breaks a property, and print the smallest script found',
  about: () => [text([`The properties: ${PROPERTIES}.`], ...ABOUT.map((line) => [line]))],
  example: 'hunt stale read',
  group: 'judge',
  changes: 'view',
  read,
  *act(stage: Stage, { property, bounds }) {
    const { live } = stage;
    const cluster = startLine({ ...live.setup, options: live.options })
      .replace(/^use /, '')
      .replace(/ seed=\d+$/, '');
    const hunt = prepare({ property, cluster, bounds }, new Phrases(stage.host, live.system.name), expectations);
    if (isProblem(hunt)) return hunt.near(stage.statement.place);
    const steps = hunting(hunt);
    let events = 0;
    for (;;) {
      const step = steps.next();
      if (step.done === true) {
        const { end, tally, shrunk } = step.value;
        if (end.kind === 'broken') throw new Error(`run ${end.at} of a hunt broke: ${end.error}`);
        const lines =
          end.kind === 'found' && shrunk !== undefined
            ? scriptLines(hunt, end.at, shrunk)
            : end.kind === 'none'
              ? noneLines(hunt, end, tally)
              : [];
        const row = { runs: tally.runs, ...(shrunk === undefined ? {} : { script: scriptOf(shrunk.found) }) };
        const answer: Answer = { blocks: [text(...lines.map((line) => [line]))], row };
        return answer;
      }
      const { runs, lines } = step.value;
      stage.budget -= step.value.events - events;
      events = step.value.events;
      stage.says =
        lines === undefined ? `${count(runs)} of ${count(hunt.bounds.runs)} runs` : `found in run ${count(runs)}; ${lines} commands left`;
      if (stage.budget <= 0) yield;
    }
  },
};
