import { type BookState, labKey, PROMPT, type Reduced, sectionLab } from './book-state.ts';
import { placeNumber, places } from './chooser-rows.ts';
import { atItem, gone, paged, scrolled, step, withMode } from './follow.ts';
import { entered, exerciseInReach, exercisePressed } from './reduce-exercise.ts';
import { viewOf } from './view.ts';

const stay = (state: BookState, notice?: string): Reduced => ({ state: notice === undefined ? state : { ...state, notice }, effects: [] });

/** A key on the page. */
export function pageKey(state: BookState, id: string): Reduced {
  switch (id) {
    case 'up':
    case 'k':
      return stay(step(state, -1));
    case 'down':
    case 'j':
      return stay(step(state, 1));
    case 'pageup':
    case 'b':
    case 'C-b':
      return stay(paged(state, -1));
    case 'pagedown':
    case ' ':
    case 'C-f': {
      const next = paged(state, 1);
      return next.top === state.top ? stay(next, 'the end of this section; n goes on to the next') : stay(next);
    }
    case 'home':
      return stay(scrolled(state, 0));
    case 'end':
    case 'G':
      return stay(scrolled(state, Number.MAX_SAFE_INTEGER));
    case 'n':
    case 'right':
      return turned(state, 1);
    case 'p':
    case 'left':
      return turned(state, -1);
    case 'g':
      return stay({ ...state, mode: { kind: 'chooser', at: placeNumber(state) } });
    case '?':
      return stay({ ...state, mode: { kind: 'help', top: 0, back: state.mode } });
    case 'q':
      return stay({ ...state, quit: 0 });
    case 'tab':
    case 'S-tab':
      return stay(withMode(state, PROMPT));
    default:
      return acted(state, id);
  }
}

/** Keys that set the lab to work. */
function acted(state: BookState, id: string): Reduced {
  switch (id) {
    case 'return': {
      const item = atItem(state, viewOf(state).page);
      if (item === undefined) return stay(state, 'nothing on this screen can be run; scroll on');
      if (item.what.kind !== 'run') return entered(state, item.what);
      const lab = sectionLab(state.chapters, state.place);
      return { state: { ...state, lab }, effects: [{ type: 'block', lab, block: item.what }] };
    }
    case 'u':
      return { state, effects: [{ type: 'lines', lab: state.lab, lines: ['undo'] }] };
    case 'w':
      return { state, effects: [{ type: 'lines', lab: state.lab, lines: ['why'] }] };
    case 'escape': {
      const lab = sectionLab(state.chapters, state.place);
      return labKey(lab) === labKey(state.lab) ? stay(state) : stay({ ...state, lab, labUp: 0 }, 'back in the world of this section');
    }
    case 'h':
      return onExercise(state, 'hint');
    case 's':
      return onExercise(state, 'skip');
    case 'S':
      return onExercise(state, 'solution?');
    case 'r': {
      const item = atItem(state, viewOf(state).page);
      const exercise = item === undefined || item.what.kind === 'run' ? state.lab.exercise : item.what;
      return exercise === undefined ? { state, effects: [{ type: 'reset', lab: state.lab }] } : exercisePressed(state, exercise, 'reset');
    }
    default:
      return stay(state);
  }
}

function onExercise(state: BookState, what: 'hint' | 'skip' | 'solution?'): Reduced {
  const found = exerciseInReach(state);
  return found === undefined ? stay(state, 'there is no exercise in this section') : exercisePressed(found.state, found.exercise, what);
}

/** The next section or the one before, on into the next chapter. */
function turned(state: BookState, by: 1 | -1): Reduced {
  const place = places(state)[placeNumber(state) + by];
  if (place === undefined) return stay(state, by > 0 ? 'this is the last section; g shows the list' : 'this is the first section');
  const next = gone(state, place);
  return { state: next, effects: [{ type: 'visit', lab: next.lab }] };
}
