/**
 * The nodes of binary trees, each kept once: two trees are the same if and only if their numbers are, and changing one place of a tree costs one path. 0 is no node. Room grows with the
 * nodes, twice 4 bytes and a slot each.
 */
export class Nodes {
  protected left = new Int32Array(1024);
  protected right = new Int32Array(1024);
  private size = 1;
  private table = new Int32Array(2048);

  /** The number of a node. */
  protected intern(l: number, r: number): number {
    const mask = this.table.length - 1;
    let at = hashPair(l, r) & mask;
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
      let at = hashPair(this.left[id] as number, this.right[id] as number) & mask;
      while (this.table[at] !== 0) at = (at + 1) & mask;
      this.table[at] = id;
    }
  }
}

function hashPair(l: number, r: number): number {
  let h = Math.imul(l ^ Math.imul(r, 0x85ebca6b), 0x9e3779b1);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
}
