import { READ } from '../../history/columns.ts';
import type { Answer, Part } from './part.ts';

/** An operation that may stand anywhere after its block has begun, not only in it. */
export const FROM = 1;
/** An operation that is left out. */
export const OUT = 2;

/**
 * Linearizability where what was seen tells for each operation its block: all operations of a block come before all of the next. Inside a block any order does, so only
 * real time can object, and it does so exactly where something of a later block returned before something of an earlier one was called: any cycle of the two orders
 * leaves a block upwards and must come back by such a step. Blocks are numbered from 0, `how` is 0 or one of the constants above. Time and room are linear.
 */
export function byBlocks(part: Part, block: Int32Array, how: Uint8Array, wanted: boolean): Answer {
  const sorted = byNumber(block);
  const moment = new Float64Array(block.length);
  // The last call among all earlier blocks, which is when this one can begin.
  let begins = 0;
  let beginner = -1;
  for (let from = 0; from < sorted.length; ) {
    const own = block[sorted[from] as number] as number;
    let last = begins;
    let caller = beginner;
    let to = from;
    for (; to < sorted.length && block[sorted[to] as number] === own; to++) {
      const i = sorted[to] as number;
      if (how[i] === OUT) continue;
      if ((part.ret[i] as number) < begins) return { valid: false, proof: [beginner, i] };
      const called = part.call[i] as number;
      moment[i] = Math.max(called, begins);
      if (how[i] === FROM || called < last) continue;
      last = called;
      caller = i;
    }
    begins = last;
    beginner = caller;
    from = to;
  }
  return wanted ? { valid: true, order: inOrder(sorted, moment, block, how) } : { valid: true };
}

/** Two operations in the wrong order of blocks, with a read of a block from the first to the last: it shows that they belong into different ones. Reads have even blocks. */
export function withReader({ effect }: Part, block: Int32Array, two: readonly number[]): readonly number[] {
  if (two.some((i) => effect[i] === READ)) return two;
  const [earlier, later] = two.map((i) => block[i] as number) as [number, number];
  const reader = block.findIndex((own, i) => effect[i] === READ && own > earlier && own < later);
  return reader < 0 ? two : [...two, reader];
}

/** Each operation at the first moment it can have, ties by block: what returned before another was called has an earlier moment. */
function inOrder(sorted: Int32Array, moment: Float64Array, block: Int32Array, how: Uint8Array): readonly number[] {
  const kept = Array.from(sorted.filter((i) => how[i] !== OUT));
  return kept.sort((a, b) => (moment[a] as number) - (moment[b] as number) || (block[a] as number) - (block[b] as number));
}

/** Indices in order of small numbers that are not negative, by counting. */
export function byNumber(numbers: Int32Array): Int32Array {
  let most = 0;
  for (const n of numbers) if (n > most) most = n;
  const at = new Int32Array(most + 2);
  for (const n of numbers) at[n + 1] = (at[n + 1] as number) + 1;
  for (let n = 0; n < most; n++) at[n + 1] = (at[n + 1] as number) + (at[n] as number);
  const sorted = new Int32Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    const n = numbers[i] as number;
    sorted[at[n] as number] = i;
    at[n] = (at[n] as number) + 1;
  }
  return sorted;
}
