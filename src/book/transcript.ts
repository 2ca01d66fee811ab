import { cutPage } from './page.ts';

/**
 * A recorded session as a file (LANGUAGE section 4): commands behind the prompt `> `, their output below. In Markdown the fences `cap transcript` hold
 * such sessions and the fences `cap` hold commands alone; a section is one world, so that running a block means running the section's earlier blocks first. A plain
 * text file is one world. All the rest of the file is kept byte for byte.
 */
export interface Transcript {
  /** The file's lines, without LF but with the CR of a CRLF. */
  readonly lines: readonly string[];
  readonly worlds: readonly (readonly Step[])[];
}

/** One line of commands. */
export interface Step {
  readonly source: string;
  /** The line of the file, from 1. */
  readonly line: number;
  /** How many columns stand before the command. */
  readonly column: number;
  /** The recorded output as indexes into `lines`, blank lines at its end left out; undefined where none is recorded. */
  readonly output?: { readonly from: number; readonly to: number };
}

const PROMPT = /^>(?: |$)/;

export function readTranscript(text: string, file: string): Transcript {
  const lines = text.split('\n');
  const bare = lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  if (!isMarkdown(file, bare)) return { lines, worlds: [promptedSteps(bare, 0, endOf(bare))] };
  const worlds: Step[][] = [[]];
  for (const piece of cutPage(bare, 1).pieces) {
    if (piece.kind === 'heading') worlds.push([]);
    if (piece.kind !== 'fence') continue;
    const from = piece.line;
    const to = from + piece.body.length;
    if (piece.info === 'cap transcript') worlds.at(-1)?.push(...promptedSteps(bare, from, to));
    else if (piece.info === 'cap') worlds.at(-1)?.push(...plainSteps(bare, from, to));
  }
  return { lines, worlds: worlds.filter((steps) => steps.length > 0) };
}

function isMarkdown(file: string, lines: readonly string[]): boolean {
  return /\.(md|markdown)$/i.test(file) || lines.some((line) => /^(```|~~~)cap\b/.test(line));
}

/** A file that ends in a line end has one empty line less than `split` says. */
function endOf(lines: readonly string[]): number {
  return lines.at(-1) === '' ? lines.length - 1 : lines.length;
}

function promptedSteps(lines: readonly string[], from: number, to: number): Step[] {
  const prompts: number[] = [];
  for (let i = from; i < to; i++) if (PROMPT.test(lines[i] ?? '')) prompts.push(i);
  return prompts.map((at, k) => {
    let end = prompts[k + 1] ?? to;
    while (end > at + 1 && (lines[end - 1] ?? '').trim() === '') end--;
    const column = PROMPT.exec(lines[at] ?? '')?.[0].length ?? 0;
    return { source: (lines[at] ?? '').slice(column), line: at + 1, column, output: { from: at + 1, to: end } };
  });
}

function plainSteps(lines: readonly string[], from: number, to: number): Step[] {
  return lines.slice(from, to).map((source, k) => ({ source, line: from + k + 1, column: 0 }));
}

/** The file with other outputs (by step), and nothing else changed. A new line ends as its command's line does. */
export function withOutputs(transcript: Transcript, outputs: ReadonlyMap<Step, readonly string[]>): string {
  const lines: string[] = [];
  let at = 0;
  for (const step of transcript.worlds.flat()) {
    const output = outputs.get(step);
    if (step.output === undefined || output === undefined) continue;
    lines.push(...transcript.lines.slice(at, step.output.from));
    const end = transcript.lines[step.line - 1]?.endsWith('\r') === true ? '\r' : '';
    lines.push(...output.map((line) => `${line}${end}`));
    at = step.output.to;
  }
  lines.push(...transcript.lines.slice(at));
  return lines.join('\n');
}
