import type { Edges } from './edges.ts';
import { type Members, NONE } from './members.ts';

/**
 * The operations one after the other, each after the one before it in its line, after what it read from and after those that edges put before it; otherwise as near to the
 * order of their calls as that allows. A line whose next operation has to wait is left alone until that is done, so that the whole takes time linear in the operations and edges.
 */
export abstract class Sequence {
  protected readonly members: Members;
  protected readonly source: Int32Array;
  protected readonly line: Int32Array;
  protected readonly next: Int32Array;
  /** The rows in their order, as far as it has come, and for each row its place in it. */
  readonly order: Int32Array;
  readonly at: Int32Array;
  filled = 0;
  /** For each line the row that is its next. */
  readonly head: Int32Array;
  /** For each line: whether its next row waits for something. */
  private readonly waiting: Uint8Array;
  /** The lines that wait for the write of a row, as lists. */
  private readonly waiter: Int32Array;
  private readonly otherWaiter: Int32Array;
  private readonly woken: number[] = [];
  private readonly branching: boolean;
  private readonly edges: Edges;
  /** How many edges each row still waits for; undefined where there are no edges. */
  private missing: Int32Array | undefined;
  private newestEdge: Int32Array = new Int32Array(0);
  private olderEdge: Int32Array = new Int32Array(0);
  private reached = 0;

  constructor(members: Members, edges: Edges) {
    const { columns, line, next, source, first } = members;
    this.members = members;
    this.line = line;
    this.next = next;
    this.source = source;
    this.order = new Int32Array(members.count);
    this.at = new Int32Array(columns.count).fill(NONE);
    this.head = Int32Array.from(first);
    this.waiting = new Uint8Array(first.length);
    this.waiter = new Int32Array(columns.count).fill(NONE);
    this.otherWaiter = new Int32Array(first.length).fill(NONE);
    this.branching = members.branches.size > 0;
    this.edges = edges;
    this.begin();
  }

  /** Begins anew, with the edges that there are by now. Arrays are used again: fresh ones would have to be cleared too, and their memory fetched. */
  again(): void {
    this.at.fill(NONE);
    this.head.set(this.members.first);
    this.waiting.fill(0);
    this.waiter.fill(NONE);
    this.filled = 0;
    this.reached = 0;
    this.begin();
  }

  private begin(): void {
    const { edges, members } = this;
    const rows = members.columns.count;
    members.parent.forEach((row, branch) => {
      if (row !== NONE) this.waiting[branch] = 1;
    });
    if (edges.count === 0) return;
    this.missing = this.missing?.fill(0) ?? new Int32Array(rows);
    for (let e = 0; e < edges.count; e++) {
      const to = edges.to[e] as number;
      this.missing[to] = (this.missing[to] as number) + 1;
    }
    const lists = edges.lists(rows, edges.from, this.newestEdge.length === rows ? this.newestEdge : undefined);
    this.newestEdge = lists.newest;
    this.olderEdge = lists.older;
  }

  /** Goes on by about so many rows; true once it cannot go on. */
  advance(rows: number): boolean {
    const until = Math.min(this.members.columns.count, this.reached + rows);
    const { line, head, waiting } = this;
    for (let i = this.reached; i < until; i++) {
      const own = line[i] as number;
      if (own === NONE || head[own] !== i || waiting[own] === 1) continue;
      this.take(i, own);
      if (this.woken.length > 0) this.catchUp(i);
    }
    this.reached = until;
    return until === this.members.columns.count;
  }

  /** Whether everything found its place. What did not waits for itself, in a circle. */
  get complete(): boolean {
    return this.filled === this.members.count;
  }

  /** What a line's next row waits for: a row that it read from or branches off from, or the edge that it lacks. */
  obstacle(row: number): { readonly from: number; readonly edge: number } {
    const { before, source, columns } = this.members;
    const previous = before[row] as number;
    if (previous !== NONE && this.at[previous] === NONE) return { from: previous, edge: NONE };
    const read = source[row] as number;
    if (read >= 0 && this.at[read] === NONE && this.follows(row)) return { from: read, edge: NONE };
    const { newest, older } = this.edges.lists(columns.count, this.edges.to);
    for (let e = newest[row] as number; e !== NONE; e = older[e] as number) {
      const from = this.edges.from[e] as number;
      if (this.at[from] === NONE) return { from, edge: e };
    }
    throw new Error('an operation that waits must wait for something: the sequence lost a wake-up');
  }

  /** Whether this order has to respect that a row read from its source. */
  protected abstract follows(row: number): boolean;

  /** A row has found its place. */
  protected abstract placed(row: number, line: number): void;

  /** A line branches off after the row of another that has just been placed (or from the beginning). */
  protected abstract branched(line: number, from: number): void;

  private take(row: number, line: number): void {
    const source = this.source[row] as number;
    if (source >= 0 && this.at[source] === NONE && this.follows(row)) {
      this.otherWaiter[line] = this.waiter[source] as number;
      this.waiter[source] = line;
      this.waiting[line] = 1;
      return;
    }
    if (this.missing !== undefined && (this.missing[row] as number) > 0) {
      this.waiting[line] = 1;
      return;
    }
    this.placed(row, line);
    this.at[row] = this.filled;
    this.order[this.filled++] = row;
    this.head[line] = this.next[row] as number;
    if (this.waiter[row] !== NONE) this.wake(row);
    if (this.branching) this.branch(row, line);
    if (this.missing !== undefined) this.release(row, this.missing);
  }

  private wake(row: number): void {
    for (let own = this.waiter[row] as number; own !== NONE; own = this.otherWaiter[own] as number) {
      this.waiting[own] = 0;
      this.woken.push(own);
    }
  }

  private branch(row: number, from: number): void {
    for (const line of this.members.branches.get(row) ?? []) {
      this.branched(line, from);
      this.waiting[line] = 0;
      this.woken.push(line);
    }
  }

  private release(row: number, missing: Int32Array): void {
    for (let e = this.newestEdge[row] as number; e !== NONE; e = this.olderEdge[e] as number) {
      const to = this.edges.to[e] as number;
      missing[to] = (missing[to] as number) - 1;
      const own = this.line[to] as number;
      // A line whose next row still lacks its source is woken by that. One that has not come here yet is not kept from it.
      if (missing[to] === 0 && this.head[own] === to && this.ready(to)) {
        this.waiting[own] = 0;
        this.woken.push(own);
      }
    }
  }

  private ready(row: number): boolean {
    const before = this.members.before[row] as number;
    if (before !== NONE && this.at[before] === NONE) return false;
    const source = this.source[row] as number;
    return source < 0 || this.at[source] !== NONE || !this.follows(row);
  }

  /** Lines that waited go on to where the others are. */
  private catchUp(until: number): void {
    const { head, woken, waiting } = this;
    while (woken.length > 0) {
      const own = woken.pop() as number;
      for (let row = head[own] as number; row !== NONE && row <= until && waiting[own] === 0; row = head[own] as number)
        this.take(row, own);
    }
  }
}
