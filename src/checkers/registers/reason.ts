import { clip } from '../../core/units.ts';
import type { Operation } from '../../history/operation.ts';

const MOST = 200;
const NAMED = 12;

/** One sentence about operations that cannot be linearized, for people; `#n` names operations. */
export function reasonFor(witness: readonly Operation[]): string {
  // What could not be shrunk is too much for a sentence about two of them.
  if (witness.length > MOST) return misfit(witness);
  const reads = witness.filter((op) => op.status === 'ok' && op.effect !== 'write');
  const writes = witness.filter((op) => op.effect !== 'read' && op.status !== 'fail');
  // Where texts grow, what a read returned is rarely what one operation wrote.
  if (witness.some((op) => op.effect === 'append')) return missing(witness, reads) ?? misfit(witness);
  for (const read of reads) {
    const found = neverWritten(read, writes) ?? replaced(read, writes);
    if (found !== undefined) return found;
  }
  for (const read of reads) {
    const found = wentBack(read, reads, writes);
    if (found !== undefined) return found;
  }
  return misfit(witness);
}

/** Nothing was overwritten, and a read lacks what had been appended, or read, before it began. */
function missing(witness: readonly Operation[], reads: readonly Operation[]): string | undefined {
  if (witness.some((op) => op.effect === 'write' || op.effect === 'cas')) return undefined;
  for (const read of reads.filter((op) => op.effect === 'read')) {
    const text = String(read.value ?? '');
    const lost = witness.find(
      (op) => op.effect === 'append' && op.status === 'ok' && op.returnRank < read.callRank && !text.includes(String(op.value)),
    );
    if (lost !== undefined)
      return `#${read.id} read a text without ${say(lost.value)}, which #${lost.id} had appended before #${read.id} began`;
    const longer = reads.find((op) => op.effect === 'read' && op.returnRank < read.callRank && !text.startsWith(String(op.value ?? '')));
    if (longer !== undefined)
      return `#${read.id} read a text that does not go on from what #${longer.id} had read before #${read.id} began`;
  }
  return undefined;
}

function misfit(witness: readonly Operation[]): string {
  return `no order of ${list(witness)} fits both what they returned and when they ran`;
}

/** What an operation found: a read its value, a `cas` the value that it compared with. */
function found(operation: Operation): Operation['value'] {
  return operation.effect === 'cas' ? (operation.expected ?? null) : operation.value;
}

function neverWritten(read: Operation, writes: readonly Operation[]): string | undefined {
  const value = found(read);
  const sources = writes.filter((write) => write !== read && write.value === value);
  if (value === null || sources.some((write) => write.callRank < read.returnRank)) return undefined;
  return sources.length === 0
    ? `#${read.id} read ${say(value)}, which nobody had written`
    : `#${read.id} read ${say(value)} before #${sources[0]?.id} began to write it`;
}

/** Every write of what was read had ended before another write began, and that had ended before the read began. */
function replaced(read: Operation, writes: readonly Operation[]): string | undefined {
  const value = found(read);
  const sources = writes.filter((write) => write !== read && write.value === value);
  const lastEnd = sources.reduce((last, write) => Math.max(last, write.returnRank), Number.NEGATIVE_INFINITY);
  const over = writes.find(
    (write) =>
      write !== read && write.value !== value && write.status === 'ok' && write.callRank > lastEnd && write.returnRank < read.callRank,
  );
  if (over === undefined) return undefined;
  const did = over.value === null ? 'had deleted it' : `had written ${say(over.value)}`;
  return `#${read.id} read ${say(value)} although #${over.id} ${did} before #${read.id} began`;
}

/** One read had seen the newer value and had ended before another saw the older one. */
function wentBack(read: Operation, reads: readonly Operation[], writes: readonly Operation[]): string | undefined {
  const old = found(read);
  const earlier = reads.find((other) => {
    const value = found(other);
    if (other.returnRank >= read.callRank || value === old || value === null) return false;
    const oldEnd = writes
      .filter((write) => write.value === old)
      .reduce((last, write) => Math.max(last, write.returnRank), Number.NEGATIVE_INFINITY);
    const sources = writes.filter((write) => write.value === value);
    return sources.length > 0 && sources.every((write) => write.callRank > oldEnd);
  });
  return earlier && `#${read.id} read ${say(old)} after #${earlier.id} had read ${say(found(earlier))}, which is newer`;
}

function say(value: Operation['value']): string {
  return value === null ? 'no value' : clip(String(value), 24);
}

function list(operations: readonly Operation[]): string {
  const ids = operations.slice(0, NAMED).map((op) => `#${op.id}`);
  if (operations.length > NAMED) ids.push(`${operations.length - NAMED} more`);
  return ids.length < 2 ? ids.join('') : `${ids.slice(0, -1).join(', ')} and ${ids.at(-1)}`;
}
