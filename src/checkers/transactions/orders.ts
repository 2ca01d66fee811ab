import { Pairs } from '../pairs.ts';
import { CONCLUDED, type Graph } from './graph.ts';
import { isUpdate, ownerOf } from './numbering.ts';
import type { Step } from './paths.ts';
import type { Reads } from './schedule.ts';
import { type Clause, keyed, movesOf, named, value } from './words.ts';

/** Whether a micro-operation writes a version: the last that its transaction leaves of a register whose values are told apart. */
export function isVersion({ n, registers, writers }: Reads, m: number): boolean {
  return registers.holds[n.txns.key[m] as number] === 1 && isUpdate(n, m) && (writers.next[m] as number) < 0;
}

/** Which versions of registers come before which others in every order, as they were found out one after the other. */
export class Orders {
  /** For each pair, by its number: the earlier version, the later one, and who wrote or read the later one and comes behind who wrote the earlier. */
  readonly earlier: number[] = [];
  readonly later: number[] = [];
  readonly reached: number[] = [];
  /** The node behind all that read a version and before all that wrote a later one, by version; and the version of each such node. */
  readonly behind = new Map<number, number>();
  readonly versionOf = new Map<number, number>();
  private readonly pairs = new Pairs();

  /** False where it is known already. */
  add(earlier: number, later: number, reached: number): boolean {
    if (this.pairs.add(earlier, later) < this.earlier.length) return false;
    this.earlier.push(earlier);
    this.later.push(later);
    this.reached.push(reached);
    return true;
  }

  /** The number of a pair, or -1. */
  find(earlier: number, later: number): number {
    return this.pairs.find(earlier, later);
  }
}

/** A step, and the number of the pair of versions that it rests on; -1 for one that was read off the history. */
interface Ground {
  readonly step: Step;
  readonly pair: number;
}

/** Why versions stand in the order that was concluded. */
export class Grounds {
  private readonly known: Reads;
  private readonly graph: Graph;
  private readonly orders: Orders;
  private readonly rowsOf: (step: Step) => readonly number[];
  private readonly before: Int32Array;

  /** `rowsOf`: which rows show a step that was read off the history. */
  constructor(known: Reads, graph: Graph, orders: Orders, rowsOf: (step: Step) => readonly number[]) {
    this.known = known;
    this.graph = graph;
    this.orders = orders;
    this.rowsOf = rowsOf;
    this.before = new Int32Array(graph.nodes).fill(-1);
  }

  /** Why one transaction comes before another; undefined where that was not concluded. The rows are all that it rests on. */
  clause({ from, to, kind }: Step): Clause | undefined {
    const pair = kind === CONCLUDED ? this.pairOf(from, to, this.orders.earlier.length) : -1;
    if (pair < 0) return undefined;
    const { n } = this.known;
    const [u, v, b] = [this.orders.earlier[pair] as number, this.orders.later[pair] as number, this.orders.reached[pair] as number];
    const by = ownerOf(n, u);
    const name = (t: number): string => named(n, n.row[t] as number);
    const touched = (t: number, version: number): string => `${ownerOf(n, version) === t ? 'wrote' : 'read'} ${value(n, version)}`;
    const did = `${name(from)} ${touched(from, u)} in ${keyed(n, u)} before ${name(to)} wrote ${value(n, v)}`;
    const text = `${did}, since ${from === by ? 'it' : `${name(by)} (${touched(by, u)})`} comes before ${b === to ? 'it' : `${name(b)} (${touched(b, v)})`}`;
    return { text, rows: this.rows(pair) };
  }

  /** All rows that the order of a pair of versions rests on. */
  private rows(pair: number): readonly number[] {
    const { n } = this.known;
    const rows = new Set<number>();
    const seen = new Set([pair]);
    // A set that grows while it is gone through.
    for (const one of seen) {
      const [u, v, b] = [this.orders.earlier[one] as number, this.orders.later[one] as number, this.orders.reached[one] as number];
      for (const t of [ownerOf(n, u), ownerOf(n, v), b]) rows.add(n.row[t] as number);
      for (const { step, pair: under } of this.way(ownerOf(n, u), b, one)) {
        rows.add(n.row[step.to] as number);
        if (under >= 0) seen.add(under);
        else for (const row of this.rowsOf(step)) rows.add(row);
      }
    }
    return [...rows];
  }

  /** A shortest way over what was known before a pair. */
  private way(source: number, target: number, pair: number): readonly Ground[] {
    const { graph, before } = this;
    const { start, to } = graph;
    const queue = [source];
    before[source] = source;
    for (let i = 0; i < queue.length && before[target] === -1; i++) {
      const v = queue[i] as number;
      for (let e = start[v] as number; e < (start[v + 1] as number); e++) {
        const w = to[e] as number;
        if (before[w] !== -1 || !this.holds(v, e, pair)) continue;
        before[w] = v;
        queue.push(w);
      }
    }
    const nodes: number[] = [];
    for (let v = target; v !== source; v = before[v] as number) nodes.push(v);
    nodes.push(source);
    for (const v of queue) before[v] = -1;
    return this.grounds(nodes.reverse(), pair);
  }

  /** Whether an edge was there before a pair was concluded. */
  private holds(v: number, e: number, pair: number): boolean {
    const { graph, orders } = this;
    const w = graph.to[e] as number;
    const version = orders.versionOf.get(v);
    if (version !== undefined) return this.pairAt(version, w, pair) >= 0;
    return ((graph.kind[e] as number) & ~CONCLUDED) !== 0 || orders.versionOf.has(w) || this.pairOf(v, w, pair) >= 0;
  }

  /** The nodes of a way as steps between transactions. */
  private grounds(nodes: readonly number[], limit: number): readonly Ground[] {
    const { graph } = this;
    const found: Ground[] = [];
    let from = nodes[0] as number;
    let kind = 0;
    for (const [i, w] of nodes.entries()) {
      if (i === 0) continue;
      const v = nodes[i - 1] as number;
      if (v < graph.transactions) kind = this.kindOf(v, w) & ~CONCLUDED;
      if (w >= graph.transactions) continue;
      const pair = kind === 0 ? this.pairOf(from, w, limit) : -1;
      found.push({ step: { from, to: w, kind: pair < 0 ? kind & -kind : CONCLUDED }, pair });
      from = w;
    }
    return found;
  }

  private kindOf(v: number, w: number): number {
    const { start, to, kind } = this.graph;
    let e = start[v] as number;
    while (to[e] !== w) e++;
    return kind[e] as number;
  }

  /** The number of a pair below a limit by which one transaction, which read or wrote the earlier version, comes before another, which wrote the later; -1 for none. */
  private pairOf(from: number, to: number, limit: number): number {
    const { n, registers } = this.known;
    for (const m of movesOf(n, from)) {
      const source = registers.source[m] as number;
      const pair = source >= 0 || isVersion(this.known, m) ? this.pairAt(source >= 0 ? source : m, to, limit) : -1;
      if (pair >= 0) return pair;
    }
    return -1;
  }

  private pairAt(version: number, to: number, limit: number): number {
    const { n } = this.known;
    for (const m of movesOf(n, to)) {
      if (n.txns.key[m] !== n.txns.key[version] || !isVersion(this.known, m)) continue;
      const pair = this.orders.find(version, m);
      return pair < limit ? pair : -1;
    }
    return -1;
  }
}
