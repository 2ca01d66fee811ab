import type { Setup } from '../session/live.ts';
import { FAULTS, type FaultKind } from './faults.ts';

/** How far a hunt goes and what it may use. Budgets are runs and events, never seconds. */
export interface Bounds {
  /** How many runs are tried. */
  readonly runs: number;
  /** What all runs are drawn from. */
  readonly seed: number;
  /** The most client operations of one run, apart from the reads at its end. */
  readonly operations: number;
  readonly faults: readonly FaultKind[];
  /** The most virtual time before a run is mended and ends, in microseconds. */
  readonly timeUs: number;
  /** The most handler calls of all runs together. */
  readonly events: number;
}

export const BOUNDS: Bounds = {
  runs: 10_000,
  seed: 1,
  operations: 20,
  faults: FAULTS,
  timeUs: 60_000_000,
  events: Number.POSITIVE_INFINITY,
};

/** The most handler calls of one run: far more than any that comes to rest. One that uses them up says nothing. */
export const RUN_EVENTS = 40_000;

/** The clusters that a hunt may use. Their seeds say nothing. */
export interface Ground {
  /** What was asked for comes first; after it, where nobody said how many nodes there should be, other sizes. */
  readonly setups: readonly Setup[];
  /** How often each is drawn; 0: only to make a script smaller. */
  readonly weights: readonly number[];
}
