import { isProblem } from '../../core/problem.ts';
import { EXIT } from '../exit.ts';
import { linesOf } from '../lines.ts';
import { keepLines } from './history-file.ts';
import type { Talk } from './talk.ts';

/**
 * The prompt on a terminal that cannot be drawn on (`TERM=dumb`: an editor's shell window, a serial line), or whose output goes elsewhere. The terminal itself edits
 * the line; nothing but text is ever sent.
 */
export async function plainPrompt(talk: Talk): Promise<number> {
  const out = process.stdout.isTTY ? process.stdout : process.stderr;
  const ask = (): void => {
    out.write(talk.prompt);
  };
  const interrupt = (): void => {
    if (talk.running) talk.interrupted = true;
    else {
      // The terminal has dropped the line already.
      out.write('\n');
      ask();
    }
  };
  process.on('SIGINT', interrupt);
  ask();
  for await (const line of linesOf(process.stdin)) {
    if (isProblem(line)) out.write(`${line}\n`);
    else {
      keepLines([line]);
      if (await talk.line(line)) return EXIT.ok;
    }
    ask();
  }
  out.write('\n');
  process.off('SIGINT', interrupt);
  return EXIT.ok;
}
