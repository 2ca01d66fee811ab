import type { Judging } from '../model.ts';
import type { Graph } from './graph.ts';
import { Heap } from './heap.ts';
import { isUpdate, type Numbering, ownerOf } from './numbering.ts';
import type { Versions } from './register-edges.ts';
import { INITIAL, type Registers } from './registers.ts';
import type { Writers } from './writers.ts';

/** Why a transaction cannot go next: it would write over a version that somebody has yet to read. */
export interface Block {
  readonly txn: number;
  readonly version: number;
}

/** All transactions in an order, or where it came to a halt. */
export interface Schedule {
  readonly order: Int32Array;
  readonly count: number;
  /** Empty where all are in order. */
  readonly blocks: readonly Block[];
}

/**
 * Puts transactions in an order that keeps the edges of a graph without cycles, and in which every read of a register finds the version that it read from: nobody writes
 * over a version while somebody has yet to read it. Of those that may go next the one that returned first goes, since this is how most systems did it; those that write
 * nothing go at once, since that takes nothing from anybody. It may come to a halt, which proves nothing by itself.
 */
export class Scheduler {
  /** When each transaction was put in order, from 1; 0 for those that were not. */
  readonly placed: Int32Array;
  /** The reads of each version (by its write) and of each key's beginning that have not been put in order. */
  private readonly left: Int32Array;
  private readonly leftOfNothing: Int32Array;
  /** The version that each key holds. */
  readonly current: Int32Array;
  private readonly waiting: Int32Array;
  private readonly heap: Heap;
  /** Those that wait until a key's version has been read by all, by key, and for which key each waited last. */
  private readonly parked: (Heap | undefined)[];
  private readonly parkedAt: Int32Array;
  private readonly free: number[] = [];
  private readonly order: Int32Array;
  private count = 0;
  private readonly n: Numbering;
  private readonly graph: Graph;
  private readonly registers: Registers;
  private readonly writers: Writers;

  constructor(n: Numbering, graph: Graph, registers: Registers, writers: Writers, { reads, readsOfNothing, nextRead }: Versions) {
    this.n = n;
    this.graph = graph;
    this.registers = registers;
    this.writers = writers;
    this.placed = new Int32Array(n.count);
    this.order = new Int32Array(n.count);
    this.heap = new Heap(n.ret);
    this.parked = [];
    this.parkedAt = new Int32Array(n.count).fill(-1);
    this.current = new Int32Array(registers.holds.length).fill(INITIAL);
    this.left = new Int32Array(registers.source.length);
    this.leftOfNothing = new Int32Array(registers.holds.length);
    for (let m = 0; m < reads.length; m++)
      for (let r = reads[m] as number; r >= 0; r = nextRead[r] as number) this.left[m] = (this.left[m] as number) + 1;
    for (let key = 0; key < readsOfNothing.length; key++)
      for (let r = readsOfNothing[key] as number; r >= 0; r = nextRead[r] as number)
        this.leftOfNothing[key] = (this.leftOfNothing[key] as number) + 1;
    this.waiting = new Int32Array(graph.nodes);
    for (const w of graph.to) this.waiting[w] = (this.waiting[w] as number) + 1;
    for (let v = 0; v < graph.nodes; v++) if (this.waiting[v] === 0) this.ready(v);
  }

  *run(): Generator<Judging, Schedule> {
    for (let i = 0; ; i++) {
      if ((i & 0xfff) === 0) yield { done: this.count, of: this.n.count };
      const free = this.free.pop();
      if (free !== undefined) {
        this.place(free);
        continue;
      }
      const t = this.heap.pop();
      if (t < 0) break;
      const from = this.parkedAt[t] as number;
      const key = this.blockedAt(t);
      if (key < 0) this.place(t);
      else this.park(t, key);
      // The key that it had waited for may still let somebody else go.
      if (from >= 0 && from !== key) this.release(from);
    }
    return { order: this.order, count: this.count, blocks: this.blocks() };
  }

