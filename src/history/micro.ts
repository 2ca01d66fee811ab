import { READ, type Transactions, WRITE } from './columns.ts';
import { NOTHING, type Texts } from './texts.ts';

const FIRST_ROOM = 32;

/**
 * The micro-operations of transactions while a history is read. Each transaction has a stretch of them, and gets another one when its completion says what it read; `ordered` puts the
 * stretches that are in force one after the other.
 */
export class MicroOperations {
  count = 0;
  private f = new Uint8Array(FIRST_ROOM);
  private key = new Int32Array(FIRST_ROOM);
  private value = new Int32Array(FIRST_ROOM);
  /** By row of the history: where its stretch begins and ends. */
  private from = new Int32Array(FIRST_ROOM);
  private to = new Int32Array(FIRST_ROOM);

  push(f: number, key: number, value: number): void {
    if (this.count === this.f.length) {
      const size = this.count * 2;
      this.f = widened(this.f, new Uint8Array(size));
      this.key = widened(this.key, new Int32Array(size));
      this.value = widened(this.value, new Int32Array(size));
    }
    this.f[this.count] = f;
    this.key[this.count] = key;
    this.value[this.count++] = value;
  }

  /** Gives row `row` the stretch that began at `from` and ends with what was pushed last. */
  assign(row: number, from: number): void {
    if (row >= this.from.length) {
      const size = Math.max(row + 1, this.from.length * 2);
      this.from = widened(this.from, new Int32Array(size));
      this.to = widened(this.to, new Int32Array(size));
    }
    this.from[row] = from;
    this.to[row] = this.count;
  }

  /** Nobody knows what the transaction of that row read. */
  forgetReads(row: number): void {
    for (let m = this.from[row] as number; m < (this.to[row] as number); m++) if (this.f[m] === READ) this.value[m] = NOTHING;
  }

  writesCollections(texts: Texts): boolean {
    for (let m = 0; m < this.count; m++) if (this.f[m] === WRITE && texts.isCollection(this.value[m] as number)) return true;
    return false;
  }

  /** Lists and sets that were read count as vectors. */
  alike(texts: Texts): void {
    for (let m = 0; m < this.count; m++) if (this.f[m] === READ) this.value[m] = texts.asVector(this.value[m] as number);
  }

  /** All of them for `count` rows in the order in which they stand; `order` gives the row that was read i-th, where that is another one. */
  ordered(count: number, order: Int32Array | undefined): Transactions {
    const from = new Int32Array(count + 1);
    let total = 0;
    for (let i = 0; i < count; i++) {
      from[i] = total;
      const row = order === undefined ? i : (order[i] as number);
      if (row < this.from.length) total += (this.to[row] as number) - (this.from[row] as number);
    }
    from[count] = total;
    const f = new Uint8Array(total);
    const key = new Int32Array(total);
    const value = new Int32Array(total);
    for (let i = 0; i < count; i++) {
      const row = order === undefined ? i : (order[i] as number);
      let at = from[i] as number;
      for (let m = this.from[row] ?? 0; m < (this.to[row] ?? 0); m++, at++) {
        f[at] = this.f[m] as number;
        key[at] = this.key[m] as number;
        value[at] = this.value[m] as number;
      }
    }
    return { from, f, key, value };
  }
}

/** The wider array with the contents of the old one. */
export function widened<A extends Int32Array | Uint8Array | Float64Array>(old: A, wider: A): A {
  wider.set(old);
  return wider;
}
