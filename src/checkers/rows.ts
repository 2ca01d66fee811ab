import type { Columns } from '../history/columns.ts';

/** Rows in groups, each in order of invocation: those of group g stand in `rows` from `from[g]` up to `from[g + 1]`. */
export interface Groups {
  readonly from: Int32Array;
  readonly rows: Int32Array;
}

/** One counting sort. Rows of group -1 are left out. */
export function grouped(groupOf: Int32Array, groups: number): Groups {
  const from = new Int32Array(groups + 1);
  for (let i = 0; i < groupOf.length; i++) {
    const next = (groupOf[i] as number) + 1;
    if (next > 0) from[next] = (from[next] as number) + 1;
  }
  for (let g = 0; g < groups; g++) from[g + 1] = (from[g + 1] as number) + (from[g] as number);
  const rows = new Int32Array(from[groups] as number);
  const at = from.slice();
  for (let i = 0; i < groupOf.length; i++) {
    const g = groupOf[i] as number;
    if (g < 0) continue;
    rows[at[g] as number] = i;
    at[g] = (at[g] as number) + 1;
  }
  return { from, rows };
}

export function byKey({ key, keys }: Columns): Groups {
  return grouped(key, keys.length);
}

/** The history of some rows alone, which must ascend: row j of it is row `rows[j]` of the whole. */
export function pick(columns: Columns, rows: ArrayLike<number>): Columns {
  const ints = (column: Int32Array): Int32Array => Int32Array.from(rows, (i) => column[i] as number);
  const { callUs, returnUs, transactions: _, ...rest } = columns;
  return {
    ...rest,
    count: rows.length,
    id: ints(columns.id),
    line: ints(columns.line),
    process: ints(columns.process),
    effect: Uint8Array.from(rows, (i) => columns.effect[i] as number),
    status: Uint8Array.from(rows, (i) => columns.status[i] as number),
    key: ints(columns.key),
    value: ints(columns.value),
    expected: ints(columns.expected),
    call: ints(columns.call),
    ret: ints(columns.ret),
    ...(callUs === undefined ? {} : { callUs: Float64Array.from(rows, (i) => callUs[i] as number) }),
    ...(returnUs === undefined ? {} : { returnUs: Float64Array.from(rows, (i) => returnUs[i] as number) }),
  };
}

/** Ascending, each once, without those below 0. */
export function distinct(rows: Iterable<number>): number[] {
  return [...new Set(rows)].filter((row) => row >= 0).sort((a, b) => a - b);
}
