import { compareBytes, type Row } from '../../protocols/lww.ts';
import type { Value } from '../../sim/process.ts';

/** Paths of cells: elements of a set and shares of a counter, as the collections and counter columns of one table. */
export const ELEMENT = 'e';
export const SHARE = 'c';

/** What a client reads: the register, else the counter, else the set. A key is used in one of these ways; CQL would give each its own table. */
export function valueIn(row: Row): Value {
  if (row.cells.length === 0 || row.value !== null) return row.value;
  const live = row.cells.filter((cell) => cell.value !== null);
  if (live.length === 0) return null;
  if (live[0]?.path.startsWith(SHARE)) return live.reduce((sum, cell) => sum + Number(cell.value), 0);
  return live.map((cell) => cell.path.slice(1)).sort(compareBytes);
}
