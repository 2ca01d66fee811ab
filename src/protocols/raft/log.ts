import { SharedList } from '../../core/copy.ts';
import type { Entry, RaftLog } from './types.ts';

/** The part of the log that a server keeps in memory. Terms never fall along it. */
export function emptyLog(base = 0, baseTerm = 0): RaftLog {
  return { base, baseTerm, entries: new SharedList<Entry>() };
}

export function lastIndex(log: RaftLog): number {
  return log.base + log.entries.items.length;
}

export function lastTerm(log: RaftLog): number {
  const { items } = log.entries;
  const last = items[items.length - 1];
  return last === undefined ? log.baseTerm : last.term;
}

/** The term of the entry at `index`; -1 where it was compacted away or does not exist yet. */
export function termAt(log: RaftLog, index: number): number {
  if (index === log.base) return log.baseTerm;
  const entry = log.entries.items[index - log.base - 1];
  return entry === undefined || index < log.base ? -1 : entry.term;
}

export function entryAt(log: RaftLog, index: number): Entry | undefined {
  return index <= log.base ? undefined : log.entries.items[index - log.base - 1];
}

/** Entries from `from` on, at most `limit`. */
export function entriesFrom(log: RaftLog, from: number, limit: number): readonly Entry[] {
  const start = from - log.base - 1;
  const { items } = log.entries;
  if (start >= items.length) return NO_ENTRIES;
  return items.slice(start, start + limit);
}

const NO_ENTRIES: readonly Entry[] = [];

/**
 * The first index at which `entries` differ from the log, or 0 if it has them all (Raft figure 2, AppendEntries rules 3 and 4). Entries that
 * are there already are left alone: a late, shorter message must not cut off what a newer one brought.
 */
export function firstConflict(log: RaftLog, entries: readonly Entry[]): number {
  for (const entry of entries) if (termAt(log, entry.index) !== entry.term) return entry.index;
  return 0;
}

/** Drops the entries from `index` on. */
export function truncate(log: RaftLog, index: number): void {
  log.entries.truncate(index - log.base - 1);
}

/** Forgets the entries up to and including `index`. */
export function compact(log: RaftLog, index: number): void {
  if (index <= log.base) return;
  log.baseTerm = termAt(log, index);
  // In place: the room stays, and so the next entry finds some.
  log.entries.items.splice(0, index - log.base);
  log.base = index;
}

/**
 * The last index at or below `index` whose term is at most `term`. No later entry of this log can be in the other one: its terms there are at
 * most `term`. So one exchange skips a whole term instead of one entry (the end of section 5.3 of the paper).
 */
export function lastWithTermUpTo(log: RaftLog, index: number, term: number): number {
  let at = index;
  while (at > log.base && termAt(log, at) > term) at--;
  return at;
}
