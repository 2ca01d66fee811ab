/** The result of an operation that cannot come next. */
export const CANNOT = -1;

/** What an object does, as a search sees it: states are numbers, 0 is the first one, and two are the same if and only if their numbers are. */
export interface Machine {
  /** For each operation whether it only looks: where it fits the state it does not change it, and no state is changed by it. */
  readonly observes: Uint8Array;
  /** Operations of one kind do exactly the same, in any state. */
  readonly kind: Int32Array;
  /** The state after an operation, or `CANNOT`; also where that leads to a state which some operation left cannot bear. */
  step(state: number, i: number): number;
  /** An operation was taken, or given back. */
  took(i: number): void;
  gaveBack(i: number): void;
  /** Where all that changes the object commutes: what comes between two operations that look may be taken in any order, so it is chosen for the one that is to fit next. */
  readonly goals?: Goals;
}

/** How to come to a state that an operation found, which is the goal. */
export interface Goals {
  /** How far a state is from it: the nearest goal is tried first. */
  distance(state: number, goal: number): number;
  /** Takes up what may still be taken towards a goal, in the order in which it is tried; the numbers looked at. */
  aim(state: number, goal: number, some: readonly number[]): number;
  /** Whether an operation, with some of those behind it in that order, makes what the goal found. */
  leads(state: number, goal: number, i: number): boolean;
}
