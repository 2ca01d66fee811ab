import { CAS, FAIL, UNEQUAL } from '../../history/columns.ts';
import { Pairs } from '../pairs.ts';
import { isWrite } from '../reads-from.ts';
import { type Groups, grouped } from '../rows.ts';
import { type Observations, observes } from './observations.ts';

const NONE = -1;
/** The most numbers that are kept by key to save work. */
const MOST_KEYED = 1 << 25;

/**
 * What lies in the past of each write by "writes follow reads": what its process had read before, and the past of that. A past is made of
 * reads, and of each process it holds all reads up to some row; so it is a vector of rows, one for each process. They are made in an order
 * in which every write comes before those that read it, as far as there is one.
 */
export class Past {
  readonly width: number;
  /**
   * Pairs of a key and a process that read it, with the reads of each; those of key k are numbered from `cellsOfKey[k]` up to `cellsOfKey[k
   * + 1]`, so that what is looked at together lies together.
   */
  readonly cells: Groups;
  readonly cellsOfKey: Int32Array;
  /** For each write the first read of each process that read from it. */
  readonly firstReads: Groups;
  private readonly observations: Observations;
  private readonly source: Int32Array;
  private readonly cellOf: Int32Array;
  /** The place of the vector of a write that somebody read: its past. */
  private readonly writeAt: Int32Array;
  /** The place of the vector of a read: the pasts of all that its process has read of its key up to there. */
  private readonly readAt: Int32Array;
  private readonly vectors: Int32Array;
  /** What lies in the past of the next write of each process; and, apart, what of its own reads lies in the past of what it has read. */
  private readonly now: Int32Array;
  private readonly selves: Int32Array;
  /** By key and process: the pasts of all that anybody has read of a key so far. Only where there are not too many. */
  private readonly ofKey: Int32Array | undefined;
  private readonly cursor: Int32Array;
  private readonly passed: Uint8Array;
  /** Processes that wait for a write, as lists: the first one of a write, and the next one of a process. */
  private readonly waiting: Int32Array;
  private readonly nextWaiting: Int32Array;

  constructor(observations: Observations, source: Int32Array) {
    const { columns, sessions, rows } = observations;
    this.observations = observations;
    this.source = source;
    this.width = sessions.count;
    const { cellOf, from } = cellsByKey(observations, (row) => this.reads(row));
    this.cellOf = cellOf;
    this.cellsOfKey = from;
    this.cells = grouped(cellOf, from[columns.keys.length] as number);
    this.firstReads = firstReads(observations, source);
    this.writeAt = new Int32Array(columns.count).fill(NONE);
    this.readAt = new Int32Array(columns.count).fill(NONE);
    let places = 0;
    for (let i = 0; i < columns.count; i++) {
      if (this.reads(i)) this.readAt[i] = places++;
      if (this.firstReads.from[i] !== this.firstReads.from[i + 1]) this.writeAt[i] = places++;
    }
    this.vectors = new Int32Array(places * this.width).fill(NONE);
    this.now = new Int32Array(this.width * this.width).fill(NONE);
    const keyed = columns.keys.length * this.width;
    if (keyed <= MOST_KEYED) this.ofKey = new Int32Array(keyed).fill(NONE);
    this.selves = new Int32Array(this.width).fill(NONE);
    this.cursor = rows.from.slice(0, this.width);
    this.passed = new Uint8Array(columns.count);
    this.waiting = new Int32Array(columns.count).fill(NONE);
    this.nextWaiting = new Int32Array(this.width).fill(NONE);
  }

  /** Whether a row reads from a write. */
  reads(row: number): boolean {
    return (this.source[row] as number) >= 0 && observes(this.observations.columns, row);
  }

  /**
   * Goes through all rows in order of call, as far as what was read had been written by then; what reads from the future waits for it.
   * `met` is asked about each observing row once everything in its past is known. Returns what it answers first.
   */
  run<T>(met: (row: number) => T | undefined): T | undefined {
    const { columns, sessions, rows } = this.observations;
    const ready: number[] = [];
    for (let row = 0; row < columns.count; row++) {
      const own = sessions.of[row] as number;
      // A process that waits stands at an earlier row.
      if (rows.rows[this.cursor[own] as number] !== row) continue;
      for (let process: number | undefined = own; process !== undefined; process = ready.pop()) {
        const answer = this.advance(process, row, ready, met);
        if (answer !== undefined) return answer;
      }
    }
    return undefined;
  }

