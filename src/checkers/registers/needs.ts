import { CAS, NEVER, READ, WRITE } from '../../history/columns.ts';
import { type Part, REFUSED } from './part.ts';
import type { Room } from './room.ts';

/**
 * Who looks for each value and who can bring it, among the operations that are not taken yet. Only where nothing is appended: there a value is what one operation wrote.
 */
export class Needs {
  /** Ok reads of the value, ok comparisons with it, and unknown ones. */
  readonly reads: Int32Array;
  readonly compares: Int32Array;
  readonly perhaps: Int32Array;
  readonly writers: Int32Array;
  /** The last call of an ok read. */
  readonly lastRead: Int32Array;
  /** Whether a comparison found "another value", for which any other will do. */
  readonly refused: boolean;
  /** The return of the first read, or comparison, of what nobody ever writes; NEVER if there is none. */
  readonly thinAir: number;

  constructor({ count, does, value, from, call, end, values }: Part, room: Room) {
    this.reads = room.filled('reads', values);
    this.compares = room.filled('compares', values);
    this.perhaps = room.filled('perhaps', values);
    this.writers = room.filled('writers', values);
    this.lastRead = room.filled('lastRead', values);
    let refused = false;
    for (let i = 0; i < count; i++) {
      const v = value[i] as number;
      if (does[i] === REFUSED) refused = true;
      else if (does[i] === READ) {
        bump(this.reads, v, 1);
        this.lastRead[v] = call[i] as number;
      } else {
        if (does[i] === CAS) bump(end[i] === NEVER ? this.perhaps : this.compares, from[i] as number, 1);
        bump(this.writers, v, 1);
      }
    }
    let thinAir = NEVER;
    for (let i = 0; i < count; i++) {
      const looks = does[i] === READ ? (value[i] as number) : does[i] === CAS ? (from[i] as number) : 0;
      if (looks !== 0 && this.writers[looks] === 0 && (end[i] as number) < thinAir) thinAir = end[i] as number;
    }
    this.refused = refused;
    this.thinAir = thinAir;
  }

  /** Takes an operation out, or with -1 puts it back. */
  take(does: number, value: number, from: number, unknown: boolean, by: 1 | -1): void {
    if (does === READ) bump(this.reads, value, -by);
    else if (does === WRITE || does === CAS) {
      bump(this.writers, value, -by);
      if (does === CAS) bump(unknown ? this.perhaps : this.compares, from, -by);
    }
  }

  /** Whether the value, once gone, would be missed for ever. */
  isLast(value: number): boolean {
    return this.writers[value] === 0 && ((this.reads[value] as number) > 0 || (this.compares[value] as number) > 0);
  }

  isDone(value: number): boolean {
    return this.reads[value] === 0 && this.compares[value] === 0 && this.perhaps[value] === 0;
  }

  /** Whether all that looks for the value of a write are reads that were called before `rank`, and no other operation brings it: or nothing looks for it. */
  isWhole(value: number, rank: number): boolean {
    if (this.compares[value] !== 0 || this.perhaps[value] !== 0) return false;
    return this.reads[value] === 0 || (this.writers[value] === 1 && (this.lastRead[value] as number) < rank);
  }
}

function bump(counts: Int32Array, at: number, by: number): void {
  counts[at] = (counts[at] as number) + by;
}
