/** The result of an operation that cannot come next. */
export const CANNOT = -1;
/** No goal: what comes next is what must return first. */
export const NO_GOAL = -1;

/** What an object does, as the search sees it: states are numbers, 0 is the first one, and two are the same if and only if their numbers are. */
export interface Machine {
  /** For each operation whether it only looks: where it fits the state it does not change it, and no state is changed by it. */
  readonly observes: Uint8Array;
  /** Operations of one kind do exactly the same, in any state. */
  readonly kind: Int32Array;
  /**
   * Whether operations are taken only as the next return needs them, or towards a goal: an observing operation that is to fit next. Sound where operations that change the
   * object commute, but for those that `helps` holds together.
   */
  readonly byGoals: boolean;
  /** Whether what is taken towards a goal may be taken in order of return, since all of it commutes. */
  readonly commutes: boolean;
  /** The state after an operation, or `CANNOT`; also where that leads to a state which some operation left cannot bear. */
  step(state: number, i: number): number;
  /** Whether an operation that changes the object is worth taking now: towards the goal, or, without one, together with the operation that returns first. */
  helps(state: number, goal: number, first: number, i: number): boolean;
  /** Says what may still be taken towards a goal, in the order in which it is tried, so that `helps` can refuse what leads nowhere; the work that took, in numbers looked at. */
  aim?(state: number, goal: number, some: readonly number[]): number;
  /** How far a state is from what a goal found: the nearest goal is tried first. */
  distance(state: number, goal: number): number;
  /** An operation was taken, or given back. */
  took(i: number): void;
  gaveBack(i: number): void;
}
