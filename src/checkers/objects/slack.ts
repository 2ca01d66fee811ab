import { NEVER, READ } from '../../history/columns.ts';
import { type Amounts, boundsOf } from './counters.ts';
import type { Part } from './part.ts';

/**
 * How much each read of a counter still bears. What had returned before a read was called comes before it in any order; an addition that is taken earlier than that forces it moves the least that
 * the read can find, if it raises, and the most, if it lowers. Where that goes past what was found, no order follows.
 */
export class Slack {
  private readonly part: Part;
  private readonly amount: Float64Array;
  /** Reads by call, and how many of them were called before each rank. */
  private readonly reads: Int32Array;
  private readonly before: Int32Array;
  /** For each read, by call, how far the least and the most are from what it found. */
  private readonly below: Float64Array;
  private readonly above: Float64Array;
  private readonly gone: Uint8Array;
  /** The first read by call that is left. */
  private oldest = 0;

  constructor(part: Part, amounts: Amounts) {
    const { count, effect, events } = part;
    const { amount } = amounts;
    const { least, most } = boundsOf(part, amounts);
    this.part = part;
    this.amount = amount;
    this.reads = Int32Array.from({ length: count }, (_, i) => i).filter((i) => effect[i] === READ);
    this.before = new Int32Array(events.length + 1);
    let reads = 0;
    for (let rank = 1; rank < events.length; rank++) {
      this.before[rank] = reads;
      const event = events[rank] as number;
      if (event > 0 && effect[event - 1] === READ) reads++;
    }
    this.below = Float64Array.from(this.reads, (i) => (amount[i] as number) - (least[i] as number));
    this.above = Float64Array.from(this.reads, (i) => (most[i] as number) - (amount[i] as number));
    this.gone = new Uint8Array(reads);
  }

  /** Whether all reads that are left bear an addition now. */
  bears(i: number): boolean {
    const n = this.amount[i] as number;
    const side = n > 0 ? this.below : this.above;
    for (let at = this.oldest, end = this.end(i); at < end; at++) {
      if (this.gone[at] === 0 && (side[at] as number) < Math.abs(n)) return false;
    }
    return true;
  }

  took(i: number): void {
    if (this.part.effect[i] !== READ) {
      this.add(i, -1);
      return;
    }
    this.gone[this.before[this.part.call[i] as number] as number] = 1;
    while (this.gone[this.oldest] === 1) this.oldest++;
  }

  gaveBack(i: number): void {
    if (this.part.effect[i] !== READ) {
      this.add(i, 1);
      return;
    }
    const at = this.before[this.part.call[i] as number] as number;
    this.gone[at] = 0;
    this.oldest = Math.min(this.oldest, at);
  }

  private add(i: number, sign: number): void {
    const n = this.amount[i] as number;
    const side = n > 0 ? this.below : this.above;
    for (let at = this.oldest, end = this.end(i); at < end; at++) side[at] = (side[at] as number) + sign * Math.abs(n);
  }

  /** How many reads are called before it must have happened. */
  private end(i: number): number {
    const ret = this.part.ret[i] as number;
    return ret === NEVER ? this.reads.length : (this.before[ret] as number);
  }
}
