/**
 * A table from pairs of numbers (a key, and a code of a value) to a number, in open addressing over typed arrays: a million entries cost a few arrays and no objects.
 */
export class Pairs {
  private readonly mask: number;
  private readonly firsts: Int32Array;
  private readonly seconds: Int32Array;
  /** One more than what stands there: 0 where nothing does. */
  private readonly values: Int32Array;

  /** Room for `most` pairs; more of them would never end a search for a free place, and are refused. */
  private room: number;

  constructor(most: number) {
    let size = 16;
    while (size < most * 2) size *= 2;
    this.mask = size - 1;
    this.room = size >> 1;
    this.firsts = new Int32Array(size);
    this.seconds = new Int32Array(size);
    this.values = new Int32Array(size);
  }

  /** What stands at a pair; -1 where nothing does. */
  get(first: number, second: number): number {
    return (this.values[this.placeOf(first, second)] as number) - 1;
  }

  /** Puts a number from 0 at a pair. */
  set(first: number, second: number, value: number): void {
    const place = this.placeOf(first, second);
    if (this.values[place] === 0) {
      if (this.room === 0) throw new Error('a table of pairs was made for fewer of them');
      this.room--;
    }
    this.firsts[place] = first;
    this.seconds[place] = second;
    this.values[place] = value + 1;
  }

  private placeOf(first: number, second: number): number {
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x2c1b3c6d);
    let place = (hash ^ (hash >>> 13)) & this.mask;
    while (this.values[place] !== 0 && (this.firsts[place] !== first || this.seconds[place] !== second)) place = (place + 1) & this.mask;
    return place;
  }
}
