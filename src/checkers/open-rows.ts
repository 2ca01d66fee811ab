import { hashWords } from './mix.ts';

/**
 * Moves the rows of a table with open addressing, its first `length` words, into a larger one that is empty. A row has `width` words; it stands where the hash of the first `words` of them says,
 * or in the next place that was free, and its first word is never 0. `mask`: how many places the larger table has, less one.
 */
export function moveRows(from: Int32Array, length: number, to: Int32Array, mask: number, width: number, words: number): void {
  const end = (mask + 1) * width;
  for (let row = 0; row < length; row += width) {
    if (from[row] === 0) continue;
    let at = (hashWords(from, row, words) & mask) * width;
    while (to[at] !== 0) {
      at += width;
      if (at === end) at = 0;
    }
    for (let i = 0; i < width; i++) to[at + i] = from[row + i] as number;
  }
}
