const BASE = 0x01000193;

/**
 * Sequences of codes as numbers: two are the same if and only if their numbers are, and 0 is the empty one. They grow at one end and shrink at the other: a
 * sequence is the last so many codes on a path of a tree of everything that was pushed, and paths are compared only where a hash of both says that they may be alike.
 */
export class Sequences {
  // Nodes of the tree; 0 is the root. `jump` skips ancestors so that any of them is found in logarithmic time (Myers 1983).
  private readonly parent = [0];
  private readonly jump = [0];
  private readonly depth = [0];
  private readonly code = [0];
  private readonly children = new Map<number, Map<number, number>>();
  // Sequences.
  private readonly node = [0];
  private readonly length = [0];
  private readonly hash = [0];
  private readonly alike = new Map<number, number[]>();
  private readonly powers = [1];

  constructor() {
    this.alike.set(0, [0]);
  }

  push(state: number, code: number): number {
    const length = this.length[state] as number;
    const hash = (Math.imul(this.hash[state] as number, BASE) + code) | 0;
    return this.intern(this.child(this.node[state] as number, code), length + 1, hash);
  }

  /** The code at the end that shrinks. */
  oldest(state: number): number {
    const node = this.node[state] as number;
    return this.code[this.ancestor(node, (this.depth[node] as number) - (this.length[state] as number) + 1)] as number;
  }

  shift(state: number): number {
    const length = this.length[state] as number;
    if (length === 1) return 0;
    const hash = ((this.hash[state] as number) - Math.imul(this.oldest(state), this.power(length - 1))) | 0;
    return this.intern(this.node[state] as number, length - 1, hash);
  }

  private intern(node: number, length: number, hash: number): number {
    const some = this.alike.get(hash);
    const known = some?.find((state) => this.length[state] === length && this.same(this.node[state] as number, node, length));
    if (known !== undefined) return known;
    const state = this.node.push(node) - 1;
    this.length.push(length);
    this.hash.push(hash);
    if (some === undefined) this.alike.set(hash, [state]);
    else some.push(state);
    return state;
  }

  /** Whether the last codes on two paths are the same; from a node that both share on they are. */
  private same(a: number, b: number, length: number): boolean {
    for (let [x, y, left] = [a, b, length]; left > 0 && x !== y; left--) {
      if (this.code[x] !== this.code[y]) return false;
      [x, y] = [this.parent[x] as number, this.parent[y] as number];
    }
    return true;
  }

  private child(parent: number, code: number): number {
    let own = this.children.get(parent);
    if (own === undefined) this.children.set(parent, (own = new Map()));
    const known = own.get(code);
    if (known !== undefined) return known;
    const far = this.jump[parent] as number;
    const even =
      (this.depth[parent] as number) - (this.depth[far] as number) ===
      (this.depth[far] as number) - (this.depth[this.jump[far] as number] as number);
    const node = this.parent.push(parent) - 1;
    this.jump.push(even ? (this.jump[far] as number) : parent);
    this.depth.push((this.depth[parent] as number) + 1);
    this.code.push(code);
    own.set(code, node);
    return node;
  }

  private ancestor(of: number, depth: number): number {
    let node = of;
    while ((this.depth[node] as number) > depth) {
      const far = this.jump[node] as number;
      node = (this.depth[far] as number) >= depth ? far : (this.parent[node] as number);
    }
    return node;
  }

  private power(n: number): number {
    while (this.powers.length <= n) this.powers.push(Math.imul(this.powers[this.powers.length - 1] as number, BASE));
    return this.powers[n] as number;
  }
}
