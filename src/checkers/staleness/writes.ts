import { type Columns, FAIL, READ, UNEQUAL } from '../../history/columns.ts';
import { Pairs } from '../pairs.ts';
import { type Groups, grouped } from '../rows.ts';

/**
 * Whether a row is a write of a register that may have taken effect: a write, or a `cas` that did not fail, taken for a write of its new
 * value.
 */
export function mayWrite({ effect, status }: Columns, row: number): boolean {
  return effect[row] !== READ && status[row] !== FAIL && status[row] !== UNEQUAL;
}

/** The writes of each value of each key, in order of call, and which of those called so far returned last. */
export class Writes {
  private readonly columns: Columns;
  private readonly pairs = new Pairs();
  private readonly groups: Groups;
  /** At each place of `groups.rows` the row that returned last (`NEVER` counts as last) among those of its group up to there. */
  private readonly latest: Int32Array;

  constructor(columns: Columns) {
    this.columns = columns;
    const { count, key, value, ret } = columns;
    const groupOf = new Int32Array(count).fill(-1);
    for (let i = 0; i < count; i++) if (mayWrite(columns, i)) groupOf[i] = this.pairs.add(key[i] as number, value[i] as number);
    this.groups = grouped(groupOf, this.pairs.size);
    const { from, rows } = this.groups;
    this.latest = new Int32Array(rows.length);
    for (let g = 0; g < this.pairs.size; g++) {
      let best = rows[from[g] as number] as number;
      for (let at = from[g] as number; at < (from[g + 1] as number); at++) {
        if ((ret[rows[at] as number] as number) > (ret[best] as number)) best = rows[at] as number;
        this.latest[at] = best;
      }
    }
  }

  /**
   * Of the writes of a value that were called before a rank the row of the one that returned last, or never did; -1 where there is none.
   */
  latestBefore(key: number, code: number, rank: number): number {
    const g = this.pairs.find(key, code);
    if (g < 0) return -1;
    const { call } = this.columns;
    const { from, rows } = this.groups;
    let lo = from[g] as number;
    let hi = from[g + 1] as number;
    while (lo < hi) {
      const middle = (lo + hi) >> 1;
      if ((call[rows[middle] as number] as number) < rank) lo = middle + 1;
      else hi = middle;
    }
    return lo > (from[g] as number) ? (this.latest[lo - 1] as number) : -1;
  }

  /** All writes of a value, in order of call. */
  of(key: number, code: number): Int32Array {
    const g = this.pairs.find(key, code);
    return g < 0 ? new Int32Array(0) : this.groups.rows.subarray(this.groups.from[g], this.groups.from[g + 1]);
  }
}

/**
 * For each ok read the write that was called last among the ok writes of its key that had returned before it was called, or -1; one pass
 * over the ranks.
 */
export function newestBefore(columns: Columns): Int32Array {
  const { count, ranks, call, ret, key, effect, status, keys } = columns;
  const event = new Int32Array(ranks + 1);
  for (let i = 0; i < count; i++) {
    if (status[i] !== 0) continue;
    if (effect[i] === READ) event[call[i] as number] = i + 1;
    else event[ret[i] as number] = i + 1;
  }
  const newest = new Int32Array(keys.length).fill(-1);
  const before = new Int32Array(count);
  for (let rank = 1; rank <= ranks; rank++) {
    const i = (event[rank] as number) - 1;
    if (i < 0) continue;
    const k = key[i] as number;
    if (effect[i] === READ) before[i] = newest[k] as number;
    // Rows are in order of call.
    else if (i > (newest[k] as number)) newest[k] = i;
  }
  return before;
}
