/** Beyond this a code is looked up in a map; below it a place in an array costs less. */
const DIRECT = 1 << 22;

/** Whole numbers by codes of `Texts`, which are small for small numbers and for the first texts. What was never set is 0. */
export class IntTable {
  private direct = new Int32Array(64);
  private readonly others = new Map<number, number>();

  get(code: number): number {
    if (code < this.direct.length) return this.direct[code] as number;
    return code < DIRECT ? 0 : (this.others.get(code) ?? 0);
  }

  set(code: number, value: number): void {
    if (code < this.direct.length) this.direct[code] = value;
    else if (code < DIRECT) {
      let size = this.direct.length * 2;
      while (size <= code) size *= 2;
      const wider = new Int32Array(size);
      wider.set(this.direct);
      wider[code] = value;
      this.direct = wider;
    } else this.others.set(code, value);
  }
}
