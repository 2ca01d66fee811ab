import { canRedraw } from '../output.ts';

/** Below this nobody wants to know. */
const AFTER_MS = 300;
const EVERY_MS = 100;

/** How far the reading and the judging of a long history are: one line on a terminal, drawn over itself, and nothing elsewhere. */
export class Meter {
  readonly #stream: NodeJS.WriteStream;
  readonly #beganMs = performance.now();
  #shownAtMs = 0;
  #shown = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  reading(operations: number, part: number | undefined): void {
    this.#show(`reading: ${operations} operations${part === undefined ? '' : `, ${Math.floor(Math.min(1, part) * 100)} %`}`);
  }

  judging(model: string, done: number, of: number): void {
    this.#show(of > 0 ? `${model}: ${Math.floor((Math.min(done, of) / of) * 100)} %` : model);
  }

  wipe(): void {
    if (this.#shown) this.#stream.write('\r\u001b[K');
    this.#shown = false;
  }

  #show(what: string): void {
    const nowMs = performance.now();
    if (!canRedraw(this.#stream) || nowMs - this.#beganMs < AFTER_MS || nowMs - this.#shownAtMs < EVERY_MS) return;
    this.#shownAtMs = nowMs;
    this.#shown = true;
    this.#stream.write(`\r${`${what}; Ctrl-C stops`.slice(0, Math.max(1, (this.#stream.columns || 80) - 1))}\u001b[K`);
  }
}
