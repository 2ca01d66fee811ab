import { FRESH, type Progress, readProgress, writeProgress } from '../book/progress.ts';
import type { Problem } from '../core/problem.ts';
import { readState, setAside, writeState } from './state.ts';

const FILE = 'progress.json';

export interface KeptProgress {
  readonly progress: Progress;
  /** What the reader should be told about the file. */
  readonly problem?: Problem;
  /** Where a damaged file was put. */
  readonly aside?: string;
  /** False: a newer version of the program keeps its progress there, and this one must not write. */
  readonly writable: boolean;
}

/** The reader's progress. `touch`: put a damaged file aside; without it nothing is changed. */
export function loadProgress(touch: boolean): KeptProgress {
  const text = readState(FILE);
  if (text === undefined) return { progress: FRESH, writable: true };
  const { progress, problem, file } = readProgress(text);
  const aside = touch && file === 'put aside' ? setAside(FILE) : undefined;
  return {
    progress,
    ...(problem === undefined ? {} : { problem }),
    ...(aside === undefined ? {} : { aside }),
    writable: file !== 'leave alone',
  };
}

/** Keeps the progress, in one step. False: it could not be written. */
export function saveProgress(progress: Progress): boolean {
  return writeState(FILE, writeProgress(progress));
}
