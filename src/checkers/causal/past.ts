import { READ } from '../../history/columns.ts';
import { INITIAL } from '../reads-from.ts';
import { type Edges, wider } from './edges.ts';
import { Groups } from './groups.ts';
import { type Members, NONE } from './members.ts';
import { Sequence } from './sequence.ts';

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
 * The causal past of every operation, and what reads must not have overlooked in it, in one pass. The clock of a line counts for each line the writes in its past; it changes only
 * at a read of a write that it does not know yet, and only then a later write of that line needs a copy of it.
 *
 * A read of w on key x is held against the writes of x that stand after w in the order of this pass, which respects causality: none of the others can come causally after w, so
 * that `weak` needs no others; and where all reads that know several writes of x found the one that is last in this order, the order itself is the arbitration that `convergent`
 * asks for. That is why a read costs no more than the number of versions it is behind, and never more than the number of lines (times the logarithm of a search), which is
 * the bound of AWDIT's algorithm (Moldrup & Pavlogiannis, PLDI 2025, section 4).
 */
export class Past extends Sequence {
  /** The first read that overlooked a write: a proof against any model here. */
  overlooked: Overlooked | undefined;
  /** Beyond the operations themselves: the writes that were compared and the entries of clocks that were joined. */
  steps = 0;
  private readonly demand: Demand;
  private readonly found: Edges;
  private readonly width: number;
  private readonly column: Int32Array;
  private readonly position: Int32Array;
  private readonly key: Int32Array;
  private readonly effect: Uint8Array;
  /** The clocks of all lines, one after the other; and where the copy of each stands, NONE where it is no longer true. */
  private readonly current: Int32Array;
  private readonly copy: Int32Array;
  /** Copies of clocks, and for each write where its copy begins. Of its own line a copy knows less than the write's position says. */
  private copies: Int32Array;
  private copied: number;
  private readonly copyOf: Int32Array;
  /** For each key the last write so far, and for each write the one before it. */
  private readonly newest: Int32Array;
  private readonly older: Int32Array;
  /** For each write the last write that was found to have to follow it: most reads that demand an order demand one that is known. */
  private readonly known: Int32Array;
  private groups: Groups | undefined;

  /** `found` takes up the orders that reads demand and that go against the order of this pass. */
  constructor(members: Members, edges: Edges, demand: Demand, found: Edges) {
    super(members, edges);
    const { columns, width } = members;
    this.demand = demand;
    this.found = found;
    this.width = width;
    this.column = members.column;
    this.position = members.position;
    this.key = columns.key;
    this.effect = columns.effect;
    this.current = new Int32Array(members.first.length * width);
    // All begin with the clock of those who know nothing.
    this.copy = new Int32Array(members.first.length);
    this.copies = new Int32Array(Math.max(1024, width * 64));
    this.copied = width;
    this.copyOf = new Int32Array(columns.count);
    this.newest = new Int32Array(columns.keys.length).fill(NONE);
    this.older = new Int32Array(columns.count).fill(NONE);
    this.known = new Int32Array(demand === 'convergent' ? columns.count : 0).fill(NONE);
  }

  protected override follows(): boolean {
    return true;
  }

  protected override branched(line: number, from: number): void {
    const { width, current } = this;
    current.copyWithin(line * width, from * width, (from + 1) * width);
    this.copy[line] = NONE;
  }

  protected override placed(row: number, line: number): void {
    const source = this.source[row] as number;
    if (source >= INITIAL) {
      if (source >= 0) this.learn(line, source);
      this.compare(row, line, source);
    }
    if (this.effect[row] !== READ) this.write(row, line);
  }

  private learn(line: number, source: number): void {
    const { width, current, copies, position } = this;
    const other = this.line[source] as number;
    if (other === line) return;
    const base = line * width;
    const at = base + (this.column[other] as number);
    if ((current[at] as number) >= (position[source] as number)) return;
    const from = this.copyOf[source] as number;
    for (let j = 0; j < width; j++) {
      const theirs = copies[from + j] as number;
      if (theirs > (current[base + j] as number)) current[base + j] = theirs;
    }
    current[at] = position[source] as number;
    this.copy[line] = NONE;
    this.steps += width;
  }

  private write(row: number, line: number): void {
    const { width } = this;
    const base = line * width;
    if (this.copy[line] === NONE) {
      if (this.copied + width > this.copies.length) this.copies = wider(this.copies);
      this.copies.set(this.current.subarray(base, base + width), this.copied);
      this.copy[line] = this.copied;
      this.copied += width;
    }
    this.copyOf[row] = this.copy[line] as number;
    this.current[base + (this.column[line] as number)] = this.position[row] as number;
    const key = this.key[row] as number;
    this.older[row] = this.newest[key] as number;
    this.newest[key] = row;
  }

  /** Whether a write is in the past of another. */
  private precedes(a: number, b: number): boolean {
    const line = this.line[a] as number;
    if (line === this.line[b]) return (this.position[a] as number) < (this.position[b] as number);
    return (this.copies[(this.copyOf[b] as number) + (this.column[line] as number)] as number) >= (this.position[a] as number);
  }

  private compare(row: number, line: number, source: number): void {
    const { current, column, position, older } = this;
    const base = line * this.width;
    let left = ONE_BY_ONE;
    // `INITIAL` is NONE: a read of the beginning is behind all writes.
    for (let write = this.newest[this.key[row] as number] as number; write !== source; write = older[write] as number) {
      if ((current[base + (column[this.line[write] as number] as number)] as number) >= (position[write] as number)) {
        this.knows(write, source, row);
      }
      if (--left === 0) {
        this.byLine(row, base, source);
        break;
      }
    }
    this.steps += ONE_BY_ONE - left;
  }

  /** Of each line only the last write that the read knows of counts: the others come before it. */
  private byLine(row: number, base: number, source: number): void {
    this.groups ??= new Groups(this.members);
    const { groups, at } = this;
    const key = this.key[row] as number;
    for (let group = groups.begin(key); group < groups.end(key); group++) {
      const line = groups.line(group);
      const write = groups.upTo(group, this.position, this.current[base + (this.column[line] as number)] as number);
      this.steps++;
      if (write === NONE || write === source || (source >= 0 && (at[write] as number) < (at[source] as number))) continue;
      this.knows(write, source, row);
    }
  }

  /** The read knows a write that stands after its source. */
  private knows(write: number, source: number, read: number): void {
    if (source === INITIAL || this.precedes(source, write)) {
      this.overlooked ??= { read, source, write };
    } else if (this.demand === 'convergent' && this.known[write] !== source) {
      this.known[write] = source;
      this.found.add(write, source, read);
    }
  }
}
