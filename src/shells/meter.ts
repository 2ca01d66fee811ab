import { canRedraw } from './output.ts';

/** Below this nobody wants to know. */
const AFTER_MS = 300;
const EVERY_MS = 100;

/** How far a long work is: one line on a terminal, drawn over itself, and nothing elsewhere. */
export class MeterLine {
  readonly #stream: NodeJS.WriteStream;
  readonly #beganMs = performance.now();
  #shownAtMs = 0;
  #shown = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  wipe(): void {
    if (this.#shown) this.#stream.write('\r\u001b[K');
    this.#shown = false;
  }

  /** Milliseconds since the work began. */
  protected get passedMs(): number {
    return performance.now() - this.#beganMs;
  }

  protected show(what: string): void {
    const nowMs = performance.now();
    if (!canRedraw(this.#stream) || this.passedMs < AFTER_MS || nowMs - this.#shownAtMs < EVERY_MS) return;
    this.#shownAtMs = nowMs;
    this.#shown = true;
    this.#stream.write(`\r${`${what}; Ctrl-C stops`.slice(0, Math.max(1, (this.#stream.columns || 80) - 1))}\u001b[K`);
  }
}
