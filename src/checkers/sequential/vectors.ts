import { Nodes } from '../nodes.ts';

/**
 * Lists of so many numbers as numbers: two lists are the same if and only if their numbers are. Kept as a binary tree whose nodes are kept once each, so that changing
 * one place costs one path.
 */
export class Vectors extends Nodes {
  private readonly depth: number;
  /** Where the nodes of the path stand that is being changed. */
  private readonly path: Int32Array;

  constructor(places: number) {
    super();
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
}
