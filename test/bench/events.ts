import { Trace } from '../../src/sim/trace.ts';
import { type System, systems } from '../../src/systems/index.ts';
import { bareLoop, heapLoop } from './baseline.ts';
import { Cluster } from './cluster.ts';
import { type Bench, cpuNs, type Figure, inTurns, median, number, ratios } from './measure.ts';

/** Some fifty milliseconds: the kernel counts processor time in steps of up to four. */
const SLICE = 80_000;
const ROUNDS = 15;
const WARM = 5;

/** Options under which each system is measured; a system that is not named here runs with its defaults. */
export const LOADS: Readonly<Record<string, Readonly<Record<string, string>>>> = { cassandra: { level: 'QUORUM', rf: '3' } };

/** A cluster under load, as slices that can take turns with others: nanoseconds for each event. With a trace, each slice records into one of its own. */
function load(system: System, traced: boolean): () => number {
  const cluster = new Cluster(system, 5, 8, LOADS[system.name]);
  return () => {
    if (traced) cluster.world.trace = new Trace();
    let events = 0;
    const ns = cpuNs(() => {
      events = cluster.run(SLICE);
    });
    return ns / events;
  };
}

/** What a system's load looks like, which no clock has a part in. */
function shape(system: System): { readonly pending: number; readonly perOp: number } {
  const cluster = new Cluster(system, 5, 8, LOADS[system.name]);
  const events = cluster.run(50_000);
  return { pending: cluster.pending, perOp: events / cluster.ok };
}

function figuresOf(system: System): readonly Figure[] {
  const { pending, perOp } = shape(system);
  const depth = Math.max(2, Math.round(pending));
  const bare = (): number => bareLoop(depth, 4 * SLICE);
  // The traced cluster has turns of its own: what it leaves to the collector would strike the other.
  const ns = inTurns(ROUNDS, { heap: () => heapLoop(depth, 4 * SLICE), bare, plain: load(system, false) }, WARM);
  const on = inTurns(ROUNDS, { bare, traced: load(system, true) }, WARM);
  const rate = (times: readonly number[]): string => `${number(1e9 / median(times))} events/s`;
  return [
    {
      what: `${system.name}: bare loop / loop without handler`,
      rounds: ratios(ns.heap, ns.bare),
      unit: 'x',
      aim: { atLeast: 0.6 },
      note: `${rate(ns.bare)}, ${depth} pending`,
    },
    {
      what: `${system.name}: trace off / bare loop`,
      rounds: ratios(ns.bare, ns.plain),
      unit: 'x',
      aim: { atLeast: 0.4 },
      note: `${rate(ns.plain)}, ${number(perOp)} events an operation`,
    },
    {
      what: `${system.name}: trace on / bare loop`,
      rounds: ratios(on.bare, on.traced),
      unit: 'x',
      aim: { atLeast: 0.2 },
      note: rate(on.traced),
    },
  ];
}

export const events: Bench = {
  name: 'events',
  title: 'Events a second: five nodes, eight closed-loop clients, half reads, half writes',
  run: () => systems.filter(({ name }) => name === 'etcd' || name === 'cassandra').flatMap(figuresOf),
};
