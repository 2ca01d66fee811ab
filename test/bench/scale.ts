import { systemNamed } from '../../src/systems/index.ts';
import { bareLoop } from './baseline.ts';
import { Cluster } from './cluster.ts';
import { LOADS } from './events.ts';
import { type Bench, cpuNs, inTurns, median, number, ratios } from './measure.ts';

const SIZES = [3, 30, 300] as const;
const SLICE = 60_000;
const ROUNDS = 9;
const WARM = 3;

/** Whether an event costs the same however many nodes there are, over a bare loop with as many events pending. */
export const scale: Bench = {
  name: 'scale',
  title: 'Cost of an event over the bare loop, Cassandra of 3, 30 and 300 nodes, eight clients',
  run: () => {
    const system = systemNamed('cassandra');
    if (system === undefined) return [];
    const costs = SIZES.map((size) => {
      const cluster = new Cluster(system, size, 8, LOADS['cassandra']);
      // A round of gossip, so that the measured part has everything in it.
      cluster.run(20_000 + 3 * size * size);
      const depth = Math.max(2, Math.round(cluster.pending));
      const ns = inTurns(
        ROUNDS,
        {
          bare: () => bareLoop(depth, 4 * SLICE),
          world: () => {
            const before = cluster.world.events;
            return cpuNs(() => cluster.run(SLICE)) / (cluster.world.events - before);
          },
        },
        WARM,
      );
      return { size, depth, ratio: ratios(ns.world, ns.bare), ns: median(ns.world) };
    });
    const medians = costs.map(({ ratio }) => median(ratio));
    return [
      ...costs.map(({ size, depth, ratio, ns }) => ({
        what: `${size} nodes`,
        rounds: ratio,
        unit: 'x',
        note: `${number(ns)} ns an event, ${depth} pending`,
      })),
      { what: 'dearest / cheapest, of the medians', rounds: [Math.max(...medians) / Math.min(...medians)], unit: 'x', aim: { atMost: 2 } },
    ];
  },
};
