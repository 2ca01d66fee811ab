import { CAS, type Columns, OK } from '../../history/columns.ts';
import { NOTHING } from '../../history/texts.ts';
import { TEXTS, textKeys } from '../appends.ts';
import { guessed, ROUNDS } from '../causal/guessing.ts';
import { Likely, type Taste } from '../causal/likely.ts';
import { type Finding, finish, type Judging, type Model, type Recorded, type Verdict } from '../model.ts';
import { isWrite, mappings, THIN_AIR, withOneNothing } from '../reads-from.ts';
import { distinct, pick } from '../rows.ts';
import { type Observations, observe, observes } from './observations.ts';

/** Operations that break a guarantee, whatever else happened, if their reads read from where a mapping says; and a sentence about them. */
export interface Violation {
  readonly rows: readonly number[];
  readonly reason: string;
}

/** A guarantee, by how it is broken. Parts are judged one by one: each has its own rows, and sources of other parts' reads play no role. */
export interface Guarantee {
  /** Why a history is too large for it, where it is. */
  tooLarge?(observations: Observations): string | undefined;
  parts(observations: Observations): number;
  /** The part that an open read belongs to. */
  partOf(observations: Observations, row: number): number;
  /** Gives the open reads of a part sources that break nothing, as far as one look at each in order finds any. */
  guess?(observations: Observations, part: number, source: Int32Array): void;
  /** What sources have to fit that certainly break nothing; it may be more than that. */
  readonly taste?: Taste;
  /** The first violation of a part, if its reads read from these sources. */
  find(observations: Observations, part: number, source: Int32Array): Violation | undefined;
}

/** Work on a witness is worth so many judgements of it, and so many steps each. */
const SHRINK_TRIES = 300;
const SHRINK_STEPS = 2_000;

/**
 * Judges a guarantee: valid if for each part some way to give its reads a source breaks nothing. Where a value has one write that is one
 * look at each row; where values repeat, the mappings are tried one after the other. A step is one change of a source; and one for every 4
 * rows that are looked at again for it.
 */
export function* judgeGuarantee(guarantee: Guarantee, recorded: Recorded, steps: number, shrinks = true): Generator<Judging, Verdict> {
  const all = withOneNothing(recorded.columns, recorded.types);
  const texts = textKeys(all, recorded.types);
  if (texts.includes(1)) {
    // What remains of a history without some of its keys satisfies every guarantee that the whole does.
    const rows = Int32Array.from({ length: all.count }, (_, i) => i).filter((i) => texts[all.key[i] as number] === 0);
    const rest = yield* judgeRegisters(guarantee, pick(all, rows), steps, shrinks);
    if (rest.valid === false) return { ...rest, witness: (rest.witness ?? []).map((row) => rows[row] as number) };
    return rest.valid === true ? TEXTS : rest;
  }
  return yield* judgeRegisters(guarantee, all, steps, shrinks);
}

function* judgeRegisters(guarantee: Guarantee, columns: Columns, steps: number, shrinks: boolean): Generator<Judging, Finding> {
  yield { done: 0, of: columns.count };
  const observations = observe(columns);
  const { from } = observations;
  yield { done: columns.count >> 2, of: columns.count };
  for (let i = 0; i < columns.count; i++) if (from.source[i] === THIN_AIR && observes(columns, i)) return thinAir(columns, i);
  const refused = guarantee.tooLarge?.(observations);
  if (refused !== undefined) return { valid: 'undecided', reason: refused };
  const parts = guarantee.parts(observations);
  const open: number[][] = Array.from({ length: parts }, () => []);
  for (const row of from.open) if (columns.status[row] === OK) open[guarantee.partOf(observations, row)]?.push(row);
  const budget = { steps };
  const likely = guarantee.taste === undefined ? undefined : new Guess(observations, guarantee.taste);
  let undecided = false;
  for (let part = 0; part < parts; part++) {
    const rows = open[part] as number[];
    if (rows.length === 0) {
      const found = guarantee.find(observations, part, from.source);
      if (found !== undefined) return { valid: false, witness: distinct(found.rows), reason: found.reason };
    } else if (!guessedInOrder(guarantee, observations, part) && !(likely !== undefined && (yield* likely.fits(guarantee, part, budget)))) {
      const tried = yield* tryMappings(guarantee, observations, part, rows, budget);
      if (tried === undefined) undecided = true;
      else if (tried.length > 0) return together(guarantee, columns, tried, shrinks);
    }
    yield { done: Math.floor((columns.count * (part + parts)) / (2 * parts)), of: columns.count };
  }
  return undecided
    ? {
        valid: 'undecided',
        reason: 'values repeat, and the budget of steps ran out before a way was found to say which write each read read from',
      }
    : { valid: true };
}

