import type { Tally } from '../../hunt/ledger.ts';
import { count } from '../../hunt/report.ts';
import { canRedraw } from '../output.ts';

/** Below this nobody wants to know. */
const AFTER_MS = 300;
const EVERY_MS = 100;

/** How far a hunt is: one line on a terminal, drawn over itself, and nothing elsewhere. */
export class HuntMeter {
  readonly #stream: NodeJS.WriteStream;
  readonly #beganMs = performance.now();
  #shownAtMs = 0;
  #shown = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  runs({ runs, events }: Tally, of: number): void {
    const perS = runs / Math.max(0.001, (performance.now() - this.#beganMs) / 1000);
    this.#show(`${count(runs)} of ${count(of)} runs, ${count(Math.round(perS))} a second, ${count(events)} events`);
  }

  shrinking(lines: number, tries: number): void {
    this.#show(`found; making it smaller: ${count(lines)} commands left, ${count(tries)} tries`);
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
