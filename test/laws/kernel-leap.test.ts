import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NO_OP } from '../../src/core/ids.ts';
import type { Session } from '../../src/session/session.ts';
import { anySeed, anySystem, fresh, operationLine, play, script, transcript } from '../harness/scripts.ts';

const LONG_US = 400_000_000;

/** What the operations from command `first` on gave, and how every node stands. Times are left out: heartbeats draw latencies of their own. */
function seen(session: Session, first: number): string {
  const rows = [...session.live.rows.map.values()].filter(({ n }) => n >= first);
  const ends = rows.map(({ n, outcome, value, error, node }) => ({ n, outcome, value, error, node }));
  const nodes = session.overview().nodes.map(({ name, role, leads, condition, holds }) => ({ name, role, leads, condition, holds }));
  return JSON.stringify([ends, nodes], null, 1);
}

it('a leap over idle time and every event of it one by one lead to the same', () => {
  let leapt = 0;
  fc.assert(
    fc.property(anySystem, anySeed, script, fc.array(operationLine, { minLength: 2, maxLength: 6 }), (system, seed, before, after) => {
      const leaping = fresh(system, seed);
      const stepping = fresh(system, seed);
      for (const line of before) expect(transcript(leaping, [line])).toBe(transcript(stepping, [line]));
      const first = leaping.commands + 1;
      play(leaping, `wait ${LONG_US}us`);
      const { world } = stepping.live;
      world.run(world.nowUs + LONG_US, NO_OP, Number.POSITIVE_INFINITY);
      // So that both have the same number of commands behind them, and what ended meanwhile is taken up.
      play(stepping, 'wait 0s');
      if (leaping.live.world.events < world.events) leapt++;
      for (const line of after) {
        play(leaping, line);
        play(stepping, line);
        expect(seen(leaping, first)).toBe(seen(stepping, first));
        // A message that follows a heartbeat on its link waits for it, and heartbeats were not the same: microseconds, never a timeout.
        expect(Math.abs(leaping.nowUs - stepping.nowUs)).toBeLessThan(10_000);
      }
    }),
    { numRuns: 60 },
  );
  // Enough of them must really have leapt.
  expect(leapt).toBeGreaterThan(20);
});
