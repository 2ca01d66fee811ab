import { type Columns, FAIL, NEVER, OK, READ, WRITE } from '../../history/columns.ts';
import { NOTHING } from '../../history/texts.ts';
import type { View } from './part.ts';
import { CLASH, TWICE, Written } from './written.ts';

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
  /** The rows of writes and of ok reads of some value, in order of call. */
  private readonly writes: Int32Array;
  private readonly reads: Int32Array;
  private writeCount = 0;
  private readCount = 0;
  /** For each write the rank of the first return and of the last call of an operation on its value. A write that never returned never ends its zone from the left. */
  private readonly first: Int32Array;
  private readonly last: Int32Array;
  /** For each key the last call of a read of "no value"; 0 if there is none. */
  private readonly emptyLast: Int32Array;
  /** Where the zones stand: at their ranks the rows of their writes + 1. */
  private begins = new Int32Array(0);

  constructor({ columns, empty }: View) {
    this.columns = columns;
    this.empty = empty;
    this.open = new Uint8Array(columns.keys.length);
    this.written = new Written(columns);
    this.writes = new Int32Array(columns.count);
    this.reads = new Int32Array(columns.count);
    this.first = new Int32Array(columns.count);
    this.last = new Int32Array(columns.count);
    this.emptyLast = new Int32Array(columns.keys.length);
  }

  judge(): ZoneVerdicts {
    this.sort();
    for (let part = !this.write(); part; part = !this.write()) this.written.part();
    if (this.open.includes(0)) {
      this.read();
      this.sweep();
    }
    return { open: this.open, broken: this.proofs(), orders: () => this.orders() };
  }

  /** Finds the writes and the reads, and the keys that have something else. */
  private sort(): void {
    const { count, effect, status, key, value, call } = this.columns;
    for (let i = 0; i < count; i++) {
      const k = key[i] as number;
      const none = value[i] === NOTHING || value[i] === this.empty;
      if (effect[i] === READ) {
        if (status[i] !== OK) continue;
        if (!none) this.reads[this.readCount++] = i;
        else this.emptyLast[k] = call[i] as number;
      } else if (status[i] !== FAIL) {
        if (effect[i] !== WRITE || none) this.open[k] = 1;
        else this.writes[this.writeCount++] = i;
      }
    }
  }

  /** Notes who wrote what; false where that needs other room. */
  private write(): boolean {
    const { status, key, call, ret } = this.columns;
    const { writes, writeCount, written, open, first, last } = this;
    for (let w = 0; w < writeCount; w++) {
      const i = writes[w] as number;
      const k = key[i] as number;
      if (open[k] === 1) continue;
      const put = written.put(i);
      if (put === CLASH) return false;
      if (put === TWICE) open[k] = 1;
      first[i] = status[i] === OK ? (ret[i] as number) : NEVER;
      last[i] = call[i] as number;
    }
    return true;
  }

  private read(): void {
    const { key, value, call, ret } = this.columns;
    const { reads, readCount, written, open, broken, first, last } = this;
    for (let r = 0; r < readCount; r++) {
      const i = reads[r] as number;
      const k = key[i] as number;
      if (open[k] === 1) continue;
      const write = written.row(k, value[i] as number);
      const end = ret[i] as number;
      if (write < 0 || end < (call[write] as number)) {
        if (!broken.has(k)) broken.set(k, write < 0 ? [end] : [end, call[write] as number]);
        continue;
      }
      if (end < (first[write] as number)) first[write] = end;
      if ((call[i] as number) > (last[write] as number)) last[write] = call[i] as number;
    }
  }

  /** Goes over the zones of all keys in order of rank, and remembers for each key the forward zone that it is in or was in last. */
  private sweep(): void {
    const { ranks, key } = this.columns;
    const { writes, writeCount, open, broken, first, last } = this;
    const begins = new Int32Array(ranks + 1);
    this.begins = begins;
    for (let w = 0; w < writeCount; w++) {
      const i = writes[w] as number;
      const firstReturn = first[i] as number;
      // Unknown, and nobody saw it: it may never have happened.
      if (firstReturn === NEVER || open[key[i] as number] === 1) continue;
      const lastCall = last[i] as number;
      begins[firstReturn < lastCall ? firstReturn : lastCall] = i + 1;
    }
    // The zone of "no value" lasts from the beginning to the last call of a read that found none.
    const end = this.emptyLast.slice();
    const owner = new Int32Array(end.length).fill(NONE);
    for (let rank = 1; rank <= ranks; rank++) {
      const i = (begins[rank] as number) - 1;
      if (i < 0) continue;
      const k = key[i] as number;
      const firstReturn = first[i] as number;
      // A forward zone must not begin inside another; a backward one must not end inside the one that it began in.
      if (firstReturn < (end[k] as number)) {
        if (!broken.has(k)) broken.set(k, [...this.zone(owner[k] as number, k), ...this.zone(i, k)]);
      } else if (firstReturn === rank) {
        end[k] = last[i] as number;
        owner[k] = i;
      }
    }
  }

  /** Ranks of the operations that make a zone: of its write, of what returned first and of what was called last. */
  private zone(write: number, key: number): readonly number[] {
    if (write === NONE) return [this.emptyLast[key] as number];
    return [this.columns.call[write] as number, this.first[write] as number, this.last[write] as number];
  }

  /** The rows of what is known by ranks of calls and returns. */
  private proofs(): ReadonlyMap<number, readonly number[]> {
    if (this.broken.size === 0) return this.broken;
    const rows = new Map<number, number>();
    for (const ranks of this.broken.values()) for (const rank of ranks) rows.set(rank, NONE);
    const { count, call, ret } = this.columns;
    for (let i = 0; i < count; i++) {
      if (rows.has(call[i] as number)) rows.set(call[i] as number, i);
      if (rows.has(ret[i] as number)) rows.set(ret[i] as number, i);
    }
    return new Map([...this.broken].map(([key, ranks]) => [key, ranks.map((rank) => rows.get(rank) as number)]));
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
