import type { Judging } from '../model.ts';
import type { AnomalyName } from './anomalies.ts';
import { type Components, componentsOf } from './components.ts';
import { CONCLUDED, DATA, type Graph, RW, RW_IN_TIME, TIME, TIMED, WR, WW, WW_IN_TIME } from './graph.ts';
import type { Numbering } from './numbering.ts';
import { type Fuel, Paths, type Step } from './paths.ts';
import { endedBefore } from './real-time.ts';

export interface Cycle {
  readonly name: AnomalyName;
  readonly steps: readonly Step[];
}

/** What makes a cycle one of a name: an edge of a kind `by` that is of no kind in `back` too, and a way back over edges of the kinds `back`. */
interface Shape {
  readonly name: 'G0' | 'G1c' | 'G-single';
  readonly by: number;
  readonly back: number;
}

const INSTALLED = WW | WW_IN_TIME;
const MISSED = RW | RW_IN_TIME;
const EVERY = DATA | TIMED | CONCLUDED;

/** An order of versions that real time tells supposes what is to be shown: it makes no cycle one of the plainest. */
const SHAPES: readonly Shape[] = [
  { name: 'G0', by: WW, back: WW },
  { name: 'G1c', by: WR, back: WW | WR },
  { name: 'G-single', by: MISSED, back: INSTALLED | WR },
];

/** Ways back that are looked for in one group cost so many nodes at least, and so many times its size. */
const LEAST_FUEL = 100_000;
const FUEL_FACTOR = 16;

/**
 * One shortest cycle of each name in each strongly connected component. G0 has only ww edges, G1c has wr edges too (at least one), G-single exactly one rw edge, G2 two
 * or more; it is named where a group has nothing plainer. What rests on conclusions counts as G2 at least. With real time each has a twin that needs an edge of it.
 */
export function* cyclesOf(n: Numbering, graph: Graph, realTime: boolean): Generator<Judging, readonly Cycle[]> {
  const finder = new Finder(n, graph);
  const timeless = realTime ? DATA : DATA | CONCLUDED;
  const data = yield* componentsOf(graph, timeless);
  const cycles: Cycle[] = yield* finder.all(data, timeless, 0, new Set());
  if (!realTime) return cycles;
  const all = yield* componentsOf(graph, EVERY);
  const told = new Set(cycles.map(({ steps }) => all.of[(steps[0] as Step).from] as number));
  cycles.push(...(yield* finder.all(all, EVERY, TIMED | CONCLUDED, told)));
  return cycles;
}

/** One way to look for a cycle: over edges of the kinds `by` that are of none in `plainer`, back over those of `back`, with one at least of `needs` if that is not 0. */
interface Search {
  readonly by: number;
  readonly plainer: number;
  readonly back: number;
  readonly needs: number;
  /** When nodes were done over the edges of `back`: what was done earlier does not lead back. */
  readonly done?: Int32Array;
}

/** A conclusion supposes that anti-dependencies make no cycle. Where the search for a single one ran out of fuel the cycle may have just one after all. */
function nameOf(steps: readonly Step[]): 'G-single' | 'G2-item' {
  const concluded = steps.some(({ kind }) => kind === CONCLUDED);
  return concluded || steps.filter(({ kind }) => (kind & MISSED) !== 0).length > 1 ? 'G2-item' : 'G-single';
}

class Finder {
  private readonly n: Numbering;
  private readonly graph: Graph;
  private readonly paths: Paths;

  constructor(n: Numbering, graph: Graph) {
    this.n = n;
    this.graph = graph;
    this.paths = new Paths(graph);
  }

  /** Cycles over edges of some kinds, with one of the kinds in `needs` if that is not 0: such as only real time tells. In the groups of `told` one is known already. */
  *all(groups: Components, kinds: number, needs: number, told: Set<number>): Generator<Judging, Cycle[]> {
    const cycles: Cycle[] = [];
    if (groups.count === 0) return cycles;
    const timed = needs !== 0;
    for (const shape of SHAPES) {
      const back = (shape.back | TIME) & kinds;
      const inner = yield* componentsOf(this.graph, back, groups.nodes, groups.of);
      // One anti-dependency leads out of a group of the others and back: it is looked for in the whole group.
      const where = shape.by === MISSED ? groups : inner;
      const by = shape.by & kinds;
      const search = { by, plainer: back & ~by, back, needs, done: inner.done };
      for (let c = 0; c < where.count; c++) {
        if ((c & 0xff) === 0) yield { done: c, of: where.count };
        const steps = yield* this.shortest(where, c, search);
        if (steps === undefined) continue;
        told.add(groups.of[(steps[0] as Step).from] as number);
        cycles.push({ name: timed ? `${shape.name}-realtime` : shape.name, steps });
      }
    }
    for (let c = 0; c < groups.count; c++) {
      if (told.has(c)) continue;
      const steps = yield* this.shortest(groups, c, { by: kinds & ~(WW | WR | TIME), plainer: WW | WR, back: kinds, needs });
      if (steps === undefined) continue;
      const name = nameOf(steps);
      cycles.push({ name: timed ? `${name}-realtime` : name, steps });
    }
    return cycles;
  }

  private *shortest(groups: Components, c: number, search: Search): Generator<Judging, readonly Step[] | undefined> {
    const { by, back, needs } = search;
    let looked = 0;
    // Back by real time alone takes no search: such pairs are looked for first.
    if ((back & TIME) !== 0) {
      for (const [u, e] of this.edges(groups, c, search)) {
        if ((++looked & 0x3fff) === 0) yield { done: c, of: groups.count };
        const v = this.graph.to[e] as number;
        if (v >= this.graph.transactions || !endedBefore(this.n, v, u)) continue;
        return [...this.paths.steps(u, [e], by), { from: v, to: u, kind: TIME }];
      }
    }
    const fuel: Fuel = { left: LEAST_FUEL + FUEL_FACTOR * ((groups.start[c + 1] as number) - (groups.start[c] as number)) };
    let best: readonly Step[] | undefined;
    for (const [u, e] of this.edges(groups, c, search)) {
      if ((++looked & 0xff) === 0) yield { done: c, of: groups.count };
      const way = yield* this.paths.find(this.graph.to[e] as number, u, back, groups.of, fuel);
      const steps = way === undefined ? [] : this.paths.steps(u, [e, ...way], back | by);
      if (steps.length > 0 && (needs === 0 || steps.some(({ kind }) => (kind & needs) !== 0))) {
        if (best === undefined || steps.length < best.length) best = steps;
        if (best.length === 2) break;
      }
      if (fuel.left <= 0) break;
    }
    return best;
  }

  /** The edges of a group at which a search may begin, each with the transaction that it leaves. */
  private *edges({ start, nodes, of }: Components, c: number, { by, plainer, done }: Search): Generator<readonly [number, number]> {
    const { graph } = this;
    for (let i = start[c] as number; i < (start[c + 1] as number); i++) {
      const u = nodes[i] as number;
      if (u >= graph.transactions) continue;
      for (let e = graph.start[u] as number; e < (graph.start[u + 1] as number); e++) {
        const v = graph.to[e] as number;
        const kinds = graph.kind[e] as number;
        if ((kinds & by) === 0 || (kinds & plainer) !== 0 || of[v] !== c) continue;
        if (done === undefined || (done[v] as number) >= (done[u] as number)) yield [u, e];
      }
    }
  }
}
