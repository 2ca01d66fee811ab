import { Nodes } from '../nodes.ts';

const LEAF_BITS = 5;

/**
 * Sets of small numbers as numbers: two sets are the same if and only if their numbers are, and 0 is the empty one. A set is a binary tree over words of 32 bits whose
 * nodes are kept once each, so a set that differs in one element from another costs one path. All sets must be made with the same `depth`.
 */
export class Tries extends Nodes {
  private readonly depth: number;

  /** For elements below `limit`. */
  constructor(limit: number) {
    super();
    let depth = 0;
    while (1 << (LEAF_BITS + depth) < limit) depth++;
    this.depth = depth;
  }

  has(set: number, element: number): boolean {
    let node = set;
    for (let level = this.depth - 1; level >= 0 && node !== 0; level--) {
      node = (((element >> (LEAF_BITS + level)) & 1) === 0 ? this.left[node] : this.right[node]) as number;
    }
    return node !== 0 && (((this.left[node] as number) >>> (element & 31)) & 1) === 1;
  }

  /** The set with one element changed: in it becomes out, out becomes in. */
  flip(set: number, element: number): number {
    return this.flipped(set, element, this.depth);
  }

  /** Recursion goes as deep as the tree, at most 26. */
  private flipped(node: number, element: number, level: number): number {
    if (level === 0) return this.leaf((node === 0 ? 0 : (this.left[node] as number)) ^ (1 << (element & 31)));
    const l = node === 0 ? 0 : (this.left[node] as number);
    const r = node === 0 ? 0 : (this.right[node] as number);
    if (((element >> (LEAF_BITS + level - 1)) & 1) === 0) return this.node(this.flipped(l, element, level - 1), r);
    return this.node(l, this.flipped(r, element, level - 1));
  }

  /** The set of some elements, none twice. */
  of(elements: readonly number[]): number {
    const words: { at: number; node: number }[] = [];
    const sorted = [...elements].sort((a, b) => a - b);
    for (let i = 0; i < sorted.length; ) {
      const at = (sorted[i] as number) >> LEAF_BITS;
      let word = 0;
      for (; i < sorted.length && (sorted[i] as number) >> LEAF_BITS === at; i++) word |= 1 << ((sorted[i] as number) & 31);
      words.push({ at, node: this.leaf(word) });
    }
    let row = words;
    for (let level = 0; level < this.depth; level++) {
      const above: typeof words = [];
      for (let i = 0; i < row.length; ) {
        const at = (row[i] as { at: number }).at >> 1;
        let [l, r] = [0, 0];
        for (let one = row[i]; one !== undefined && one.at >> 1 === at; one = row[++i]) {
          if ((one.at & 1) === 0) l = one.node;
          else r = one.node;
        }
        above.push({ at, node: this.node(l, r) });
      }
      row = above;
    }
    return row[0]?.node ?? 0;
  }

  /** The least element that is in one of two sets and not in the other, or -1. */
  difference(a: number, b: number): number {
    if (a === b) return -1;
    let [x, y] = [a, b];
    let element = 0;
    for (let level = this.depth - 1; level >= 0; level--) {
      const [xl, yl] = [this.leftOf(x), this.leftOf(y)];
      if (xl !== yl) [x, y] = [xl, yl];
      else {
        [x, y] = [x === 0 ? 0 : (this.right[x] as number), y === 0 ? 0 : (this.right[y] as number)];
        element |= 1 << (LEAF_BITS + level);
      }
    }
    const bits = this.leftOf(x) ^ this.leftOf(y);
    return element | (31 - Math.clz32(bits & -bits));
  }

  /** How many elements are in one of two sets and not in the other. */
  distance(a: number, b: number): number {
    return this.apart(a, b, this.depth);
  }

  private apart(a: number, b: number, level: number): number {
    if (a === b) return 0;
    if (level === 0) return bitsIn(this.leftOf(a) ^ this.leftOf(b));
    const right = this.apart(a === 0 ? 0 : (this.right[a] as number), b === 0 ? 0 : (this.right[b] as number), level - 1);
    return this.apart(this.leftOf(a), this.leftOf(b), level - 1) + right;
  }

  private leftOf(node: number): number {
    return node === 0 ? 0 : (this.left[node] as number);
  }

  /** Leaves have -1 on their right, which no other node has. */
  private leaf(word: number): number {
    return word === 0 ? 0 : this.intern(word, -1);
  }

  private node(l: number, r: number): number {
    return l === 0 && r === 0 ? 0 : this.intern(l, r);
  }
}

function bitsIn(word: number): number {
  let bits = 0;
  for (let left = word; left !== 0; left &= left - 1) bits++;
  return bits;
}
