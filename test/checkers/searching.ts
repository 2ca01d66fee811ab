import { finish } from '../../src/checkers/model.ts';
import { partOf, viewOf } from '../../src/checkers/registers/part.ts';
import { Search } from '../../src/checkers/registers/search.ts';
import { without } from '../../src/checkers/registers/spare.ts';
import { zonesOf } from '../../src/checkers/registers/zones.ts';
import { inferType } from '../../src/checkers/types.ts';
import type { Columns } from '../../src/history/columns.ts';
import { columnsOf } from '../../src/history/of-operations.ts';
import type { Operation } from '../../src/history/operation.ts';

/** What the search alone says of one key's operations, whatever the zones could have said. */
export function bySearch(history: readonly Operation[], steps = Number.POSITIVE_INFINITY): boolean | undefined {
  const columns = columnsOf(history.toSorted((a, b) => a.callRank - b.callRank));
  return searchRows(columns, allRows(columns), steps);
}

export function searchRows(columns: Columns, rows: Iterable<number>, steps = Number.POSITIVE_INFINITY): boolean | undefined {
  const view = viewOf(columns, true);
  return new Search(partOf(view, Int32Array.from(rows)), view.room).run(steps);
}

/** The attempts that judging them takes. */
export function stepsOf(columns: Columns, rows: Int32Array): number {
  const view = viewOf(columns, inferType(columns)?.texts === true);
  const search = new Search(partOf(view, rows), view.room);
  search.run(Number.POSITIVE_INFINITY);
  return search.steps;
}

export function allRows(columns: Columns): Int32Array {
  return Int32Array.from({ length: columns.count }, (_, i) => i);
}

/** What the zones say; undefined where they cannot judge. */
export function byZones(history: readonly Operation[]): boolean | undefined {
  const columns = columnsOf(history.toSorted((a, b) => a.callRank - b.callRank));
  const { open, broken } = finish(zonesOf(viewOf(columns, false)));
  return open[0] === 1 ? undefined : !broken.has(0);
}

/** What stays where the operations `from` up to `to`, in order of call, are dropped as far as can be spared. */
export function sparing(history: readonly Operation[], from: number, to: number): readonly Operation[] {
  const sorted = history.toSorted((a, b) => a.callRank - b.callRank);
  const columns = columnsOf(sorted);
  return [...without(viewOf(columns, true), allRows(columns), from, to)].map((row) => sorted[row] as Operation);
}
