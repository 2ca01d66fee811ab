import { type Columns, OK } from '../../history/columns.ts';
import { isWrite, type Sessions } from '../reads-from.ts';
import { wider } from './edges.ts';

/** Who reads a write learns of all that its process knew of, or of what that process had written before. */
export type Learning = 'pasts' | 'writers';

/** What each process knows of the ok writes of all: vectors of their numbers, by process. What was learned last can be forgotten. */
export class Knowledge {
  /** For each ok write its number among those of its process, from 1. */
  readonly position: Int32Array;
  /** The vector of each process now; the first vector is of those who know nothing. */
  readonly now: Int32Array;
  entries: Int32Array;
  /** Vectors that were made, by what they cost. */
  steps = 0;
  private readonly sessions: Sessions;
  private readonly learning: Learning;
  /** The vector of each write. */
  private readonly clock: Int32Array;
  private used: number;
  /** For each process its vectors so far, and the reads that made them. */
  private readonly vectors: number[][];
  private readonly teachers: number[][];

  constructor(columns: Columns, sessions: Sessions, learning: Learning) {
    this.sessions = sessions;
    this.learning = learning;
    this.position = new Int32Array(columns.count);
    const written = new Int32Array(sessions.count);
    for (let i = 0; i < columns.count; i++) {
      if (columns.status[i] !== OK || !isWrite(columns, i)) continue;
      const own = sessions.of[i] as number;
      written[own] = (written[own] as number) + 1;
      this.position[i] = written[own] as number;
    }
    this.now = new Int32Array(sessions.count);
    this.clock = new Int32Array(columns.count);
    this.used = sessions.count;
    this.entries = new Int32Array(Math.max(1024, sessions.count * 64));
    this.vectors = Array.from({ length: sessions.count }, () => []);
    this.teachers = this.vectors.map(() => []);
  }

  wrote(row: number): void {
    this.clock[row] = this.now[this.sessions.of[row] as number] as number;
  }

  /** A process reads from a write. Nothing later tells of an unknown one, but what its process did before is learned with it. */
  learn(own: number, source: number, read: number): void {
    const of = this.sessions.of[source] as number;
    const position = this.position[source] as number;
    const now = this.now[own] as number;
    if (of === own || (position !== 0 && (this.entries[now + of] as number) >= position)) return;
    const width = this.sessions.count;
    const at = this.used;
    this.used += width;
    if (this.used > this.entries.length) this.entries = wider(this.entries);
    const { entries } = this;
    entries.copyWithin(at, now, now + width);
    this.steps += 1 + (width >> 4);
    if (this.learning === 'pasts') {
      const theirs = this.clock[source] as number;
      for (let j = 0; j < width; j++) {
        const other = entries[theirs + j] as number;
        if (other > (entries[at + j] as number)) entries[at + j] = other;
      }
    }
    if (position > (entries[at + of] as number)) entries[at + of] = position;
    this.now[own] = at;
    this.vectors[own]?.push(at);
    this.teachers[own]?.push(read);
  }

  /** Takes back what a process learned last, if it had another vector before. */
  forget(own: number, before: number): void {
    if (this.now[own] === before) return;
    this.now[own] = before;
    this.used -= this.sessions.count;
    this.vectors[own]?.pop();
    this.teachers[own]?.pop();
  }

  /** Whether an earlier write is in the past of a write. */
  causes(write: number, earlier: number): boolean {
    const of = this.sessions.of[earlier] as number;
    const position = this.position[earlier] as number;
    if (position === 0) return false;
    if (of === this.sessions.of[write]) return earlier < write;
    return this.learning === 'pasts' && (this.entries[(this.clock[write] as number) + of] as number) >= position;
  }

  /** Whether a process knows a write of another one. */
  knows(own: number, write: number): boolean {
    const position = this.position[write] as number;
    return position !== 0 && (this.entries[(this.now[own] as number) + (this.sessions.of[write] as number)] as number) >= position;
  }

  /** How much a process had learned before it came to know a write of another one. */
  when(own: number, write: number): number {
    const vectors = this.vectors[own] as number[];
    const of = this.sessions.of[write] as number;
    const position = this.position[write] as number;
    let low = 0;
    let high = vectors.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.entries[(vectors[middle] as number) + of] as number) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The read by which the process of a write came to know an earlier one, if it is another's. */
  learned(write: number, earlier: number): readonly number[] {
    const own = this.sessions.of[write] as number;
    return own === this.sessions.of[earlier] ? [] : [this.teachers[own]?.[this.when(own, earlier)] as number];
  }

  /** The reads by which a process learned something last. */
  lately(own: number, most: number): readonly number[] {
    return (this.teachers[own] as number[]).slice(-most);
  }
}
