import { exerciseProgress } from '../../book/progress.ts';
import { openSession } from '../../commands/index.ts';
import { isProblem, Problem } from '../../core/problem.ts';
import { printable } from '../../core/units.ts';
import { styled, text } from '../../view/block.ts';
import { openFolder } from '../book-folder.ts';
import { complaint } from '../diagnose.ts';
import { EXIT } from '../exit.ts';
import { hasColour } from '../output.ts';
import { loadProgress } from '../progress-file.ts';
import { keepLines, readHistory } from '../repl/history-file.ts';
import { type BookState, type Effect, type Entry, openingState, sectionLab } from './book-state.ts';
import { gone, marked } from './follow.ts';
import { frameOf } from './frame.ts';
import { Keeper } from './keeper.ts';
import { type Found, findPlace, lastPlace } from './places.ts';
import { openScreen } from './screen.ts';
import { Store } from './store.ts';
import { viewOf } from './view.ts';
import { Worlds } from './worlds.ts';

export interface BookOptions {
  /** A chapter, a section or an exercise; by default where the reader stopped. */
  readonly chapter?: string;
  /** The folder with the chapters; by default our own. */
  readonly book?: string;
  readonly ascii: boolean;
}

/** Opens the textbook full screen. Resolves with the exit code when the reader leaves. */
export async function openBook(options: BookOptions): Promise<number> {
  const refuse = (problem: Problem): number => {
    process.stderr.write(complaint(problem));
    return EXIT.usage;
  };
  const book = openFolder(options.book);
  if (isProblem(book)) return refuse(book);
  const problems = book.problems.map(located);
  if (book.chapters.length === 0) {
    problems.forEach(refuse);
    return EXIT.usage;
  }
  const kept = loadProgress(true);
  const found =
    options.chapter === undefined ? { place: lastPlace(book.chapters, kept.progress.at) } : findPlace(book.chapters, options.chapter);
  if (isProblem(found)) return refuse(found);

  let store: Store | undefined;
  const worlds = new Worlds(
    openSession,
    (chapter, exercise) => exerciseProgress(store?.state.progress ?? kept.progress, chapter.slug, exercise.slug),
    (action) => store?.dispatch(action),
  );
  const keeper = new Keeper((sentence) => store?.dispatch({ type: 'notice', text: sentence }));
  const { stdout } = process;
  const opened = openingState({
    size: { columns: stdout.columns || 80, rows: stdout.rows || 24 },
    look: { colour: hasColour(stdout), ascii: options.ascii },
    chapters: book.chapters,
    place: found.place,
    overview: worlds.overview(sectionLab(book.chapters, found.place)),
    progress: kept.progress,
    history: readHistory().lines,
    problems,
    notes: [...progressNotes(kept), ...problems.map(chapterNote)],
    ...(kept.problem === undefined ? {} : { notice: kept.problem.what }),
  });
  store = new Store(atPlace(opened, found), {
    completer: (line, cursor) => (store === undefined ? undefined : worlds.complete(store.state.lab, line, cursor)),
    act: (effect) => act(effect, worlds),
    changed: (state, before) => {
      if (state.progress !== before.progress && kept.writable) keeper.keep(state.progress);
    },
  });
  if (kept.writable) keeper.keep(store.state.progress);
  await show(store, () => keeper.flush());
  return store.state.quit ?? EXIT.ok;
}

/** The first frame is painted before Ink is loaded, which takes as long as all the rest. What is typed meanwhile waits in the terminal. */
async function show(store: Store, save: () => void): Promise<void> {
  const screen = openScreen(process);
  screen.beforeLeaving(save);
  try {
    screen.painter.write(frameOf(store.state, viewOf(store.state)).join('\n'));
    screen.painter.paint();
    const { showBook } = await import('./show-book.tsx');
    await showBook(store, process, screen);
  } finally {
    screen.leave();
  }
}

function act(effect: Effect, worlds: Worlds): void {
  switch (effect.type) {
    case 'remember':
      keepLines(effect.lines);
      return;
    case 'cancel':
      worlds.cancel();
      return;
    case 'suspend':
      // Windows has no such signal.
      if (process.platform !== 'win32') process.kill(process.pid, 'SIGTSTP');
      return;
    default:
      worlds.do(effect);
  }
}

/** At the section, with the mark on the exercise that was asked for. */
function atPlace(state: BookState, { place, exercise }: Found): BookState {
  const there = gone(state, place);
  if (exercise === undefined) return there;
  const item = viewOf(there).page.items.findIndex(({ what }) => what === exercise);
  return item < 0 ? there : marked(there, item);
}

function progressNotes({ problem, aside }: ReturnType<typeof loadProgress>): readonly Entry[] {
  if (problem === undefined) return [];
  const where = aside === undefined ? (problem.remedy ?? '') : `it is kept as ${aside}, and a new one is begun`;
  return [{ blocks: [text([styled('note', 'unknown'), `  ${printable(problem.what)}; ${printable(where)}`])] }];
}

/** What is wrong with a chapter, its file and line before it. */
function located({ what, remedy, at }: Problem): Problem {
  return new Problem(at?.file === undefined ? what : `${at.file}:${at.line ?? 1}: ${what}`, remedy);
}

function chapterNote(problem: Problem): Entry {
  return { blocks: [text([styled('✗ chapter', 'error'), `  ${printable(problem.toString())}`])] };
}
