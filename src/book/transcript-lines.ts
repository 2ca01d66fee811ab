import { Problem } from '../core/problem.ts';
import { cleanText, readCommands } from './fields.ts';
import type { CommandLine } from './types.ts';

/**
 * The body of a `cap transcript` fence as commands with their recorded output (LANGUAGE section 4). `first` is the file's line of its first line.
 */
export function readTranscript(
  body: readonly string[],
  first: number,
): { readonly lines: readonly CommandLine[] } | { readonly problems: readonly Problem[] } {
  const lines: { command: CommandLine; output: string[] }[] = [];
  const problems: Problem[] = [];
  body.forEach((source, i) => {
    const prompt = /^>(?: |$)/.exec(source);
    if (prompt !== null) {
      const command = readCommands(source.slice(prompt[0].length), first + i, prompt[0].length);
      if (command instanceof Problem) problems.push(command);
      else lines.push({ command, output: [] });
      return;
    }
    const last = lines.at(-1);
    if (last !== undefined) last.output.push(cleanText(source));
    else if (source.trim() !== '' && problems.length === 0) {
      problems.push(new Problem('a transcript begins with a command', 'put > before it', { from: 0, to: source.length, line: first + i }));
    }
  });
  if (problems.length > 0) return { problems };
  return { lines: lines.map(({ command, output }) => ({ ...command, output })) };
}
