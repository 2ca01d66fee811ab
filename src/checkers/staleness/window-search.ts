import { NOTHING } from '../../history/texts.ts';
import type { Judging } from '../model.ts';
import { Values } from './texts.ts';

/** What a write that is tried costs in steps: its configuration is a text that has to be kept. */
const STEPS = 8;

/** An operation of one key as the search takes it. Times are of any unit; an unknown write has an infinite end. */
export interface Move {
  readonly read: boolean;
  /** It is a write of what was there with its value behind it. */
  readonly appends: boolean;
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
 * come next and finds its value is taken at once, for it changes nothing. Undefined where the budget ran out. A write tried is eight steps, and appending as many more as
 * operations are left, which may all become part of the text.
 */
export function isKAtomic(
  moves: readonly Move[],
  k: number,
  budget: { steps: number },
  values: Values = new Values(),
): Generator<Judging, boolean | undefined> {
  return new WindowSearch(moves, k, budget, values).run();
}

const replaces = ({ read, appends }: Move): boolean => !read && !appends;

class WindowSearch {
  private readonly moves: readonly Move[];
  private readonly k: number;
  private readonly budget: { steps: number };
  private readonly values: Values;
  private readonly taken: Uint8Array;
  /** Of a write of unknown outcome the one before it that does the same: it may come wherever this one may, so that this one comes behind it. -1: none. */
  private readonly twin: Int32Array;
  /** By value: reads that are left, and writes. */
  private readonly readsLeft = new Map<number, number>();
  private readonly writesLeft = new Map<number, number>();
  private readonly failed = new Set<string>();
  private readonly stack: Frame[] = [];
  private window: readonly number[] = [NOTHING];
  private left = 0;
  /** How many writes are left that replace what is there. */
  private replacing = 0;
  /** Everything before `base` is taken, nothing behind `top`. */
  private base = 0;
  private top = -1;

  constructor(moves: readonly Move[], k: number, budget: { steps: number }, values: Values) {
    this.moves = moves.toSorted((a, b) => a.call - b.call);
    this.k = k;
    this.budget = budget;
    this.values = values;
    this.taken = new Uint8Array(moves.length);
    this.twin = twinsOf(this.moves);
    for (const move of moves) {
      const left = move.read ? this.readsLeft : this.writesLeft;
      left.set(move.value, (left.get(move.value) ?? 0) + 1);
      if (this.isSure(move)) this.left++;
      if (replaces(move)) this.replacing++;
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
      if (this.taken[i] === 1 || move.read || this.isIdle(move) || this.hasTwin(i)) continue;
      this.budget.steps -= STEPS;
      return i;
    }
    return -1;
  }

  /** One that need not have happened is worth taking only for those who read it, or what is appended to it. */
  private isIdle(move: Move): boolean {
    if (this.isSure(move)) return false;
    const after = this.valueAfter(move);
    return after === this.window[0] || (!this.values.grow && (this.readsLeft.get(after) ?? 0) === 0);
  }

  private hasTwin(i: number): boolean {
    const twin = this.twin[i] as number;
    return twin >= 0 && this.taken[twin] === 0;
  }

  private valueAfter(move: Move): number {
    return this.values.after(move, this.window[0] as number);
  }

  private take(i: number, forced: boolean): void {
    const move = this.moves[i] as Move;
    this.stack.push({ move: i, forced, top: this.top, window: this.window });
    this.top = Math.max(this.top, i);
    this.taken[i] = 1;
    if (this.isSure(move)) this.left--;
    if (replaces(move)) this.replacing--;
    const left = move.read ? this.readsLeft : this.writesLeft;
    left.set(move.value, (left.get(move.value) as number) - 1);
    if (!move.read) this.window = [this.valueAfter(move), ...this.window].slice(0, this.k);
    while (this.base < this.moves.length && this.taken[this.base] === 1) this.base++;
  }

  /** Takes back what was taken up to the last choice; where nothing was chosen there is none. */
  private goBack(): number | undefined {
    for (let frame = this.stack.pop(); frame !== undefined; frame = this.stack.pop()) {
      const move = this.moves[frame.move] as Move;
      this.taken[frame.move] = 0;
      if (this.isSure(move)) this.left++;
      if (replaces(move)) this.replacing++;
      const left = move.read ? this.readsLeft : this.writesLeft;
      left.set(move.value, (left.get(move.value) as number) + 1);
      this.window = frame.window;
      this.top = frame.top;
      this.base = Math.min(this.base, frame.move);
      if (!frame.forced) return frame.move;
    }
    return undefined;
  }

  /** Whether somebody still has to read what is gone for good. */
  private isDead(): boolean {
    if (this.values.grow) return this.isOvergrown();
    for (const value of (this.stack.at(-1) as Frame).window)
      if ((this.readsLeft.get(value) ?? 0) > 0 && (this.writesLeft.get(value) ?? 0) === 0 && !this.window.includes(value)) return true;
    return false;
  }

  /** The same of texts that were appended to: nothing is left that begins one anew, and what is there is no beginning of what is to be read. */
  private isOvergrown(): boolean {
    if (this.replacing > 0) return false;
    for (const [value, left] of this.readsLeft)
      if (left > 0 && !this.window.includes(value) && !this.values.leadsTo(this.window[0] as number, value)) return true;
    return false;
  }

  private configuration(): string {
    const rest: number[] = [];
    for (let i = this.base; i <= this.top; i++) if (this.taken[i] === 1) rest.push(i);
    return `${this.base} ${rest.join(' ')} ${this.window.join(' ')}`;
  }
}

function twinsOf(moves: readonly Move[]): Int32Array {
  const latest = new Map<string, number>();
  return Int32Array.from(moves, ({ read, end, appends, value }, i) => {
    if (read || end !== Number.POSITIVE_INFINITY) return -1;
    const kind = `${appends} ${value}`;
    const twin = latest.get(kind) ?? -1;
    latest.set(kind, i);
    return twin;
  });
}
