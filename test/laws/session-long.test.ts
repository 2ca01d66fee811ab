import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anySeed, anySystem, faultLine, fingerprint, fresh, operationLine, play, timeLine } from '../harness/scripts.ts';

// Long enough that checkpoints are laid, thinned out and used up: the short scripts of session.test.ts need none.
const long = fc.array(
  fc.oneof({ weight: 8, arbitrary: operationLine }, { weight: 3, arbitrary: faultLine }, { weight: 1, arbitrary: timeLine }),
  { minLength: 110, maxLength: 140, size: 'max' },
);
/** How far each journey goes, back and forth. */
const journeys = fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 12, maxLength: 12 });

it('a long session goes back and forth through all that it was', () => {
  let laid = 0;
  fc.assert(
    fc.property(anySystem, anySeed, long, journeys, (system, seed, lines, steps) => {
      const session = fresh(system, seed);
      const states = [fingerprint(session)];
      for (const line of lines) {
        const head = session.head;
        play(session, line);
        if (session.head !== head) states.push(fingerprint(session));
      }
      for (let at = session.head; at !== undefined; at = at.prev) if (at.checkpoint !== undefined) laid++;
      let now = states.length - 1;
      const go = (to: number): void => {
        if (to !== now) play(session, to < now ? `undo ${now - to}` : `redo ${to - now}`);
        now = to;
        expect(fingerprint(session)).toBe(states[to]);
      };
      // One by one over what the last checkpoints hold, then in leaps that go back further than they come.
      for (let i = 0; i < 15; i++) go(now - 1);
      for (const [i, by] of steps.entries()) go(i % 3 === 2 ? Math.min(states.length - 1, now + by) : Math.max(0, now - by));
      go(0);
      go(states.length - 1);
      // What is tried and taken back leaves no trace in what was, however often.
      for (const by of steps) {
        go(Math.max(0, now - by));
        play(session, 'as you; set x detour; wait 1s; undo 3');
        go(now);
      }
    }),
    // Shrinking a hundred lines would take minutes; the seed is printed.
    { numRuns: 2, endOnFailure: true },
  );
  expect(laid).toBeGreaterThan(10);
});
