import { NEVER } from '../../history/columns.ts';
import type { Judging } from '../model.ts';
import type { Graph } from './graph.ts';
import { Heap } from './heap.ts';
import { isUpdate, type Numbering, ownerOf } from './numbering.ts';
import type { Backward } from './reach.ts';
import type { Versions } from './register-edges.ts';
import { INITIAL, type Registers } from './registers.ts';
import type { Writers } from './writers.ts';

/** Why a transaction cannot go next: it would write over a version that somebody has yet to read. */
export interface Block {
  readonly txn: number;
  readonly version: number;
}

/** What a scheduler needs to know of a history. */
export interface Reads {
  readonly n: Numbering;
  readonly registers: Registers;
  readonly versions: Versions;
  readonly writers: Writers;
}

const NOWHERE_YET = 0;
const IN_HEAP = 1;
const PARKED = 2;

/**
 * Puts transactions in an order that keeps the edges of a graph without cycles, and in which every read of a register finds the version that it read from: nobody writes
 * over a version while somebody has yet to read it. Of those that may go next the one that is due first goes, since most systems did what they did in real time; those
 * that write nothing go at once, since that takes nothing from anybody. It may come to a halt. Then edges can be added, and what they contradict is taken back.
 */
export class Scheduler {
  /** When each node was put in order, from 1; 0 for those that were not. */
  readonly placed: Int32Array;
  readonly backward: Backward;
  readonly n: Numbering;
  /** All nodes in order, helpers too. */
  private readonly trail: Int32Array;
  private count = 0;
  /** How many nodes were taken back. */
  undone = 0;
  /** The reads of each version (by its write) and of each key's beginning that have not been put in order. */
  private readonly left: Int32Array;
  private readonly leftOfNothing: Int32Array;
  /** The version that each key holds, and for each version that was written the one before it. */
  private readonly current: Int32Array;
  private readonly beneath: Int32Array;
  private readonly waiting: Int32Array;
  private readonly due: Int32Array;
  private readonly heap: Heap;
  /** Those that wait until a key's version has been read by all, by key. */
  private readonly parked: (Heap | undefined)[] = [];
  /** The keys at which somebody may be parked. */
  private parkedKeys: number[] = [];
  private readonly where: Uint8Array;
  private readonly parkedAt: Int32Array;
  private readonly free: number[] = [];
  /** Edges that were added, in order, and chains of them by the node that they leave and by the one that they reach. */
  private readonly addedFrom: number[] = [];
  private readonly addedTo: number[] = [];
  private readonly addedNext: number[] = [];
  private readonly firstAdded: Int32Array;
  private readonly addedNextTo: number[] = [];
  private readonly firstAddedTo: Int32Array;
  private readonly graph: Graph;
  private readonly registers: Registers;
  private readonly writers: Writers;

  private constructor({ n, registers, writers }: Reads, graph: Graph, back: Backward, due: Int32Array) {
    this.n = n;
    this.graph = graph;
    this.backward = back;
    this.registers = registers;
    this.writers = writers;
    this.placed = new Int32Array(graph.nodes);
    this.trail = new Int32Array(graph.nodes);
    this.due = due;
    this.heap = new Heap(this.due);
    this.where = new Uint8Array(n.count);
    this.parkedAt = new Int32Array(n.count).fill(-1);
    this.current = new Int32Array(registers.holds.length).fill(INITIAL);
    this.beneath = new Int32Array(registers.source.length);
    this.firstAdded = new Int32Array(graph.nodes).fill(-1);
    this.firstAddedTo = new Int32Array(graph.nodes).fill(-1);
    this.left = new Int32Array(registers.source.length);
    this.leftOfNothing = new Int32Array(registers.holds.length);
    this.waiting = new Int32Array(graph.nodes);
  }

  /** One that has put nothing in order yet. */
  static *of(known: Reads, graph: Graph, back: Backward, due: Int32Array): Generator<Judging, Scheduler> {
    const scheduler = new Scheduler(known, graph, back, due);
    const { waiting, left, leftOfNothing } = scheduler;
    const { source } = known.registers;
    for (let m = 0; m < source.length; m++) {
      if ((m & 0xffff) === 0) yield { done: 0, of: graph.nodes };
      const from = source[m] as number;
      const key = known.n.txns.key[m] as number;
      if (from >= 0) left[from] = (left[from] as number) + 1;
      else if (from === INITIAL) leftOfNothing[key] = (leftOfNothing[key] as number) + 1;
    }
    for (let e = 0; e < graph.to.length; e++) {
      if ((e & 0xffff) === 0) yield { done: 0, of: graph.nodes };
      const w = graph.to[e] as number;
      waiting[w] = (waiting[w] as number) + 1;
    }
    for (let v = 0; v < graph.nodes; v++) {
      if ((v & 0x3fff) === 0) yield { done: 0, of: graph.nodes };
      if (waiting[v] === 0) scheduler.ready(v);
    }
    return scheduler;
  }

