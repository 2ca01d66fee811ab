import { type Columns, FAIL, OK, READ, WRITE } from '../../history/columns.ts';
import { NOTHING } from '../../history/texts.ts';
import type { View } from './part.ts';

/** What the zones of all keys say. */
export interface ZoneVerdicts {
  /** For each key: the zones cannot judge it, since a value was written twice or something was compared. */
  readonly open: Uint8Array;
  /** For each key: the zones show that it cannot be linearized; and the rows of at most six operations that prove it. */
  readonly broken: ReadonlyMap<number, readonly number[]>;
}

const NONE = -1;

/**
 * Linearizability of registers in which no value is written twice: Gibbons & Korach, "Testing Shared Memories" (1997), as zones. From the first return to the last call of a
 * value's operations the register must hold that value throughout (a forward zone); a value whose last call comes before its first return needs one moment between the two (a backward
 * zone). The history is linearizable if and only if no two forward zones overlap and no backward zone lies inside a forward one. All keys are judged in one pass; time and room are linear
 * in the number of operations, whatever the concurrency: ranks are distinct whole numbers, so sorting the zones is filling an array, where a forward zone stands at its first return
 * and a backward one at its last call.
 */
export function zonesOf(view: View): ZoneVerdicts {
  return new Zones(view).judge();
}

class Zones {
  private readonly columns: Columns;
  /** The code that is another word for "no value". */
  private readonly empty: number;
  private readonly open: Uint8Array;
  private readonly broken = new Map<number, readonly number[]>();
  /** The write of a value of a key, by hashing both: rows + 1. */
  private readonly table: Int32Array;
  private readonly mask: number;
  /** For each write the row of the operation on its value that returned first, and of the one that was called last. */
  private readonly first: Int32Array;
  private readonly last: Int32Array;
  /** The same for "no value" of each key: only the read that was called last counts. */
  private readonly emptyLast: Int32Array;

  constructor({ columns, empty }: View) {
    this.columns = columns;
    this.empty = empty;
    this.open = new Uint8Array(columns.keys.length);
    let size = 16;
    while (size < columns.count * 2) size *= 2;
    this.table = new Int32Array(size);
    this.mask = size - 1;
    this.first = new Int32Array(columns.count).fill(NONE);
    this.last = new Int32Array(columns.count);
    this.emptyLast = new Int32Array(columns.keys.length).fill(NONE);
  }

  judge(): ZoneVerdicts {
    this.writes();
    if (!this.open.includes(0)) return { open: this.open, broken: this.broken };
    this.reads();
    this.sweep();
    return { open: this.open, broken: this.broken };
  }

  private writes(): void {
    const { count, effect, status, key, value } = this.columns;
    for (let i = 0; i < count; i++) {
      if (status[i] === FAIL || effect[i] === READ) continue;
      const k = key[i] as number;
      if (this.open[k] === 1) continue;
      if (effect[i] !== WRITE || value[i] === NOTHING || value[i] === this.empty) {
        this.open[k] = 1;
        continue;
      }
      const at = this.find(k, value[i] as number);
      if (this.table[at] !== 0) this.open[k] = 1;
      else this.table[at] = i + 1;
      // A write that never returned never ends its zone from the left; one that was not read may not have happened.
      if (status[i] === OK) this.first[i] = i;
      this.last[i] = i;
    }
  }

  private reads(): void {
    const { count, effect, status, key, value, call, ret } = this.columns;
    for (let i = 0; i < count; i++) {
      if (effect[i] !== READ || status[i] !== OK) continue;
      const k = key[i] as number;
      if (this.open[k] === 1 || this.broken.has(k)) continue;
      if (value[i] === NOTHING || value[i] === this.empty) {
        // Rows are in order of invocation.
        this.emptyLast[k] = i;
        continue;
      }
      const write = (this.table[this.find(k, value[i] as number)] as number) - 1;
      if (write < 0) this.broken.set(k, [i]);
      else if ((ret[i] as number) < (call[write] as number)) this.broken.set(k, [write, i]);
      else {
        const first = this.first[write] as number;
        if (first === NONE || (ret[i] as number) < (ret[first] as number)) this.first[write] = i;
        if ((call[i] as number) > (call[this.last[write] as number] as number)) this.last[write] = i;
      }
    }
  }

  /** Goes over the zones of all keys in order of rank, and remembers for each key the forward zone that it is in or was in last. */
  private sweep(): void {
    const { count, ranks, key, call, ret, effect, status } = this.columns;
    const begins = new Int32Array(ranks + 1);
    for (let i = 0; i < count; i++) {
      if (effect[i] !== WRITE || status[i] === FAIL || this.open[key[i] as number] === 1) continue;
      const first = this.first[i] as number;
      const lastCall = call[this.last[i] as number] as number;
      if (first === NONE) continue; // unknown, and nobody saw it
      const firstReturn = ret[first] as number;
      begins[Math.min(firstReturn, lastCall)] = i + 1;
    }
    // The zone of "no value" lasts from the beginning to the last call of a read that found none.
    const end = Int32Array.from(this.emptyLast, (row) => (row === NONE ? 0 : (call[row] as number)));
    const owner = new Int32Array(end.length).fill(NONE);
    for (let rank = 1; rank <= ranks; rank++) {
      const i = (begins[rank] as number) - 1;
      if (i < 0) continue;
      const k = key[i] as number;
      const firstReturn = ret[this.first[i] as number] as number;
      const forward = firstReturn === rank;
      // A forward zone must not begin inside another; a backward one must not end inside the one that it began in.
      if (firstReturn < (end[k] as number)) {
        if (!this.broken.has(k)) this.broken.set(k, [...this.proof(owner[k] as number, k), ...this.proof(i, k)]);
      } else if (forward) {
        end[k] = call[this.last[i] as number] as number;
        owner[k] = i;
      }
    }
  }

  /** The operations that make a zone: its write, what returned first and what was called last. */
  private proof(write: number, key: number): readonly number[] {
    if (write === NONE) return [this.emptyLast[key] as number];
    return [write, this.first[write] as number, this.last[write] as number];
  }

  private find(key: number, value: number): number {
    const { table, mask, columns } = this;
    let at = (Math.imul(Math.imul(value, 0x9e3779b1) ^ Math.imul(key, 0x85ebca6b), 0x27d4eb2f) >>> 5) & mask;
    for (;;) {
      const row = (table[at] as number) - 1;
      if (row < 0 || (columns.value[row] === value && columns.key[row] === key)) return at;
      at = (at + 1) & mask;
    }
  }
}
