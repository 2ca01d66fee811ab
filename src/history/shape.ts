/** What a value in a line is to the reader; SKIPPED means nothing. */
export const SKIPPED = 0;
export const TYPE = 1;
export const PROCESS = 2;
export const F = 3;
export const VALUE = 4;
export const KEY = 5;
export const TIME = 6;
export const CALL = 7;
export const RETURN = 8;

/** More than this stand in no line that is worth a shape. */
const MOST_FIELDS = 24;

/** Where the values of the object at hand stand, as whoever reads it with care finds them. */
export class Outline {
  count = 0;
  /** Whether one of them is of a kind that no shape has. */
  strange = false;
  from = 0;
  readonly kinds = new Uint8Array(MOST_FIELDS);
  readonly starts = new Int32Array(MOST_FIELDS);
  readonly ends = new Int32Array(MOST_FIELDS);

  begin(at: number): void {
    this.count = 0;
    this.strange = false;
    this.from = at;
  }

  add(kind: number, start: number, end: number): void {
    if (this.count === MOST_FIELDS) this.strange = true;
    else {
      this.kinds[this.count] = kind;
      this.starts[this.count] = start;
      this.ends[this.count++] = end;
    }
  }
}

/** Lines that are alike: what stands between their values is the same, byte by byte. */
export class Shape {
  readonly count: number;
  readonly kinds: Uint8Array;
  /** What stands in front of value i is `bytes` from `starts[i]` to `starts[i + 1]`; what stands behind the last one is the last part. */
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  /** The same as words of four bytes, little end first: those of part i from `firsts[i]` to `firsts[i + 1]`, the last of them with noughts behind, which `masks[i]` leaves out. */
  readonly words: Int32Array;
  readonly firsts: Int32Array;
  readonly masks: Int32Array;
  readonly keyed: boolean;
  readonly valued: boolean;
  readonly timed: boolean;
  /** How many lines had it. */
  hits = 0;

  private constructor(outline: Outline, bytes: Uint8Array, starts: Int32Array) {
    this.count = outline.count;
    this.kinds = outline.kinds.slice(0, outline.count);
    this.bytes = bytes;
    this.starts = starts;
    const words: number[] = [];
    this.firsts = new Int32Array(starts.length);
    this.masks = new Int32Array(starts.length);
    for (let i = 0; i + 1 < starts.length; i++) {
      const to = starts[i + 1] as number;
      this.masks[i] = -1;
      for (let at = starts[i] as number; at < to; at += 4) {
        let word = 0;
        for (let b = 0; b < 4 && at + b < to; b++) word |= (bytes[at + b] as number) << (8 * b);
        words.push(word);
        if (to - at < 4) this.masks[i] = (1 << (8 * (to - at))) - 1;
      }
      this.firsts[i + 1] = words.length;
    }
    this.words = Int32Array.from(words);
    this.keyed = this.kinds.includes(KEY);
    this.valued = this.kinds.includes(VALUE);
    this.timed = this.kinds.includes(TIME);
  }

  equals(other: Shape): boolean {
    return same(this.kinds, other.kinds) && same(this.starts, other.starts) && same(this.bytes, other.bytes);
  }

  /** The shape of an object that ends at `end`, unless it is longer than a line, or says something twice. */
  static of(outline: Outline, data: Uint8Array, end: number): Shape | undefined {
    const { count, kinds, starts, ends, from } = outline;
    if (outline.strange) return undefined;
    let seen = 0;
    for (let i = 0; i < count; i++) {
      const kind = kinds[i] as number;
      if (kind !== SKIPPED && (seen & (1 << kind)) !== 0) return undefined;
      seen |= 1 << kind;
    }
    const between: number[] = [];
    const places = new Int32Array(count + 2);
    for (let i = 0, at = from; i <= count; i++) {
      const to = i === count ? end : (starts[i] as number);
      for (; at < to; at++) {
        if (data[at] === 10) return undefined;
        between.push(data[at] as number);
      }
      places[i + 1] = between.length;
      at = ends[i] ?? end;
    }
    return new Shape(outline, Uint8Array.from(between), places);
  }
}

function same(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
