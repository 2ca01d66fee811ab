/** A binary heap of transactions: the one with the smallest rank first, of equal ones the one that was called first. */
export class Heap {
  private readonly ranks: Int32Array;
  private readonly items: number[] = [];

  constructor(ranks: Int32Array) {
    this.ranks = ranks;
  }

  all(): readonly number[] {
    return this.items;
  }

  push(t: number): void {
    const { items } = this;
    let at = items.length;
    items.push(t);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent] as number;
      if (!this.before(t, above)) break;
      items[at] = above;
      at = parent;
    }
    items[at] = t;
  }

  /** The first one, or -1. */
  pop(): number {
    const { items } = this;
    const top = items[0];
    const last = items.pop();
    if (top === undefined || last === undefined) return -1;
    if (items.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && this.before(items[child + 1] as number, items[child] as number)) child++;
      const below = items[child] as number;
      if (!this.before(below, last)) break;
      items[at] = below;
      at = child;
    }
    items[at] = last;
    return top;
  }

  private before(a: number, b: number): boolean {
    const difference = (this.ranks[a] as number) - (this.ranks[b] as number);
    return difference === 0 ? a < b : difference < 0;
  }
}
