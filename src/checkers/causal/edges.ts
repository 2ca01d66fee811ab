import { NONE } from './members.ts';

/** Orders between writes that reads demand: `from` before `to`, for else `by` would have read something else. They grow; each is younger than those before it. */
export class Edges {
  from = new Int32Array(64);
  to = new Int32Array(64);
  by = new Int32Array(64);
  count = 0;

  add(from: number, to: number, by: number): void {
    if (this.count === this.from.length) {
      this.from = wider(this.from);
      this.to = wider(this.to);
      this.by = wider(this.by);
    }
    this.from[this.count] = from;
    this.to[this.count] = to;
    this.by[this.count] = by;
    this.count++;
  }

  /** The edges by where they begin, or by where they end, as lists: the newest edge of each row, and for each edge the next older one of the same row. An array for the former may be given. */
  lists(
    rows: number,
    ends: Int32Array,
    newest: Int32Array = new Int32Array(rows),
  ): { readonly newest: Int32Array; readonly older: Int32Array } {
    newest.fill(NONE);
    const older = new Int32Array(this.count);
    for (let e = 0; e < this.count; e++) {
      const row = ends[e] as number;
      older[e] = newest[row] as number;
      newest[row] = e;
    }
    return { newest, older };
  }
}

export function wider(old: Int32Array): Int32Array<ArrayBuffer> {
  const fresh = new Int32Array(old.length * 2);
  fresh.set(old);
  return fresh;
}
