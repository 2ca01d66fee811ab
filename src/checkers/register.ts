import type { Operation } from '../history/operation.ts';
import { byZones } from './zones.ts';

/** How much work is left. A step is one attempt to put an operation next. */
export interface Budget {
  steps: number;
}

const READ = 0;
const WRITE = 1;
const CAS = 2;
/** A `cas` that compared and found another value. */
const UNEQUAL = 3;

const NONE = Number.POSITIVE_INFINITY;

/** An operation as the search sees it: values are small integers, 0 is "no value". */
interface Move {
  readonly does: number;
  /** What a read returned or a write leaves behind. */
  readonly value: number;
  /** What a `cas` compares with. */
  readonly from: number;
  readonly call: number;
  readonly end: number;
}

/**
 * Whether one key's operations can be put in an order that respects real time and in which every read returns the last value written: linearizability
 * (Herlihy & Wing 1990) of one register that begins with no value. Undefined where the budget ran out.
 */
export function isLinearizable(operations: readonly Operation[], budget: Budget): boolean | undefined {
  return byZones(operations) ?? bySearch(operations, budget);
}

/**
 * The same by search, for any values and compare-and-set: Wing & Gong's (1993) as Lowe (2017) improved it. Operations are taken just in time before the first
 * return that still waits, and a configuration (what is taken, the value) that failed once is not tried again. Operations whose outcome is unknown are
 * never required and may be taken any time after their call.
 */
export function bySearch(operations: readonly Operation[], budget: Budget): boolean | undefined {
  const values = new Map<string, number>([['null', 0]]);
  const intern = (value: Operation['value']): number => {
    const text = JSON.stringify(value);
    const known = values.get(text);
    if (known !== undefined) return known;
    values.set(text, values.size);
    return values.size - 1;
  };
  const moves = operations.flatMap((operation) => moveOf(operation, intern) ?? []);
  const known = moves.filter((move) => move.end !== NONE);
  const seen = new Set(
    known.flatMap((move) => (move.does === READ ? [move.value] : move.does === CAS || move.does === UNEQUAL ? [move.from] : [])),
  );
  for (const move of moves) if (move.end === NONE && move.does === CAS) seen.add(move.from);
  const anyUnequal = known.some((move) => move.does === UNEQUAL);
  // An unknown write whose value nobody saw or compared with can be left out of any order that contains it: what follows up to the next
  // write did not look. Only a comparison that found "another value" might need it.
  const unknown = moves.filter((move) => move.end === NONE && (anyUnequal || seen.has(move.value)));
  return new Search(known, unknown, budget).run();
}

function moveOf(operation: Operation, intern: (value: Operation['value']) => number): Move | undefined {
  const { effect, status } = operation;
  const end = status === 'unknown' ? NONE : operation.returnRank;
  const call = operation.callRank;
  const expected = effect === 'cas' ? intern(operation.expected ?? null) : 0;
  if (status === 'fail')
    return effect === 'cas' && operation.compared === true ? { does: UNEQUAL, value: 0, from: expected, call, end } : undefined;
  if (effect === 'read') return status === 'ok' ? { does: READ, value: intern(operation.value), from: 0, call, end } : undefined;
  if (effect === 'write') return { does: WRITE, value: intern(operation.value), from: 0, call, end };
  if (effect === 'cas') return { does: CAS, value: intern(operation.value), from: expected, call, end };
  throw new Error(`a register has no ${effect}: the model must refuse such a history before the search`);
}

interface Frame {
  readonly entry: number;
  /** Index of an unknown operation, or -1 for the known one whose call is `entry`. */
  readonly extra: number;
  readonly value: number;
  /** Taken without an alternative: going back goes through it. */
  readonly forced: boolean;
}

/**
 * Calls and returns of the known operations stand in a doubly linked list by rank, entry 0 is its head; taking an operation unlinks both of its
 * entries, so the list always holds what is not taken yet, and the calls before its first return are what may come next.
 */
class Search {
  private readonly known: readonly Move[];
  private readonly unknown: readonly Move[];
  private readonly budget: Budget;
  private readonly next: Int32Array;
  private readonly prev: Int32Array;
  /** The operation of an entry: its index + 1 for a call, -(index + 1) for a return. */
  private readonly owner: Int32Array;
  private readonly rank: Float64Array;
  private readonly returnOf: Int32Array;
  private readonly taken: boolean[];
  /** For each unknown operation the one before it that does exactly the same, or -1. */
  private readonly twin: readonly number[];
  private readonly failed = new Set<string>();
  private readonly stack: Frame[] = [];
  private value = 0;

  constructor(known: readonly Move[], unknown: readonly Move[], budget: Budget) {
    this.known = known;
    this.unknown = [...unknown].sort((a, b) => a.call - b.call);
    this.budget = budget;
    const events = known.flatMap((move, i) => [
      { rank: move.call, owner: i + 1 },
      { rank: move.end, owner: -(i + 1) },
    ]);
    // Equal ranks can only come from recorded histories: calls before returns, so that intervals that touch overlap.
    events.sort((a, b) => a.rank - b.rank || b.owner - a.owner);
    const size = events.length + 2;
    this.next = Int32Array.from({ length: size }, (_, i) => i + 1);
    this.prev = Int32Array.from({ length: size }, (_, i) => i - 1);
    this.owner = new Int32Array(size);
    this.rank = new Float64Array(size).fill(NONE);
    this.returnOf = new Int32Array(known.length + 1);
    events.forEach((event, i) => {
      this.owner[i + 1] = event.owner;
      this.rank[i + 1] = event.rank;
      if (event.owner < 0) this.returnOf[-event.owner] = i + 1;
    });
    this.taken = this.unknown.map(() => false);
    this.twin = this.unknown.map((move, i) =>
      this.unknown.findLastIndex((other, j) => j < i && other.does === move.does && other.value === move.value && other.from === move.from),
    );
  }

