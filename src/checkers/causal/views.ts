import { READ } from '../../history/columns.ts';
import { INITIAL } from '../reads-from.ts';
import type { Edges } from './edges.ts';
import { type Members, NONE } from './members.ts';
import { Sequence } from './sequence.ts';

/** Whose reads bind the view of one process: those of all (causal order), or only its own (the orders of processes, and what it saw). */
export type Binding = 'all' | 'own';

/** The operations in an order that respects lines, edges, and what the bound rows read. */
export class Bound extends Sequence {
  private readonly bound: Uint8Array | undefined;

  constructor(members: Members, edges: Edges, bound: Uint8Array | undefined) {
    super(members, edges);
    this.bound = bound;
  }

  protected override follows(row: number): boolean {
    return this.bound === undefined || this.bound[row] === 1;
  }

  protected override placed(): void {}

  protected override branched(): void {}
}

/**
 * A serialization of all writes and the reads of one process, tried for. Each of its operations comes as soon as everything is done that has to come before it, so that nothing stands before
 * a read but what must; a read that then finds another write demands an edge, and any serialization would have to obey it. Without such a read this is the view: what never has to
 * be seen by the process comes after its last operation.
 */
export class View {
  /** A read of the beginning that comes after a write of its key in any order, and that write. */
  beginning: { readonly read: number; readonly write: number } | undefined;
  steps = 0;
  private readonly members: Members;
  private readonly own: Int32Array;
  private readonly edges: Edges;
  private readonly bound: Uint8Array | undefined;
  /** For each row the place among the process's own operations of the first one that it has to precede, from 1; 0 for none. */
  private readonly stage: Int32Array;
  /** For each write the source, plus 1, that a read last demanded after it. */
  private readonly known: Int32Array;

  /** `own` are the rows of one process that see, in order. */
  constructor(members: Members, own: Int32Array, edges: Edges, bound: Uint8Array | undefined) {
    this.members = members;
    this.own = own;
    this.edges = edges;
    this.bound = bound;
    this.stage = new Int32Array(members.columns.count);
    this.known = new Int32Array(members.columns.count);
  }

  /** Adds the edges that its reads demand; none where the view exists. `order` is a sequence that respects everything known so far. */
  demands(order: Int32Array): number {
    const before = this.edges.count;
    this.stages();
    this.serialize(order);
    return this.edges.count - before;
  }

  private stages(): void {
    const { members, own, stage, edges, bound } = this;
    const { before, source, columns } = members;
    const demanded = edges.count === 0 ? undefined : edges.lists(columns.count, edges.to);
    const open: number[] = [];
    for (let j = 0; j < own.length; j++) {
      open.push(own[j] as number);
      for (let top = open.pop(); top !== undefined; top = open.pop()) {
        for (let row = top; row !== NONE && stage[row] === 0; row = before[row] as number) {
          stage[row] = j + 1;
          this.steps++;
          const read = source[row] as number;
          if (read >= 0 && stage[read] === 0 && (bound === undefined || bound[row] === 1)) open.push(read);
          if (demanded === undefined) continue;
          for (let e = demanded.newest[row] as number; e !== NONE; e = demanded.older[e] as number) {
            const from = edges.from[e] as number;
            if (stage[from] === 0) open.push(from);
          }
        }
      }
    }
  }

  /** The writes by stage, and within a stage as they stand in the order: a counting sort. */
  private staged(order: Int32Array): { readonly rows: Int32Array; readonly from: Int32Array } {
    const { stage, own, members } = this;
    const { effect } = members.columns;
    const from = new Int32Array(own.length + 2);
    for (let i = 0; i < order.length; i++) {
      const row = order[i] as number;
      const own = stage[row] as number;
      if (own !== 0 && effect[row] !== READ) from[own + 1] = (from[own + 1] as number) + 1;
    }
    for (let j = 0; j <= own.length; j++) from[j + 1] = (from[j + 1] as number) + (from[j] as number);
    const filled = from.slice();
    const rows = new Int32Array(from[own.length + 1] as number);
    for (let i = 0; i < order.length; i++) {
      const row = order[i] as number;
      const own = stage[row] as number;
      if (own === 0 || effect[row] === READ) continue;
      const place = filled[own] as number;
      rows[place] = row;
      filled[own] = place + 1;
    }
    return { rows, from };
  }

  private serialize(order: Int32Array): void {
    const { members, own } = this;
    const { columns, source } = members;
    const { key, effect } = columns;
    const { rows, from } = this.staged(order);
    const newest = new Int32Array(columns.keys.length).fill(NONE);
    const older = new Int32Array(columns.count);
    for (let j = 0; j < own.length; j++) {
      const self = own[j] as number;
      for (let place = from[j + 1] as number; place < (from[j + 2] as number); place++) {
        const row = rows[place] as number;
        if (row === self) continue;
        const k = key[row] as number;
        older[row] = newest[k] as number;
        newest[k] = row;
      }
      this.steps += (from[j + 2] as number) - (from[j + 1] as number);
      const read = source[self] as number;
      const k = key[self] as number;
      if (read >= INITIAL && newest[k] !== read) this.misses(self, read, newest[k] as number, older);
      if (effect[self] === READ) continue;
      older[self] = newest[k] as number;
      newest[k] = self;
    }
  }

  /** A read finds newer writes than its source: all of them have to come before it. */
  private misses(read: number, source: number, newest: number, older: Int32Array): void {
    if (source === INITIAL) {
      this.beginning ??= { read, write: newest };
      return;
    }
    for (let write = newest; write !== source; write = older[write] as number) {
      this.steps++;
      // Nothing is put in between: whoever demanded this demanded the rest.
      if (this.known[write] === source + 1) return;
      this.known[write] = source + 1;
      this.edges.add(write, source, read);
    }
  }
}
