import { found, type History, type Search } from './history.ts';
import { type InputEvent, keyId, withoutControls } from './keys.ts';
import { before, type Line, splitGraphemes } from './line.ts';

/** What a key does during an incremental search: goes on searching, gives up, or ends it and acts on the line found. */
export type Searching =
  | { readonly type: 'stay'; readonly search: Search; readonly line: Line }
  | { readonly type: 'give-up'; readonly line: Line }
  | { readonly type: 'accept' };

/** One event during a search. */
export function searching(search: Search, history: History, line: Line, event: InputEvent): Searching {
  if (event.type === 'paste') return { type: 'accept' };
  const stay = (query: string, from: number, step: 1 | -1): Searching => ({
    type: 'stay',
    ...found(history, search, query, from, step, line),
  });
  if (event.type === 'text') return typedInto(search, history, line, withoutControls(event.text));
  switch (keyId(event)) {
    case 'C-r':
      return stay(search.query, search.at - 1, -1);
    case 'C-s':
      return stay(search.query, search.at + 1, 1);
    case 'backspace':
    case 'C-h': {
      const query = search.query.slice(0, before(search.query, search.query.length));
      if (query === '')
        return { type: 'stay', search: { ...search, query, at: history.entries.length, failed: false }, line: search.origin };
      // A shorter query may have matched something newer: look again from the newest.
      return stay(query, history.entries.length, -1);
    }
    case 'C-g':
    case 'C-c':
    case 'escape':
      return { type: 'give-up', line: search.origin };
    default:
      return { type: 'accept' };
  }
}

/** Letter by letter: where a word stops matching, the last match stays, however many letters came at once. */
function typedInto(first: Search, history: History, shown: Line, text: string): Searching {
  let search = first;
  let line = shown;
  for (const letter of splitGraphemes(text)) {
    ({ search, line } = found(history, search, search.query + letter, search.at, -1, line));
  }
  return { type: 'stay', search, line };
}
