import { drawFrom, inRange, stream } from '../core/draw.ts';

/** The purpose of these draws, apart from those of the kernel. */
const P_HUNT = 71;

/** What one run of a hunt is drawn from: the seed and the number of the run, and nothing else. */
export class Dice {
  readonly #stream: number;
  #counter = 0;

  constructor(seed: number, run: number) {
    this.#stream = stream(seed, P_HUNT, run, 0);
  }

  /** 32 bits. */
  draw(): number {
    return drawFrom(this.#stream, this.#counter++);
  }

  /** A whole number of `[lo, hi]`, both included. */
  int(lo: number, hi: number): number {
    return inRange(this.draw(), lo, hi);
  }

  /** True in that share of the cases. */
  chance(share: number): boolean {
    return this.draw() < share * 4294967296;
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)] as T;
  }

  /** Each with that probability, in their order. */
  some<T>(list: readonly T[], share: number): T[] {
    return list.filter(() => this.chance(share));
  }

  /** A place in a list of weights, of which one at least is above 0. */
  weighted(weights: readonly number[]): number {
    let left = (this.draw() / 4294967296) * weights.reduce((sum, weight) => sum + weight, 0);
    for (let i = 0; i < weights.length; i++) {
      left -= weights[i] as number;
      if (left < 0) return i;
    }
    return weights.length - 1;
  }

  /** A number of `[lo, hi]` whose order of magnitude is as likely as any other. */
  scaled(lo: number, hi: number): number {
    let doublings = 0;
    for (let top = lo; top * 2 <= hi && doublings < 40; top *= 2) doublings++;
    let base = lo;
    for (let i = this.int(0, doublings); i > 0; i--) base *= 2;
    return Math.min(hi, this.int(base, 2 * base - 1));
  }
}
