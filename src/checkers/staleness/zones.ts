import type { Columns } from '../../history/columns.ts';
import type { Clusters } from './clusters.ts';

/**
 * From when the value of each cluster must be there, and until when: the first return and the last call of its operations. `order` has the
 * clusters by `from`.
 */
export interface Zones {
  readonly order: Int32Array;
  readonly from: Float64Array;
  readonly until: Float64Array;
}

/** Zones in ranks. */
export function zonesOf({ call, ret }: Columns, { size, write, first, last }: Clusters): Zones {
  const from = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  const until = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  for (let c = 0; c < size; c++) {
    if (c > 0) {
      from[c] = ret[first[c] as number] as number;
      until[c] = call[write[c] as number] as number;
    }
    if (last[c] !== -1) until[c] = Math.max(until[c] as number, call[last[c] as number] as number);
  }
  return { order: orderBy(from), from, until };
}

/** The numbers of some moments, by when they are. */
export function orderBy(moments: Float64Array): Int32Array {
  // Between two that are equally infinite the difference is no number.
  return Int32Array.from(moments.keys()).sort((a, b) => (moments[a] as number) - (moments[b] as number) || a - b);
}
