import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { isProblem, Problem } from '../../core/problem.ts';
import { clip } from '../../core/units.ts';
import type { Columns } from '../../history/columns.ts';
import { HistoryProblem } from '../../history/cursor.ts';
import { type HistoryFormat, HistoryReader } from '../../history/read.ts';
import { breathe } from '../drive.ts';
import { reasonOf } from '../output.ts';

const PIECE = 1 << 20;
/** How much of a line is shown. */
const SHOWN = 4096;

/** Where the reading tells how far it is. `part` is from 0 to 1, or undefined where nobody knows how long the input is. */
export type Watch = (operations: number, part: number | undefined) => void;

/** Reads a history from a file, or from standard input (`-`), a piece at a time. */
export async function readInput(path: string, format: HistoryFormat | undefined, watch: Watch): Promise<Columns | Problem> {
  if (path !== '-') return readFile(path, format, watch);
  const reader = new HistoryReader('-', format);
  for await (const chunk of process.stdin) {
    const problem = reader.push(chunk as Uint8Array);
    if (problem !== undefined) return problem;
    watch(reader.operations, undefined);
  }
  return reader.finish();
}

async function readFile(path: string, format: HistoryFormat | undefined, watch: Watch): Promise<Columns | Problem> {
  const file = open(path);
  if (isProblem(file)) return file;
  try {
    const { size } = fstatSync(file);
    const reader = new HistoryReader(path, format, size);
    const piece = Buffer.allocUnsafeSlow(PIECE);
    for (let read = 0; ; ) {
      const got = readSync(file, piece, 0, PIECE, null);
      if (got === 0) return withSource(reader.finish(), file);
      read += got;
      const problem = reader.push(piece.subarray(0, got));
      if (problem !== undefined) return problem;
      watch(reader.operations, size > 0 ? read / size : undefined);
      await breathe();
    }
  } catch (error) {
    return new Problem(`${clip(path, 200)}: ${reasonOf(error)}`);
  } finally {
    closeSync(file);
  }
}

/** What shows only at the end of a history has its line, and no longer what stands there. */
function withSource(columns: Columns | Problem, file: number): Columns | Problem {
  if (!(columns instanceof HistoryProblem) || columns.source !== '' || columns.at?.line === undefined) return columns;
  const { what, remedy, at } = columns;
  const source = lineOf(file, at.line as number);
  return new HistoryProblem(
    what,
    remedy ?? '',
    { from: 0, to: Math.max(1, source.length), line: at.line as number, file: at.file ?? '' },
    source,
  );
}

/** A line of a file, or the beginning of a long one. */
function lineOf(file: number, line: number): string {
  const piece = Buffer.allocUnsafeSlow(PIECE);
  let before = line - 1;
  for (let at = 0; ; ) {
    const got = readSync(file, piece, 0, PIECE, at);
    if (got === 0) return '';
    let from = 0;
    while (before > 0) {
      const found = piece.subarray(0, got).indexOf(10, from);
      if (found < 0) break;
      from = found + 1;
      before--;
    }
    if (before > 0) {
      at += got;
      continue;
    }
    const rest = Buffer.allocUnsafeSlow(SHOWN);
    const text = rest.toString('utf8', 0, readSync(file, rest, 0, SHOWN, at + from));
    return text.split(/\r?\n/)[0] ?? '';
  }
}

function open(path: string): number | Problem {
  if (path.includes('\0')) return new Problem(`${clip(path, 200)}: this cannot be the name of a file`);
  try {
    return openSync(path, 'r');
  } catch (error) {
    return new Problem(`${clip(path, 200)}: ${reasonOf(error)}`);
  }
}
