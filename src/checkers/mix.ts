/** A hash of some words. Multiply and mix, as murmur3 finishes: neighbouring configurations of a search differ in few bits. */
export function hashWords(words: Int32Array, from: number, width: number): number {
  let h = 0x9e3779b9;
  for (let i = 0; i < width; i++) {
    h = Math.imul(h ^ (words[from + i] as number), 0x85ebca6b);
    h ^= h >>> 13;
  }
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
