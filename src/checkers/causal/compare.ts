import { READ } from '../../history/columns.ts';
import { INITIAL } from '../reads-from.ts';
import { grouped } from '../rows.ts';
import type { Clocks } from './clocks.ts';
import type { Edges } from './edges.ts';
import { Groups } from './groups.ts';
import { type Members, NONE } from './members.ts';
import type { Sequence } from './sequence.ts';

/** How many newer writes of its key a read is compared with one by one, before it looks at the newest one of each line that it knows of. */
const ONE_BY_ONE = 24;

/** `weak`: no read may find what its past has overwritten. `convergent`: besides, all reads agree on one order of the writes of each key. */
export type Demand = 'weak' | 'convergent';

/** A read, the write that it read from (or `INITIAL`), and a write of the same key in its past that it should have found instead. */
export interface Overlooked {
  readonly read: number;
  readonly source: number;
  readonly write: number;
}

/**
 * What reads must not have overlooked in their pasts. A read of w on key x is held against the writes of x that stand after w in a sequence that respects causality: none of
 * the others can come causally after w, so that `weak` needs no others; and where all reads that know several writes of x found the one that is last in the sequence, the sequence itself
 * is the arbitration that `convergent` asks for. That is why a read costs no more than the number of versions that it is behind, and never more than the number of lines (times
 * the logarithm of a search), which is the bound of AWDIT's algorithm (Moldrup & Pavlogiannis, PLDI 2025, section 4).
 */
export class Comparison {
  /** The first read that overlooked a write: a proof against any model here. */
  overlooked: Overlooked | undefined;
  /** Writes that were compared with a read. */
  steps = 0;
  private readonly members: Members;
  private readonly clocks: Clocks;
  private readonly demand: Demand;
  private readonly found: Edges;
  private order: Int32Array = new Int32Array(0);
  private at: Int32Array = new Int32Array(0);
  private reached = 0;
  /** For each key: whether its writes stand in another order than in the last sequence. Reads of other keys would be compared with the same writes again. */
  private readonly moved: Uint8Array;
  /** For each key the last write so far, and for each write the one of its key before it. */
  private readonly newest: Int32Array;
  private readonly older: Int32Array;
  /** For each write the last one that was found to have to follow it: most reads that demand an order demand one that is known. */
  private readonly known: Int32Array;
  private groups: Groups | undefined;

  /** `found` takes up the orders that reads demand and that go against the sequence. */
  constructor(members: Members, clocks: Clocks, demand: Demand, found: Edges) {
    const { columns } = members;
    this.members = members;
    this.clocks = clocks;
    this.demand = demand;
    this.found = found;
    this.moved = new Uint8Array(columns.keys.length);
    this.newest = new Int32Array(columns.keys.length);
    this.older = new Int32Array(columns.count).fill(INITIAL - 1);
    this.known = new Int32Array(columns.count).fill(NONE);
  }

  /** Takes a complete sequence to compare by. */
  begin({ order, at }: Sequence): void {
    const { newest, older, moved } = this;
    const { key, effect } = this.members.columns;
    this.order = order;
    this.at = at;
    this.reached = 0;
    newest.fill(NONE);
    moved.fill(0);
    for (let place = 0; place < order.length; place++) {
      const row = order[place] as number;
      if (effect[row] === READ) continue;
      const k = key[row] as number;
      if (older[row] !== newest[k]) moved[k] = 1;
      older[row] = newest[k] as number;
      newest[k] = row;
    }
    newest.fill(NONE);
  }

  /** Goes on by so many rows; true at the end. */
  advance(rows: number): boolean {
    const { order, newest, moved } = this;
    const { columns, source } = this.members;
    const { key, effect } = columns;
    const until = Math.min(order.length, this.reached + rows);
    for (let place = this.reached; place < until; place++) {
      const row = order[place] as number;
      const k = key[row] as number;
      if (moved[k] === 0) continue;
      const read = source[row] as number;
      if (read >= INITIAL && newest[k] !== read) this.compare(row, read, newest[k] as number);
      if (effect[row] !== READ) newest[k] = row;
    }
    this.reached = until;
    return until === order.length;
  }

  private compare(row: number, source: number, newest: number): void {
    const { clocks, older } = this;
    let left = ONE_BY_ONE;
    // `INITIAL` is NONE: a read of the beginning is behind all writes.
    for (let write = newest; write !== source; write = older[write] as number) {
      if (clocks.knows(row, write)) this.passed(row, source, write);
      if (--left === 0) {
        this.byLine(row, source);
        break;
      }
    }
    this.steps += ONE_BY_ONE - left;
  }

  /** Of each line only the last write that the read knows of counts: the others come before it. */
  private byLine(row: number, source: number): void {
    this.groups ??= writesByKey(this.members);
    const { groups, at } = this;
    const { columns, line, column, position } = this.members;
    const { entries, clock } = this.clocks;
    const key = columns.key[row] as number;
    for (let group = groups.begin(key); group < groups.end(key); group++) {
      const own = groups.line(group);
      this.steps++;
      let write: number;
      if (own === line[row]) write = groups.upTo(group, undefined, row - 1);
      else if (column[own] === NONE) continue;
      else write = groups.upTo(group, position, entries[(clock[row] as number) + (column[own] as number)] as number);
      if (write === NONE || write === source || (source >= 0 && (at[write] as number) < (at[source] as number))) continue;
      this.passed(row, source, write);
    }
  }

  /** The read knows a write that stands after its source. */
  private passed(read: number, source: number, write: number): void {
    if (source === INITIAL || this.clocks.knows(write, source)) {
      this.overlooked ??= { read, source, write };
    } else if (this.demand === 'convergent' && this.known[write] !== source) {
      this.known[write] = source;
      this.found.add(write, source, read);
    }
  }
}

function writesByKey({ columns, line, first }: Members): Groups {
  const key = columns.key.map((k, row) => (line[row] === NONE || columns.effect[row] === READ ? NONE : k));
  return new Groups(key, columns.keys.length, grouped(line, first.length).rows, line);
}
