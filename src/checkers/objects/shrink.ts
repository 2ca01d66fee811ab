import { ACQUIRE, ADD, APPEND, type Columns, ENQUEUE, FAIL, NEVER, OK, READ, UNKNOWN } from '../../history/columns.ts';
import { NOTHING } from '../../history/texts.ts';
import { decide, type ObjectName } from './decide.ts';
import { type Answer, type Budget, type Part, partOf } from './part.ts';

/** What a step of the search costs, in operations looked at. */
const STEP = 8;

/** What was found out about operations that are not linearizable. */
export interface Counterexample {
  /** Rows, ascending. */
  readonly witness: readonly number[];
  /** The last event of the longest beginning that is linearizable, and the operation whose return ends it; absent where the budget ended before that was known. */
  readonly prefix?: number;
  readonly breaks?: number;
}

/**
 * A small part of one object's operations that already is not linearizable. Only such are dropped as a linearizable history can spare: what ends after some moment, reads,
 * and whole stories that the rest does not tell of (`spared`). So what is left proves the whole wrong. `answer` is what was said of all of them.
 */
export function counterexample(
  columns: Columns,
  rows: ArrayLike<number>,
  type: ObjectName,
  answer: Answer,
  budget: Budget,
): Counterexample {
  const judge = (some: ArrayLike<number>, upTo: number = NEVER): Answer & { readonly part: Part } => {
    const part = partOf(columns, some, upTo);
    // Looking at a part at all costs its length, however few steps the search then takes; and a step costs more than a look.
    budget.steps -= part.count;
    const own: Budget = { steps: Math.min(Math.floor(budget.steps / STEP), 4 * part.count + 10_000) };
    const before = own.steps;
    const answer = own.steps > 0 ? decide(part, type, own) : { valid: undefined };
    budget.steps -= STEP * (before - Math.max(0, own.steps));
    return { ...answer, part };
  };
  const invalid = (some: readonly number[], upTo?: number): boolean => judge(some, upTo).valid === false;
  // What was refused for a reason has its proof; of the whole, or of the beginning that ends where it is wrong.
  const proofs = [proven(partOf(columns, rows), answer)].filter((some) => some.length > 0 && invalid(some));
  const end = firstBad(columns, rows, (upTo) => judge(rows, upTo).valid);
  const cut = end === undefined ? undefined : judge(rows, end);
  const breaks = end === undefined ? -1 : Array.from(cut?.part.rows ?? []).findIndex((row) => columns.ret[row] === end);
  const told = end === undefined ? {} : { prefix: end - 1, ...(breaks < 0 ? {} : { breaks: cut?.part.rows[breaks] as number }) };
  const own = cut === undefined ? [] : withLater(columns, rows, proven(cut.part, cut));
  if (own.length > 0 && invalid(own)) proofs.push(own);
  const [proof] = proofs.sort((a, b) => a.length - b.length);
  if (proof !== undefined) return { witness: proof, ...told };
  const sparing = sparingOf(columns, type);
  const whole = cut?.valid === false ? cut.part : partOf(columns, rows);
  const some = dropMost(sparing, Array.from(whole.rows), (part) => invalid(part, cut?.valid === false ? end : undefined), budget);
  // What had not returned by then may have returned later, which only narrows its place: with its return it proves the same, perhaps with less beside it.
  return { witness: dropMost(sparing, some, invalid, budget), ...told };
}

/** What alone found something that came only later, with the first operation that brought it. */
function withLater(columns: Columns, rows: ArrayLike<number>, proof: readonly number[]): readonly number[] {
  const { effect, status, value, texts } = columns;
  const [only] = proof;
  if (only === undefined || proof.length > 1) return proof;
  const codes = new Set(texts.elements(value[only] as number) ?? [value[only] as number]);
  const brought = new Set<number>();
  for (let n = 0; n < rows.length; n++) {
    const row = rows[n] as number;
    const brings = status[row] !== FAIL && (effect[row] === ADD || effect[row] === APPEND || effect[row] === ENQUEUE);
    const code = value[row] as number;
    if (!brings || !codes.has(code) || brought.has(code)) continue;
    if ((columns.call[row] as number) > (columns.ret[only] as number)) return [only, row];
    brought.add(code);
  }
  return proof;
}

function proven(part: Part, { proof = [] }: Answer): readonly number[] {
  return [...new Set(proof.map((i) => part.rows[i] as number))].sort((a, b) => a - b);
}