  /** The read before which a process stands for ever, since what it read from comes after it; -1 for those that got through. */
  stuckAt(process: number): number {
    const { rows } = this.observations;
    const at = this.cursor[process] as number;
    return at < (rows.from[process + 1] as number) ? (rows.rows[at] as number) : NONE;
  }

  private advance<T>(process: number, limit: number, ready: number[], met: (row: number) => T | undefined): T | undefined {
    const { rows, columns } = this.observations;
    const end = rows.from[process + 1] as number;
    for (; (this.cursor[process] as number) < end; this.cursor[process] = (this.cursor[process] as number) + 1) {
      const row = rows.rows[this.cursor[process] as number] as number;
      if (row > limit) return undefined;
      if (columns.status[row] === FAIL || columns.status[row] === UNEQUAL) continue;
      if (observes(columns, row)) {
        const from = this.source[row] as number;
        if (from >= 0 && this.passed[from] === 0) {
          this.nextWaiting[process] = this.waiting[from] as number;
          this.waiting[from] = process;
          return undefined;
        }
        const answer = met(row);
        if (answer !== undefined) return answer;
        if (from >= 0) this.take(process, row, from);
      }
      if (isWrite(columns, row)) this.pass(process, row, ready);
    }
    return undefined;
  }

  /** A process has read from a write: from now on that and its past lie in the past of what the process writes. */
  private take(process: number, row: number, from: number): void {
    const { vectors, now, width } = this;
    const into = process * width;
    const past = (this.writeAt[from] as number) * width;
    const own = (this.readAt[row] as number) * width;
    const before = this.before(row);
    const older = before === NONE ? NONE : (this.readAt[before] as number) * width;
    const { ofKey } = this;
    const keyed = (this.observations.columns.key[row] as number) * width;
    for (let x = 0; x < width; x++) {
      const lies = vectors[past + x] as number;
      if (lies > (now[into + x] as number)) now[into + x] = lies;
      const known = older === NONE ? NONE : (vectors[older + x] as number);
      vectors[own + x] = lies > known ? lies : known;
      if (ofKey !== undefined && lies > (ofKey[keyed + x] as number)) ofKey[keyed + x] = lies;
    }
    this.selves[process] = Math.max(this.selves[process] as number, vectors[past + process] as number);
    now[into + process] = row;
  }

  private pass(process: number, row: number, ready: number[]): void {
    const { vectors, now, width } = this;
    this.passed[row] = 1;
    const place = this.writeAt[row] as number;
    if (place === NONE) return;
    for (let x = 0; x < width; x++) vectors[place * width + x] = now[process * width + x] as number;
    for (let other = this.waiting[row] as number; other !== NONE; other = this.nextWaiting[other] as number) ready.push(other);
  }

  /** The last read of a process and key at a row or before; -1 where there is none. */
  lastUpTo(cell: number, row: number): number {
    const { from, rows } = this.cells;
    let lo = from[cell] as number;
    let hi = from[cell + 1] as number;
    while (lo < hi) {
      const middle = (lo + hi) >> 1;
      if ((rows[middle] as number) <= row) lo = middle + 1;
      else hi = middle;
    }
    return lo > (from[cell] as number) ? (rows[lo - 1] as number) : NONE;
  }

  /** Whether a write lies in the past of something that was read of a key by the process of a read, at that read or before. */
  overwrittenAt(read: number, write: number): boolean {
    return this.within(this.vectors, (this.readAt[read] as number) * this.width, write);
  }

  /** False if nothing that anybody has read of a key so far has a write in its past; true means nothing. */
  mayBeOverwritten(key: number, write: number): boolean {
    return this.ofKey === undefined || this.within(this.ofKey, key * this.width, write);
  }

  /** Whether a write lies in the past of another one, that somebody read. */
  holds(write: number, older: number): boolean {
    return this.within(this.vectors, (this.writeAt[write] as number) * this.width, older);
  }

  /** The last row of a process whose reads lie in the past of what another one has read so far. Nobody's own reads do by themselves. */
  bound(process: number, of: number): number {
    return (process === of ? this.selves[process] : this.now[process * this.width + of]) as number;
  }

