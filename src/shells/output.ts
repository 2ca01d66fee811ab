import type { Look } from '../view/render.ts';
import { EXIT } from './exit.ts';

/** How to draw for a stream: its width, and colour if it is a terminal that has some, unless the environment decides (NO_COLOR, FORCE_COLOR, TERM=dumb). */
export function lookOf(stream: NodeJS.WriteStream, ascii: boolean): Look {
  // What is not a terminal gets the width of the transcripts, so that redirected output does not depend on the window it came from.
  const width = stream.isTTY ? Math.max(20, stream.columns || 80) : 80;
  return { width, colour: hasColour(stream), ascii };
}

/** `NO_COLOR` counts if it is not empty (no-color.org); `FORCE_COLOR=0` turns off, any other `FORCE_COLOR` turns on. */
export function hasColour(stream: NodeJS.WriteStream): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: term } = process.env;
  if (force !== undefined) return force !== '0' && force !== 'false';
  if (no !== undefined && no !== '') return false;
  return stream.isTTY === true && term !== 'dumb';
}

/** Whether the stream is a terminal on which a line can be drawn over. */
export function canRedraw(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && process.env['TERM'] !== 'dumb';
}

/**
 * A reader that goes away (`| head`) ends the program without a word: nobody is left to read one. The exit code is then what it was so far
 * (`process.exitCode`). Anything else that is wrong with an output is said once.
 */
export function guardOutputs(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit();
      if (stream === process.stdout) process.stderr.write(`cap-tutor: cannot write the output: ${reasonOf(error)}\n`);
      process.exit(EXIT.usage);
    });
  }
}

/** Waits until the stream has taken what was written, so that a slow reader slows the program instead of filling its memory. */
export async function drained(stream: NodeJS.WriteStream): Promise<void> {
  if (!stream.writableNeedDrain) return;
  await new Promise<void>((resolve) => stream.once('drain', resolve));
}

/** What a system error means, in words of ours: the platform's differ from one machine to the next. What is no system error is a bug, and goes on its way. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) throw error;
  return REASONS[error.code] ?? `it failed (${error.code})`;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left',
  EMFILE: 'too many files are open',
  ELOOP: 'its symbolic links go round in a circle',
  ENAMETOOLONG: 'its name is too long',
  EIO: 'the device failed',
};
