import type { Zones } from './zones.ts';

/**
 * Two clusters of one key that cannot stand one after the other, since each has an operation that ended before one of the other began:
 * `from[a] < until[b]` and `from[b] < until[a]`. Where each read has one source a key is atomic if and only if there are no two such
 * (Gibbons & Korach 1997, as zones): no two zones that last, `from` before `until`, overlap, and none that does not lies inside one that
 * does.
 */
export function conflict({ order, from, until }: Zones): readonly [number, number] | undefined {
  const lasting = new Int32Array(order.length);
  let size = 0;
  for (const c of order) {
    if ((from[c] as number) >= (until[c] as number)) continue;
    const before = lasting[size - 1];
    if (before !== undefined && (from[c] as number) < (until[before] as number)) return [before, c];
    lasting[size++] = c;
  }
  // They are disjoint, so that only the last that began before another one's `until` can hold it.
  for (const c of order) {
    if ((from[c] as number) < (until[c] as number)) continue;
    let lo = 0;
    let hi = size;
    while (lo < hi) {
      const middle = (lo + hi) >> 1;
      if ((from[lasting[middle] as number] as number) < (until[c] as number)) lo = middle + 1;
      else hi = middle;
    }
    const around = lasting[lo - 1];
    if (around !== undefined && (from[c] as number) < (until[around] as number)) return [around, c];
  }
  return undefined;
}
