import { NO_OP } from '../../src/core/ids.ts';
import { systems } from '../../src/systems/index.ts';
import { Cluster } from './cluster.ts';
import { type Bench, inTurns, wallNs } from './measure.ts';

const VIRTUAL_S = 3_600;

/** Virtual time over wall time of clusters that nobody asks anything, event by event: the leap over idle time belongs to `wait`, not to the kernel. */
export const idle: Bench = {
  name: 'idle',
  title: 'Virtual time over wall time, five idle nodes, without leaping',
  run: () =>
    systems.flatMap((system) => {
      let events = 0;
      const { ratio } = inTurns(5, {
        ratio: () => {
          const { world } = new Cluster(system, 5, 0);
          const ns = wallNs(() => world.run(VIRTUAL_S * 1e6, NO_OP, Number.POSITIVE_INFINITY));
          events = world.events;
          return (VIRTUAL_S * 1e9) / ns;
        },
      });
      const note = `${events / VIRTUAL_S} events a virtual second`;
      return [{ what: system.name, rounds: ratio, unit: ' : 1', note, ...(system.name === 'etcd' ? { aim: { atLeast: 10_000 } } : {}) }];
    }),
};
