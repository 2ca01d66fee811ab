/**
 * Randomness as data. A draw is a hash of (seed, purpose, a, b, counter), so that one draw more for one purpose shifts no
 * other, and a copy of the counters is a copy of the dice. The mixer is the finalizer of MurmurHash3 (fmix32), applied once for each word.
 */
export function hash32(seed: number, purpose: number, a: number, b: number, counter: number): number {
  return drawFrom(stream(seed, purpose, a, b), counter);
}

/** The part of a hash that all draws of one stream share: who draws often keeps it. */
export function stream(seed: number, purpose: number, a: number, b: number): number {
  let h = (seed | 0) ^ 0x9e3779b9;
  h = mix(h ^ Math.imul(purpose + 1, 0x85ebca6b));
  h = mix(h ^ Math.imul(a + 1, 0xc2b2ae35));
  return mix(h ^ Math.imul(b + 1, 0x27d4eb2f));
}

/** Draw number `counter` of a stream. */
export function drawFrom(h: number, counter: number): number {
  return mix(h ^ Math.imul(counter + 1, 0x165667b1)) >>> 0;
}

function mix(h: number): number {
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** An integer of `[lo, hi]`, both included, from a 32-bit draw. Exact on every engine: one multiplication and a floor. */
export function inRange(draw: number, lo: number, hi: number): number {
  return lo + Math.floor((draw / 4294967296) * (hi - lo + 1));
}