  /** Goes on for so many steps at most, a step a node that is looked at. Tells whether it came to a halt. */
  run(most: number, budget: { steps: number }): boolean {
    for (let i = 0; i < most; i++) {
      budget.steps--;
      const free = this.free.pop();
      if (free !== undefined) {
        if (this.placed[free] === 0 && this.waiting[free] === 0) this.place(free);
        continue;
      }
      const t = this.heap.pop();
      if (t < 0) return true;
      this.where[t] = NOWHERE_YET;
      const from = this.parkedAt[t] as number;
      this.parkedAt[t] = -1;
      let key = -1;
      if (this.placed[t] === 0 && this.waiting[t] === 0) {
        key = this.blockedAt(t);
        if (key < 0) this.place(t);
        else this.park(t, key);
      }
      // The key that it had waited for may still let somebody else go.
      if (from >= 0 && from !== key) this.release(from);
    }
    return false;
  }

  get done(): number {
    return this.count;
  }

  get whole(): boolean {
    return this.count === this.graph.nodes;
  }

  /** The transactions that took part, in order. */
  order(): Generator<Judging, Int32Array> {
    return thoseIn(this.n, this.trail.subarray(0, this.count));
  }

  /** How many edges were added. */
  get added(): number {
    return this.addedFrom.length;
  }

  /** The nodes that lead to a node by added edges. */
  eachAddedBefore(node: number, look: (from: number) => void): void {
    for (let i = this.firstAddedTo[node] as number; i >= 0; i = this.addedNextTo[i] as number) look(this.addedFrom[i] as number);
  }

  /** From now on one node comes before another, which must not lead to it. */
  add(from: number, to: number): void {
    if (this.placed[to] !== 0 && (this.placed[from] === 0 || (this.placed[from] as number) > (this.placed[to] as number)))
      this.takeBack(to);
    this.addedNext.push(this.firstAdded[from] as number);
    this.firstAdded[from] = this.addedFrom.length;
    this.addedNextTo.push(this.firstAddedTo[to] as number);
    this.firstAddedTo[to] = this.addedFrom.length;
    this.addedFrom.push(from);
    this.addedTo.push(to);
    if (this.placed[from] === 0) this.waiting[to] = (this.waiting[to] as number) + 1;
  }

  /** Forgets all added edges but the first so many. */
  forget(kept: number): void {
    while (this.addedFrom.length > kept) {
      const from = this.addedFrom.pop() as number;
      const to = this.addedTo.pop() as number;
      this.firstAdded[from] = this.addedNext.pop() as number;
      this.firstAddedTo[to] = this.addedNextTo.pop() as number;
      if (this.placed[from] !== 0) continue;
      this.waiting[to] = (this.waiting[to] as number) - 1;
      if (this.waiting[to] === 0) this.ready(to);
    }
  }

  /** The transactions that wait for others to read what they would write over. */
  blocks(): readonly Block[] {
    const found: Block[] = [];
    this.parkedKeys = this.parkedKeys.filter((key) => (this.parked[key]?.all().length ?? 0) > 0);
    for (const key of this.parkedKeys) {
      const version = this.current[key] as number;
      if (version < 0) continue;
      for (const txn of this.parked[key]?.all() ?? []) if (this.waiting[txn] === 0) found.push({ txn, version });
    }
    return found;
  }

  /** The transactions that have yet to read a version, but for one. */
  readersLeft({ reads, nextRead }: Versions, version: number, except: number): readonly number[] {
    const found: number[] = [];
    for (let r = reads[version] as number; r >= 0; r = nextRead[r] as number) {
      const t = ownerOf(this.n, r);
      if (this.placed[t] === 0 && t !== except) found.push(t);
    }
    return found;
  }

