import { type Known, verdictsOf } from '../../commands/verdicts.ts';
import type { SessionApi } from '../../session/types.ts';
import { type Action, type LabRef, labKey } from './book-state.ts';

/** How long a slice may take: shorter than what a key press needs to feel at once. */
const SLICE_MS = 4;

/**
 * Judges the history of a world while nothing else is to be done: it gives way to every command, and keys are heard between its slices. What it found is kept for each world, so that
 * a command adds only its own part.
 */
export class Judge {
  readonly #tell: (action: Action) => void;
  readonly #known = new Map<string, Known>();
  #work: { readonly lab: LabRef; readonly judging: Generator<void, Known> } | undefined;

  constructor(tell: (action: Action) => void) {
    this.#tell = tell;
  }

  begin(lab: LabRef, session: SessionApi): void {
    this.#work = { lab, judging: verdictsOf(session, this.#known.get(labKey(lab))) };
    setImmediate(() => this.#slice());
  }

  /** What is half done is dropped: the history is about to change. */
  stop(): void {
    this.#work = undefined;
  }

  #slice(): void {
    const work = this.#work;
    if (work === undefined) return;
    const untilMs = performance.now() + SLICE_MS;
    do {
      const step = work.judging.next();
      if (step.done !== true) continue;
      this.#work = undefined;
      this.#known.set(labKey(work.lab), step.value);
      this.#tell({ type: 'judged', lab: work.lab, verdicts: step.value });
      return;
    } while (performance.now() < untilMs);
    setImmediate(() => this.#slice());
  }
}
