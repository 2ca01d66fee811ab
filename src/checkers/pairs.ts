/** Room at the beginning, in pairs. */
const FIRST = 64;

/**
 * Pairs of numbers as small ones, in order of first appearance: (key, value), (process, key). Open addressing in typed arrays, so that a
 * million of them cost no objects.
 */
export class Pairs {
  private table = new Int32Array(FIRST * 2);
  private mask = FIRST * 2 - 1;
  private left = new Int32Array(FIRST);
  private right = new Int32Array(FIRST);
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** The number of a pair, which from now on has one. */
  add(a: number, b: number): number {
    const at = this.place(a, b);
    const known = this.table[at] as number;
    if (known !== 0) return known - 1;
    if (this.count === this.left.length) {
      this.grow();
      return this.add(a, b);
    }
    this.left[this.count] = a;
    this.right[this.count] = b;
    this.count++;
    this.table[at] = this.count;
    return this.count - 1;
  }

  /** The number of a pair, or -1. */
  find(a: number, b: number): number {
    return (this.table[this.place(a, b)] as number) - 1;
  }

  private place(a: number, b: number): number {
    let at = slot(a, b) & this.mask;
    for (;;) {
      const id = (this.table[at] as number) - 1;
      if (id < 0 || (this.left[id] === a && this.right[id] === b)) return at;
      at = (at + 1) & this.mask;
    }
  }

  private grow(): void {
    const size = this.left.length * 2;
    const left = new Int32Array(size);
    const right = new Int32Array(size);
    left.set(this.left);
    right.set(this.right);
    this.left = left;
    this.right = right;
    this.mask = size * 2 - 1;
    this.table = new Int32Array(size * 2);
    for (let id = 0; id < this.count; id++) this.table[this.place(left[id] as number, right[id] as number)] = id + 1;
  }
}

/** Both numbers multiplied and mixed as murmur3 does: neighbours end up far apart. */
function slot(a: number, b: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x27d4eb2f);
  return (h ^ (h >>> 13)) >>> 0;
}