  private ready(v: number): void {
    if (v >= this.n.count || this.n.part[v] !== 1 || !this.writes(v)) this.free.push(v);
    else if (this.where[v] === NOWHERE_YET) {
      this.where[v] = IN_HEAP;
      this.heap.push(v);
    }
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
    let heap = this.parked[key];
    if (heap === undefined) {
      heap = new Heap(this.due);
      this.parked[key] = heap;
    }
    this.where[t] = PARKED;
    this.parkedAt[t] = key;
    if (heap.all().length === 0 && !this.parkedKeys.includes(key)) this.parkedKeys.push(key);
    heap.push(t);
  }

  private release(key: number): void {
    if (this.leftAt(key) > 0) return;
    const t = this.parked[key]?.pop() ?? -1;
    if (t < 0) return;
    this.where[t] = IN_HEAP;
    this.heap.push(t);
  }

  private place(v: number): void {
    this.trail[this.count++] = v;
    this.placed[v] = this.count;
    if (v < this.n.count && this.n.part[v] === 1) this.execute(v);
    this.passed(v, -1);
  }

  /** Takes back a node and all that were put in order behind it. */
  private takeBack(node: number): void {
    const keys: number[] = [];
    for (let v = -1; v !== node; this.undone++) {
      v = this.trail[--this.count] as number;
      this.placed[v] = 0;
      this.passed(v, 1);
      if (v < this.n.count && this.n.part[v] === 1) this.revert(v, keys);
      this.ready(v);
    }
    for (const key of new Set(keys)) this.release(key);
  }

  /** Those behind a node wait for one less, or one more. */
  private passed(v: number, by: number): void {
    const { graph } = this;
    const end = graph.start[v + 1] as number;
    for (let e = graph.start[v] as number; e < end; e++) this.wait(graph.to[e] as number, by);
    for (let i = this.firstAdded[v] as number; i >= 0; i = this.addedNext[i] as number) this.wait(this.addedTo[i] as number, by);
  }

  private wait(w: number, by: number): void {
    const left = (this.waiting[w] as number) + by;
    this.waiting[w] = left;
    if (left === 0) this.ready(w);
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
      else if (registers.holds[key] === 1 && isUpdate(n, m) && (writers.next[m] as number) < 0) {
        this.beneath[m] = this.current[key] as number;
        this.current[key] = m;
      }
    }
    for (let m = from; m < end; m++) {
      const key = n.txns.key[m] as number;
      if (registers.holds[key] === 1) this.release(key);
    }
  }

  /** Undoes what was executed last, and notes its keys. */
  private revert(t: number, keys: number[]): void {
    const { n, registers, writers } = this;
    const row = n.row[t] as number;
    const end = n.txns.from[row + 1] as number;
    for (let m = n.txns.from[row] as number; m < end; m++) {
      const source = registers.source[m] as number;
      const key = n.txns.key[m] as number;
      if (registers.holds[key] === 0) continue;
      keys.push(key);
      if (source >= 0) this.left[source] = (this.left[source] as number) + 1;
      else if (source === INITIAL) this.leftOfNothing[key] = (this.leftOfNothing[key] as number) + 1;
      else if (isUpdate(n, m) && (writers.next[m] as number) < 0) this.current[key] = this.beneath[m] as number;
    }
  }
}

/** The transactions among nodes that took part, in the same order. */
export function* thoseIn(n: Numbering, nodes: Int32Array): Generator<Judging, Int32Array> {
  const found = new Int32Array(n.count);
  let size = 0;
  for (let i = 0; i < nodes.length; i++) {
    if ((i & 0xffff) === 0) yield { done: i, of: nodes.length };
    const v = nodes[i] as number;
    if (v < n.count && n.part[v] === 1) found[size++] = v;
  }
  return found.subarray(0, size);
}

/** By when each node was over if things went in real time: at its own return, or when something was over that comes after it. `order` is a sorted one. */
export function* dueTimes(n: Numbering, { nodes, start, to }: Graph, order: Int32Array): Generator<Judging, Int32Array> {
  const due = new Int32Array(nodes).fill(NEVER);
  due.set(n.ret);
  for (let i = order.length - 1; i >= 0; i--) {
    if ((i & 0x7fff) === 0) yield { done: order.length - i, of: order.length };
    const v = order[i] as number;
    let least = due[v] as number;
    for (let e = start[v] as number; e < (start[v + 1] as number); e++) least = Math.min(least, due[to[e] as number] as number);
    due[v] = least;
  }
  return due;
}
