import { hashWords } from '../mix.ts';
import { moveRows } from '../open-rows.ts';
import type { Room } from './room.ts';

/** Room at the beginning, in rows. */
const FIRST_ROWS = 128;

/**
 * Configurations of a search that were tried: rows of a fixed number of 32-bit integers, the first of which is never 0, in one array with open addressing; none of them costs an
 * object. With each row go vectors of counts, packed into `lanes` words (see `lanes.ts`): a configuration with the same row that has used up no less of anything can do nothing that
 * the one with fewer could not, and counts as tried too.
 */
export class Memo {
  /** What is asked for: the row, and the counts. */
  readonly row: Int32Array;
  readonly counts: Int32Array;
  /** The guard bits of the counts, one above each. */
  private readonly guards: Int32Array;
  private readonly width: number;
  private table: Int32Array;
  private length: number;
  private mask = FIRST_ROWS - 1;
  private size = 0;
  /** Lists of vectors, each with the place of the next one in front; the last word of a row is the place of its first. */
  private vectors: Int32Array;
  private end = 1;

  constructor(width: number, guards: Int32Array, room: Room) {
    this.row = new Int32Array(width);
    this.counts = new Int32Array(guards.length);
    this.guards = guards;
    this.width = guards.length === 0 ? width : width + 1;
    this.length = FIRST_ROWS * this.width;
    this.table = room.filled('table', this.length);
    this.vectors = room.raw('vectors', FIRST_ROWS * (guards.length + 1));
  }

  /** Adds what stands in `row` and `counts`; false where it was tried already. */
  add(): boolean {
    const { row, width, table } = this;
    const words = row.length;
    let at = (hashWords(row, 0, words) & this.mask) * width;
    while (table[at] !== 0) {
      let i = 0;
      while (i < words && table[at + i] === row[i]) i++;
      if (i === words) return this.counts.length > 0 && this.addCounts(at + words);
      at += width;
      if (at === this.length) at = 0;
    }
    for (let i = 0; i < words; i++) table[at + i] = row[i] as number;
    if (this.counts.length > 0) this.addCounts(at + words);
    if (++this.size * 2 > this.mask) this.grow();
    return true;
  }

  private addCounts(head: number): boolean {
    const { counts, guards } = this;
    const { length } = counts;
    for (let at = this.table[head] as number; at !== 0; at = this.vectors[at] as number) {
      let i = 0;
      // No guard is borrowed from if and only if none of the counts is smaller than the one remembered.
      while (i < length) {
        const guard = guards[i] as number;
        if (((((counts[i] as number) | guard) - (this.vectors[at + 1 + i] as number)) & guard) !== guard) break;
        i++;
      }
      if (i === length) return false;
    }
    if (this.end + length + 1 > this.vectors.length) {
      const old = this.vectors;
      this.vectors = new Int32Array(old.length * 2);
      this.vectors.set(old);
    }
    this.vectors[this.end] = this.table[head] as number;
    for (let i = 0; i < length; i++) this.vectors[this.end + 1 + i] = counts[i] as number;
    this.table[head] = this.end;
    this.end += length + 1;
    return true;
  }

  private grow(): void {
    const { width, table: old, length: before } = this;
    this.mask = this.mask * 4 + 3;
    this.length = (this.mask + 1) * width;
    this.table = new Int32Array(this.length);
    moveRows(old, before, this.table, this.mask, width, this.row.length);
  }
}
