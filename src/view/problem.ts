import type { Problem } from '../core/problem.ts';
import { printable } from '../core/units.ts';
import { type Block, styled } from './block.ts';
import { textWidth } from './width.ts';

/** How much of a long line is shown around the place. */
const WINDOW = 72;

/** A line with carets under a place in it, indented by two. Of a long line only the surroundings are shown. */
export function marked(source: string, from: number, to: number): readonly [line: string, carets: string] {
  let start = source.length <= WINDOW ? 0 : Math.max(0, Math.min(from - 24, source.length - WINDOW));
  if (start > 0 && isLowSurrogate(source, start)) start--;
  let end = Math.min(source.length, start + WINDOW);
  if (isLowSurrogate(source, end)) end++;
  const head = start > 0 ? '…' : '';
  const shown = `${head}${source.slice(start, end)}${end < source.length ? '…' : ''}`;
  const before = textWidth(printable(`${head}${source.slice(start, from)}`));
  const under = Math.max(1, textWidth(printable(source.slice(from, Math.min(to, end)))));
  return [`  ${printable(shown)}`.trimEnd(), `  ${' '.repeat(before)}${'^'.repeat(under)}`];
}

/** Where in its line a problem is, whatever it says about itself: never outside, never empty. Without a place it is the first word. */
export function spanOf(problem: Problem, source: string): { readonly from: number; readonly to: number } {
  const indent = source.length - source.trimStart().length;
  const from = Math.max(0, Math.min(problem.at?.from ?? indent, source.length));
  const to = problem.at?.to ?? indent + (/^\S*/.exec(source.trimStart())?.[0].length ?? 1);
  return { from, to: Math.max(from + 1, Math.min(to, source.length)) };
}

/** A refusal as a prompt and a transcript show it: what is wrong, where in the line, and what to do about it. */
export function problemBlocks(problem: Problem, source: string): readonly Block[] {
  const { from, to } = spanOf(problem, source);
  const [line, carets] = marked(source, from, to);
  const blocks: Block[] = [
    { kind: 'text', lines: [[styled('✗ invalid', 'fail'), `  ${printable(problem.what)}`]], hang: 2 },
    { kind: 'picture', lines: [[styled(line, 'dim')], [styled(carets, 'error')]] },
  ];
  if (problem.remedy !== undefined) blocks.push({ kind: 'text', lines: [[`  ${printable(problem.remedy)}`]], hang: 0 });
  return blocks;
}

function isLowSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff;
}
