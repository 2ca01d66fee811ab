import { NEVER } from '../../history/columns.ts';
import type { Answer, Part } from './part.ts';

/** The length of what neither grows nor reads: it fits anywhere. */
export const NEUTRAL = -2;

/** What an object that only grows says of its operations. */
export interface Growth {
  /** For each operation: the length that a read found, -1 for one that lets the object grow, or `NEUTRAL`. */
  readonly length: Int32Array;
  /** For each operation that lets it grow: the letter that it appends. */
  readonly letter: Int32Array;
  /** The letters of the longest read, in order. */
  readonly word: Int32Array;
  readonly letters: number;
}

/**
 * Linearizability of an object that only grows, letter by letter, and of whose letters the longest read shows the order: lists, and counters to which always the same
 * is added. The events are gone through in order, and letters are placed as late as some return allows: waiting loses nothing, since what may be placed now may be
 * placed later too, until a return or a read forces it. Where several operations could have appended the next letter the one that returns first is taken: in any order
 * that takes another, the two can change places. So the answer is exact, also where letters repeat, in time linear in events times the appends of one letter open at once.
 */
export function judgeGrowing(part: Part, growth: Growth, wanted: boolean): Answer {
  return new Growing(part, growth).judge(wanted);
}

class Growing {
  private readonly part: Part;
  private readonly growth: Growth;
  private readonly order: number[] = [];
  private readonly placed: Uint8Array;
  /** Lists of operations + 1, 0 ends them: open appends of a letter with and without a return, reads that wait for a length. */
  private readonly open: Int32Array;
  private readonly unknown: Int32Array;
  private readonly waiting: Int32Array;
  private readonly link: Int32Array;
  /** For each letter its next place in the word, and for each place that of the same letter after it; 0 is none. */
  private readonly place: Int32Array;
  private readonly same: Int32Array;
  /** How many letters are placed; one more than the word has when something went behind it. */
  private length = 0;

  constructor(part: Part, growth: Growth) {
    const { word, letters } = growth;
    this.part = part;
    this.growth = growth;
    this.placed = new Uint8Array(part.count);
    this.open = new Int32Array(letters);
    this.unknown = new Int32Array(letters);
    this.waiting = new Int32Array(word.length + 1);
    this.link = new Int32Array(part.count);
    this.place = new Int32Array(letters);
    this.same = new Int32Array(word.length + 1);
    for (let at = word.length; at > 0; at--) {
      const letter = word[at - 1] as number;
      this.same[at] = this.place[letter] as number;
      this.place[letter] = at;
    }
  }

  judge(wanted: boolean): Answer {
    const { events } = this.part;
    for (let rank = 1; rank < events.length; rank++) {
      const event = events[rank] as number;
      const i = (event > 0 ? event : -event) - 1;
      if (event > 0) this.called(i);
      else if (this.placed[i] === 0 && !this.returns(i)) return { valid: false };
    }
    return wanted ? { valid: true, order: this.order } : { valid: true };
  }

  private called(i: number): void {
    const length = this.growth.length[i] as number;
    if (length === this.length || length === NEUTRAL) this.put(i);
    else if (length >= 0) this.push(this.waiting, length, i);
    else this.push(this.part.ret[i] === NEVER ? this.unknown : this.open, this.growth.letter[i] as number, i);
  }

  /** Something must have happened by now. */
  private returns(i: number): boolean {
    const length = this.growth.length[i] as number;
    const { word } = this.growth;
    // A read that still waits although its length is past waits in vain.
    if (length >= 0) return length > this.length && this.grow(length);
    const place = this.place[this.growth.letter[i] as number] as number;
    if (place > 0) return this.grow(place);
    if (this.length < word.length && !this.grow(word.length)) return false;
    this.length = word.length + 1;
    this.put(i);
    return true;
  }

  /** Places letters up to a length. */
  private grow(to: number): boolean {
    const { word } = this.growth;
    while (this.length < to) {
      const letter = word[this.length] as number;
      const i = this.takeFirst(letter);
      if (i < 0) return false;
      this.place[letter] = this.same[++this.length] as number;
      this.put(i);
      for (let read = (this.waiting[this.length] as number) - 1; read >= 0; read = (this.link[read] as number) - 1) this.put(read);
    }
    return true;
  }

  /** The open append of a letter that returns first, or -1. Those of unknown outcome come last: they can wait for ever. */
  private takeFirst(letter: number): number {
    const { ret } = this.part;
    let best = (this.open[letter] as number) - 1;
    if (best < 0) {
      const i = (this.unknown[letter] as number) - 1;
      if (i >= 0) this.unknown[letter] = this.link[i] as number;
      return i;
    }
    for (let i = (this.link[best] as number) - 1; i >= 0; i = (this.link[i] as number) - 1) {
      if ((ret[i] as number) < (ret[best] as number)) best = i;
    }
    this.drop(letter, best);
    return best;
  }

  private drop(letter: number, gone: number): void {
    let i = (this.open[letter] as number) - 1;
    if (i === gone) {
      this.open[letter] = this.link[gone] as number;
      return;
    }
    while (this.link[i] !== gone + 1) i = (this.link[i] as number) - 1;
    this.link[i] = this.link[gone] as number;
  }

  private push(heads: Int32Array, at: number, i: number): void {
    this.link[i] = heads[at] as number;
    heads[at] = i + 1;
  }

  private put(i: number): void {
    this.placed[i] = 1;
    this.order.push(i);
  }
}
