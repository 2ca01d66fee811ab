import { Problem } from '../core/problem.ts';
import { clip } from '../core/units.ts';
import { isSlug } from './fields.ts';

/**
 * What a reader has done, by slugs and never by numbers: chapters and sections may move. A value: every function gives a new one.
 * The shell keeps the text of `writeProgress` in a file; here nothing touches the disk.
 */
export interface Progress {
  readonly at?: ReadingPlace;
  readonly chapters: ReadonlyMap<string, ChapterProgress>;
}

/** Where the reader stopped. */
export interface ReadingPlace {
  readonly chapter: string;
  readonly section: string;
}

export interface ChapterProgress {
  /** Sections that were read to their end. */
  readonly read: ReadonlySet<string>;
  readonly exercises: ReadonlyMap<string, ExerciseProgress>;
}

export interface ExerciseProgress {
  /** `missed`: a prediction was wrong, and the reader has seen what comes instead. */
  readonly state: 'open' | 'skipped' | 'missed' | 'solved';
  /** Wrong answers to a predict; commands that did not reach the goal of a do. */
  readonly attempts: number;
  readonly hints: number;
  readonly sawSolution: boolean;
  /** Percent, 50 to 100: how sure the reader was at the first answer. */
  readonly confidence?: number;
}

const VERSION = 1;
const MAX_CHARACTERS = 4 * 1024 * 1024;
const MAX_COUNT = 1_000_000;

export const FRESH: Progress = { chapters: new Map() };
export const NOT_TRIED: ExerciseProgress = { state: 'open', attempts: 0, hints: 0, sawSolution: false };
const NOT_OPENED: ChapterProgress = { read: new Set(), exercises: new Map() };

export const chapterProgress = (progress: Progress, chapter: string): ChapterProgress => progress.chapters.get(chapter) ?? NOT_OPENED;

export const exerciseProgress = (progress: Progress, chapter: string, exercise: string): ExerciseProgress =>
  chapterProgress(progress, chapter).exercises.get(exercise) ?? NOT_TRIED;

export const stoppedAt = (progress: Progress, at: ReadingPlace): Progress => ({ ...progress, at });

export function sectionRead(progress: Progress, chapter: string, section: string): Progress {
  const before = chapterProgress(progress, chapter);
  return withChapter(progress, chapter, { ...before, read: new Set([...before.read, section]) });
}

export function exerciseDone(progress: Progress, chapter: string, exercise: string, done: ExerciseProgress): Progress {
  const before = chapterProgress(progress, chapter);
  const merged = mergeExercise(before.exercises.get(exercise) ?? NOT_TRIED, done);
  return withChapter(progress, chapter, { ...before, exercises: new Map([...before.exercises, [exercise, merged]]) });
}

function withChapter(progress: Progress, chapter: string, value: ChapterProgress): Progress {
  return { ...progress, chapters: new Map([...progress.chapters, [chapter, value]]) };
}

/**
 * Two records of one reader, of two terminals for example: nothing that was read or solved in either is lost, in whatever order and however often they are
 * merged. Only for where the reader stopped does the order count: `newer` decides.
 */
export function mergeProgress(older: Progress, newer: Progress): Progress {
  const chapters = new Map(older.chapters);
  for (const [slug, chapter] of newer.chapters) chapters.set(slug, mergeChapter(chapters.get(slug) ?? NOT_OPENED, chapter));
  const at = newer.at ?? older.at;
  return at === undefined ? { chapters } : { at, chapters };
}

function mergeChapter(a: ChapterProgress, b: ChapterProgress): ChapterProgress {
  const exercises = new Map(a.exercises);
  for (const [slug, exercise] of b.exercises) exercises.set(slug, mergeExercise(exercises.get(slug) ?? NOT_TRIED, exercise));
  return { read: new Set([...a.read, ...b.read]), exercises };
}

const RANK = { open: 0, skipped: 1, missed: 2, solved: 3 } as const;

function mergeExercise(a: ExerciseProgress, b: ExerciseProgress): ExerciseProgress {
  const confidence =
    a.confidence === undefined ? b.confidence : b.confidence === undefined ? a.confidence : Math.min(a.confidence, b.confidence);
  return {
    state: RANK[b.state] > RANK[a.state] ? b.state : a.state,
    attempts: Math.max(a.attempts, b.attempts),
    hints: Math.max(a.hints, b.hints),
    sawSolution: a.sawSolution || b.sawSolution,
    ...(confidence === undefined ? {} : { confidence }),
  };
}

