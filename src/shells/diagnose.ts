import type { Problem } from '../core/problem.ts';
import { printable } from '../core/units.ts';
import { marked, spanOf } from '../view/problem.ts';

/** Where a line comes from. */
export interface Origin {
  readonly file: string;
  readonly line: number;
  /** The whole line. */
  readonly source: string;
}

/** A problem as compilers print it: `file:line:column: what is wrong`, the line with a caret under the place, and the remedy. Columns count from 1. */
export function diagnosis(problem: Problem, origin: Origin): string {
  const { from, to } = spanOf(problem, origin.source);
  const out = [`${printable(origin.file)}:${origin.line}:${from + 1}: ${printable(problem.what)}`, ...marked(origin.source, from, to)];
  if (problem.remedy !== undefined) out.push(`  ${printable(problem.remedy)}`);
  return `${out.join('\n')}\n`;
}

/** A problem of a whole file or of the command line. */
export function complaint(problem: Problem): string {
  const remedy = problem.remedy === undefined ? '' : `\n  ${printable(problem.remedy)}`;
  return `cap-tutor: ${printable(problem.what)}${remedy}\n`;
}