  /** The last read of a key by the process of a read before it; -1 where there is none. */
  before(read: number): number {
    return this.lastUpTo(this.cellOf[read] as number, read - 1);
  }

  /** Whether a write lies in the past of anything that a process has read so far. */
  isKnown(process: number, write: number): boolean {
    const { of } = this.observations.sessions;
    const { from, rows } = this.firstReads;
    for (let at = from[write] as number; at < (from[write + 1] as number); at++) {
      const row = rows[at] as number;
      if (row <= this.bound(process, of[row] as number)) return true;
    }
    return false;
  }

  private within(vectors: Int32Array, place: number, write: number): boolean {
    const { of } = this.observations.sessions;
    const { from, rows } = this.firstReads;
    for (let at = from[write] as number; at < (from[write + 1] as number); at++) {
      const row = rows[at] as number;
      if (row <= (vectors[place + (of[row] as number)] as number)) return true;
    }
    return false;
  }
}

/** Numbers the pairs of a key and a process that read it, by key. */
function cellsByKey(
  { columns, sessions }: Observations,
  reads: (row: number) => boolean,
): { readonly cellOf: Int32Array; readonly from: Int32Array } {
  const cellOf = new Int32Array(columns.count).fill(NONE);
  const pairs = new Pairs();
  const keyOf: number[] = [];
  for (let i = 0; i < columns.count; i++) {
    if (!reads(i)) continue;
    const cell = pairs.add(sessions.of[i] as number, columns.key[i] as number);
    if (cell === keyOf.length) keyOf.push(columns.key[i] as number);
    cellOf[i] = cell;
  }
  const { from, rows } = grouped(Int32Array.from(keyOf), columns.keys.length);
  const place = new Int32Array(rows.length);
  for (let at = 0; at < rows.length; at++) place[rows[at] as number] = at;
  for (let i = 0; i < columns.count; i++) if (cellOf[i] !== NONE) cellOf[i] = place[cellOf[i] as number] as number;
  return { cellOf, from };
}

/** For each write the first read of each process that read from it. */
function firstReads({ columns, rows, sessions }: Observations, source: Int32Array): Groups {
  const first = new Int32Array(columns.count).fill(NONE);
  const reader = new Int32Array(columns.count).fill(NONE);
  for (let process = 0; process < sessions.count; process++) {
    for (let at = rows.from[process] as number; at < (rows.from[process + 1] as number); at++) {
      const row = rows.rows[at] as number;
      const from = source[row] as number;
      if (from < 0 || !observes(columns, row) || reader[from] === process) continue;
      reader[from] = process;
      first[row] = from;
    }
  }
  return grouped(first, columns.count);
}

/**
 * From some writes back through "read before it by the same process, or read before that" to the first read that is sought, the shortest
 * way: its rows from that read to the write at which it starts. Each read is looked at once.
 */
export function wayBack(
  { columns, rows, sessions }: Observations,
  source: Int32Array,
  starts: readonly number[],
  sought: (read: number) => boolean,
): readonly number[] | undefined {
  const place = new Int32Array(columns.count);
  rows.rows.forEach((row, at) => {
    place[row] = at;
  });
  const done = rows.from.slice(0, sessions.count);
  const steps: { readonly row: number; readonly follow: number }[] = starts.map((row) => ({ row, follow: NONE }));
  for (let next = 0; next < steps.length; next++) {
    const write = (steps[next] as { row: number }).row;
    const process = sessions.of[write] as number;
    // A compare-and-set read before it wrote.
    const until = (place[write] as number) + (columns.effect[write] === CAS ? 1 : 0);
    for (let at = done[process] as number; at < until; at++) {
      const read = rows.rows[at] as number;
      if (!observes(columns, read)) continue;
      if (sought(read)) {
        const way = [read];
        for (let i = next; i !== NONE; i = (steps[i] as { follow: number }).follow) way.push((steps[i] as { row: number }).row);
        return way;
      }
      if ((source[read] as number) < 0) continue;
      // The read and what it read from stand on the way together.
      steps.push({ row: read, follow: next }, { row: source[read] as number, follow: steps.length });
    }
    done[process] = Math.max(done[process] as number, until);
  }
  return undefined;
}