export function writeProgress(progress: Progress): string {
  const chapters: Record<string, unknown> = {};
  for (const [slug, { read, exercises }] of progress.chapters)
    chapters[slug] = { read: [...read], exercises: Object.fromEntries(exercises) };
  return `${JSON.stringify({ version: VERSION, at: progress.at, chapters }, null, 1)}\n`;
}

export interface ProgressReading {
  readonly progress: Progress;
  readonly problem?: Problem;
  /**
   * What the shell does with the file before it writes: nothing, put a damaged one aside under another name, or leave it alone
   * and write nothing at all, because a newer version of the program keeps its progress there.
   */
  readonly file: 'fine' | 'put aside' | 'leave alone';
}

/** Reads what `writeProgress` wrote. A damaged text costs the reader its record, never the program. */
export function readProgress(text: string): ProgressReading {
  const damaged = (what: string): ProgressReading => ({
    progress: FRESH,
    problem: new Problem(`the progress file cannot be read: ${what}`, 'it is put aside, and a new one is begun'),
    file: 'put aside',
  });
  if (text.length > MAX_CHARACTERS) return damaged('it is larger than 4 MB');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return damaged('it is cut off, or is no JSON');
  }
  if (!isRecord(json)) return damaged('it holds no record');
  const version = json['version'];
  if (typeof version === 'number' && Number.isInteger(version) && version > VERSION) {
    const what = `the progress file is of version ${version}, and this program knows versions up to ${VERSION}`;
    return {
      progress: FRESH,
      problem: new Problem(what, 'it is left alone; update the program to go on where you stopped'),
      file: 'leave alone',
    };
  }
  if (version !== VERSION) return damaged('its version is missing or wrong');
  const progress = readRecord(json);
  return typeof progress === 'string' ? damaged(progress) : { progress, file: 'fine' };
}

/** The record, or what is wrong with it. Slugs of chapters that are gone are kept: they may come back. */
function readRecord(json: Readonly<Record<string, unknown>>): Progress | string {
  const raw = json['chapters'];
  if (!isRecord(raw)) return 'its chapters are missing';
  const chapters = new Map<string, ChapterProgress>();
  for (const [slug, value] of Object.entries(raw)) {
    const chapter = isSlug(slug) ? readChapterProgress(value) : undefined;
    if (chapter === undefined) return `chapter "${clip(slug)}" is damaged`;
    chapters.set(slug, chapter);
  }
  const at = json['at'];
  if (at === undefined) return { chapters };
  if (!isRecord(at)) return 'the place is damaged';
  const { chapter, section } = at;
  if (!slugText(chapter) || !slugText(section)) return 'the place is damaged';
  return { at: { chapter, section }, chapters };
}

function readChapterProgress(value: unknown): ChapterProgress | undefined {
  if (!isRecord(value)) return undefined;
  const { read, exercises } = value;
  if (!Array.isArray(read) || !read.every(slugText) || !isRecord(exercises)) return undefined;
  const known = new Map<string, ExerciseProgress>();
  for (const [slug, one] of Object.entries(exercises)) {
    const exercise = isSlug(slug) ? readExerciseProgress(one) : undefined;
    if (exercise === undefined) return undefined;
    known.set(slug, exercise);
  }
  return { read: new Set(read), exercises: known };
}

function readExerciseProgress(value: unknown): ExerciseProgress | undefined {
  if (!isRecord(value)) return undefined;
  const { state, attempts, hints, sawSolution, confidence } = value;
  if (state !== 'open' && state !== 'skipped' && state !== 'missed' && state !== 'solved') return undefined;
  if (!count(attempts, 0, MAX_COUNT) || !count(hints, 0, MAX_COUNT) || typeof sawSolution !== 'boolean') return undefined;
  const base = { state, attempts, hints, sawSolution } as const;
  if (confidence === undefined) return base;
  return count(confidence, 50, 100) ? { ...base, confidence } : undefined;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const slugText = (value: unknown): value is string => typeof value === 'string' && isSlug(value);

const count = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
