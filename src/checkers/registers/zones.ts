import { type Columns, FAIL, NEVER, OK, READ, WRITE } from '../../history/columns.ts';
import { NOTHING } from '../../history/texts.ts';
import type { Judging } from '../model.ts';
import type { View } from './part.ts';
import { FIRST, keyOf, LAST, ownerOf, UNWRITTEN, WIDTH, ZoneTable } from './zone-table.ts';

/** What the zones of all keys say. */
export interface ZoneVerdicts {
  /** For each key that the zones judge: its rows, in an order that explains what was read if they find it right. */
  orders(): Map<number, number[]>;
  /** For each key: the zones cannot judge it, since a value was written twice or something was compared. */
  readonly open: Uint8Array;
  /** For each key the number of its operations. */
  readonly counts: Int32Array;
  /** For each key that is not open: the zones show that it cannot be linearized; and the rows of at most six operations that prove it. */
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
export function* zonesOf(view: View): Generator<Judging, ZoneVerdicts> {
  return yield* new Zones(view).judge();
}

/** How many rows or ranks are gone over between two looks up: some hundred microseconds. */
const AT_ONCE = 1 << 16;

class Zones {
  private readonly columns: Columns;
  /** The code that is another word for "no value". */
  private readonly empty: number;
  private readonly open: Uint8Array;
  private readonly counts: Int32Array;
  /** For each broken key the proof: ranks, and for writes whose ranks are not at hand `~` the places of their values. */
  private readonly broken = new Map<number, readonly number[]>();
  private readonly table: ZoneTable;
  /** How many values have been read, and not been written yet. */
  private promised = 0;
  /** For each key the last call of a read of "no value"; 0 if there is none. */
  private readonly emptyLast: Int32Array;
  /** Where the zones stand: at their ranks the places of their values + 1. */
  private readonly begins: Int32Array;
  /** Room for the ranks of as many as are looked at at once. */
  private readonly found: Int32Array;

  constructor({ columns, empty, room }: View) {
    this.columns = columns;
    this.empty = empty;
    this.open = new Uint8Array(columns.keys.length);
    this.counts = new Int32Array(columns.keys.length);
    this.table = new ZoneTable(columns, room);
    this.begins = room.filled('zone begins', columns.ranks + 1);
    this.found = room.raw('zone found', Math.min(AT_ONCE, columns.ranks + 1));
    this.emptyLast = new Int32Array(columns.keys.length);
  }

  *judge(): Generator<Judging, ZoneVerdicts> {
    const { open, counts } = this;
    while (!(yield* this.meetAll())) {
      this.table.next();
      this.promised = 0;
      // What is broken stays so.
      for (const column of [counts, this.begins]) column.fill(0);
    }
    if (open.includes(0)) {
      if (this.promised > 0) this.breakPromises();
      yield* this.sweep();
    }
    return { open, counts, broken: this.proofs(), orders: () => this.orders() };
  }

  private *meetAll(): Generator<Judging, boolean> {
    const { count } = this.columns;
    for (let from = 0; from < count; from += AT_ONCE) {
      if (from > 0) yield { done: from, of: count };
      if (!this.meet(from, Math.min(count, from + AT_ONCE))) return false;
    }
    return true;
  }

  /**
   * Takes down what the operations say of values and keys; false where that needs another table. In order of call a read comes behind the write whose value it returned, unless both went on
   * at the same time (or it is wrong), and what is called later is what was called last. So a zone is a backward one, and stands at its last call, until something is called
   * behind its first return; from then on it is a forward one and stands there. The common cases call nothing: this is where the time of long histories goes.
   */
  private meet(from: number, to: number): boolean {
    const { effect, status, key, value, call, ret } = this.columns;
    const { open, counts, emptyLast, table, empty, begins } = this;
    const { places, together } = table;
    for (let i = from; i < to; i++) {
      const k = key[i] as number;
      const v = value[i] as number;
      const now = call[i] as number;
      counts[k] = (counts[k] as number) + 1;
      if (effect[i] === READ) {
        if (status[i] !== OK) continue;
        if (v === NOTHING || v === empty) {
          emptyLast[k] = now;
          continue;
        }
        const at = together ? (v >> 1) * WIDTH : table.of(k, v);
        if (places[at] !== ownerOf(k, v)) {
          if (!this.promise(at, i)) return false;
          continue;
        }
        const first = places[at + FIRST] as number;
        const last = places[at + LAST] as number;
        if (first < last) {
          places[at + LAST] = now;
          continue;
        }
        if ((ret[i] as number) < first) places[at + FIRST] = ret[i] as number;
        // It waits for its write.
        if (last === 0) continue;
        places[at + LAST] = now;
        begins[last] = 0;
        begins[first < now ? first : now] = at + 1;
      } else if (status[i] !== FAIL) {
        if (effect[i] !== WRITE || v === NOTHING || v === empty) {
          open[k] = 1;
          continue;
        }
        const at = together ? (v >> 1) * WIDTH : table.of(k, v);
        if (places[at] !== 0) {
          if (places[at] !== ownerOf(k, v)) return false;
          this.writeKnown(at, i);
          continue;
        }
        table.take(at, k, v);
        places[at + LAST] = now;
        places[at + FIRST] = NEVER;
        // Unknown, and nobody saw it: it may never have happened, and has no zone.
        if (status[i] !== OK) continue;
        places[at + FIRST] = ret[i] as number;
        begins[now] = at + 1;
      }
    }
    return true;
  }

