import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { run, schedule } from './raft-schedule.ts';

describe('Raft keeps its promises under partitions, crashes, power losses, pauses, loss and wrong clocks', () => {
  for (const options of [{}, { 'pre-vote': 'false' }, { 'snapshot-count': '3', 'snapshot-catchup-entries': '2' }]) {
    it(`with ${JSON.stringify(options)}`, () => {
      fc.assert(
        fc.property(schedule(options), (s) => {
          const { broken, stale } = run(s);
          expect(broken).toEqual([]);
          expect(stale).toEqual([]);
        }),
        { numRuns: 25, seed: 1 },
      );
    });
  }
});
