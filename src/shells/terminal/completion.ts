import { joined, type Line } from './line.ts';

/** One way to go on. `text` replaces the range; a word that is finished ends in a blank of its own. */
export interface Candidate {
  readonly text: string;
  /** A few words for the list: what it is. */
  readonly note?: string;
}

/** What could stand in a range of the line (UTF-16 units, as the line was given). */
export interface Completion {
  readonly from: number;
  readonly to: number;
  readonly candidates: readonly Candidate[];
}

/** Says what could stand at the cursor; undefined or no candidates where nothing is known. */
export type Completer = (line: string, cursor: number) => Completion | undefined;

/** What Tab does to a line: the part that all candidates share is put in; `list` is what is left to choose from. */
export interface Completed {
  readonly line: Line;
  readonly progress: boolean;
  readonly list: readonly Candidate[];
}

/**
 * Completes as far as the candidates agree. Never takes away what was typed: where they agree on less than that (they
 * were matched loosely), the line stays as it is.
 */
export function completed(line: Line, completer: Completer): Completed {
  const answer = completer(line.text, line.pos);
  const nothing = { line, progress: false, list: [] };
  if (!answer || answer.candidates.length === 0) return nothing;
  const { from, to, candidates } = answer;
  // A completer that answers out of the line is wrong; an index from it must not become a cursor.
  if (!(from >= 0 && from <= to && to <= line.text.length)) return nothing;
  const typed = line.text.slice(from, to);
  const shared = commonPrefix(candidates.map((c) => c.text));
  const list = candidates.length > 1 ? candidates : [];
  if (shared === typed || shared.length < typed.length) return { line, progress: false, list };
  // A finished word brings its blank; one that stands there already will do.
  const rest = line.text.slice(to);
  const put = shared.endsWith(' ') && rest.startsWith(' ') ? rest.slice(1) : rest;
  return { line: joined(line.text.slice(0, from) + shared, put), progress: true, list };
}

function commonPrefix(texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  let length = first.length;
  for (const text of others) {
    let i = 0;
    while (i < length && i < text.length && text[i] === first[i]) i++;
    length = i;
  }
  // Not between the halves of a surrogate pair.
  const last = first.charCodeAt(length - 1);
  return first.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}
