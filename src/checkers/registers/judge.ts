import { type Columns, FAIL } from '../../history/columns.ts';
import { type Asked, type Finding, type Judging, type KeyFinding, overall } from '../model.ts';
import { byKey, type Groups } from '../rows.ts';
import type { DataType } from '../types.ts';
import { explain } from './explain.ts';
import { type Budget, searched } from './judged.ts';
import { partOf, type View, viewOf } from './part.ts';
import { Room } from './room.ts';
import { Search } from './search.ts';
import { sequential } from './sequential.ts';
import { zonesOf } from './zones.ts';

/** What every key may use before any may use more, and by how much that grows: an easy key that is wrong is found even beside a hard one. */
const FIRST_STEPS = 2_000;
const GROWTH = 8;
/** Explaining is worth at most so many steps for all keys, and for each; what it has reached then is the answer. */
const EXPLAIN_STEPS = 4_000_000;
const EXPLAIN_KEY = 1_000_000;
/** What each key may use even when the others have used all. */
const EXPLAIN_LEAST = 10_000;
const EXPLAIN_ROW = 4;

/**
 * Linearizability of those `keys` of a recorded history that are of one type, key by key, which loses nothing (Herlihy & Wing 1990, theorem 1). Keys with distinct
 * written values are judged by zones, all in one pass; the others by search, with a budget of steps for all of them together. Yields now and then, so that a long
 * judgement can be watched and stopped. The findings stand in the order of `keys`.
 */
export function* judgeRegisters(
  columns: Columns,
  keys: readonly number[],
  type: DataType,
  asked: Asked,
): Generator<Judging, readonly KeyFinding[]> {
  const room = Room.borrow();
  const judging = new RegisterJudge(viewOf(columns, type.texts, room), asked);
  const { findings, counts } = yield* judging.judge(keys);
  room.giveBack();
  return keys.map((key) => ({ key, operations: counts[key] as number, ...(findings.get(key) ?? { valid: true }) }));
}

class RegisterJudge {
  private rows: Groups | undefined;
  private readonly view: View;
  private readonly asked: Asked;
  private readonly explaining: Budget = { steps: EXPLAIN_STEPS };

  constructor(view: View, asked: Asked) {
    this.view = view;
    this.asked = asked;
  }

  /** What is found of the keys, of valid ones perhaps nothing; and for each key the number of its operations. */
  *judge(keys: readonly number[]): Generator<Judging, { readonly findings: ReadonlyMap<number, Finding>; readonly counts: Int32Array }> {
    const zones = yield* zonesOf(this.view);
    const { counts } = zones;
    const findings = new Map<number, Finding>();
    const open = keys.filter((key) => zones.open[key] === 1);
    for (const key of keys) {
      const proof = zones.open[key] === 1 ? undefined : zones.broken.get(key);
      if (proof === undefined) continue;
      findings.set(key, yield* this.because(key, 0, proof));
      if (this.asked.bare === true) return { findings: this.unjudged(open, findings), counts };
    }
    if (this.asked.order === true)
      for (const [key, order] of zones.orders()) if (!findings.has(key)) findings.set(key, { valid: true, order });
    yield* this.search(open, findings);
    return { findings, counts };
  }

  private *search(keys: readonly number[], findings: Map<number, Finding>): Generator<Judging, void> {
    const budget: Budget = { steps: this.asked.steps };
    let open = this.concurrent(keys, findings);
    if (this.asked.bare === true && open.length < keys.length && overall([...findings.values()]) === false)
      return void this.unjudged(keys, findings);
    for (let share = FIRST_STEPS; open.length > 0 && budget.steps > 0; share *= GROWTH) {
      const undecided: number[] = [];
      for (const key of open) {
        yield { done: keys.length - open.length, of: keys.length };
        const own: Budget = { steps: Math.min(share, budget.steps) };
        const search = yield* searched(new Search(partOf(this.view, this.rowsOf(key)), this.view.room), own);
        budget.steps -= search.steps;
        if (search.verdict === undefined) undecided.push(key);
        else if (!search.verdict) {
          findings.set(key, yield* this.because(key, search.reached, undefined));
          if (this.asked.bare === true) return void this.unjudged(keys, findings);
        } else if (this.asked.order === true) findings.set(key, { valid: true, order: search.order() });
      }
      open = undecided;
    }
    for (const key of open) findings.set(key, { valid: 'undecided', reason: 'the budget of steps ran out' });
  }

  /** The keys that have to be searched: not those whose operations followed one another. Wrong ones are, where more than the verdict counts. */
  private concurrent(keys: readonly number[], findings: Map<number, Finding>): readonly number[] {
    return keys.filter((key) => {
      const rows = this.rowsOf(key);
      const valid = sequential(this.view, rows);
      if (valid === undefined || (!valid && this.asked.bare !== true)) return true;
      if (!valid) findings.set(key, { valid });
      else if (this.asked.order === true)
        findings.set(key, { valid, order: [...rows].filter((row) => this.view.columns.status[row] !== FAIL) });
      return false;
    });
  }

  /** Where only the verdict counts one wrong key is enough. */
  private unjudged(keys: readonly number[], findings: Map<number, Finding>): ReadonlyMap<number, Finding> {
    for (const key of keys)
      if (!findings.has(key)) findings.set(key, { valid: 'undecided', reason: 'another key is wrong, and no more was asked' });
    return findings;
  }

  private *because(key: number, reached: number, proof: readonly number[] | undefined): Generator<Judging, Finding> {
    if (this.asked.bare === true) return { valid: false };
    // The longest beginning of a key takes a look or two at all of it.
    const rows = this.rowsOf(key);
    const own: Budget = { steps: Math.max(EXPLAIN_LEAST, Math.min(EXPLAIN_KEY, this.explaining.steps)) + EXPLAIN_ROW * rows.length };
    const before = own.steps;
    const finding = yield* explain(this.view, rows, reached, proof, own);
    this.explaining.steps -= before - Math.max(0, own.steps);
    return finding;
  }

  /** The rows of a key, in order: one counting sort for all of them, once any are asked for. */
  private rowsOf(key: number): Int32Array {
    this.rows ??= byKey(this.view.columns);
    return this.rows.rows.subarray(this.rows.from[key], this.rows.from[key + 1]);
  }
}