  run(): boolean | undefined {
    const end = this.next.length - 1;
    let entry = this.next[0] as number;
    let extra = 0;
    for (;;) {
      if (this.next[0] === end) return true;
      if (this.takeForced()) {
        entry = this.next[0] as number;
        extra = 0;
        continue;
      }
      const took = this.takeKnown(entry) || this.takeUnknown(extra);
      if (this.budget.steps <= 0) return undefined;
      if (took) {
        entry = this.next[0] as number;
        extra = 0;
        continue;
      }
      const back = this.goBack();
      if (back === undefined) return false;
      // After a known operation its later neighbours and all unknown ones are left to try; after an unknown one, its later ones.
      entry = back.extra < 0 ? (this.next[back.entry] as number) : this.firstReturn();
      extra = back.extra + 1;
    }
  }

  /** An operation that fits the value and does not change it is taken at once: taking it later could only be harder, and allows nothing more. */
  private takeForced(): boolean {
    for (let entry = this.next[0] as number; (this.owner[entry] as number) > 0; entry = this.next[entry] as number) {
      const move = this.moveAt(entry);
      if ((move.does === READ && move.value === this.value) || (move.does === UNEQUAL && move.from !== this.value)) {
        this.stack.push({ entry, extra: -1, value: this.value, forced: true });
        this.unlink(entry);
        return true;
      }
    }
    return false;
  }

  private takeKnown(start: number): boolean {
    for (let entry = start; (this.owner[entry] as number) > 0; entry = this.next[entry] as number) {
      const move = this.moveAt(entry);
      if (move.does === READ || move.does === UNEQUAL || (move.does === CAS && move.from !== this.value)) continue;
      if (this.budget.steps-- <= 0) return false;
      this.unlink(entry);
      if (this.isNew(move.value)) {
        this.stack.push({ entry, extra: -1, value: this.value, forced: false });
        this.value = move.value;
        return true;
      }
      this.relink(entry);
    }
    return false;
  }

  /** Unknown operations come last, only where they change the value, and of those that do the same only the oldest: it may stand wherever the others may. */
  private takeUnknown(start: number): boolean {
    const before = this.rank[this.firstReturn()] as number;
    for (let i = start; i < this.unknown.length; i++) {
      const move = this.unknown[i] as Move;
      if (move.call > before) return false;
      const twin = this.twin[i] as number;
      if (this.taken[i] || move.value === this.value || (twin >= 0 && !this.taken[twin]) || (move.does === CAS && move.from !== this.value))
        continue;
      if (this.budget.steps-- <= 0) return false;
      this.taken[i] = true;
      if (this.isNew(move.value)) {
        this.stack.push({ entry: 0, extra: i, value: this.value, forced: false });
        this.value = move.value;
        return true;
      }
      this.taken[i] = false;
    }
    return false;
  }

  private goBack(): Frame | undefined {
    for (let frame = this.stack.pop(); frame !== undefined; frame = this.stack.pop()) {
      if (frame.extra < 0) this.relink(frame.entry);
      else this.taken[frame.extra] = false;
      this.value = frame.value;
      if (!frame.forced) return frame;
    }
    return undefined;
  }

  /**
   * Remembers the configuration and tells whether it is new. What is not taken and was called before the first waiting return, together with the unknown
   * operations taken, determines all that is taken: everything else called earlier has returned, and nothing called later can be taken.
   */
  private isNew(value: number): boolean {
    const parts: number[] = [value];
    for (let entry = this.next[0] as number; (this.owner[entry] as number) > 0; entry = this.next[entry] as number) parts.push(entry);
    let key = parts.join(',');
    for (let i = 0; i < this.taken.length; i += 16) {
      let word = 0;
      for (let bit = 0; bit < 16 && i + bit < this.taken.length; bit++) if (this.taken[i + bit]) word |= 1 << bit;
      key += String.fromCharCode(word);
    }
    if (this.failed.has(key)) return false;
    this.failed.add(key);
    return true;
  }

  private firstReturn(): number {
    let entry = this.next[0] as number;
    while ((this.owner[entry] as number) > 0) entry = this.next[entry] as number;
    return entry;
  }

  private moveAt(entry: number): Move {
    return this.known[(this.owner[entry] as number) - 1] as Move;
  }

  private unlink(entry: number): void {
    for (const at of [entry, this.returnOf[this.owner[entry] as number] as number]) {
      this.next[this.prev[at] as number] = this.next[at] as number;
      this.prev[this.next[at] as number] = this.prev[at] as number;
    }
  }

  /** The reverse of the unlinking that came last for these entries: their own pointers still say where they stood. */
  private relink(entry: number): void {
    for (const at of [this.returnOf[this.owner[entry] as number] as number, entry]) {
      this.next[this.prev[at] as number] = at;
      this.prev[this.next[at] as number] = at;
    }
  }
}
