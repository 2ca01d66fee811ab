import { definitionOf } from './definitions/index.ts';
import { generate, type Size } from './generate/history.ts';
import { relayed, relays } from './generate/relay.ts';
import { type History, ranked } from './history.ts';
import { type Checkers, judge, type Outcome } from './judge.ts';
import { Random } from './random.ts';

/** One model on one type. */
export interface Course {
  readonly model: string;
  readonly type: string;
  readonly size: Size;
}

/** Every model on every type that it judges and that is written down here. */
export function courses({ models }: Checkers): readonly Course[] {
  return models
    .filter(({ name }) => definitionOf(name) !== undefined)
    .flatMap(({ name, judges }) => judges.map((type) => ({ model: name, type, size: sizeOf(name, type) })));
}

/** Models whose definitions ask about some operations at a time, and never for an order of all. */
const LOOKS_BACK = [
  'read-your-writes',
  'monotonic-writes',
  'writes-follow-reads',
  'regular',
  'convergence',
  'no-lost-write',
  'set-full',
  'unique-ids',
];

/** As large as trying every order allows. What was appended to a text hides where it came from, so that models that ask for that leave it undecided. */
function sizeOf(model: string, type: string): Size {
  const appends = ['linearizable', 'sequential', 'convergence', 'regular', 'k-staleness', 't-staleness'].includes(model);
  if (type === 'list-append' || type === 'rw-register') return { operations: 5, processes: 4, keys: 3, appends };
  if (LOOKS_BACK.includes(model)) return { operations: 9, processes: 4, keys: 2, appends };
  return { operations: model.endsWith('-staleness') ? 8 : 7, processes: 4, keys: 2, appends };
}

/** One history of so many is long. */
export const LARGE = 40;

/** One of so many hands news from one process to the next. */
const RELAYED = 10;

/** The history of a number: always the same one. */
export function historyAt({ model, type, size }: Course, seed: number, index: number): History {
  const name = Array.from(`${model} ${type}`).reduce((sum, char) => (Math.imul(sum, 31) + (char.codePointAt(0) as number)) | 0, 7);
  const large = index % LARGE === LARGE - 1;
  const operations = index % (5 * LARGE) === LARGE - 1 ? 160 : 40;
  const random = new Random(seed, name, index);
  if (!large && index % RELAYED === 8 && relays(type)) return relayed(type, random, size);
  return generate(type, random, large ? { ...size, operations, processes: 6, keys: 3 } : size);
}

/** How often a history is judged with everything that follows from its verdict. */
export const THOROUGH = 8;

export function outcomeAt(checkers: Checkers, course: Course, seed: number, index: number): Outcome & { readonly history: History } {
  const history = historyAt(course, seed, index);
  return { ...attempt(checkers, course.model, history, index % THOROUGH === 0), history };
}

/** A checker that throws is wrong too. */
export function attempt(checkers: Checkers, model: string, history: History, thorough: boolean): Outcome {
  try {
    return judge(checkers, model, history, thorough);
  } catch (error) {
    return { valid: 'undecided', wrong: `it throws: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** A smaller history about which the checker is wrong too. */
export function shrunk(checkers: Checkers, model: string, history: History): { readonly history: History; readonly wrong: string } {
  const wrongOf = (one: History): string | undefined => attempt(checkers, model, one, true).wrong;
  let smallest = history;
  for (let i = 0; i < smallest.ops.length; ) {
    const smaller = { ...smallest, ops: ranked(smallest.ops.toSpliced(i, 1)), correct: false };
    if (smaller.ops.length > 0 && wrongOf(smaller) !== undefined) smallest = smaller;
    else i++;
  }
  return { history: smallest, wrong: wrongOf(smallest) ?? 'nothing any more' };
}