/** How many sources of one read a guess looks at. */
const GUESSES = 64;

/**
 * Gives each read the oldest that `fits` of its more plausible sources, and leaves it as it was where none does. Who has read the oldest
 * that would do has read least, so that most is left for the reads that follow.
 */
export function guessInOrder(
  { columns, from, rows }: Observations,
  part: number,
  source: Int32Array,
  fits: (row: number) => boolean,
): void {
  for (let at = rows.from[part] as number; at < (rows.from[part + 1] as number); at++) {
    const row = rows.rows[at] as number;
    if (!observes(columns, row)) continue;
    const first = source[row] as number;
    const candidates: number[] = [];
    for (let one = first; candidates.length < GUESSES && one !== THIN_AIR; one = from.next(row, one)) candidates.push(one);
    candidates.sort((a, b) => a - b);
    const found = candidates.find((one) => {
      source[row] = one;
      return fits(row);
    });
    if (found === undefined) source[row] = first;
  }
}

/** Whether a guess breaks nothing: then no search is needed. */
function guessedInOrder(guarantee: Guarantee, observations: Observations, part: number): boolean {
  if (guarantee.guess === undefined) return false;
  const source = observations.from.source.slice();
  guarantee.guess(observations, part, source);
  return guarantee.find(observations, part, source) === undefined;
}

/** A guess at the sources of all parts, once one of them needs it. */
class Guess {
  private readonly observations: Observations;
  private readonly taste: Taste;
  private likely: Likely | undefined;
  private left = ROUNDS;

  constructor(observations: Observations, taste: Taste) {
    this.observations = observations;
    this.taste = taste;
  }

  /** Whether a part breaks nothing with these sources, or with others after mending them a little. */
  *fits(guarantee: Guarantee, part: number, budget: { steps: number }): Generator<Judging, boolean> {
    const { observations } = this;
    const { columns, from, sessions } = observations;
    this.likely ??= new Likely(from, sessions, this.taste);
    const { likely } = this;
    const least = budget.steps / 2;
    for (; this.left > 0; this.left--) {
      if (!(yield* guessed(likely, budget, least, columns.count))) {
        this.left = 0;
        return false;
      }
      const violation = guarantee.find(observations, part, likely.source);
      if (violation === undefined) return true;
      if (!likely.refute(violation.rows)) break;
    }
    return false;
  }
}

/** Nothing where some mapping breaks nothing; else every violation that was found on the way; undefined where the budget ran out. */
function* tryMappings(
  guarantee: Guarantee,
  observations: Observations,
  part: number,
  open: readonly number[],
  budget: { steps: number },
): Generator<Judging, readonly Violation[] | undefined> {
  const { columns, from } = observations;
  const found: Violation[] = [];
  const look = 1 + (Math.floor(columns.count / guarantee.parts(observations)) >> 2);
  const ways = mappings(from, budget, open);
  for (let way = ways.next(); way.done !== true; ) {
    const violation = guarantee.find(observations, part, way.value);
    if (violation === undefined) return [];
    found.push(violation);
    budget.steps -= look;
    if (budget.steps < 0) return undefined;
    if ((found.length & 0x3f) === 0) yield { done: 0, of: columns.count };
    way = ways.next(violation.rows);
  }
  return budget.steps < 0 ? undefined : found;
}

