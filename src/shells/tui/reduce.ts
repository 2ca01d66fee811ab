import { exerciseDone } from '../../book/progress.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { Completer } from '../terminal/completion.ts';
import { type Action, type BookState, exerciseKey, exerciseView, type LabRef, type LabView, labKey, type Reduced } from './book-state.ts';
import { outcomeShown, withTop } from './follow.ts';
import { inputReduced } from './reduce-input.ts';
import { refitted } from './scroll.ts';
import { viewOf } from './view.ts';

/** Older entries of a lab are forgotten: nobody scrolls back that far. */
const LOG_LIMIT = 500;

/** The book after one action, and what has to be done about it. Pure: the completer only asks. */
export function reduce(state: BookState, action: Action, completer?: Completer): Reduced {
  if (action.type === 'input') return inputReduced(state, action.event, completer);
  return { state: heard(state, action), effects: [] };
}

/** What the worlds have to tell. */
function heard(state: BookState, action: Exclude<Action, { readonly type: 'input' }>): BookState {
  switch (action.type) {
    case 'resized':
      return resized(state, action.size);
    case 'lab':
      return labMade(state, action);
    case 'said':
      return said(state, action);
    case 'judged':
      return judged(state, action);
    case 'began':
      return { ...state, running: { what: action.what } };
    case 'progress':
      return state.running === undefined ? state : { ...state, running: { ...state.running, progress: action.progress } };
    case 'ended':
      return { ...state, running: undefined };
    case 'exercise':
      return exerciseTold(state, action);
    case 'notice':
      return { ...state, notice: action.text };
    case 'quit':
      return { ...state, quit: action.code };
    default:
      return unreachable(action);
  }
}

/** The text is wrapped anew: the row at the top stays by its share of the whole. */
function resized(state: BookState, size: BookState['size']): BookState {
  if (size.columns === state.size.columns && size.rows === state.size.rows) return state;
  const before = viewOf(state);
  const next = { ...state, size };
  const after = viewOf(next);
  const old = { top: state.top, height: before.layout.page.height, length: before.page.rows.length };
  return withTop(next, refitted(old, after.layout.page.height, after.page.rows.length).top);
}

function withLab(state: BookState, lab: LabRef, change: (view: LabView | undefined) => LabView): BookState {
  const key = labKey(lab);
  return { ...state, labs: new Map(state.labs).set(key, change(state.labs.get(key))) };
}

/** Verdicts come when there is time: the world may be gone by then. */
function judged(state: BookState, { lab, verdicts }: Extract<Action, { readonly type: 'judged' }>): BookState {
  const view = state.labs.get(labKey(lab));
  return view === undefined ? state : withLab(state, lab, () => ({ ...view, verdicts }));
}

function labMade(state: BookState, { lab, overview, fresh }: Extract<Action, { readonly type: 'lab' }>): BookState {
  const next = withLab(state, lab, (view) => ({ log: view?.log ?? [], overview }));
  if (!fresh || lab.exercise !== undefined) return next;
  const lines = new Set(lab.section.blocks.flatMap((block) => (block.kind === 'run' ? block.lines : [])));
  return { ...next, signs: new Map([...next.signs].filter(([line]) => !lines.has(line))) };
}

function said(state: BookState, { lab, entry, overview, line, sign }: Extract<Action, { readonly type: 'said' }>): BookState {
  const next = withLab(state, lab, (view) => ({
    log: [...(view?.log ?? []).slice(1 - LOG_LIMIT), entry],
    overview,
    ...changedFrom(view, overview),
    ...(view?.verdicts === undefined ? {} : { verdicts: view.verdicts }),
  }));
  const shown = labKey(lab) === labKey(state.lab) ? { ...next, labUp: 0 } : next;
  if (line === undefined || sign === undefined) return shown;
  // Of several statements in a line the first that did not go well decides.
  const old = state.signs.get(line);
  const worse = old === undefined || old === 'ok' || old === 'done' ? sign : old;
  return { ...shown, signs: new Map(shown.signs).set(line, worse) };
}

/** What the map compares with: the cluster before the last command that changed a node. Questions in between do not count. */
function changedFrom(view: LabView | undefined, now: LabView['overview']): Pick<LabView, 'before'> {
  if (view === undefined) return {};
  const same = JSON.stringify(view.overview.nodes) === JSON.stringify(now.nodes);
  if (!same) return { before: view.overview };
  return view.before === undefined ? {} : { before: view.before };
}

function exerciseTold(state: BookState, { lab, state: now, progress }: Extract<Action, { readonly type: 'exercise' }>): BookState {
  const { chapter, exercise } = lab;
  const view = exerciseView(state, chapter, exercise);
  const next = {
    ...state,
    exercises: new Map(state.exercises).set(exerciseKey(chapter, exercise), { ...view, state: now }),
    progress: exerciseDone(state.progress, chapter.slug, exercise.slug, progress),
  };
  // Where the exercise carries the mark, what was said about it comes into sight.
  const at = viewOf(next).page.items.findIndex(({ what }) => what === exercise);
  return at >= 0 && at === next.item && now !== view.state ? outcomeShown(next, at) : withTop(next, next.top);
}