  private ready(v: number): void {
    if (v >= this.n.count || this.n.part[v] !== 1 || !this.writes(v)) this.free.push(v);
    else this.heap.push(v);
  }

  private writes(t: number): boolean {
    const { n } = this;
    const row = n.row[t] as number;
    const end = n.txns.from[row + 1] as number;
    for (let m = n.txns.from[row] as number; m < end; m++) if (isUpdate(n, m)) return true;
    return false;
  }

  /** The first key that a transaction would write while others have yet to read what it holds, or -1. */
  private blockedAt(t: number): number {
    const { n, registers, current } = this;
    const row = n.row[t] as number;
    const from = n.txns.from[row] as number;
    const end = n.txns.from[row + 1] as number;
    for (let m = from; m < end; m++) {
      const key = n.txns.key[m] as number;
      if (registers.holds[key] === 0 || !isUpdate(n, m) || (this.writers.next[m] as number) >= 0) continue;
      const left = this.leftAt(key);
      if (left === 0) continue;
      // Its own read does not stand in its way; and all other reads of what it read come before it by the edges, so that it is never parked for that key.
      let own = 0;
      for (let r = from; r < m; r++) if (n.txns.key[r] === key && registers.source[r] === current[key]) own = 1;
      if (left > own) return key;
    }
    return -1;
  }

  private leftAt(key: number): number {
    const version = this.current[key] as number;
    return (version < 0 ? this.leftOfNothing[key] : this.left[version]) as number;
  }

  private park(t: number, key: number): void {
    this.parkedAt[t] = key;
    let heap = this.parked[key];
    if (heap === undefined) {
      heap = new Heap(this.n.ret);
      this.parked[key] = heap;
    }
    heap.push(t);
  }

  private release(key: number): void {
    if (this.leftAt(key) > 0) return;
    const t = this.parked[key]?.pop() ?? -1;
    if (t >= 0) this.heap.push(t);
  }

  private place(v: number): void {
    const { n, graph } = this;
    if (v < n.count && n.part[v] === 1) {
      this.order[this.count++] = v;
      this.placed[v] = this.count;
      this.execute(v);
    }
    const end = graph.start[v + 1] as number;
    for (let e = graph.start[v] as number; e < end; e++) {
      const w = graph.to[e] as number;
      const left = (this.waiting[w] as number) - 1;
      this.waiting[w] = left;
      if (left === 0) this.ready(w);
    }
  }

  private execute(t: number): void {
    const { n, registers, writers } = this;
    const row = n.row[t] as number;
    const from = n.txns.from[row] as number;
    const end = n.txns.from[row + 1] as number;
    for (let m = from; m < end; m++) {
      const source = registers.source[m] as number;
      const key = n.txns.key[m] as number;
      if (source >= 0) this.left[source] = (this.left[source] as number) - 1;
      else if (source === INITIAL) this.leftOfNothing[key] = (this.leftOfNothing[key] as number) - 1;
      else if (registers.holds[key] === 1 && isUpdate(n, m) && (writers.next[m] as number) < 0) this.current[key] = m;
    }
    for (let m = from; m < end; m++) {
      const key = n.txns.key[m] as number;
      if (registers.holds[key] === 1) this.release(key);
    }
  }

  private blocks(): readonly Block[] {
    const found: Block[] = [];
    for (let key = 0; key < this.parked.length; key++) {
      const version = this.current[key] as number;
      for (const txn of this.parked[key]?.all() ?? []) if (version >= 0) found.push({ txn, version });
    }
    return found;
  }

  /** The transactions that have yet to read a version. */
  *readersLeft({ reads, nextRead }: Versions, version: number): Generator<number> {
    for (let r = reads[version] as number; r >= 0; r = nextRead[r] as number) {
      const t = ownerOf(this.n, r);
      if (this.placed[t] === 0) yield t;
    }
  }
}
