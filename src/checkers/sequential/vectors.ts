/**
 * Lists of so many numbers as numbers: two lists are the same if and only if their numbers are. Kept as a binary tree whose nodes are kept once each, so that changing
 * one place costs one path.
 */
export class Vectors {
  private readonly depth: number;
  private left = new Int32Array(1024);
  private right = new Int32Array(1024);
  private size = 1;
  private table = new Int32Array(2048);
  /** Where the nodes of the path stand that is being changed. */
  private readonly path: Int32Array;

  constructor(places: number) {
    let depth = 1;
    while (1 << depth < places) depth++;
    this.depth = depth;
    this.path = new Int32Array(depth);
  }

  /** The list of zeros: the same number at every place of a level, so one node a level. */
  zeros(): number {
    let node = 0;
    for (let level = 0; level < this.depth; level++) node = this.intern(node, node);
    return node;
  }

  /** The list with another number, which is not negative, at one place. */
  with(list: number, place: number, number: number): number {
    const { path, depth } = this;
    let node = list;
    for (let level = depth - 1; level >= 0; level--) {
      path[level] = node;
      node = (((place >> level) & 1) === 0 ? this.left[node] : this.right[node]) as number;
    }
    let changed = number;
    for (let level = 0; level < depth; level++) {
      const at = path[level] as number;
      if (((place >> level) & 1) === 0) changed = this.intern(changed, this.right[at] as number);
      else changed = this.intern(this.left[at] as number, changed);
    }
    return changed;
  }

  private intern(l: number, r: number): number {
    const mask = this.table.length - 1;
    let at = hash(l, r) & mask;
    for (let id = this.table[at] as number; id !== 0; id = this.table[at] as number) {
      if (this.left[id] === l && this.right[id] === r) return id;
      at = (at + 1) & mask;
    }
    if (this.size === this.left.length) this.grow();
    const id = this.size++;
    this.left[id] = l;
    this.right[id] = r;
    this.table[at] = id;
    if (this.size * 2 > this.table.length) this.rehash();
    return id;
  }

  private grow(): void {
    const wider = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const fresh = new Int32Array(old.length * 2);
      fresh.set(old);
      return fresh;
    };
    this.left = wider(this.left);
    this.right = wider(this.right);
  }

  private rehash(): void {
    this.table = new Int32Array(this.table.length * 2);
    const mask = this.table.length - 1;
    for (let id = 1; id < this.size; id++) {
      let at = hash(this.left[id] as number, this.right[id] as number) & mask;
      while (this.table[at] !== 0) at = (at + 1) & mask;
      this.table[at] = id;
    }
  }
}

function hash(l: number, r: number): number {
  let h = Math.imul(l ^ Math.imul(r, 0x85ebca6b), 0x9e3779b1);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
}
