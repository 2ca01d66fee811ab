import type { Bounds } from './bounds.ts';
import type { Found, Ran } from './run.ts';

/** What was tried. */
export interface Tally {
  runs: number;
  events: number;
  us: number;
  operations: number;
  faults: number;
  /** Runs that were cut short and say nothing. */
  spent: number;
}

/** A run that a bug of ours ended. */
export interface Broken {
  readonly error: string;
}

export type Result = Ran | Broken;

/** How a hunt ended. `at` is the number of the run, from 1. */
export type End =
  | { readonly kind: 'found'; readonly at: number; readonly found: Found }
  | { readonly kind: 'broken'; readonly at: number; readonly error: string }
  | { readonly kind: 'none'; readonly because: 'runs' | 'events' | 'stopped' };

/**
 * The results of runs, which may come in any order, counted in the order of their numbers: so a hunt ends with the same run, and has tried the same, however many
 * work on it.
 */
export class Ledger {
  readonly tally: Tally = { runs: 0, events: 0, us: 0, operations: 0, faults: 0, spent: 0 };
  end: End | undefined;
  readonly #bounds: Bounds;
  readonly #early = new Map<number, readonly Result[]>();

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  /** The results of the runs from number `from` on, counted from 0. */
  add(from: number, results: readonly Result[]): void {
    this.#early.set(from, results);
    for (;;) {
      const at = this.tally.runs;
      const block = this.#early.get(at);
      if (block === undefined || this.end !== undefined) return;
      this.#early.delete(at);
      for (const result of block) if (this.end === undefined) this.#count(result);
    }
  }

  #count(result: Result): void {
    const { tally } = this;
    const at = ++tally.runs;
    if ('error' in result) {
      this.end = { kind: 'broken', at, error: result.error };
      return;
    }
    tally.events += result.events;
    tally.us += result.us;
    tally.operations += result.operations;
    tally.faults += result.faults;
    if (result.spent) tally.spent++;
    if (result.found !== undefined) this.end = { kind: 'found', at, found: result.found };
    else if (tally.events >= this.#bounds.events) this.end = { kind: 'none', because: 'events' };
    else if (at >= this.#bounds.runs) this.end = { kind: 'none', because: 'runs' };
  }
}
