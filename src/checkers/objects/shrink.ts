import { ACQUIRE, ADD, type Columns, ENQUEUE, NEVER, OK, READ } from '../../history/columns.ts';
import { NOTHING } from '../../history/texts.ts';
import { decide, type ObjectName } from './decide.ts';
import { type Answer, type Budget, type Part, partOf } from './part.ts';

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
  const judge = (some: ArrayLike<number>, upTo: number = NEVER - 1): Answer & { readonly part: Part } => {
    const part = partOf(columns, some, upTo);
    // Looking at a part at all costs its length, however few steps the search then takes.
    budget.steps -= part.count;
    return { ...(budget.steps > 0 ? decide(part, type, budget) : { valid: undefined }), part };
  };
  const end = firstBad(columns, rows, (upTo) => judge(rows, upTo).valid);
  const cut = end === undefined ? judge(rows) : judge(rows, end);
  const whole = cut.valid === false ? cut : { ...answer, part: partOf(columns, rows) };
  const invalid = (some: readonly number[], upTo?: number): boolean => judge(some, upTo).valid === false;
  const upTo = whole === cut ? end : undefined;
  const witness = smallest(columns, type, whole, upTo, invalid, budget);
  if (end === undefined) return { witness };
  const breaks = Array.from(whole.part.rows).find((row) => columns.ret[row] === end);
  return { witness, prefix: end - 1, ...(breaks === undefined ? {} : { breaks }) };
}

/** The rank of the first return with which the history is wrong; undefined where the budget ended. */
function firstBad(columns: Columns, rows: ArrayLike<number>, validUpTo: (rank: number) => boolean | undefined): number | undefined {
  const { ret } = partReturns(columns, rows);
  let lo = 0;
  let hi = ret.length - 1;
  while (lo < hi) {
    const middle = (lo + hi) >> 1;
    const valid = validUpTo(ret[middle] as number);
    if (valid === undefined) return undefined;
    if (valid) lo = middle + 1;
    else hi = middle;
  }
  return ret[lo];
}

function partReturns(columns: Columns, rows: ArrayLike<number>): { readonly ret: Float64Array } {
  const part = partOf(columns, rows);
  const known = part.rows.filter((_, i) => part.ret[i] !== NEVER);
  return { ret: Float64Array.from(known, (row) => columns.ret[row] as number).sort() };
}

function smallest(
  columns: Columns,
  type: ObjectName,
  { part, proof }: Answer & { readonly part: Part },
  upTo: number | undefined,
  invalid: (some: readonly number[], upTo?: number) => boolean,
  budget: Budget,
): readonly number[] {
  const ascending = (some: Iterable<number>): readonly number[] => [...new Set(some)].sort((a, b) => a - b);
  const proven = ascending((proof ?? []).map((i) => part.rows[i] as number));
  if (proven.length > 0 && invalid(proven)) return proven;
  const sparing = sparingOf(columns, type);
  const some = dropMost(sparing, Array.from(part.rows), (rows) => invalid(rows, upTo), budget);
  // What had not returned by then may have returned later, which only narrows its place: with its return it proves the same, perhaps with less beside it.
  return dropMost(sparing, some, invalid, budget);
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
      budget.steps -= some.length >> 4;
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
