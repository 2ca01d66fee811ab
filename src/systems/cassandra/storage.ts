import type { Proc } from '../../core/ids.ts';
import { isEmpty, merge, NEVER, newestTs, purge, type Row } from '../../protocols/lww.ts';
import { type Ask, type Env, flushTables, type LogRecord, type Memory } from './memory.ts';
import type { Message } from './messages.ts';
import { rule } from './rules.ts';

/** Writes a mutation: commit log first, then the memtable, where the last write wins. `record` is logged as it is. */
export function apply(env: Env, m: Memory, ask: Ask, key: string, row: Row, record: LogRecord): void {
  env.disk.write(record);
  const held = m.table.get(key);
  if (held === undefined) m.table.set(key, row);
  else {
    const merged = merge(held, row);
    if (merged !== held) m.table.set(key, merged);
    if (ask.tracing && newestTs(held) > newestTs(row))
      ask.because(rule.ignoredOlder, { node: env.self, key, ts: newestTs(row), held: newestTs(held) });
  }
  if (env.disk.length > m.flushAt) flushTables(env, m);
}

/**
 * Acknowledges what was just written. With commitlog_sync=periodic at once: a power loss within 10 s may still take it back. With batch only once it is on
 * stable storage. Requests made after this one may wait for the flush too, so it comes last in a handler.
 */
export function acknowledge(env: Env, ask: Ask, to: Proc, message: Message): void {
  if (env.config.commitlogSync === 'batch') ask.flush();
  ask.send(to, message);
}

/** Compaction: rewrites the tables without the tombstones that are older than gc_grace_seconds. Returns how many it dropped. */
export function compact(env: Env, m: Memory, ask: Ask): number {
  const clockUs = env.clockUs();
  const beforeUs = clockUs - env.config.gcGraceUs;
  let dropped = 0;
  for (const [key, row] of m.table.map) {
    const kept = purge(row, beforeUs);
    if (kept === row) continue;
    dropped++;
    if (ask.tracing) ask.because(rule.purged, { node: env.self, key, age: clockUs - oldestTombstoneUs(row) });
    if (isEmpty(kept)) m.table.delete(key);
    else m.table.set(key, kept);
  }
  flushTables(env, m);
  return dropped;
}

function oldestTombstoneUs(row: Row): number {
  const times = row.cells.filter((cell) => cell.value === null).map((cell) => cell.atUs);
  if (row.deletedTs !== NEVER) times.push(row.deletedAtUs);
  return Math.min(...times);
}
