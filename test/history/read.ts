import { isProblem, type Problem } from '../../src/core/problem.ts';
import { operationsOf } from '../../src/history/columns.ts';
import type { Operation } from '../../src/history/operation.ts';
import { type HistoryFormat, HistoryReader } from '../../src/history/read.ts';

/** Reads a text in pieces of so many bytes. */
export function readIn(text: string | Uint8Array, size: number, format?: HistoryFormat): ReturnType<HistoryReader['finish']> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const reader = new HistoryReader('h', format);
  // Whoever reads a file uses one place for all pieces.
  const piece = new Uint8Array(Math.min(size, bytes.length));
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size);
    piece.set(part);
    const problem = reader.push(piece.subarray(0, part.length));
    piece.fill(0x7b);
    if (problem !== undefined) return problem;
  }
  return reader.finish();
}

/** The operations of a history, each in a line: number, process, what it did, how it ended, from when to when. */
export function told(text: string, format?: HistoryFormat): string[] | string {
  const columns = readIn(text, 1 << 20, format);
  return isProblem(columns) ? where(columns) : operationsOf(columns).map(line);
}

export function where(problem: Problem): string {
  const { at } = problem;
  return `${at?.line}:${(at?.from ?? -1) + 1}: ${problem.what}`;
}

function line(op: Operation): string {
  const expected = op.effect === 'cas' ? `${op.expected ?? 'nil'}->` : '';
  const end = op.returnRank === Number.POSITIVE_INFINITY ? '' : op.returnRank;
  return `#${op.id} ${op.process} ${op.effect} ${op.key} ${expected}${op.value} ${op.compared === true ? 'unequal' : op.status} ${op.callRank}-${end}`;
}
