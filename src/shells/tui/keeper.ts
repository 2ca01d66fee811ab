import { mergeProgress, type Progress } from '../../book/progress.ts';
import { loadProgress, saveProgress } from '../progress-file.ts';

/** Changes that come together are written together; nothing waits longer than this. */
const WAIT_MS = 30;

/** Keeps the reader's progress on disk: soon after each change, and at once on the way out. */
export class Keeper {
  readonly #failed: (sentence: string) => void;
  #due: Progress | undefined;
  #timer: NodeJS.Timeout | undefined;
  #complained = false;

  constructor(failed: (sentence: string) => void) {
    this.#failed = failed;
  }

  keep(progress: Progress): void {
    this.#due = progress;
    this.#timer ??= setTimeout(() => this.flush(), WAIT_MS);
  }

  /** Writes what is due. The file is read first: another terminal may have solved something meanwhile. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const progress = this.#due;
    if (progress === undefined) return;
    this.#due = undefined;
    const kept = loadProgress(true);
    if (!kept.writable) return;
    if (saveProgress(mergeProgress(kept.progress, progress)) || this.#complained) return;
    this.#complained = true;
    this.#failed('progress cannot be saved here; it lasts until you leave');
  }
}