/** The rank of the first return, of a failure too, with which the history is wrong; undefined where the budget ended. */
function firstBad(columns: Columns, rows: ArrayLike<number>, validUpTo: (rank: number) => boolean | undefined): number | undefined {
  const { status, ret } = columns;
  const known = Array.from(rows).filter((row) => status[row] !== UNKNOWN);
  const ends = Float64Array.from(known, (row) => ret[row] as number).sort();
  let lo = 0;
  let hi = ends.length - 1;
  while (lo < hi) {
    const middle = (lo + hi) >> 1;
    const valid = validUpTo(ends[middle] as number);
    if (valid === undefined) return undefined;
    if (valid) lo = middle + 1;
    else hi = middle;
  }
  return ends[lo];
}

export function sparingOf(columns: Columns, type: ObjectName): Sparing {
  return { stories: (rows) => storiesOf(columns, type, rows), without: (rows, gone) => spared(columns, type, rows, gone) };
}

/** How operations can be dropped: which go together, and what is left without some that others may still need. */
export interface Sparing {
  stories(rows: readonly number[]): number[][];
  without(rows: readonly number[], gone: ReadonlySet<number>): readonly number[];
}

/** Drops ever smaller stretches of stories until none can go. */
export function dropMost(
  { stories: storiesIn, without }: Sparing,
  rows: readonly number[],
  invalid: (rows: readonly number[]) => boolean,
  budget: Budget,
): readonly number[] {
  let some = rows;
  for (let size = Math.max(1, some.length >> 1); ; ) {
    let dropped = false;
    let stories = storiesIn(some);
    // From the end, so that the earliest of several counterexamples stays.
    for (let to = stories.length; to > 0 && budget.steps > 0; to -= size) {
      const gone = new Set(stories.slice(Math.max(0, to - size), to).flat());
      const fewer = without(some, gone);
      budget.steps -= 2 * some.length;
      if (fewer.length === some.length || !invalid(fewer)) continue;
      some = fewer;
      dropped = true;
      const left = new Set(some);
      stories = stories.map((story) => story.filter((row) => left.has(row)));
    }
    if ((size === 1 && !dropped) || budget.steps <= 0) return some;
    size = Math.max(1, Math.min(size, stories.length) >> 1);
  }
}

/** Operations that go together: those on one item of a queue, an acquisition with what its process did until the next one. The others stand alone. */
function storiesOf({ effect, value, process }: Columns, type: ObjectName, rows: readonly number[]): number[][] {
  const stories: number[][] = [];
  const open = new Map<number, number[]>();
  for (const row of rows) {
    const by = type === 'queue' && value[row] !== NOTHING ? value[row] : type === 'lock' ? process[row] : undefined;
    const story = by === undefined || (type === 'lock' && effect[row] === ACQUIRE) ? undefined : open.get(by);
    if (story !== undefined) {
      story.push(row);
      continue;
    }
    const fresh = [row];
    stories.push(fresh);
    if (by !== undefined) open.set(by, fresh);
  }
  return stories;
}

/** What is left of some operations without those of a set that a linearizable history could spare beside the rest. */
function spared(columns: Columns, type: ObjectName, rows: readonly number[], gone: ReadonlySet<number>): readonly number[] {
  if (type === 'lock') return rows.filter((row) => !gone.has(row));
  if (type === 'queue') return withoutItems(columns, rows, gone);
  const { effect, value, status, texts } = columns;
  // What a counter shows all additions made.
  if (type === 'counter') return rows.filter((row) => !gone.has(row) || effect[row] !== READ);
  const seen = new Set<number>();
  for (const row of rows) {
    if (effect[row] !== READ || gone.has(row) || status[row] !== OK) continue;
    for (const code of texts.elements(value[row] as number) ?? []) seen.add(code);
  }
  const stays = (row: number): boolean => !gone.has(row) || (effect[row] !== READ && seen.has(value[row] as number));
  const kept = rows.filter(stays);
  if (type !== 'set') return kept;
  // A removal can go where nobody adds the element any more.
  const added = new Set(kept.filter((row) => effect[row] === ADD).map((row) => value[row] as number));
  return rows.filter((row) => stays(row) || (effect[row] !== READ && effect[row] !== ADD && added.has(value[row] as number)));
}

/** A dequeue of unknown outcome may have taken any item of which nobody saw the end; only where there is none it can go. */
function withoutItems({ effect, value, status }: Columns, rows: readonly number[], gone: ReadonlySet<number>): readonly number[] {
  const enqueues = (row: number): boolean => effect[row] === ENQUEUE;
  const kept = rows.filter((row) => !gone.has(row));
  const balance = new Map<number, number>();
  for (const row of kept) {
    const by = enqueues(row) ? 1 : status[row] === OK ? -1 : 0;
    balance.set(value[row] as number, (balance.get(value[row] as number) ?? 0) + by);
  }
  const orphans = [...balance.values()].some((left) => left > 0);
  return orphans ? rows.filter((row) => !gone.has(row) || (!enqueues(row) && status[row] !== OK)) : kept;
}
