import type { Operation } from '../../history/operation.ts';

/** A state that nothing recorded has seen, nor any that grows out of it. All such states are one to the search. */
export const UNSEEN = -1;
/** An append that fits no state: two reads, or one, found it in places that exclude each other. */
export const NOWHERE = -2;
/** An append that may happen anywhere, as far as reads tell. */
export const ANYWHERE = -3;

/**
 * The values of one key as small integers, 0 is "no value", and what appending makes of them. A state that is no beginning of any text that was read is UNSEEN: no read
 * fits it, appending keeps it so, and only a write ends it, so telling such states apart would be work for nothing.
 */
export class States {
  private readonly ids = new Map<string, number>([['null', 0]]);
  private readonly texts: string[] = [''];
  private readonly appended = new Map<number, number>();
  /** Everything that was read or compared with, sorted: beginnings are found by halving. */
  private found: readonly string[] = [];

  intern(value: Operation['value']): number {
    const key = JSON.stringify(value);
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    this.ids.set(key, this.texts.length);
    this.texts.push(String(value));
    return this.texts.length - 1;
  }

  /** Says which values were read, after all of them are interned and before anything is appended. */
  reads(values: Iterable<number>): void {
    this.found = [...new Set(values)].map((value) => this.texts[value] as string).sort(byUnits);
  }

  /** The state after appending a value. */
  append(state: number, value: number): number {
    if (state === UNSEEN) return UNSEEN;
    const key = state * 0x4000000 + value;
    const known = this.appended.get(key);
    if (known !== undefined) return known;
    const text = `${this.texts[state]}${this.texts[value]}`;
    const next = text === '' ? 0 : this.isBeginning(text) ? this.intern(text) : UNSEEN;
    this.appended.set(key, next);
    return next;
  }

  isBeginning(text: string): boolean {
    let lo = 0;
    let hi = this.found.length;
    while (lo < hi) {
      const middle = (lo + hi) >> 1;
      if ((this.found[middle] as string) < text) lo = middle + 1;
      else hi = middle;
    }
    return this.found[lo]?.startsWith(text) === true;
  }

  text(state: number): string {
    return this.texts[state] as string;
  }

  /**
   * For each appended value the state that it must be appended to, where reads tell: the text was written once, it stands in some read, and no other texts can make it
   * up between them. `certain` are the values that were certainly read. That holds where all written texts begin with one character that stands nowhere else in them, so that a text comes apart in one way only.
   */
  places(written: ReadonlyMap<number, number>, certain: Iterable<number>): (value: number) => number {
    const texts = [...written.keys()].map((value) => this.text(value));
    const mark = texts[0]?.[0];
    if (mark === undefined || texts.some((text) => text.lastIndexOf(mark) !== 0)) return () => ANYWHERE;
    const places = new Map<number, number>();
    for (const value of certain) {
      this.parts(this.text(value), mark, (part, before) => {
        const place = places.get(part);
        places.set(part, place === undefined || place === before ? before : NOWHERE);
      });
    }
    // What only an unknown operation compared with may never have been there: it tells nothing of the place.
    for (const text of this.found) this.parts(text, mark, (part) => places.set(part, places.get(part) ?? ANYWHERE));
    // What was written once and read never is seen in no state; what was written twice may be anywhere.
    return (value) => (written.get(value) === 1 ? (places.get(value) ?? UNSEEN) : ANYWHERE);
  }

  /** The values that a text is made of, each with the state before it. */
  private parts(whole: string, mark: string, each: (part: number, before: number) => void): void {
    for (let from = 0; from < whole.length; ) {
      const next = whole.indexOf(mark, from + 1);
      const to = next < 0 ? whole.length : next;
      const value = this.ids.get(JSON.stringify(whole.slice(from, to)));
      if (value !== undefined) each(value, from === 0 ? 0 : this.intern(whole.slice(0, from)));
      from = to;
    }
  }
}

/** Order of UTF-16 units, as `<` has it. */
function byUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
