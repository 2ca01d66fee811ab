import type { Judging } from '../model.ts';
import type { Likely } from './likely.ts';

/** How often a guess is mended. */
export const ROUNDS = 16;
/** How many calls and returns are looked at before others get a turn, and how many entries its vectors may have (256 MB). */
const CHUNK = 4096;
const MOST_ENTRIES = 0x400_0000;

/** Takes a guess to the end of a history of `of` operations; false where that would leave less than `least` of the budget, or takes too much room. */
export function* guessed(likely: Likely, budget: { steps: number }, least: number, of: number): Generator<Judging, boolean> {
  for (let ended = false; !ended; ) {
    const { steps } = likely;
    ended = likely.advance(CHUNK);
    budget.steps -= likely.steps - steps;
    if (budget.steps < least || likely.size > MOST_ENTRIES) return false;
    yield { done: 0, of };
  }
  return true;
}
