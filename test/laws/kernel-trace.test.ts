import fc from 'fast-check';
import { expect, it } from 'vitest';
import { same } from '../../src/core/copy.ts';
import { Trace } from '../../src/sim/trace.ts';
import type { World } from '../../src/sim/world.ts';
import { anySeed, anySystem, fresh, play, script, transcript } from '../harness/scripts.ts';

/** Everything that decides how a world goes on, except the trace rows that events remember as their causes. */
function stateOf(world: World): unknown {
  const events = world.queue.heap.map(({ at, seq, kind, to, from, op, a, b, epoch, background, weight, body }) => ({
    at,
    seq,
    kind,
    to,
    from,
    op,
    a,
    b,
    epoch,
    background,
    weight,
    body,
  }));
  const nodes = world.nodes.map(({ memory, disk, up, paused, epoch, timers, inbox }) => ({
    memory,
    records: disk.records,
    durable: disk.durable,
    up,
    paused,
    epoch,
    timers: timers.all().map(({ a, b }) => [a, b]),
    inbox: inbox.length,
  }));
  return { nowUs: world.nowUs, events: world.events, pending: world.pending, open: [...world.open.values()], queue: events, nodes };
}

it('state and output are the same with the trace on and off', () => {
  let rows = 0;
  fc.assert(
    fc.property(anySystem, anySeed, script, (system, seed, lines) => {
      const plain = fresh(system, seed);
      const traced = fresh(system, seed);
      const trace = new Trace();
      traced.live.world.trace = trace;
      for (const line of lines) {
        expect(transcript(traced, [line])).toBe(transcript(plain, [line]));
        if (!same(stateOf(traced.live.world), stateOf(plain.live.world))) throw new Error(`the worlds differ after: ${line}`);
      }
      play(plain, 'wait 20s');
      play(traced, 'wait 20s');
      expect(same(stateOf(traced.live.world), stateOf(plain.live.world))).toBe(true);
      rows += trace.length;
    }),
    { numRuns: 100 },
  );
  // A law over empty traces would prove nothing.
  expect(rows).toBeGreaterThan(10_000);
});
