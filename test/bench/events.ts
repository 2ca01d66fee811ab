import { Trace } from '../../src/sim/trace.ts';
import { type System, systems } from '../../src/systems/index.ts';
import { bareLoop, heapLoop } from './baseline.ts';
import { Cluster } from './cluster.ts';
import { type Bench, type Figure, inTurns, median, number, ratios, wallNs } from './measure.ts';

const EVENTS = 300_000;
const ROUNDS = 7;
/** Options under which each system is measured; a system that is not named here runs with its defaults. */
export const LOADS: Readonly<Record<string, Readonly<Record<string, string>>>> = { cassandra: { level: 'QUORUM', rf: '3' } };

function nsPerEvent(system: System, traced: boolean): number {
  const cluster = new Cluster(system, 5, 8, LOADS[system.name], traced ? new Trace() : undefined);
  // The first events arm timers and fill pools.
  cluster.run(2_000);
  const before = cluster.world.events;
  const ns = wallNs(() => cluster.run(EVENTS));
  return ns / (cluster.world.events - before);
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
  const ns = inTurns(ROUNDS, {
    heap: () => heapLoop(depth, 1_000_000),
    bare: () => bareLoop(depth, 1_000_000),
    plain: () => nsPerEvent(system, false),
    traced: () => nsPerEvent(system, true),
  });
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
      rounds: ratios(ns.bare, ns.traced),
      unit: 'x',
      aim: { atLeast: 0.2 },
      note: rate(ns.traced),
    },
  ];
}

export const events: Bench = {
  name: 'events',
  title: 'Events a second: five nodes, eight closed-loop clients, half reads, half writes',
  run: () => systems.filter(({ name }) => name === 'etcd' || name === 'cassandra').flatMap(figuresOf),
};
