import { type Place, Problem } from '../core/problem.ts';

/**
 * A chapter's Markdown cut where the program has to understand it: headings of the first two levels, fences, and comments. Everything else stays Markdown, for
 * whoever draws it. Only what stands at the left margin counts (CommonMark allows three spaces): a fence inside a list is prose.
 */
export type Piece =
  | { readonly kind: 'heading'; readonly level: 1 | 2; readonly title: string; readonly slug?: string; readonly line: number }
  | Fence
  | { readonly kind: 'prose'; readonly lines: readonly string[]; readonly line: number }
  | { readonly kind: 'comment'; readonly text: string; readonly line: number };

export interface Fence {
  readonly kind: 'fence';
  /** What follows the backticks, words separated by one space: `cap transcript`. */
  readonly info: string;
  readonly body: readonly string[];
  /** Of the opening fence; the body begins on the next one. */
  readonly line: number;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([^`]*?)\s*$/;
const HEADING = /^ {0,3}(#{1,2})\s+(.*?)\s*$/;
const NAMED = /^(.*?)\s*<!--\s*#([\w-]+)\s*-->$/;
const COMMENT = /^ {0,3}<!--(.*?)-->\s*$/;

/** `first` is the number of the first line, from 1. */
export function cutPage(
  lines: readonly string[],
  first: number,
): { readonly pieces: readonly Piece[]; readonly problems: readonly Problem[] } {
  const pieces: Piece[] = [];
  const problems: Problem[] = [];
  let prose: string[] = [];
  let proseAt = first;
  const endProse = (): void => {
    if (prose.some((line) => line.trim() !== '')) pieces.push({ kind: 'prose', lines: prose, line: proseAt });
    prose = [];
  };
  for (let i = 0; i < lines.length; i++) {
    const source = lines[i] ?? '';
    const line = first + i;
    const opening = FENCE.exec(source);
    if (opening !== null) {
      const end = closing(lines, i, opening[1] ?? '');
      if (end === undefined)
        problems.push(new Problem('this fence is never closed', `end it with a line ${opening[1]}`, wholeLine(source, line)));
      const info = (opening[2] ?? '').replace(/\s+/g, ' ').toLowerCase();
      const body = lines.slice(i + 1, end ?? lines.length);
      // Fences in other languages are for reading only: they stay in the prose around them.
      if (isOurs(info)) {
        endProse();
        pieces.push({ kind: 'fence', info, body, line });
      } else {
        if (prose.length === 0) proseAt = line;
        prose.push(...lines.slice(i, (end ?? lines.length) + 1));
      }
      i = end ?? lines.length;
      continue;
    }
    const other = heading(source, line) ?? comment(source, line);
    if (other !== undefined) {
      endProse();
      pieces.push(other);
      continue;
    }
    if (prose.length === 0) proseAt = line;
    prose.push(source);
  }
  endProse();
  return { pieces, problems };
}

export function wholeLine(source: string, line: number): Place {
  return { from: source.length - source.trimStart().length, to: Math.max(1, source.trimEnd().length), line };
}

/** The word before the first space decides: `cap`, `exercise`. */
function isOurs(info: string): boolean {
  const word = info.split(' ')[0];
  return word === 'cap' || word === 'exercise';
}

function closing(lines: readonly string[], opening: number, ticks: string): number | undefined {
  for (let i = opening + 1; i < lines.length; i++) {
    const mark = /^ {0,3}(`{3,}|~{3,})\s*$/.exec(lines[i] ?? '')?.[1];
    if (mark?.startsWith(ticks)) return i;
  }
  return undefined;
}

function heading(source: string, line: number): Piece | undefined {
  const match = HEADING.exec(source);
  if (match === null) return undefined;
  const level = match[1] === '#' ? 1 : 2;
  const text = match[2] ?? '';
  const named = NAMED.exec(text);
  if (named === null) return { kind: 'heading', level, title: text, line };
  return { kind: 'heading', level, title: named[1] ?? '', slug: named[2] ?? '', line };
}

function comment(source: string, line: number): Piece | undefined {
  const match = COMMENT.exec(source);
  return match === null ? undefined : { kind: 'comment', text: (match[1] ?? '').trim(), line };
}
