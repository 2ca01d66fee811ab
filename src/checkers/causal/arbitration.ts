import { Edges } from './edges.ts';
import type { Knowledge } from './knowledge.ts';
import { NONE } from './members.ts';

/** How many writes a move may pass. */
const FAR = 4096;
const LAST = 0x7fffffff;

/**
 * An order of writes that grows at its end, keeps causality and all that is demanded of it, and gives way: a write is moved up past others, with all that has to follow it, unless one of them is
 * among these (Pearce & Kelly, A dynamic topological sort algorithm for directed acyclic graphs, JEA 11, 2006, in one direction). What was done last can be undone.
 */
export class Arbitration {
  /** For each write its place; for each that has none yet, one behind all. */
  readonly rank: Int32Array;
  /** Demands so far, and moves: places and what stood there before. */
  readonly demands = new Edges();
  readonly moves: number[] = [];
  /** The reads that kept writes from being moved, by their demands or by what they told, since this was emptied. */
  readonly blamed: number[] = [];
  /** Writes that were passed by moves. */
  steps = 0;
  private readonly order: Int32Array;
  private count = 0;
  /** For each write the newest demand that it follows another one, and for each demand the one before it of the same write. */
  private readonly newest: Int32Array;
  private readonly older: number[] = [];
  /** For each write that is being moved along the one that it follows, or itself; and the read that demands it, or NONE for causality. */
  private readonly behind: Int32Array;
  private readonly by: Int32Array;
  private readonly knowledge: Knowledge;

  constructor(rows: number, knowledge: Knowledge) {
    this.knowledge = knowledge;
    this.rank = new Int32Array(rows).fill(LAST);
    this.order = new Int32Array(rows);
    this.newest = new Int32Array(rows).fill(NONE);
    this.behind = new Int32Array(rows).fill(NONE);
    this.by = new Int32Array(rows);
  }

  append(row: number): void {
    this.put(row, this.count++);
  }

  /** From now on one write stays before another one, as it is, since a read demands it. */
  demand(from: number, to: number, by: number): void {
    if (this.knowledge.causes(to, from)) return;
    for (let e = this.newest[to] as number; e !== NONE; e = this.older[e] as number) if (this.demands.from[e] === from) return;
    this.older[this.demands.count] = this.newest[to] as number;
    this.newest[to] = this.demands.count;
    this.demands.add(from, to, by);
  }

  /** Moves a write past all of some others, of which `last` is the last; false where it has to stay before one of them, or is too far away. */
  raise(row: number, last: number, others: readonly number[]): boolean {
    const { rank, order, behind, moves, knowledge } = this;
    const begin = rank[row] as number;
    const end = rank[last] as number;
    if (end - begin > FAR) return false;
    this.steps += end - begin;
    const up = [row];
    behind[row] = row;
    for (let place = begin + 1; place <= end; place++) if (this.follows(order[place] as number, up)) up.push(order[place] as number);
    const obstacle = others.find((other) => other !== row && behind[other] !== NONE);
    if (obstacle === undefined) {
      for (let place = begin; place <= end; place++) moves.push(order[place] as number);
      moves.push(begin, end);
      let filled = begin;
      for (let place = begin; place <= end; place++) {
        const other = moves[moves.length - 3 - end + place] as number;
        if (behind[other] === NONE) this.put(other, filled++);
      }
      for (const other of up) this.put(other, filled++);
    } else {
      for (let other = obstacle; other !== row; other = behind[other] as number) {
        const by = this.by[other] as number;
        if (by !== NONE) this.blamed.push(by);
        else this.blamed.push(...knowledge.learned(other, behind[other] as number));
      }
    }
    for (const other of up) behind[other] = NONE;
    return obstacle === undefined;
  }

  /** Undoes what was appended last. */
  drop(): void {
    this.rank[this.order[--this.count] as number] = LAST;
  }

  /** Undoes all demands and moves but the first ones. */
  undo(demands: number, moves: number): void {
    for (; this.demands.count > demands; this.demands.count--) {
      const e = this.demands.count - 1;
      this.newest[this.demands.to[e] as number] = this.older[e] as number;
    }
    while (this.moves.length > moves) {
      const end = this.moves.pop() as number;
      const begin = this.moves.pop() as number;
      for (let place = end; place >= begin; place--) this.put(this.moves.pop() as number, place);
    }
  }

  private put(row: number, place: number): void {
    this.order[place] = row;
    this.rank[row] = place;
  }

  /** Whether a write has to follow one that is moved up. */
  private follows(row: number, up: readonly number[]): boolean {
    const { behind, by, demands } = this;
    for (let e = this.newest[row] as number; e !== NONE; e = this.older[e] as number) {
      if (behind[demands.from[e] as number] === NONE) continue;
      behind[row] = demands.from[e] as number;
      by[row] = demands.by[e] as number;
      return true;
    }
    for (let i = 0; i < up.length; i++) {
      if (!this.knowledge.causes(row, up[i] as number)) continue;
      behind[row] = up[i] as number;
      by[row] = NONE;
      return true;
    }
    return false;
  }
}
