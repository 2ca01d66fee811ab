const FIRST_SLOTS = 32;

/** Small numbers, from `first`, for codes above 0, in order of appearance. */
export class Ids {
  size: number;
  /** Pairs of a code and its number. */
  private table = new Int32Array(FIRST_SLOTS * 2);
  private mask = FIRST_SLOTS - 1;
  private used = 0;

  constructor(first: number) {
    this.size = first;
  }

  of(code: number): number {
    const at = this.find(code);
    if (this.table[at] === code) return this.table[at + 1] as number;
    this.table[at] = code;
    this.table[at + 1] = this.size;
    if (++this.used * 2 > this.mask) this.grow();
    return this.size++;
  }

  private find(code: number): number {
    const { table, mask } = this;
    let at = (Math.imul(code, 0x9e3779b1) >>> 7) & mask;
    while (table[at * 2] !== 0 && table[at * 2] !== code) at = (at + 1) & mask;
    return at * 2;
  }

  private grow(): void {
    const old = this.table;
    this.mask = this.mask * 4 + 3;
    this.table = new Int32Array((this.mask + 1) * 2);
    for (let from = 0; from < old.length; from += 2) {
      if (old[from] === 0) continue;
      const at = this.find(old[from] as number);
      this.table[at] = old[from] as number;
      this.table[at + 1] = old[from + 1] as number;
    }
  }
}
