import { APPEND, CAS, FAIL, NEVER, READ, WRITE } from '../../history/columns.ts';
import { type Draft, draftOf, REFUSED, textsOf, type View } from './part.ts';

/** Looking for texts in texts takes time that grows with the square of their number. */
const MOST_WORK = 1_000_000;

/**
 * The rows that stay where those at places `from` up to `to` are dropped as far as a linearizable history can spare them: if the operations of `rows` are linearizable, so are those that
 * stay. So what stays and is wrong proves the whole wrong. A read can be spared; a write if nothing that stays can have seen it. `cut` is as for `partOf`. The work is counted in `cost`.
 */
export function without(
  view: View,
  rows: Int32Array,
  from: number,
  to: number,
  cut: number = NEVER,
  cost: { steps: number } = { steps: 0 },
): Int32Array {
  const draft = draftOf(view, rows, cut);
  const [first, last] = [rows[from], rows[to - 1]];
  if (first === undefined || last === undefined) return draft.row.slice(0, draft.count);
  const dropping = new Dropping(view, draft);
  dropping.drop(first, last);
  cost.steps += dropping.work;
  return dropping.rows();
}

class Dropping {
  work: number;
  private readonly draft: Draft;
  private readonly gone: Uint8Array;
  private readonly status: Uint8Array;
  /** Who looks for a value, in order of call: those whose outcome is known, with the greatest return so far; and the others. */
  private readonly known = new Map<number, Seekers>();
  private readonly unknown = new Map<number, number[]>();
  /** Those that found "another value": they may have seen any. */
  private readonly refused: Seekers = { at: [], latest: [] };
  /** Where texts grow, all that read or compared. */
  private readonly all: number[] = [];
  private readonly text: ((code: number) => string) | undefined;
  /** From each place on, the first return of a write that leaves nothing of what was there before. */
  private readonly firstEnd: Int32Array;

  constructor(view: View, draft: Draft) {
    this.draft = draft;
    this.status = view.columns.status;
    this.work = draft.count;
    this.gone = new Uint8Array(draft.count);
    this.firstEnd = new Int32Array(draft.count + 1).fill(NEVER);
    this.text = draft.grows ? textsOf(view.columns) : undefined;
  }

  /** Drops what can be spared of the rows `first` to `last`. */
  drop(first: number, last: number): void {
    const { count, does, value, row } = this.draft;
    const inside = (i: number): boolean => (row[i] as number) >= first && (row[i] as number) <= last;
    for (let i = 0; i < count; i++) if (inside(i) && (does[i] === READ || does[i] === REFUSED)) this.gone[i] = 1;
    this.index();
    // Writes go one after the other: what one of them compared with is then no longer seen.
    for (let i = count - 1; i >= 0; i--) if (inside(i) && this.gone[i] === 0 && !this.isSeen(i, NEVER)) this.gone[i] = 1;
    // What was overwritten before anything that stays began can go too. The last write of its value that somebody may have seen stays: without it a read would only
    // seem to have read what nobody wrote. (What was open at the cut and fails later is no write in the end.)
    this.barriers();
    const writes = this.writesOf();
    for (let i = 0; i < count; i++) {
      if (!inside(i) || this.gone[i] === 1) continue;
      const over = this.overwritten(i);
      if (over === NEVER || this.isSeen(i, over)) continue;
      const twins = writes.get(value[i] as number) ?? [];
      // The last ones are those that are seen.
      while (twins.length > 0 && (this.gone[twins.at(-1) as number] === 1 || !this.isSeen(twins.at(-1) as number, NEVER))) twins.pop();
      if (twins.length > 0 && twins.at(-1) !== i) this.gone[i] = 1;
    }
  }

  rows(): Int32Array {
    return this.draft.row.slice(0, this.draft.count).filter((_, i) => this.gone[i] === 0);
  }

