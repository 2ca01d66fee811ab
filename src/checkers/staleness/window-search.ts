import { NOTHING } from '../../history/texts.ts';
import type { Judging } from '../model.ts';

/** What a write that is tried costs in steps: its configuration is a text that has to be kept. */
const STEPS = 8;

/** An operation of one key as the search takes it. Times are of any unit; an unknown write has an infinite end. */
export interface Move {
  readonly read: boolean;
  readonly value: number;
  readonly call: number;
  readonly end: number;
}

interface Frame {
  /** What was taken, a place in the moves, and what to try after it. */
  readonly move: number;
  readonly forced: boolean;
  /** What was last of all taken, and the newest values, before. */
  readonly top: number;
  readonly window: readonly number[];
}

/**
 * Whether operations on one key can be put in an order that keeps real time and in which each read returns one of the `k` newest values,
 * the beginning counting as the oldest: k-atomicity (Aiyer, Alvisi & Bazzi 2005) by search, as Wing & Gong (1993) and Lowe (2017) do for k
 * = 1. Values may repeat. A configuration is what was taken and the k newest values; one that failed is not tried again. A read that may
 * come next and finds its value is taken at once, for it changes nothing. Undefined where the budget ran out. A write tried is eight steps.
 */
export function isKAtomic(moves: readonly Move[], k: number, budget: { steps: number }): Generator<Judging, boolean | undefined> {
  return new WindowSearch(moves, k, budget).run();
}

class WindowSearch {
  private readonly moves: readonly Move[];
  private readonly k: number;
  private readonly budget: { steps: number };
  private readonly taken: Uint8Array;
  /** By value: reads that are left, and writes. */
  private readonly readsLeft = new Map<number, number>();
  private readonly writesLeft = new Map<number, number>();
  private readonly failed = new Set<string>();
  private readonly stack: Frame[] = [];
  private window: readonly number[] = [NOTHING];
  private left = 0;
  /** Everything before `base` is taken, nothing behind `top`. */
  private base = 0;
  private top = -1;

  constructor(moves: readonly Move[], k: number, budget: { steps: number }) {
    this.moves = moves.toSorted((a, b) => a.call - b.call);
    this.k = k;
    this.budget = budget;
    this.taken = new Uint8Array(moves.length);
    for (const move of moves) {
      const left = move.read ? this.readsLeft : this.writesLeft;
      left.set(move.value, (left.get(move.value) ?? 0) + 1);
      if (this.isSure(move)) this.left++;
    }
  }

  *run(): Generator<Judging, boolean | undefined> {
    let from = 0;
    for (let turn = 1; ; turn++) {
      if ((turn & 0x3ff) === 0) yield { done: this.base, of: this.moves.length };
      while (this.takeRead()) from = 0;
      if (this.left === 0) return true;
      const move = this.findWrite(Math.max(from, this.base));
      if (this.budget.steps < 0) return undefined;
      if (move >= 0) {
        this.take(move, false);
        from = 0;
        if (!this.isDead()) {
          // A configuration that was seen before failed then, or its search is still going on and this is a way back to it.
          const known = this.failed.size;
          this.failed.add(this.configuration());
          if (this.failed.size > known) continue;
        }
      }
      const back = this.goBack();
      if (back === undefined) return false;
      from = back + 1;
    }
  }

  private isSure({ end }: Move): boolean {
    return end !== Number.POSITIVE_INFINITY;
  }

  /** Nothing may come next that was called after this. */
  private until(): number {
    let until = Number.POSITIVE_INFINITY;
    for (let i = this.base; i < this.moves.length; i++) {
      const move = this.moves[i] as Move;
      if (move.call > until) break;
      if (this.taken[i] === 0 && move.end < until) until = move.end;
    }
    return until;
  }

  private takeRead(): boolean {
    const until = this.until();
    for (let i = this.base; i < this.moves.length; i++) {
      const move = this.moves[i] as Move;
      if (move.call > until) return false;
      if (this.taken[i] === 1 || !move.read || !this.window.includes(move.value)) continue;
      this.take(i, true);
      return true;
    }
    return false;
  }

  private findWrite(from: number): number {
    const until = this.until();
    for (let i = from; i < this.moves.length; i++) {
      const move = this.moves[i] as Move;
      if (move.call > until) return -1;
      // One that need not have happened is worth taking only for those who read it.
      const idle =
        !this.isSure(move) &&
        ((this.readsLeft.get(move.value) ?? 0) === 0 || (this.window.includes(move.value) && this.window[0] === move.value));
      if (this.taken[i] === 1 || move.read || idle) continue;
      this.budget.steps -= STEPS;
      return i;
    }
    return -1;
  }

  private take(i: number, forced: boolean): void {
    const move = this.moves[i] as Move;
    this.stack.push({ move: i, forced, top: this.top, window: this.window });
    this.top = Math.max(this.top, i);
    this.taken[i] = 1;
    if (this.isSure(move)) this.left--;
    const left = move.read ? this.readsLeft : this.writesLeft;
    left.set(move.value, (left.get(move.value) ?? 0) - 1);
    if (!move.read) this.window = [move.value, ...this.window].slice(0, this.k);
    while (this.base < this.moves.length && this.taken[this.base] === 1) this.base++;
  }

  /** Takes back what was taken up to the last choice; where nothing was chosen there is none. */
  private goBack(): number | undefined {
    for (let frame = this.stack.pop(); frame !== undefined; frame = this.stack.pop()) {
      const move = this.moves[frame.move] as Move;
      this.taken[frame.move] = 0;
      if (this.isSure(move)) this.left++;
      const left = move.read ? this.readsLeft : this.writesLeft;
      left.set(move.value, (left.get(move.value) ?? 0) + 1);
      this.window = frame.window;
      this.top = frame.top;
      this.base = Math.min(this.base, frame.move);
      if (!frame.forced) return frame.move;
    }
    return undefined;
  }

  /** Whether somebody still has to read what is gone for good. */
  private isDead(): boolean {
    for (const value of (this.stack.at(-1) as Frame).window)
      if ((this.readsLeft.get(value) ?? 0) > 0 && (this.writesLeft.get(value) ?? 0) === 0 && !this.window.includes(value)) return true;
    return false;
  }

  private configuration(): string {
    const rest: number[] = [];
    for (let i = this.base; i <= this.top; i++) if (this.taken[i] === 1) rest.push(i);
    return `${this.base} ${rest.join(' ')} ${this.window.join(' ')}`;
  }
}
