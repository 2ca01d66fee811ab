import type { ExerciseState } from '../../book/exercise-run.ts';
import { chapterProgress, type ExerciseProgress, exerciseProgress, type Progress } from '../../book/progress.ts';
import type { Chapter, CommandLine, Exercise, RunBlock, Section } from '../../book/types.ts';
import type { Problem } from '../../core/problem.ts';
import type { Overview, Row, Progress as Running, Verdicts } from '../../session/types.ts';
import type { Block } from '../../view/block.ts';
import type { InputEvent } from '../terminal/keys.ts';
import { createEditor, type Editor } from '../terminal/line-editor.ts';
import type { Size } from './use-size.ts';

/** Everything that is on the screen, as a value: one action gives the next, and the same state draws the same screen. */
export interface BookState {
  readonly size: Size;
  readonly look: { readonly colour: boolean; readonly ascii: boolean };
  readonly chapters: readonly Chapter[];
  /** What is wrong with chapters, each with its file and line in front. */
  readonly problems: readonly Problem[];
  readonly place: Place;
  /** First row of the page that is shown. */
  readonly top: number;
  /** Which block or exercise of the page carries the mark; undefined: none is in view. */
  readonly item: number | undefined;
  readonly mode: Mode;
  readonly editor: Editor;
  /** Whose world the lab shows. */
  readonly lab: LabRef;
  readonly labs: ReadonlyMap<string, LabView>;
  /** How many rows the lab's output is scrolled up from its end. */
  readonly labUp: number;
  readonly exercises: ReadonlyMap<string, ExerciseView>;
  /** What became of the lines of blocks that were run. */
  readonly signs: ReadonlyMap<CommandLine, Sign>;
  readonly progress: Progress;
  /** A command is at work. */
  readonly running: { readonly what: string; readonly progress?: Running } | undefined;
  /** One sentence in place of the keys, until the next key. */
  readonly notice: string | undefined;
  /** The exit code, once the reader wants to leave. */
  readonly quit: number | undefined;
}

/** A section of the book, by the numbers of the lists. */
export interface Place {
  readonly chapter: number;
  readonly section: number;
}

/** Where the keys go. */
export type Mode =
  | { readonly kind: 'page' }
  | { readonly kind: 'prompt' }
  /** Choosing an answer. */
  | { readonly kind: 'exercise'; readonly exercise: Exercise }
  | { readonly kind: 'confirm'; readonly exercise: Exercise; readonly back: Mode }
  | { readonly kind: 'chooser'; readonly at: number }
  | { readonly kind: 'help'; readonly top: number; readonly back: Mode };

/** The world of a section, or of an exercise in it. */
export interface LabRef {
  readonly chapter: Chapter;
  readonly section: Section;
  readonly exercise?: Exercise;
}

export interface LabView {
  readonly log: readonly Entry[];
  readonly overview: Overview;
  /** As it was before the last command, for marking what that one changed. */
  readonly before?: Overview;
  /** What the history so far satisfies, as far as that is known. */
  readonly verdicts?: Verdicts;
}

/** A command and what it answered, or what the book itself has to say. */
export interface Entry {
  readonly command?: string;
  readonly blocks: readonly Block[];
}

export interface ExerciseView {
  readonly state: ExerciseState;
  readonly selected: number;
  /** Percent. */
  readonly confidence: number;
}

export type Sign = Row['outcome'];

/** What the world outside the reducer does: worlds run, files are written. */
export type Effect =
  | { readonly type: 'visit'; readonly lab: LabRef }
  | { readonly type: 'block'; readonly lab: LabRef; readonly block: RunBlock }
  | { readonly type: 'lines'; readonly lab: LabRef; readonly lines: readonly string[] }
  | { readonly type: 'start'; readonly lab: LabRef & { readonly exercise: Exercise } }
  /** `aloud`: asked for at the prompt, and answered there too. */
  | { readonly type: 'hint' | 'skip' | 'solution'; readonly lab: LabRef & { readonly exercise: Exercise }; readonly aloud: boolean }
  | {
      readonly type: 'answer';
      readonly lab: LabRef & { readonly exercise: Exercise };
      readonly choice: number;
      readonly confidence?: number;
    }
  | { readonly type: 'reset'; readonly lab: LabRef }
  | { readonly type: 'remember'; readonly lines: readonly string[] }
  | { readonly type: 'cancel' }
  | { readonly type: 'suspend' };

