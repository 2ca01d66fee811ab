import { type Columns, FAIL, OK, READ, WRITE } from '../../history/columns.ts';
import { NOTHING } from '../../history/texts.ts';
import type { View } from './part.ts';
import { Written } from './written.ts';

/** What the zones of all keys say. */
export interface ZoneVerdicts {
  /** For each key that the zones judge and find right: its rows, in an order that explains what was read. */
  orders(): Map<number, number[]>;
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
  private readonly written: Written;
  /** For each write the row of the operation on its value that returned first, and of the one that was called last. */
  private readonly first: Int32Array;
  private readonly last: Int32Array;
  /** The same for "no value" of each key: only the read that was called last counts. */
  private readonly emptyLast: Int32Array;
  /** Where the zones stand: at their ranks the rows of their writes + 1. */
  private begins = new Int32Array(0);

  constructor({ columns, empty }: View) {
    this.columns = columns;
    this.empty = empty;
    this.open = new Uint8Array(columns.keys.length);
    this.written = new Written(columns);
    this.first = new Int32Array(columns.count).fill(NONE);
    this.last = new Int32Array(columns.count);
    this.emptyLast = new Int32Array(columns.keys.length).fill(NONE);
  }

  judge(): ZoneVerdicts {
    this.writes();
    if (this.open.includes(0)) {
      this.reads();
      this.sweep();
    }
    return { open: this.open, broken: this.broken, orders: () => this.orders() };
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
      if (!this.written.put(i)) this.open[k] = 1;
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
      const write = this.written.row(k, value[i] as number);
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
    this.begins = begins;
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

  /**
   * The values of a key one after the other, as their zones stand: each with its write and then its reads in order of call. A zone that begins inside a forward one is a backward one that
   * ends outside it, and comes after it. That this keeps real time is the theorem's other half: of two values with an operation of the first before one of the second, the
   * first one's zone begins at a return before, and the second one's ends at a call after it, so they cannot stand the other way round.
   */
  private orders(): Map<number, number[]> {
    const { count, key, effect, status, value, keys } = this.columns;
    const place = new Int32Array(count).fill(NONE);
    let zones = 1;
    for (const row of this.begins) if (row > 0) place[row - 1] = zones++;
    const zoneOf = (i: number): number => {
      if (status[i] !== OK && effect[i] !== WRITE) return NONE;
      const k = key[i] as number;
      if (this.open[k] === 1 || this.broken.has(k)) return NONE;
      if (effect[i] === WRITE) return place[i] as number;
      return value[i] === NOTHING || value[i] === this.empty ? 0 : (place[this.written.row(k, value[i] as number)] as number);
    };
    const from = new Int32Array(zones + 1);
    for (let i = 0; i < count; i++) {
      const zone = zoneOf(i);
      if (zone >= 0) from[zone + 1] = (from[zone + 1] as number) + 1;
    }
    for (let z = 0; z < zones; z++) from[z + 1] = (from[z + 1] as number) + (from[z] as number);
    const sorted = new Int32Array(from[zones] as number);
    for (const writes of [true, false]) {
      for (let i = 0; i < count; i++) {
        const zone = (effect[i] === WRITE) === writes ? zoneOf(i) : NONE;
        if (zone < 0) continue;
        sorted[from[zone] as number] = i;
        from[zone] = (from[zone] as number) + 1;
      }
    }
    const orders = new Map<number, number[]>();
    for (let k = 0; k < keys.length; k++) if (this.open[k] === 0 && !this.broken.has(k)) orders.set(k, []);
    for (const row of sorted) orders.get(key[row] as number)?.push(row);
    return orders;
  }
}
