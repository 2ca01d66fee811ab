/** So many numbers are looked at at most; where sums lie further apart nothing is refused. */
const MOST = 1 << 20;

/**
 * Which sums the ends of a list of additions can make: for each sum the last place in the list from which on some of them make it. It is the table of the subset sum problem, gone through from the end
 * (Bellman 1957), so it takes the length of the list times the sums that come into question.
 */
export class SumsLeft {
  private readonly amount: Float64Array;
  /** For each operation its place in the list. */
  private readonly place: Int32Array;
  /** For each sum from `least` on: the place + 1, or 0 where no addition after it makes it. */
  private from = new Int32Array(1024);
  private least = 0;
  private most = -1;

  constructor(amount: Float64Array) {
    this.amount = amount;
    this.place = new Int32Array(amount.length);
  }

  /** Takes up a list of which some are to make a sum; the numbers looked at. */
  of(some: readonly number[], wanted: number): number {
    let [least, most] = [0, 0];
    for (const i of some) {
      const n = this.amount[i] as number;
      if (n < 0) least += n;
      else most += n;
    }
    // What goes one way only need not go past what is wanted.
    if (least === 0) most = Math.max(0, Math.min(most, wanted));
    if (most === 0) least = Math.min(0, Math.max(least, wanted));
    const width = most - least + 1;
    this.least = least;
    this.most = width * some.length <= MOST ? most : least - 1;
    if (this.most < least) return 0;
    if (this.from.length < width) this.from = new Int32Array(width * 2);
    const { from } = this;
    from.fill(0, 0, width);
    from[-least] = some.length + 1;
    for (let at = some.length - 1; at >= 0; at--) {
      const i = some[at] as number;
      const n = this.amount[i] as number;
      this.place[i] = at;
      if (n === 0) continue;
      const step = n > 0 ? -1 : 1;
      // Each sum from the one it is made of, which must not yet be made with this addition.
      for (let sum = n > 0 ? width - 1 : 0, made = sum - n; made >= 0 && made < width; sum += step, made += step) {
        if (from[sum] === 0 && (from[made] as number) > 0) from[sum] = at + 1;
      }
    }
    return width * some.length;
  }

  /** Whether those behind an operation of the list can make a sum. */
  has(sum: number, i: number): boolean {
    if (this.most < this.least) return true;
    return sum >= this.least && sum <= this.most && (this.from[sum - this.least] as number) > (this.place[i] as number) + 1;
  }
}
