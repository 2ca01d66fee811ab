import { type Columns, OK, UNKNOWN } from '../../history/columns.ts';
import type { Judging } from '../model.ts';
import { mappings, type ReadsFrom, readsFrom, type Sessions, sessionsOf } from '../reads-from.ts';
import type { Budget, Check, Checked } from './checks.ts';
import { guessed, ROUNDS } from './guessing.ts';
import { Likely, type Taste } from './likely.ts';
import { type Members, membersOf, NONE } from './members.ts';

export interface Searched {
  /** What the mapping came to that nothing is wrong with; undefined where something is wrong with each. */
  readonly outcome: Exclude<Checked, { readonly because: unknown }> | undefined;
  /** The rows that took part in proving what is wrong: a history that is wrong by itself, whatever its reads read from. */
  readonly blamed: ReadonlySet<number>;
  /** How many mappings were refuted, and the last refutation. */
  readonly refuted: number;
  readonly last: Extract<Checked, { readonly because: unknown }> | undefined;
}

/** Tries the sources that reads may have had. A part of a history is refuted with what its reads read from, and so it is in every mapping that gives these the same sources. */
export function* search(columns: Columns, check: Check, budget: Budget, taste?: Taste): Generator<Judging, Searched> {
  const from = readsFrom(columns, { realTime: false, sessions: false });
  const sessions = sessionsOf(columns);
  const blamed = new Set<number>();
  const likely = taste === undefined || from.open.length === 0 ? undefined : new Likely(from, sessions, taste);
  if (likely !== undefined) {
    const outcome = yield* guess(likely, from, sessions, check, budget);
    if (outcome !== undefined) return { outcome, blamed, refuted: 0, last: undefined };
  }
  const tried = mappings(from, budget, from.open, likely?.source);
  let last: Searched['last'];
  let refuted = 0;
  for (let mapping = tried.next(); mapping.done !== true; ) {
    const members = membersOf(columns, mapping.value, sessions);
    const checked = yield* check(members, budget);
    if (checked === 'out' || !('because' in checked)) return { outcome: checked, blamed, refuted, last };
    const rows = vouched(members, checked.rows);
    for (const row of rows) blamed.add(row);
    last = checked;
    refuted++;
    mapping = tried.next(rows);
  }
  return { outcome: budget.steps < 0 ? 'out' : undefined, blamed, refuted, last };
}

/** What a guess comes to, if nothing is wrong with it; what is wrong with it makes for a better one. */
function* guess(
  likely: Likely,
  from: ReadsFrom,
  sessions: Sessions,
  check: Check,
  budget: Budget,
): Generator<Judging, Searched['outcome']> {
  const { columns } = from;
  const least = budget.steps / 2;
  for (let round = 0; round < ROUNDS; round++) {
    if (!(yield* guessed(likely, budget, least, columns.count))) return undefined;
    const checked = yield* check(membersOf(columns, likely.source, sessions), budget);
    if (checked === 'out' || !('because' in checked)) return checked;
    if (!likely.refute(checked.rows)) return undefined;
  }
  return undefined;
}

/** Searches to the end at once; `left` are the steps that were not needed. */
export function searched(columns: Columns, check: Check, steps: number): Searched & { readonly left: number } {
  const budget = { steps };
  const judging = search(columns, check, budget);
  for (;;) {
    const step = judging.next();
    if (step.done === true) return { ...step.value, left: budget.steps };
  }
}

/** With an unknown operation goes somebody who read from it, for else it need not have happened; where that one is unknown too, somebody who read from that. */
function vouched({ columns, source }: Members, refuted: readonly number[]): readonly number[] {
  const { status, count } = columns;
  if (!refuted.some((row) => status[row] === UNKNOWN)) return refuted;
  const voucher = new Int32Array(count).fill(NONE);
  for (let i = 0; i < count; i++) {
    if (status[i] !== OK) continue;
    let by = i;
    for (let at = source[i] as number; at >= 0 && status[at] === UNKNOWN && voucher[at] === NONE; at = source[at] as number) {
      voucher[at] = by;
      by = at;
    }
  }
  const rows = new Set(refuted);
  for (const row of refuted) {
    for (let at = row; status[at] === UNKNOWN; at = voucher[at] as number) rows.add(voucher[at] as number);
  }
  return [...rows];
}
