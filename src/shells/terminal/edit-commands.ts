import { after, before, blankLeft, joined, type Line, moved, transposed, without, wordLeft, wordRight } from './line.ts';

/** What an editing key does: the new line, and what it killed on which side of the cursor. */
export interface Change {
  readonly line: Line;
  readonly killed?: string;
  readonly side?: 'left' | 'right';
}

type Command = (line: Line, kill: string) => Change;

const go =
  (where: (text: string, pos: number) => number): Command =>
  (line) => ({ line: moved(line, where(line.text, line.pos)) });

const erase =
  (where: (text: string, pos: number) => number): Command =>
  (line) => ({ line: cutTo(line, where(line.text, line.pos)) });

const kill =
  (where: (text: string, pos: number) => number): Command =>
  (line) => {
    const to = where(line.text, line.pos);
    const [from, end] = to < line.pos ? [to, line.pos] : [line.pos, to];
    return { line: without(line, from, end), killed: line.text.slice(from, end), side: to < line.pos ? 'left' : 'right' };
  };

function cutTo(line: Line, to: number): Line {
  return without(line, Math.min(line.pos, to), Math.max(line.pos, to));
}

const yank: Command = (line, killed) => ({ line: joined(line.text.slice(0, line.pos) + killed, line.text.slice(line.pos)) });

const home = (): number => 0;
const end = (text: string): number => text.length;

/** The editing keys, as in readline and Emacs, by `keyId` without Shift. */
export const bindings: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['left', go(before)],
  ['C-b', go(before)],
  ['right', go(after)],
  ['C-f', go(after)],
  ['home', go(home)],
  ['C-a', go(home)],
  ['end', go(end)],
  ['C-e', go(end)],
  ['M-b', go(wordLeft)],
  ['C-left', go(wordLeft)],
  ['M-left', go(wordLeft)],
  ['M-f', go(wordRight)],
  ['C-right', go(wordRight)],
  ['M-right', go(wordRight)],
  ['backspace', erase(before)],
  ['C-h', erase(before)],
  ['delete', erase(after)],
  ['C-d', erase(after)],
  ['C-w', kill(blankLeft)],
  ['M-backspace', kill(wordLeft)],
  ['C-backspace', kill(wordLeft)],
  ['M-d', kill(wordRight)],
  ['M-delete', kill(wordRight)],
  ['C-delete', kill(wordRight)],
  ['C-u', kill(home)],
  ['C-k', kill(end)],
  ['C-y', yank],
  ['C-t', (line) => ({ line: transposed(line) })],
]);
