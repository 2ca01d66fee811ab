import { EXIT } from './exit.ts';

const CODES = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated, SIGHUP: EXIT.hangUp } as const;

/**
 * Signals that end the program, turned into a flag that a running command looks at, so that it can be taken back first. While nothing runs
 * (`busy` is false) a signal ends the program at once, through `leave`; so does a second one.
 */
export class Signals {
  /** The exit code of the signal that came, if one came. */
  code: number | undefined;
  busy = false;
  readonly #leave: (code: number) => void;
  readonly #handlers: readonly (readonly [NodeJS.Signals, () => void])[];

  constructor(leave: (code: number) => void) {
    this.#leave = leave;
    this.#handlers = Object.entries(CODES).map(([signal, code]) => [signal as NodeJS.Signals, () => this.#came(code)]);
    for (const [signal, handler] of this.#handlers) process.on(signal, handler);
  }

  /** Gives the signals back to whoever had them. */
  release(): void {
    for (const [signal, handler] of this.#handlers) process.off(signal, handler);
  }

  #came(code: number): void {
    const again = this.code !== undefined;
    this.code = code;
    if (again || !this.busy) this.#leave(code);
  }
}
