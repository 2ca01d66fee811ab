import { drawFrom, stream } from '../../src/core/draw.ts';

/** A sequence of draws that a seed and a few numbers fix for ever. */
export class Random {
  private readonly h: number;
  private counter = 0;

  constructor(seed: number, a: number, b: number) {
    this.h = stream(seed, 77, a, b);
  }

  /** A whole number from 0 up to, and without, `n`. */
  below(n: number): number {
    return Math.floor((drawFrom(this.h, this.counter++) / 4294967296) * n);
  }

  /** A whole number from `lo` to `hi`, both included. */
  range(lo: number, hi: number): number {
    return lo + this.below(hi - lo + 1);
  }

  /** True `percent` times of a hundred. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new Error('a draw needs something to draw from');
    return list[this.below(list.length)] as T;
  }
}
