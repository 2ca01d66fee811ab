import { hashWords } from '../mix.ts';
import { moveRows } from '../open-rows.ts';

/** Room at the beginning, in rows. */
const FIRST_ROWS = 256;

/**
 * A set of rows of a fixed number of 32-bit integers, the first of which is never 0. Open addressing in one array: a configuration of a search costs a few words,
 * and none of them an object.
 */
export class Tried {
  readonly row: Int32Array;
  private readonly width: number;
  private table: Int32Array;
  private mask = FIRST_ROWS * 2 - 1;
  private size = 0;

  constructor(width: number) {
    this.width = width;
    this.row = new Int32Array(width);
    this.table = new Int32Array(FIRST_ROWS * 2 * width);
  }

  /** Adds what stands in `row`; false where it was there already. */
  add(): boolean {
    const { row, width, table } = this;
    let at = (hashWords(row, 0, width) & this.mask) * width;
    while (table[at] !== 0) {
      let i = 0;
      while (i < width && table[at + i] === row[i]) i++;
      if (i === width) return false;
      at += width;
      if (at === table.length) at = 0;
    }
    table.set(row, at);
    this.size++;
    if (this.size * 2 > this.mask) this.grow();
    return true;
  }

  private grow(): void {
    const { width, table: old } = this;
    this.mask = this.mask * 2 + 1;
    this.table = new Int32Array(old.length * 2);
    moveRows(old, old.length, this.table, this.mask, width, width);
  }
}
