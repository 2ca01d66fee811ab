import type { Copyable } from '../core/copy.ts';

/** Upper bounds of buckets that grow by a fifth, from 1 µs to more than a minute. */
const BOUNDS: readonly number[] = (() => {
  const out = [1];
  for (let last = 1; last < 60_000_000; ) {
    last = Math.max(last + 1, Math.round(last * 1.2));
    out.push(last);
  }
  return out;
})();

/** A running percentile of latencies in microseconds. Old samples fade: each reading halves their weight. */
export class Percentile implements Copyable {
  readonly counts: Uint32Array;
  total: number;

  constructor(counts = new Uint32Array(BOUNDS.length), total = 0) {
    this.counts = counts;
    this.total = total;
  }

  add(latencyUs: number): void {
    let lo = 0;
    let hi = BOUNDS.length - 1;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if ((BOUNDS[mid] as number) < latencyUs) lo = mid + 1;
      else hi = mid;
    }
    this.counts[lo] = (this.counts[lo] as number) + 1;
    this.total++;
  }

  /** The bucket bound that `share` (0 to 1) of the samples do not exceed, or undefined without samples. */
  read(share: number): number | undefined {
    if (this.total === 0) return undefined;
    const wanted = this.total * share;
    let seen = 0;
    let bound = 0;
    let left = 0;
    for (let i = 0; i < BOUNDS.length; i++) {
      const count = this.counts[i] as number;
      if (seen < wanted) bound = BOUNDS[i] as number;
      seen += count;
      this.counts[i] = count >> 1;
      left += count >> 1;
    }
    this.total = left;
    return bound;
  }

  copy(): this {
    return new Percentile(this.counts.slice(), this.total) as this;
  }
}
