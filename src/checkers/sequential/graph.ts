import { READ } from '../../history/columns.ts';
import type { Before } from './search.ts';
import type { Story } from './story.ts';

/** Edges between operations, inside a process, and to and from what stands between blocks. */
const PLAIN = 0;
const CHAIN = 1;
const BLOCK = 2;

/**
 * What must come before what in every order that explains a story: the order of each process, and edges that are added. Nodes are the operations, and helpers behind them
 * that stand between groups of operations.
 */
export class Graph {
  readonly story: Story;
  nodes: number;
  private from = new Int32Array(1024);
  private to = new Int32Array(1024);
  /** Of an edge that follows from a path: the path's ends, else -1. */
  private pathFrom = new Int32Array(1024);
  private pathTo = new Int32Array(1024);
  private edges = 0;
  /** The edges of the processes come first: so many. */
  private readonly chained: number;
  /** For each node how many operations of each process come before it or are it, one process after the other; empty where that would take too much room. */
  clocks = new Int32Array(0);
  /** Nodes in an order that keeps all edges. */
  order = new Int32Array(0);

  constructor(story: Story) {
    this.story = story;
    this.nodes = story.count;
    for (const [i, certain] of story.certain.entries()) {
      const before = (story.chains[story.process[i] as number] as Int32Array)[(story.place[i] as number) - 1];
      if (certain === 0 && before !== undefined) this.add(before, i);
    }
    for (const chain of story.chains) for (let at = 1; at < chain.length; at++) this.add(chain[at - 1] as number, chain[at] as number);
    this.chained = this.edges;
  }

  get size(): number {
    return this.edges;
  }

  helper(): number {
    return this.nodes++;
  }

  /** An edge, which may follow from a path of those there are. */
  add(from: number, to: number, pathFrom = -1, pathTo = -1): void {
    if (this.edges === this.from.length) this.grow();
    const e = this.edges++;
    this.from[e] = from;
    this.to[e] = to;
    this.pathFrom[e] = pathFrom;
    this.pathTo[e] = pathTo;
  }

