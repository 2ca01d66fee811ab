import { OK } from '../../history/columns.ts';
import { NOTHING } from '../../history/texts.ts';
import type { Judging } from '../model.ts';
import type { Graph } from './graph.ts';
import { elementsOf } from './lists.ts';
import { isRead, isUpdate, type Numbering } from './numbering.ts';
import type { Settled } from './settle.ts';

/** More transactions than these are not tried in all orders. */
const MOST = 4_000;

/** Lists as numbers: 0 is the empty one, and each other one is a shorter one with an element behind it. */
class Contents {
  private readonly ids = new Map<string, number>();

  with(list: number, element: number): number {
    const name = `${list} ${element}`;
    let id = this.ids.get(name);
    if (id === undefined) {
      id = this.ids.size + 1;
      this.ids.set(name, id);
    }
    return id;
  }

  of(elements: Int32Array): number {
    let list = 0;
    for (const element of elements) list = this.with(list, element);
    return list;
  }
}

/** One choice: which may go next here, how many of them were tried, and how to take back the one that went. */
interface Frame {
  readonly candidates: readonly number[];
  tried: number;
  /** Keys and what they held before, one after the other. */
  undo: readonly number[];
}

/**
 * All orders that keep the edges of a graph, tried one after the other and each state only once: an order that explains all ok transactions, with some of those of unknown
 * outcome. Knows nothing of versions, so values may repeat.
 */
export function* search(n: Numbering, lists: Uint8Array, graph: Graph, budget: { steps: number }): Generator<Judging, Settled> {
  if (n.count > MOST) return 'open';
  const tried = new Tried(n, lists, graph);
  for (let i = 0; budget.steps > 0; i++) {
    if ((i & 0xff) === 0) yield { done: tried.depth, of: n.count };
    const done = tried.step(budget);
    if (done !== undefined) return done ? Int32Array.from(tried.order) : 'none';
  }
  return 'open';
}

class Tried {
  readonly order: number[] = [];
  private readonly frames: Frame[] = [];
  private readonly seen = new Set<string>();
  private readonly state: Int32Array;
  private readonly waiting: Int32Array;
  private readonly gone: Uint8Array;
  private missing: number;
  private readonly contents = new Contents();
  /** What reads of lists found, as numbers of lists. */
  private readonly found: Int32Array;
  private readonly n: Numbering;
  private readonly lists: Uint8Array;
  private readonly graph: Graph;

  constructor(n: Numbering, lists: Uint8Array, graph: Graph) {
    this.n = n;
    this.lists = lists;
    this.graph = graph;
    this.state = new Int32Array(lists.length).fill(NOTHING);
    this.gone = new Uint8Array(n.count);
    this.waiting = new Int32Array(graph.nodes);
    for (const w of graph.to) this.waiting[w] = (this.waiting[w] as number) + 1;
    this.found = n.txns.value.map((_, m) => this.contents.of(elementsOf(n, m)));
    this.missing = 0;
    for (let t = 0; t < n.count; t++) if (this.isOk(t)) this.missing++;
    this.frames.push({ candidates: this.candidates(), tried: 0, undo: [] });
  }

  get depth(): number {
    return this.order.length;
  }

  /** Tries one candidate, or takes one back. Tells when an order is complete, or when all were tried. */
  step(budget: { steps: number }): boolean | undefined {
    const frame = this.frames.at(-1);
    if (frame === undefined) return false;
    const t = frame.candidates[frame.tried++];
    budget.steps--;
    if (t === undefined) {
      this.frames.pop();
      const last = this.frames.at(-1);
      if (last !== undefined) this.back(this.order.pop() as number, last.undo);
      return undefined;
    }
    const undo = this.execute(t);
    if (undo === undefined) return undefined;
    frame.undo = undo;
    this.go(t);
    if (this.missing === 0) return true;
    budget.steps -= (this.n.count >> 5) + this.state.length;
    const name = this.name();
    if (this.seen.has(name)) {
      this.back(this.order.pop() as number, undo);
      return undefined;
    }
    this.seen.add(name);
    // What changed nothing takes nothing from anybody: nothing else needs to be tried in its place.
    if (undo.length === 0) frame.tried = frame.candidates.length;
    budget.steps -= this.n.count >> 3;
    this.frames.push({ candidates: this.candidates(), tried: 0, undo: [] });
    return undefined;
  }

  private isOk(t: number): boolean {
    return this.n.columns.status[this.n.row[t] as number] === OK;
  }

  /** Those that may go next by the edges: the ok ones in order of return, then the unknown ones. */
  private candidates(): readonly number[] {
    const found: number[] = [];
    for (let t = 0; t < this.n.count; t++) if (this.gone[t] === 0 && this.waiting[t] === 0) found.push(t);
    return found.sort((a, b) => (this.n.ret[a] as number) - (this.n.ret[b] as number));
  }

  /** Executes a transaction; undefined, and nothing changed, where it cannot have read what it read. */
  private execute(t: number): number[] | undefined {
    const { n, state, lists } = this;
    const undo: number[] = [];
    const row = n.row[t] as number;
    const end = n.txns.from[row + 1] as number;
    for (let m = n.txns.from[row] as number; m < end; m++) {
      const key = n.txns.key[m] as number;
      const code = n.txns.value[m] as number;
      if (isUpdate(n, m)) {
        undo.push(key, state[key] as number);
        state[key] = lists[key] === 1 ? this.contents.with(state[key] as number, code) : code;
      } else if (isRead(n, m) && state[key] !== (lists[key] === 1 ? this.found[m] : code)) {
        this.restore(undo);
        return undefined;
      }
    }
    return undo;
  }

  private restore(undo: readonly number[]): void {
    for (let i = undo.length - 2; i >= 0; i -= 2) this.state[undo[i] as number] = undo[i + 1] as number;
  }

  private go(t: number): void {
    this.gone[t] = 1;
    this.order.push(t);
    if (this.isOk(t)) this.missing--;
    this.passed(t, -1);
  }

  private back(t: number, undo: readonly number[]): void {
    this.gone[t] = 0;
    if (this.isOk(t)) this.missing++;
    this.passed(t, 1);
    this.restore(undo);
  }

  /** Lets those that waited for a node go, or wait again; helpers on the way pass it on. */
  private passed(node: number, by: number): void {
    const { graph, waiting, n } = this;
    const open = [node];
    for (let v = open.pop(); v !== undefined; v = open.pop()) {
      for (let e = graph.start[v] as number; e < (graph.start[v + 1] as number); e++) {
        const w = graph.to[e] as number;
        const before = waiting[w] as number;
        waiting[w] = before + by;
        if (w >= n.count && (before === 0 || before + by === 0)) open.push(w);
      }
    }
  }

  private name(): string {
    let bits = 0;
    let name = '';
    for (let t = 0; t < this.gone.length; t++) {
      bits = bits * 2 + (this.gone[t] as number);
      if (t % 30 === 29) {
        name += `${bits.toString(36)} `;
        bits = 0;
      }
    }
    return `${name}${bits.toString(36)}|${this.state.join(' ')}`;
  }
}
