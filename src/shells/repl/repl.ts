import type { SessionOptions } from '../../session/types.ts';
import { canRedraw } from '../output.ts';
import { readHistory } from './history-file.ts';
import { plainPrompt } from './plain.ts';
import { Prompt } from './prompt.ts';
import { Talk } from './talk.ts';

export interface ReplOptions {
  readonly ascii: boolean;
  readonly session: SessionOptions;
}

/** `cap-tutor repl` on a terminal: returns the exit code. */
export async function repl({ ascii, session }: ReplOptions): Promise<number> {
  const talk = new Talk(session, ascii);
  const { lines, damaged } = readHistory();
  if (damaged !== undefined) process.stderr.write(`cap-tutor: the history of earlier runs was damaged; it is kept as ${damaged}\n`);
  talk.greet();
  return canRedraw(process.stdout) ? new Prompt(talk, lines).run() : plainPrompt(talk);
}