  /** A value is read that nobody has written yet. False where its place is another's, or there is none. */
  private promise(at: number, row: number): boolean {
    const { key, value, ret } = this.columns;
    const { places } = this.table;
    const k = key[row] as number;
    if (at === UNWRITTEN) this.breaks(k, [ret[row] as number]);
    else if (places[at] !== 0) return false;
    else {
      this.table.take(at, k, value[row] as number);
      places[at + FIRST] = ret[row] as number;
      this.promised++;
    }
    return true;
  }

  /** A value that was met before is written: twice, or after it was read, and then it must not have been returned before. */
  private writeKnown(at: number, row: number): void {
    const { key, call, ret, status } = this.columns;
    const { places } = this.table;
    const k = key[row] as number;
    const now = call[row] as number;
    if (places[at + LAST] !== 0) {
      this.open[k] = 1;
      return;
    }
    this.promised--;
    const read = places[at + FIRST] as number;
    if (read < now) this.breaks(k, [read, now]);
    if (status[row] === OK && (ret[row] as number) < read) places[at + FIRST] = ret[row] as number;
    places[at + LAST] = now;
    this.begins[now] = at + 1;
  }

  private breaks(key: number, proof: readonly number[]): void {
    if (!this.broken.has(key)) this.broken.set(key, proof);
  }

  /** What was read and never written. */
  private breakPromises(): void {
    const { places } = this.table;
    for (let at = 0; at < places.length; at += WIDTH)
      if (places[at] !== 0 && places[at + LAST] === 0) this.breaks(keyOf(places[at] as number), [places[at + FIRST] as number]);
  }

  /** Goes over the zones of all keys in order of rank, and remembers for each key the forward zone that it is in or was in last. */
  private *sweep(): Generator<Judging, void> {
    const { ranks } = this.columns;
    // The zone of "no value" lasts from the beginning to the last call of a read that found none.
    const end = this.emptyLast.slice();
    const owner = new Int32Array(end.length).fill(NONE);
    for (let from = 1; from <= ranks; from += AT_ONCE) {
      this.sweepRanks(from, Math.min(ranks, from + AT_ONCE - 1), end, owner);
      yield { done: from, of: ranks };
    }
  }

  private sweepRanks(from: number, to: number, end: Int32Array, owner: Int32Array): void {
    const { places } = this.table;
    const { begins, found } = this;
    // Where zones begin is so irregular that a processor guesses wrong all the time whether one does: to write down each rank, and count only those with a zone, costs less.
    let count = 0;
    for (let rank = from; rank <= to; rank++) {
      found[count] = rank;
      count += -(begins[rank] as number) >>> 31;
    }
    for (let f = 0; f < count; f++) {
      const rank = found[f] as number;
      const at = (begins[rank] as number) - 1;
      const k = keyOf(places[at] as number);
      const first = places[at + FIRST] as number;
      const last = places[at + LAST] as number;
      // A forward zone must not begin inside another; a backward one must not end inside the one that it began in. One that began in none is remembered like a forward one, and does no
      // harm: whatever comes begins behind it.
      if (first < (end[k] as number)) this.breaks(k, [...this.zone(owner[k] as number, k), ...this.zone(at, k)]);
      else if (last > (end[k] as number)) {
        end[k] = last;
        owner[k] = at;
      }
    }
  }

  /** What makes a zone: its write, what returned first and what was called last. */
  private zone(at: number, key: number): readonly number[] {
    if (at === NONE) return [this.emptyLast[key] as number];
    const { places } = this.table;
    return [~at, places[at + FIRST] as number, places[at + LAST] as number];
  }

  /** The rows of what is known by ranks of calls and returns, and by values. */
  private proofs(): ReadonlyMap<number, readonly number[]> {
    const { broken, table } = this;
    if (broken.size === 0) return broken;
    const rows = new Map<number, number>();
    for (const proof of broken.values()) for (const sign of proof) rows.set(sign, NONE);
    const { count, effect, status, key, value, call, ret } = this.columns;
    for (let i = 0; i < count; i++) {
      if (rows.has(call[i] as number)) rows.set(call[i] as number, i);
      if (rows.has(ret[i] as number)) rows.set(ret[i] as number, i);
      if (effect[i] !== WRITE || status[i] === FAIL) continue;
      const sign = ~table.known(key[i] as number, value[i] as number);
      if (rows.has(sign)) rows.set(sign, i);
    }
    return new Map([...broken].map(([key, proof]) => [key, proof.map((sign) => rows.get(sign) as number)]));
  }

  /**
   * The values of a key one after the other, as their zones stand: each with its write and then its reads in order of call. A zone that begins inside a forward one is a backward one that
   * ends outside it, and comes after it. That this keeps real time is the theorem's other half: of two values with an operation of the first before one of the second, the
   * first one's zone begins at a return before, and the second one's ends at a call after it, so they cannot stand the other way round.
   */
  private orders(): Map<number, number[]> {
    const { count, ranks, key, effect, status, value, keys } = this.columns;
    const { table, begins, open, empty } = this;
    const turn = new Int32Array(table.places.length / WIDTH).fill(NONE);
    let zones = 1;
    for (let rank = 1; rank <= ranks; rank++) {
      const at = (begins[rank] as number) - 1;
      if (at >= 0) turn[at / WIDTH] = zones++;
    }
    const zoneOf = (i: number): number => {
      if (status[i] !== OK && effect[i] !== WRITE) return NONE;
      const k = key[i] as number;
      if (effect[i] === READ && (value[i] === NOTHING || value[i] === empty)) return 0;
      const at = status[i] === FAIL ? NONE : table.known(k, value[i] as number);
      return at < 0 ? NONE : (turn[at / WIDTH] as number);
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
    for (let k = 0; k < keys.length; k++) if (open[k] === 0) orders.set(k, []);
    for (const row of sorted) orders.get(key[row] as number)?.push(row);
    return orders;
  }
}
