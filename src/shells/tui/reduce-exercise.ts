import type { Exercise } from '../../book/types.ts';
import { unreachable } from '../../core/unreachable.ts';
import {
  type BookState,
  type ExerciseView,
  exerciseView,
  exerciseKey as keyOf,
  type LabRef,
  PAGE,
  PROMPT,
  type Reduced,
  sectionLab,
} from './book-state.ts';
import { atItem, marked, outcomeShown, rowShown } from './follow.ts';
import { pageKey } from './reduce-page.ts';
import { viewOf } from './view.ts';

const stay = (state: BookState): Reduced => ({ state, effects: [] });

function refOf(state: BookState, exercise: Exercise): LabRef & { readonly exercise: Exercise } {
  return { ...sectionLab(state.chapters, state.place), exercise };
}

/** The exercise that a key means: the one with the mark, the one that is played, or the first in this section that is open. */
export function exerciseInReach(state: BookState): { readonly state: BookState; readonly exercise: Exercise } | undefined {
  const { page } = viewOf(state);
  const now = atItem(state, page);
  if (now !== undefined && now.what.kind !== 'run') return { state, exercise: now.what };
  const { chapter } = sectionLab(state.chapters, state.place);
  const at = page.items.findIndex(({ what }) => what === state.lab.exercise);
  const open = page.items.findIndex(({ what }) => what.kind !== 'run' && exerciseView(state, chapter, what).state.status === 'open');
  const other = page.items.findIndex(({ what }) => what.kind !== 'run');
  const item = at >= 0 ? at : open >= 0 ? open : other;
  const what = page.items[item]?.what;
  return what === undefined || what.kind === 'run' ? undefined : { state: marked(state, item), exercise: what };
}

/** Enter on an exercise: its world is made, and the keys choose an answer or go to the prompt. */
export function entered(state: BookState, exercise: Exercise): Reduced {
  const lab = refOf(state, exercise);
  const mode = exercise.kind === 'do' ? PROMPT : ({ kind: 'exercise', exercise } as const);
  const next = { ...state, lab, labUp: 0, mode };
  return { state: next.item === undefined ? next : outcomeShown(next, next.item), effects: [{ type: 'start', lab }] };
}

/** Hint, skip, solution, reset. The solution is asked for twice. */
export function exercisePressed(state: BookState, exercise: Exercise, what: 'hint' | 'skip' | 'solution?' | 'solution' | 'reset'): Reduced {
  const lab = refOf(state, exercise);
  const aloud = state.mode.kind === 'prompt';
  const page = state.mode.kind === 'exercise' ? { ...state, mode: PAGE } : state;
  switch (what) {
    case 'solution?':
      return stay({ ...state, mode: { kind: 'confirm', exercise, back: state.mode }, notice: 'Show the solution? y yes, n not yet' });
    case 'skip':
      return { state: page, effects: [{ type: 'skip', lab, aloud }] };
    case 'reset':
      return { state: { ...state, lab, labUp: 0 }, effects: [{ type: 'reset', lab }] };
    case 'solution':
      // That of a prediction is a run, to be seen in its world.
      return { state: exercise.kind === 'predict' ? { ...page, lab, labUp: 0 } : state, effects: [{ type: 'solution', lab, aloud }] };
    case 'hint':
      return { state, effects: [{ type: 'hint', lab, aloud }] };
    default:
      return unreachable(what);
  }
}

function viewed(state: BookState, exercise: Exercise, change: (view: ExerciseView) => Partial<ExerciseView>): BookState {
  const { chapter } = sectionLab(state.chapters, state.place);
  const view = exerciseView(state, chapter, exercise);
  return { ...state, exercises: new Map(state.exercises).set(keyOf(chapter, exercise), { ...view, ...change(view) }) };
}

/** A key while an answer is being chosen. */
export function exerciseKey(state: BookState, exercise: Exercise, id: string): Reduced {
  if (exercise.kind !== 'predict') return stay({ ...state, mode: PAGE });
  const count = exercise.choices.length;
  const choose = (to: (now: number) => number): Reduced => {
    const next = viewed(state, exercise, ({ selected }) => ({ selected: Math.max(0, Math.min(count - 1, to(selected))) }));
    return stay(choiceShown(next, exercise));
  };
  const sure = (by: number): Reduced =>
    stay(viewed(state, exercise, ({ confidence }) => ({ confidence: Math.max(50, Math.min(100, confidence + by)) })));
  if (/^[1-9]$/.test(id)) return Number(id) <= count ? choose(() => Number(id) - 1) : stay(state);
  switch (id) {
    case 'up':
    case 'k':
      return choose((now) => now - 1);
    case 'down':
    case 'j':
      return choose((now) => now + 1);
    case 'left':
      return exercise.confidence ? sure(-10) : stay(state);
    case 'right':
      return exercise.confidence ? sure(10) : stay(state);
    case 'return':
    case ' ':
      return answered(state, exercise);
    case 'escape':
      return stay({ ...state, mode: PAGE });
    case '?':
      return stay({ ...state, mode: { kind: 'help', top: 0, back: state.mode } });
    case 'h':
      return exercisePressed(state, exercise, 'hint');
    case 's':
      return exercisePressed(state, exercise, 'skip');
    case 'S':
      return exercisePressed(state, exercise, 'solution?');
    case 'r':
      return exercisePressed(state, exercise, 'reset');
    default:
      return pageKey({ ...state, mode: PAGE }, id);
  }
}

function answered(state: BookState, exercise: Exercise): Reduced {
  const lab = refOf(state, exercise);
  const { selected, confidence } = exerciseView(state, lab.chapter, exercise);
  const sure = exercise.kind === 'predict' && exercise.confidence ? { confidence } : {};
  return { state: { ...state, mode: PAGE }, effects: [{ type: 'answer', lab, choice: selected, ...sure }] };
}

function choiceShown(state: BookState, exercise: Exercise): BookState {
  const { chapter } = sectionLab(state.chapters, state.place);
  const { selected } = exerciseView(state, chapter, exercise);
  const row = viewOf(state).page.items.find(({ what }) => what === exercise)?.choices[selected];
  return row === undefined ? state : rowShown(state, row);
}
