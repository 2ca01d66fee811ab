import type { Columns } from '../../history/columns.ts';
import { NO_READ, readsFrom, THIN_AIR } from '../reads-from.ts';

/** Some rows of a history, ascending, as a history of their own, with the keys that they need. Ranks stay. */
export function pick(columns: Columns, rows: readonly number[]): Columns {
  const numbers = (column: Int32Array): Int32Array => Int32Array.from(rows, (row) => column[row] as number);
  const bytes = (column: Uint8Array): Uint8Array => Uint8Array.from(rows, (row) => column[row] as number);
  const used = new Map<number, number>();
  for (const row of rows) if (!used.has(columns.key[row] as number)) used.set(columns.key[row] as number, used.size);
  return {
    ...columns,
    count: rows.length,
    id: numbers(columns.id),
    line: numbers(columns.line),
    process: numbers(columns.process),
    effect: bytes(columns.effect),
    status: bytes(columns.status),
    key: Int32Array.from(rows, (row) => used.get(columns.key[row] as number) as number),
    value: numbers(columns.value),
    expected: numbers(columns.expected),
    call: numbers(columns.call),
    ret: numbers(columns.ret),
    keys: [...used.keys()].map((key) => columns.keys[key] as string),
  };
}

/**
 * The smallest part of those rows that is found to be still wrong. A write is left out only together with all that may have read from it, so that nothing becomes a
 * read of what nobody wrote: whatever is left of a history that a model accepts, the model accepts. `wrong` may give up, which counts as no.
 */
export function shrink(columns: Columns, rows: readonly number[], wrong: (part: Columns) => boolean): readonly number[] {
  let kept = [...rows].sort((a, b) => a - b);
  for (let smaller = true; smaller; ) {
    smaller = false;
    for (let i = kept.length - 1; i >= 0; i--) {
      if (i >= kept.length) continue;
      const rest = without(columns, kept, i);
      if (rest.length === 0 || !wrong(pick(columns, rest))) continue;
      kept = rest;
      smaller = true;
    }
  }
  return kept;
}

/**
 * Those rows, and for each read among them that none of them wrote for, the first write that it could have read from: a read that matters only by its place in its process is no
 * read of what nobody wrote.
 */
export function withSources(columns: Columns, rows: readonly number[]): number[] {
  const from = readsFrom(columns, { realTime: false, sessions: false });
  const all = new Set(rows);
  for (const row of all) {
    const first = from.source[row] as number;
    if (first < 0) continue;
    let source = first;
    while (source >= 0 && !all.has(source)) source = from.next(row, source);
    if (source < 0) all.add(first);
  }
  return [...all];
}

/** Those rows without one of them and without all that could have read from it, or from what goes with it. */
export function without(columns: Columns, rows: readonly number[], at: number): number[] {
  const part = pick(columns, rows);
  const from = readsFrom(part, { realTime: false, sessions: false });
  const gone = new Set([at]);
  for (let grew = true; grew; ) {
    grew = false;
    for (let reader = 0; reader < part.count; reader++) {
      if (gone.has(reader) || from.source[reader] === NO_READ) continue;
      for (let source = from.source[reader] as number; source !== THIN_AIR; source = from.next(reader, source)) {
        if (!gone.has(source)) continue;
        gone.add(reader);
        grew = true;
        break;
      }
    }
  }
  return rows.filter((_, i) => !gone.has(i));
}
