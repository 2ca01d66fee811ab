import { formatDuration } from '../core/units.ts';
import type { Job, Progress, Reply } from '../session/types.ts';
import { canRedraw } from './output.ts';

/** Handler calls in one slice: about 10 ms. */
const SLICE_EVENTS = 10_000;
/** How long the program may go without looking at keys and signals. */
const BREATH_MS = 10;
/** Below this nobody wants to know. */
const PROGRESS_AFTER_MS = 300;

/** Where a running command tells how far it is, and asks whether it should go on. */
export interface Watch {
  /** True: take the command back. */
  stop(): boolean;
  /** Called about every 10 ms once a command has taken 300 ms of a reader's time. */
  progress(progress: Progress): void;
  /** The command is over: what `progress` drew must go. */
  settled(): void;
}

let breathedAtMs = 0;

/** Lets signals and keys in, if that has not happened for a while. */
export async function breathe(): Promise<void> {
  const nowMs = performance.now();
  if (nowMs - breathedAtMs < BREATH_MS) return;
  await new Promise<void>((resolve) => setImmediate(resolve));
  breathedAtMs = performance.now();
}

/** Runs a job to its reply, in slices. Undefined: it was taken back because the watch said so. */
export async function drive(job: Job, watch: Watch): Promise<Reply | undefined> {
  const beganMs = performance.now();
  try {
    for (;;) {
      await breathe();
      if (watch.stop()) {
        job.cancel();
        return undefined;
      }
      const step = job.step(SLICE_EVENTS);
      if (step.done) return step.reply;
      if (performance.now() - beganMs > PROGRESS_AFTER_MS) watch.progress(step);
    }
  } finally {
    watch.settled();
  }
}

/** How far a command is, in a few words. */
export function progressText({ nowUs, events, says }: Progress): string {
  return says ?? `t ${formatDuration(nowUs)}, ${events} events`;
}

/** A line of progress on a terminal, drawn over itself and wiped at the end; nothing where lines cannot be drawn over. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  #shownAtMs = 0;
  #shown = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(progress: Progress, how: string): void {
    const nowMs = performance.now();
    if (!canRedraw(this.#stream) || nowMs - this.#shownAtMs < 100) return;
    this.#shownAtMs = nowMs;
    this.#shown = true;
    const text = `${progressText(progress)}; ${how}`;
    this.#stream.write(`\r${text.slice(0, Math.max(1, (this.#stream.columns || 80) - 1))}\u001b[K`);
  }

  wipe(): void {
    if (this.#shown) this.#stream.write('\r\u001b[K');
    this.#shown = false;
  }
}
