import type { Completer } from '../terminal/completion.ts';
import { type InputEvent, keyId } from '../terminal/keys.ts';
import { press } from '../terminal/line-editor.ts';
import { type BookState, type Effect, PAGE, type Reduced } from './book-state.ts';
import { withMode } from './follow.ts';
import { outputLength } from './lab-rows.ts';
import { exercisePressed } from './reduce-exercise.ts';
import { layoutOf } from './view.ts';

const stay = (state: BookState): Reduced => ({ state, effects: [] });

/** One event at the prompt. */
export function promptInput(state: BookState, event: InputEvent, completer?: Completer): Reduced {
  const id = event.type === 'key' ? keyId(event) : '';
  const searching = state.editor.search !== undefined;
  if (id === 'C-c' && state.running !== undefined) return { state, effects: [{ type: 'cancel' }] };
  if (!searching && (id === 'tab' || id === 'S-tab') && state.editor.line.text === '') return stay(withMode(state, PAGE));
  if (id === 'pageup' || id === 'pagedown') return stay(outputScrolled(state, id === 'pageup' ? 1 : -1));
  const { editor, outcome } = press(state.editor, event, completer);
  const next = { ...state, editor };
  switch (outcome.type) {
    case 'submit':
      return submitted(next, outcome.lines);
    case 'end':
      return stay({ ...next, quit: 0 });
    case 'pass':
      if (id === 'escape') return stay(withMode(next, PAGE));
      return id === 'C-z' ? { state: next, effects: [{ type: 'suspend' }] } : stay(next);
    default:
      return stay(next);
  }
}

/** The prompt has one row; what was printed has the others. */
function outputScrolled(state: BookState, direction: 1 | -1): BookState {
  const { prompt } = layoutOf(state);
  const height = Math.max(1, prompt.height - 1);
  const most = Math.max(0, outputLength(state, prompt.width) - height);
  return { ...state, labUp: Math.max(0, Math.min(most, state.labUp + direction * Math.max(1, height - 1))) };
}

/** Lines for the lab; words that are about the exercise at hand go to it, in their order. */
function submitted(state: BookState, lines: readonly string[]): Reduced {
  const effects: Effect[] = [{ type: 'remember', lines }];
  let next: BookState = { ...state, labUp: 0 };
  for (const line of lines) {
    const word = line.trim().toLowerCase();
    const { exercise } = state.lab;
    if (exercise !== undefined && (word === 'hint' || word === 'skip' || word === 'solution')) {
      const done = exercisePressed(next, exercise, word === 'solution' ? 'solution?' : word);
      next = done.state;
      effects.push(...done.effects);
    } else if (word === 'reset') effects.push({ type: 'reset', lab: state.lab });
    else if (word !== '') effects.push({ type: 'lines', lab: state.lab, lines: [line] });
  }
  return { state: next, effects };
}
