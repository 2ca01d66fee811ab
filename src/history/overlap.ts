import { type Columns, UNKNOWN } from './columns.ts';
import { IntTable } from './int-table.ts';

/** Two operations of one process that overlap, by their rows: a process does one thing at a time. What never returned leaves its process free, since its client may go on without an answer. */
export function overlapIn({ count, process, status, call, ret }: Columns): { readonly row: number; readonly before: number } | undefined {
  const last = new IntTable();
  for (let i = 0; i < count; i++) {
    const before = last.get(process[i] as number) - 1;
    if (before >= 0 && (ret[before] as number) > (call[i] as number)) return { row: i, before };
    if (status[i] !== UNKNOWN) last.set(process[i] as number, i + 1);
  }
  return undefined;
}
