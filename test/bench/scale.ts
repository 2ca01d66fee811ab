import { systemNamed } from '../../src/systems/index.ts';
import { bareLoop } from './baseline.ts';
import { Cluster } from './cluster.ts';
import { LOADS } from './events.ts';
import { type Bench, inTurns, median, number, ratios, wallNs } from './measure.ts';

const SIZES = [3, 30, 300] as const;
const EVENTS = 200_000;

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
      const ns = inTurns(5, {
        bare: () => bareLoop(depth, 500_000),
        world: () => {
          const before = cluster.world.events;
          return wallNs(() => cluster.run(EVENTS)) / (cluster.world.events - before);
        },
      });
      return { size, depth, ratio: ratios(ns.world, ns.bare), ns: median(ns.world) };
    });
    const spread = costs[0]?.ratio.map((_, i) => {
      const round = costs.map(({ ratio }) => ratio[i] ?? Number.NaN);
      return Math.max(...round) / Math.min(...round);
    });
    return [
      ...costs.map(({ size, depth, ratio, ns }) => ({
        what: `${size} nodes`,
        rounds: ratio,
        unit: 'x',
        note: `${number(ns)} ns an event, ${depth} pending`,
      })),
      { what: 'dearest / cheapest', rounds: spread ?? [], unit: 'x', aim: { atMost: 2 } },
    ];
  },
};
