import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Problem } from '../core/problem.ts';
import { clip } from '../core/units.ts';
import { reasonOf } from './output.ts';

/** More than any script, and little enough for any machine. */
const LARGEST = 64 * 1024 * 1024;

/** A whole file as text, or a Problem in words: it is missing, a directory, unreadable, not text. A byte order mark is taken off. */
export function readText(path: string): string | Problem {
  const named = (what: string, remedy?: string): Problem => new Problem(`${clip(path, 200)}: ${what}`, remedy);
  if (path.includes('\0')) return named('this cannot be the name of a file');
  let bytes: Buffer | undefined;
  try {
    bytes = readBytes(path);
  } catch (error) {
    return named(reasonOf(error), isDirectory(error) ? 'name the files in it' : undefined);
  }
  if (bytes === undefined) return named(`it is larger than ${LARGEST / 1024 / 1024} MB`, 'split it');
  const text = decode(bytes);
  return text instanceof Problem ? named(text.what, text.remedy) : text;
}

/** Bytes as text, or what they are instead. */
export function decode(bytes: Uint8Array): string | Problem {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return new Problem('it is text in UTF-16', 'save it as UTF-8');
  }
  const zero = bytes.indexOf(0);
  if (zero >= 0) return new Problem(`it is not text: byte ${zero + 1} is zero`, 'give a text file in UTF-8');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new Problem('it is not text in UTF-8', 'save it as UTF-8');
  }
}

function isDirectory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EISDIR';
}

/** Read in pieces, since a pipe or a device has no size of its own and may have no end either. Undefined: too large. */
function readBytes(path: string): Buffer | undefined {
  const file = openSync(path, 'r');
  try {
    if (fstatSync(file).isDirectory()) throw Object.assign(new Error('a directory'), { code: 'EISDIR' });
    const pieces: Buffer[] = [];
    let size = 0;
    for (;;) {
      const piece = Buffer.allocUnsafe(256 * 1024);
      const got = readSync(file, piece, 0, piece.length, null);
      if (got === 0) return Buffer.concat(pieces, size);
      size += got;
      if (size > LARGEST) return undefined;
      pieces.push(piece.subarray(0, got));
    }
  } finally {
    closeSync(file);
  }
}
