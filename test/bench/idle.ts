import { NO_OP } from '../../src/core/ids.ts';
import { systems } from '../../src/systems/index.ts';
import { Cluster } from './cluster.ts';
import { type Bench, cpuNs, inTurns, number } from './measure.ts';

/** Long enough for every kind of periodic work, and for the steps in which processor time is counted. */
const SLICE_S = 1_200;
const ROUNDS = 9;

/** Virtual time over processor time of clusters that nobody asks anything, event by event: the leap over idle time belongs to `wait`, not to the kernel. */
export const idle: Bench = {
  name: 'idle',
  title: 'Virtual time over processor time, five idle nodes, without leaping',
  run: () =>
    systems.flatMap((system) => {
      const { world } = new Cluster(system, 5, 0);
      const { ratio } = inTurns(
        ROUNDS,
        { ratio: () => (SLICE_S * 1e9) / cpuNs(() => world.run(world.nowUs + SLICE_S * 1e6, NO_OP, Number.POSITIVE_INFINITY)) },
        3,
      );
      const note = `${number(world.events / (world.nowUs / 1e6))} events a virtual second`;
      return [{ what: system.name, rounds: ratio, unit: ' : 1', note, ...(system.name === 'etcd' ? { aim: { atLeast: 10_000 } } : {}) }];
    }),
};