  private index(): void {
    const { count, does, value, from, end } = this.draft;
    for (let i = 0; i < count; i++) {
      if (this.gone[i] === 1 || does[i] === WRITE || does[i] === APPEND) continue;
      if (this.text !== undefined) {
        this.all.push(i);
        continue;
      }
      if (does[i] === REFUSED) {
        push(this.refused, i, end[i] as number);
        continue;
      }
      const looks = (does[i] === READ ? value[i] : from[i]) as number;
      if (end[i] === NEVER) {
        const list = this.unknown.get(looks);
        if (list === undefined) this.unknown.set(looks, [i]);
        else list.push(i);
        continue;
      }
      let list = this.known.get(looks);
      if (list === undefined) this.known.set(looks, (list = { at: [], latest: [] }));
      push(list, i, end[i] as number);
    }
  }

  private writesOf(): ReadonlyMap<number, number[]> {
    const { count, does, value, row } = this.draft;
    const writes = new Map<number, number[]>();
    for (let i = 0; i < count; i++) {
      if (this.gone[i] === 1 || does[i] === READ || does[i] === REFUSED || this.status[row[i] as number] === FAIL) continue;
      const list = writes.get(value[i] as number);
      if (list === undefined) writes.set(value[i] as number, [i]);
      else list.push(i);
    }
    return writes;
  }

  private barriers(): void {
    const { count, does, end } = this.draft;
    for (let i = count - 1; i >= 0; i--) {
      const ends = this.gone[i] === 0 && (does[i] === WRITE || does[i] === CAS) ? (end[i] as number) : NEVER;
      this.firstEnd[i] = Math.min(ends, this.firstEnd[i + 1] as number);
    }
  }

  /** When a write that stays and that began after this one had returned, returned itself: what began later cannot see this one. */
  private overwritten(i: number): number {
    const end = this.draft.end[i] as number;
    return end === NEVER ? NEVER : (this.firstEnd[this.after(end)] as number);
  }

  /** The first place with a later call. */
  private after(rank: number): number {
    const { call, count } = this.draft;
    let [lo, hi] = [0, count];
    while (lo < hi) {
      const middle = (lo + hi) >> 1;
      if ((call[middle] as number) > rank) hi = middle;
      else lo = middle + 1;
    }
    return lo;
  }

  /** Whether something that stays may have seen what this wrote: it returned after this was called, and was called before `over`. */
  private isSeen(i: number, over: number): boolean {
    const { value, call, end } = this.draft;
    const since = call[i] as number;
    const may = (j: number): boolean =>
      j !== i && this.gone[j] === 0 && (end[j] as number) > since && (call[j] as number) < over && this.finds(j, i);
    if (this.text !== undefined) {
      this.work += this.all.length >> 3;
      // Where that is too much, anything may have been seen.
      return this.work > MOST_WORK || this.all.some(may);
    }
    if (this.unknown.get(value[i] as number)?.some(may) === true) return true;
    for (const list of [this.refused, this.known.get(value[i] as number)]) {
      if (list === undefined) continue;
      let near = place(list.at, i);
      for (let k = near; k < list.at.length && (call[list.at[k] as number] as number) < over; k++)
        if (may(list.at[k] as number)) return true;
      while (--near >= 0 && (list.latest[near] as number) > since) if (may(list.at[near] as number)) return true;
    }
    return false;
  }

  private finds(j: number, i: number): boolean {
    const { does, value, from } = this.draft;
    if (this.text === undefined || does[j] === REFUSED) return true;
    return this.text((does[j] === READ ? value[j] : from[j]) as number).includes(this.text(value[i] as number));
  }
}

/** Who looks for one thing, in order of call, with the greatest return so far. */
interface Seekers {
  readonly at: number[];
  readonly latest: number[];
}

function push(list: Seekers, i: number, end: number): void {
  list.at.push(i);
  list.latest.push(Math.max(list.latest.at(-1) ?? 0, end));
}

/** The first place in an ascending list that is not below. */
function place(list: readonly number[], value: number): number {
  let [lo, hi] = [0, list.length];
  while (lo < hi) {
    const middle = (lo + hi) >> 1;
    if ((list[middle] as number) < value) lo = middle + 1;
    else hi = middle;
  }
  return lo;
}