function thinAir(columns: Columns, row: number): Finding {
  const { id, texts, key, value, effect, expected } = columns;
  const code = (effect[row] === CAS ? expected[row] : value[row]) as number;
  let later = -1;
  for (let i = 0; i < columns.count && later < 0; i++) if (key[i] === key[row] && value[i] === code && isWrite(columns, i)) later = i;
  const what = `#${id[row]} read ${code === NOTHING ? 'no value' : texts.text(code)}`;
  const reason =
    later < 0 || later === row ? `${what}, which nobody had written` : `${what} before its own process wrote it in #${id[later]}`;
  return { valid: false, witness: distinct([row, later]), reason };
}

/**
 * Each mapping is refuted by some rows; all of these, with every write that their reads might have read from, are refuted whatever the
 * mapping.
 */
function together(guarantee: Guarantee, columns: Columns, violations: readonly Violation[], shrinks: boolean): Finding {
  const rows = new Set(violations.flatMap((violation) => violation.rows));
  let witness = withSources(columns, distinct(rows));
  const invalid = (part: readonly number[]): boolean =>
    finish(judgeRegisters(guarantee, pick(columns, part), SHRINK_STEPS, false)).valid === false;
  let tries = shrinks ? SHRINK_TRIES : 0;
  for (let at = witness.length - 1; at >= 0 && tries > 0; at--) {
    const row = witness[at];
    if (row === undefined || !observes(columns, row)) continue;
    // A comparison is a write as well: without it those that read what it wrote would seem to have read what nobody had written.
    if (isWrite(columns, row) && witness.some((read) => read !== row && observes(columns, read) && shows(columns, read, row))) continue;
    tries--;
    const kept = witness.filter((other) => other !== row && (observes(columns, other) || needed(columns, witness, other, row)));
    if (!invalid(kept)) continue;
    witness = kept;
    at = Math.min(at, witness.length);
  }
  // What is left tells its own story, for it may be another one now.
  const again = shrinks ? finish(judgeRegisters(guarantee, pick(columns, witness), SHRINK_STEPS, false)) : undefined;
  const several = `whichever writes the reads among ${list(columns, witness)} read from, they break the guarantee`;
  const [only] = violations;
  const reason =
    again?.valid === false && again.reason !== undefined
      ? again.reason
      : violations.length === 1 && only !== undefined
        ? only.reason
        : several;
  return { valid: false, witness, reason };
}

function codeRead({ effect, value, expected }: Columns, row: number): number {
  return (effect[row] === CAS ? expected[row] : value[row]) as number;
}

/** The rows, and all writes of what the reads among them read. */
function withSources(columns: Columns, rows: readonly number[]): readonly number[] {
  const wanted = new Set(rows.filter((row) => observes(columns, row)).map((row) => `${columns.key[row]} ${codeRead(columns, row)}`));
  const sources: number[] = [];
  for (let i = 0; i < columns.count; i++) if (isWrite(columns, i) && wanted.has(`${columns.key[i]} ${columns.value[i]}`)) sources.push(i);
  return distinct([...rows, ...sources]);
}

/** Whether a read found what a write wrote. */
function shows(columns: Columns, read: number, write: number): boolean {
  return columns.key[read] === columns.key[write] && codeRead(columns, read) === columns.value[write];
}

/** Whether a write must stay when a read goes: some other read shows its value, or it was there for another reason than that read. */
function needed(columns: Columns, witness: readonly number[], write: number, without: number): boolean {
  return !shows(columns, without, write) || witness.some((row) => row !== without && observes(columns, row) && shows(columns, row, write));
}

function list({ id }: Columns, rows: readonly number[]): string {
  const ids = rows.map((row) => `#${id[row]}`);
  return ids.length < 2 ? ids.join('') : `${ids.slice(0, -1).join(', ')} and ${ids.at(-1)}`;
}

/** What all four have in common as models. */
export function sessionModel(guarantee: Guarantee, said: Pick<Model, 'name' | 'aliases' | 'says' | 'source'>): Model {
  return {
    ...said,
    implies: [],
    judges: ['register', 'cas-register', 'kv'],
    *judge(recorded, { steps }) {
      return yield* judgeGuarantee(guarantee, recorded, steps);
    },
  };
}
