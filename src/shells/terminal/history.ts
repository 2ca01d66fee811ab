import { type Line, lineOf, moved } from './line.ts';

/**
 * The lines entered before, oldest first, and after them the one being typed. Edits to a recalled line are kept while
 * one looks around, as readline keeps them, and forgotten when a line is submitted.
 */
export interface History {
  readonly entries: readonly string[];
  /** Which slot is on the prompt: `entries.length` is the draft. */
  readonly at: number;
  /** What was typed into slots that have been left. */
  readonly drafts: ReadonlyMap<number, string>;
}

const LIMIT = 1000;

/** A history over lines remembered from earlier runs, oldest first. */
export function historyOf(entries: readonly string[]): History {
  const kept = entries.filter((entry, i) => entry.trim() !== '' && entry !== entries[i - 1]).slice(-LIMIT);
  return { entries: kept, at: kept.length, drafts: new Map() };
}

/** The history with the submitted lines at its end; blanks and repeats of the newest are not worth a keystroke. */
export function remembered(history: History, lines: readonly string[]): History {
  return historyOf([...history.entries, ...lines]);
}

/** Moves to another slot, keeping what is on the prompt now. Undefined: there is none further that way. */
export function recalled(history: History, line: Line, to: number): { history: History; line: Line } | undefined {
  const at = Math.max(0, Math.min(history.entries.length, to));
  if (at === history.at) return undefined;
  const drafts = new Map(history.drafts).set(history.at, line.text);
  return { history: { ...history, at, drafts }, line: lineOf(slot(history, drafts, at)) };
}

function slot(history: History, drafts: ReadonlyMap<number, string>, at: number): string {
  return drafts.get(at) ?? history.entries[at] ?? '';
}

/** An incremental search through the history (Ctrl-R). */
export interface Search {
  readonly query: string;
  /** The entry found last; the search goes on from it. */
  readonly at: number;
  /** Nothing older holds the query: the line shown is the last that did. */
  readonly failed: boolean;
  /** The line before the search, for giving it up. */
  readonly origin: Line;
}

/** Begins a search from the newest entry. */
export function searchFrom(history: History, origin: Line): Search {
  return { query: '', at: history.entries.length, failed: false, origin };
}

/** Looks for `query` at entry `from` and older (`step` -1) or newer (`step` 1); returns the search and the line to show. */
export function found(
  history: History,
  search: Search,
  query: string,
  from: number,
  step: 1 | -1,
  shown: Line,
): { search: Search; line: Line } {
  if (query === '') return { search: { ...search, query, failed: false }, line: shown };
  for (let i = Math.min(from, history.entries.length - 1); i >= 0 && i < history.entries.length; i += step) {
    const entry = history.entries[i] ?? '';
    const column = entry.indexOf(query);
    if (column >= 0) return { search: { ...search, query, at: i, failed: false }, line: moved(lineOf(entry), column) };
  }
  return { search: { ...search, query, failed: true }, line: shown };
}
