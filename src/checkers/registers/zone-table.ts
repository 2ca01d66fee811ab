import { type Columns, FAIL, WRITE } from '../../history/columns.ts';
import type { Room } from './room.ts';

/**
 * What is known of a value stands side by side, since it is used together: whose the place is (0: nobody's), the first return and the last call of an operation on the value (0: it was not written
 * yet).
 */
export const FIRST = 1;
export const LAST = 2;
export const WIDTH = 3;

/** Whose the place of a value is: its key and whether it is a number, which is all that its place does not say, but where it was hashed. */
export function ownerOf(key: number, value: number): number {
  return ((key + 1) << 1) | (value & 1);
}

export function keyOf(owner: number): number {
  return (owner >> 1) - 1;
}

/** Nobody wrote that value. */
export const UNWRITTEN = -1;

/** So many times the number of operations may be the places of a table in which neighbouring values are neighbours. */
const ROOMY = 3;
const LEAST = 64;

/**
 * A place for each value of each key. Codes of values are small where histories count upwards or name values as they appear: then they are places themselves, of all keys together if no two
 * write the same, else each key's beside the other's, and operations that follow each other look at places that do, which in long histories decides the time. Else they are hashed. Of a
 * code the lowest bit, which tells numbers from texts, is no part of the place: few histories write both. Whoever finds no place, or another value there, goes on to the next table.
 */
export class ZoneTable {
  places: Int32Array;
  private size: number;
  private readonly columns: Columns;
  private readonly room: Room;
  private kind: 'together' | 'side by side' | 'hashed' = 'together';
  /** Hashed: which value has each place. */
  private codes = new Int32Array(0);
  /** Side by side: which values each key has, and how far its places are behind them. */
  private least = new Int32Array(0);
  private most = new Int32Array(0);
  private behind = new Int32Array(0);

  constructor(columns: Columns, room: Room) {
    this.columns = columns;
    this.room = room;
    this.size = columns.count + LEAST;
    this.places = this.free();
  }

  /** Whether each code says its place by itself: that of code `c` begins at `(c >> 1) * WIDTH`, or behind the end of the table. */
  get together(): boolean {
    return this.kind === 'together';
  }

  /** Where the place of a value begins, which is free or the value's own, but with `together` and `side by side` perhaps another's; or UNWRITTEN. */
  of(key: number, value: number): number {
    const v = value >> 1;
    if (this.kind === 'together') return v * WIDTH;
    if (this.kind === 'hashed') return this.find(key, value);
    return v < (this.least[key] as number) || v > (this.most[key] as number) ? UNWRITTEN : (v + (this.behind[key] as number)) * WIDTH;
  }

  /** A free place is this value's from now on. */
  take(at: number, key: number, value: number): void {
    this.places[at] = ownerOf(key, value);
    if (this.kind === 'hashed') this.codes[at / WIDTH] = value;
  }

  /** The place of a value that was met, or -1. */
  known(key: number, value: number): number {
    const at = this.of(key, value);
    return at !== UNWRITTEN && this.places[at] === ownerOf(key, value) ? at : -1;
  }

  /** Another table, in which all places are free. */
  next(): void {
    if (this.kind === 'together' && this.sideBySide()) this.kind = 'side by side';
    else {
      this.kind = 'hashed';
      this.size = 16;
      while (this.size < this.columns.count * 2) this.size *= 2;
      this.codes = new Int32Array(this.size);
    }
    this.places = this.free();
  }

  private free(): Int32Array {
    const length = this.size * WIDTH;
    // Behind its end nothing must be found, and a room may have more.
    return this.room.filled('zones', length).subarray(0, length);
  }

  private find(key: number, value: number): number {
    const { places, codes } = this;
    const mask = this.size - 1;
    let at = (Math.imul(Math.imul(value, 0x9e3779b1) ^ Math.imul(key, 0x85ebca6b), 0x27d4eb2f) >>> 5) & mask;
    for (;;) {
      const owner = places[at * WIDTH];
      if (owner === 0 || (owner === ownerOf(key, value) && codes[at] === value)) return at * WIDTH;
      at = (at + 1) & mask;
    }
  }

  /** Gives each key as many places as the values written to it span; false where that is too much. */
  private sideBySide(): boolean {
    const { count, effect, status, value, key, keys } = this.columns;
    const least = new Int32Array(keys.length).fill(0x7fffffff);
    const most = new Int32Array(keys.length).fill(-1);
    for (let i = 0; i < count; i++) {
      if (effect[i] !== WRITE || status[i] === FAIL) continue;
      const k = key[i] as number;
      const v = (value[i] as number) >> 1;
      if (v < (least[k] as number)) least[k] = v;
      if (v > (most[k] as number)) most[k] = v;
    }
    const behind = new Int32Array(keys.length);
    let size = 0;
    for (let k = 0; k < keys.length; k++) {
      if ((most[k] as number) < 0) continue;
      behind[k] = size - (least[k] as number);
      size += (most[k] as number) - (least[k] as number) + 1;
      if (size > count * ROOMY + LEAST) return false;
    }
    this.size = size;
    Object.assign(this, { least, most, behind });
    return true;
  }
}
