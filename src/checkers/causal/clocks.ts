import { Edges, wider } from './edges.ts';
import { type Members, NONE } from './members.ts';
import { Sequence } from './sequence.ts';

/** As a power of two. */
const ENTRIES_A_STEP = 4;

/**
 * The causal past of every operation. A vector clock has for each line how far it lies in the past; of its own line an operation knows all that came before, whatever its clock
 * says, and lines that nobody else ever read from have no column. A clock changes only where a line reads a write that it does not know yet, so that there is one for each such read and not for each operation.
 */
export class Clocks extends Sequence {
  /** Clocks that were joined: a step for so many entries, which take no longer than one of anything else. */
  steps = 0;
  /** For each row where its clock begins in `entries`. */
  readonly clock: Int32Array;
  entries: Int32Array;
  private used: number;
  private readonly width: number;
  private readonly column: Int32Array;
  private readonly position: Int32Array;
  /** For each line its clock now, and the number of its last row. */
  private readonly now: Int32Array;
  private readonly done: Int32Array;

  constructor(members: Members) {
    super(members, new Edges());
    this.width = members.width;
    this.column = members.column;
    this.position = members.position;
    this.clock = new Int32Array(members.columns.count);
    // All begin with the clock of those who know nothing, which stands first.
    this.now = new Int32Array(members.first.length);
    this.done = new Int32Array(members.first.length);
    this.entries = new Int32Array(Math.max(1024, this.width * 64));
    this.used = this.width;
  }

  /** Whether a write is in the past of an operation of another place in the order. Both have been placed, the write first. */
  knows(row: number, write: number): boolean {
    const line = this.line[write] as number;
    if (line === this.line[row]) return true;
    const column = this.column[line] as number;
    return column !== NONE && (this.entries[(this.clock[row] as number) + column] as number) >= (this.position[write] as number);
  }

  protected override follows(): boolean {
    return true;
  }

  protected override placed(row: number, line: number): void {
    const source = this.source[row] as number;
    if (source >= 0 && this.line[source] !== line) this.learn(line, source);
    this.clock[row] = this.now[line] as number;
    this.done[line] = this.position[row] as number;
  }

  protected override branched(line: number, from: number): void {
    const own = this.column[from] as number;
    const at = this.copy(this.now[from] as number);
    if (own !== NONE) this.entries[at + own] = this.done[from] as number;
    this.now[line] = at;
  }

  private learn(line: number, source: number): void {
    const { position } = this;
    const column = this.column[this.line[source] as number] as number;
    const now = this.now[line] as number;
    if ((this.entries[now + column] as number) >= (position[source] as number)) return;
    const at = this.copy(now);
    const { entries, width } = this;
    const theirs = this.clock[source] as number;
    for (let j = 0; j < width; j++) {
      const other = entries[theirs + j] as number;
      if (other > (entries[at + j] as number)) entries[at + j] = other;
    }
    entries[at + column] = position[source] as number;
    this.now[line] = at;
  }

  private copy(from: number): number {
    const at = this.used;
    this.used += this.width;
    if (this.used > this.entries.length) this.entries = wider(this.entries);
    this.entries.copyWithin(at, from, from + this.width);
    this.steps += 1 + (this.width >> ENTRIES_A_STEP);
    return at;
  }
}
