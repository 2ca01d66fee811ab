import { unreachable } from '../../core/unreachable.ts';
import type { Completer } from '../terminal/completion.ts';
import { type InputEvent, keyId } from '../terminal/keys.ts';
import type { BookState, Reduced } from './book-state.ts';
import { places } from './chooser-rows.ts';
import { gone } from './follow.ts';
import { helpRows } from './help-rows.ts';
import { exerciseKey, exercisePressed } from './reduce-exercise.ts';
import { pageKey } from './reduce-page.ts';
import { promptInput } from './reduce-prompt.ts';
import { lastTop } from './scroll.ts';
import { layoutOf } from './view.ts';

/** One key, text or paste. Text on the page is keys: several letters that came at once are several. */
export function inputReduced(state: BookState, event: InputEvent, completer?: Completer): Reduced {
  const quiet = state.notice === undefined ? state : { ...state, notice: undefined };
  if (quiet.mode.kind === 'prompt') return promptInput(quiet, event, completer);
  if (event.type === 'paste') {
    return { state: { ...quiet, notice: 'Tab goes to the prompt, where pasted lines belong' }, effects: [] };
  }
  if (event.type === 'key') return keyed(quiet, keyId(event), event, completer);
  const letters = [...event.text];
  return letters.reduce<Reduced>(
    (sofar, letter) => {
      // A letter may lead to the prompt: what comes after it is typed there.
      const next =
        sofar.state.mode.kind === 'prompt'
          ? promptInput(sofar.state, { type: 'text', text: letter }, completer)
          : keyed(sofar.state, letter, event, completer);
      return { state: next.state, effects: [...sofar.effects, ...next.effects] };
    },
    { state: quiet, effects: [] },
  );
}

function keyed(state: BookState, id: string, event: InputEvent, completer?: Completer): Reduced {
  if (id === 'C-c')
    return state.running === undefined ? { state: { ...state, quit: 130 }, effects: [] } : { state, effects: [{ type: 'cancel' }] };
  if (id === 'C-z') return { state, effects: [{ type: 'suspend' }] };
  if (id === 'C-l') return { state, effects: [] };
  const { mode } = state;
  switch (mode.kind) {
    case 'page':
      return pageKey(state, id);
    case 'exercise':
      return exerciseKey(state, mode.exercise, id);
    case 'confirm':
      return confirmed(state, id);
    case 'chooser':
      return chosen(state, mode.at, id);
    case 'help':
      return helped(state, mode.top, id);
    case 'prompt':
      return promptInput(state, event, completer);
    default:
      return unreachable(mode);
  }
}

function confirmed(state: BookState, id: string): Reduced {
  if (state.mode.kind !== 'confirm') return { state, effects: [] };
  const { exercise, back } = state.mode;
  const next = { ...state, mode: back };
  return id === 'y' || id === 'Y' || id === 'return' ? exercisePressed(next, exercise, 'solution') : { state: next, effects: [] };
}

function chosen(state: BookState, at: number, id: string): Reduced {
  const all = places(state);
  const to = (n: number): Reduced => ({
    state: { ...state, mode: { kind: 'chooser', at: Math.max(0, Math.min(all.length - 1, n)) } },
    effects: [],
  });
  switch (id) {
    case 'up':
    case 'k':
      return to(at - 1);
    case 'down':
    case 'j':
      return to(at + 1);
    case 'pageup':
      return to(at - 10);
    case 'pagedown':
      return to(at + 10);
    case 'home':
      return to(0);
    case 'end':
      return to(all.length - 1);
    case 'return': {
      const place = all[at];
      if (place === undefined) return { state, effects: [] };
      const next = gone({ ...state, mode: { kind: 'page' } }, place);
      return { state: next, effects: [{ type: 'visit', lab: next.lab }] };
    }
    case 'escape':
    case 'g':
    case 'q':
      return { state: { ...state, mode: { kind: 'page' } }, effects: [] };
    default:
      return { state, effects: [] };
  }
}

function helped(state: BookState, top: number, id: string): Reduced {
  if (state.mode.kind !== 'help') return { state, effects: [] };
  const { back } = state.mode;
  const by =
    id === 'down' || id === 'j' ? 1 : id === 'up' || id === 'k' ? -1 : id === 'pagedown' || id === ' ' ? 8 : id === 'pageup' ? -8 : 0;
  if (by === 0) return { state: { ...state, mode: back }, effects: [] };
  const { page } = layoutOf(state);
  const most = lastTop({ length: helpRows(page.width, state.look).length, height: page.height });
  return { state: { ...state, mode: { kind: 'help', back, top: Math.max(0, Math.min(most, top + by)) } }, effects: [] };
}