  private grow(): void {
    const wider = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const fresh = new Int32Array(old.length * 2);
      fresh.set(old);
      return fresh;
    };
    this.from = wider(this.from);
    this.to = wider(this.to);
    this.pathFrom = wider(this.pathFrom);
    this.pathTo = wider(this.pathTo);
  }

  /** For each node those that must come after it. */
  after(): Before {
    const from = new Int32Array(this.nodes + 1);
    for (let e = 0; e < this.edges; e++) {
      const at = (this.from[e] as number) + 1;
      from[at] = (from[at] as number) + 1;
    }
    for (let i = 0; i < this.nodes; i++) from[i + 1] = (from[i + 1] as number) + (from[i] as number);
    const at = from.slice();
    const to = new Int32Array(this.edges);
    for (let e = 0; e < this.edges; e++) {
      const source = this.from[e] as number;
      to[at[source] as number] = this.to[e] as number;
      at[source] = (at[source] as number) + 1;
    }
    return { from, to };
  }

  /** Sorts the nodes, and counts what comes before each; the nodes of a cycle where there is one. */
  close(withClocks: boolean): readonly number[] | undefined {
    const after = this.after();
    const waits = new Int32Array(this.nodes);
    for (const to of after.to) waits[to] = (waits[to] as number) + 1;
    this.order = new Int32Array(this.nodes);
    let ready = 0;
    for (let i = 0; i < this.nodes; i++) if (waits[i] === 0) this.order[ready++] = i;
    const width = withClocks ? this.story.chains.length : 0;
    this.clocks = new Int32Array(this.nodes * width);
    for (let done = 0; done < ready; done++) {
      const i = this.order[done] as number;
      if (width > 0 && i < this.story.count && this.story.certain[i] === 1)
        this.clocks[i * width + (this.story.process[i] as number)] = (this.story.place[i] as number) + 1;
      for (let e = after.from[i] as number; e < (after.from[i + 1] as number); e++) {
        const to = after.to[e] as number;
        this.raise(i * width, to * width, width);
        waits[to] = (waits[to] as number) - 1;
        if (waits[to] === 0) this.order[ready++] = to;
      }
    }
    return ready === this.nodes ? undefined : this.cycle(waits);
  }

  private raise(from: number, to: number, width: number): void {
    const { clocks } = this;
    for (let p = 0; p < width; p++)
      if ((clocks[from + p] as number) > (clocks[to + p] as number)) clocks[to + p] = clocks[from + p] as number;
  }

  /** Follows what waits backwards until it comes round: the edges of a cycle. */
  private cycle(waits: Int32Array): readonly number[] {
    const before = new Int32Array(this.nodes).fill(-1);
    for (let e = 0; e < this.edges; e++) {
      const [from, to] = [this.from[e] as number, this.to[e] as number];
      if ((waits[from] as number) > 0 && (waits[to] as number) > 0) before[to] = e;
    }
    const seen = new Uint8Array(this.nodes);
    let at = waits.findIndex((left) => left > 0);
    for (; seen[at] === 0; at = this.from[before[at] as number] as number) seen[at] = 1;
    const cycle: number[] = [];
    const first = at;
    do {
      cycle.push(before[at] as number);
      at = this.from[before[at] as number] as number;
    } while (at !== first);
    return cycle.reverse();
  }

  /**
   * The operations that make a path or a circle of edges so: where it turns, and what makes the paths so from which its edges follow, over edges that were there before.
   * `most` paths are looked for; undefined where that is not enough.
   */
  explain(edges: readonly number[], most: number): readonly number[] | undefined {
    const told = new Set<number>();
    this.tell(edges, told);
    const open = [...edges];
    const explained = new Set<number>(edges);
    for (let e = open.pop(), paths = 0; e !== undefined; e = open.pop()) {
      if ((this.pathFrom[e] as number) < 0) continue;
      if (paths++ === most) return undefined;
      const path = this.path(this.pathFrom[e] as number, this.pathTo[e] as number, e);
      told.add(this.pathFrom[e] as number).add(this.pathTo[e] as number);
      told.add(this.from[e] as number).add(this.to[e] as number);
      this.tell(path, told);
      for (const step of path) {
        if (!explained.has(step)) open.push(step);
        explained.add(step);
      }
    }
    return [...told].filter((i) => i < this.story.count);
  }

  /** The ends of stretches inside one process or one row of blocks; of blocks also one read between the ends. */
  private tell(edges: readonly number[], told: Set<number>): void {
    let read = false;
    for (const [n, e] of edges.entries()) {
      const kind = this.kindOf(e);
      const next = edges[n + 1];
      const to = this.to[e] as number;
      if (n === 0) told.add(this.from[e] as number);
      if (next === undefined || kind === PLAIN || this.kindOf(next) !== kind) {
        told.add(to);
        read = false;
      } else if (kind === BLOCK && to < this.story.count && !read && this.reads(to)) {
        told.add(to);
        read = true;
      }
    }
  }

  private reads(i: number): boolean {
    return this.story.columns.effect[this.story.rows[i] as number] === READ;
  }

  private kindOf(e: number): number {
    const { count, process, certain } = this.story;
    const [from, to] = [this.from[e] as number, this.to[e] as number];
    if (from >= count || to >= count) return BLOCK;
    return e < this.chained && process[from] === process[to] && certain[to] === 1 ? CHAIN : PLAIN;
  }

  /** The edges of a shortest path over edges before one; those inside a process only stand for the order of their ends. */
  private path(from: number, to: number, limit: number): readonly number[] {
    const after = this.after();
    const numbers = new Int32Array(this.edges);
    const at = after.from.slice();
    for (let e = 0; e < this.edges; e++) {
      const source = this.from[e] as number;
      numbers[at[source] as number] = e;
      at[source] = (at[source] as number) + 1;
    }
    const by = new Int32Array(this.nodes).fill(-1);
    const queue = [from];
    for (let n = 0; n < queue.length && by[to] === -1; n++) {
      const i = queue[n] as number;
      for (let k = after.from[i] as number; k < (after.from[i + 1] as number); k++) {
        const e = numbers[k] as number;
        const next = this.to[e] as number;
        if (e >= limit || by[next] !== -1 || next === from) continue;
        by[next] = e;
        queue.push(next);
      }
    }
    const steps: number[] = [];
    for (let i = to; i !== from && by[i] !== -1; i = this.from[by[i] as number] as number) steps.push(by[i] as number);
    return steps.reverse();
  }

  /** Whether the certain operation `a` comes before `b` or is it. */
  reaches(a: number, b: number): boolean {
    const { process, place, chains } = this.story;
    return (this.clocks[b * chains.length + (process[a] as number)] as number) > (place[a] as number);
  }
}