export type Action =
  | { readonly type: 'input'; readonly event: InputEvent }
  | { readonly type: 'resized'; readonly size: Size }
  /** A world was made, or made anew (`fresh`: what its blocks had become is forgotten). */
  | { readonly type: 'lab'; readonly lab: LabRef; readonly overview: Overview; readonly fresh: boolean }
  | {
      readonly type: 'said';
      readonly lab: LabRef;
      readonly entry: Entry;
      readonly overview: Overview;
      readonly line?: CommandLine;
      readonly sign?: Sign;
    }
  | { readonly type: 'judged'; readonly lab: LabRef; readonly verdicts: Verdicts }
  | { readonly type: 'began'; readonly what: string }
  | { readonly type: 'progress'; readonly progress: Running }
  | { readonly type: 'ended' }
  | {
      readonly type: 'exercise';
      readonly lab: LabRef & { readonly exercise: Exercise };
      readonly state: ExerciseState;
      readonly progress: ExerciseProgress;
    }
  | { readonly type: 'notice'; readonly text: string }
  | { readonly type: 'quit'; readonly code: number };

export interface Reduced {
  readonly state: BookState;
  readonly effects: readonly Effect[];
}

export const PAGE: Mode = { kind: 'page' };
export const PROMPT: Mode = { kind: 'prompt' };

export interface Opening {
  readonly size: Size;
  readonly look: BookState['look'];
  readonly chapters: readonly Chapter[];
  readonly problems: readonly Problem[];
  readonly place: Place;
  readonly overview: Overview;
  readonly progress: Progress;
  readonly history: readonly string[];
  readonly notes: readonly Entry[];
  readonly notice?: string;
}

export function openingState(opening: Opening): BookState {
  const { chapters, place, overview, notes, history, ...rest } = opening;
  const lab = sectionLab(chapters, place);
  return {
    ...rest,
    chapters,
    place,
    top: 0,
    item: undefined,
    mode: PAGE,
    editor: createEditor(history),
    lab,
    labs: new Map([[labKey(lab), { log: notes, overview }]]),
    labUp: 0,
    exercises: new Map(),
    signs: new Map(),
    running: undefined,
    notice: opening.notice,
    quit: undefined,
  };
}

export function sectionLab(chapters: readonly Chapter[], place: Place): LabRef {
  const chapter = chapters[place.chapter];
  const section = chapter?.sections[place.section];
  if (chapter === undefined || section === undefined) throw new Error('broken guarantee: the reader is in a section of the book');
  return { chapter, section };
}

export const labKey = ({ chapter, section, exercise }: LabRef): string =>
  exercise === undefined ? `${chapter.slug}/${section.slug}` : exerciseKey(chapter, exercise);

export const exerciseKey = (chapter: Chapter, exercise: Exercise): string => `${chapter.slug}#${exercise.slug}`;

/** What there is to say about an exercise; before it was touched in this run, what is known from earlier ones. */
export function exerciseView(state: BookState, chapter: Chapter, exercise: Exercise): ExerciseView {
  return (
    state.exercises.get(exerciseKey(chapter, exercise)) ?? {
      state: untouched(exercise, exerciseProgress(state.progress, chapter.slug, exercise.slug)),
      selected: 0,
      confidence: 70,
    }
  );
}

function untouched(exercise: Exercise, before: ExerciseProgress): ExerciseState {
  const hints = exercise.hints.slice(0, before.hints);
  const over = before.state !== 'open' && exercise.lesson !== undefined ? { lesson: exercise.lesson } : {};
  return { status: before.state, hints, moreHints: exercise.hints.length - hints.length, attempts: before.attempts, ...over };
}

export function isRead(state: BookState, chapter: Chapter, section: Section): boolean {
  return chapterProgress(state.progress, chapter.slug).read.has(section.slug);
}
