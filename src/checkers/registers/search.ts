import type { Operation } from '../../history/operation.ts';
import { Memo } from './memo.ts';
import { ANYWHERE, States, UNSEEN } from './states.ts';
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
const APPEND = 4;

const NONE = Number.POSITIVE_INFINITY;

/** An operation as the search sees it: values are small integers, 0 is "no value". */
interface Move {
  readonly does: number;
  /** What a read returned or a write leaves behind. */
  readonly value: number;
  /** What a `cas` compares with; the state that an append needs, or what is said of it in `states.ts`. */
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
 * The same by search, for any values, compare-and-set and appending to a text: Wing & Gong's (1993) as Lowe (2017) improved it. Operations are taken just in time before the first
 * return that still waits, and a configuration (what is taken, the value) that failed once is not tried again. Operations whose outcome is unknown are
 * never required and may be taken any time after their call.
 */
export function bySearch(operations: readonly Operation[], budget: Budget): boolean | undefined {
  const states = new States();
  const drafts = operations.flatMap((operation) => moveOf(operation, states) ?? []);
  const seen = new Set(
    drafts.flatMap((move) => {
      if (move.does === READ) return [move.value];
      return move.does === CAS || move.does === UNEQUAL ? [move.from] : [];
    }),
  );
  const anyUnequal = drafts.some((move) => move.does === UNEQUAL);
  const moves = drafts.some((move) => move.does === APPEND) ? placed(drafts, states, seen, anyUnequal) : drafts;
  const known = moves.filter((move) => move.end !== NONE);
  // An unknown write whose value nobody saw or compared with can be left out of any order that contains it: what follows up to the next
  // write did not look. Only a comparison that found "another value" might need it.
  const unknown = moves.filter((move) => {
    if (move.end !== NONE) return false;
    if (move.does === APPEND) return anyUnequal || move.from !== UNSEEN;
    return anyUnequal || seen.has(move.value) || (move.value !== UNSEEN && moves !== drafts);
  });
  return new Search(known, unknown, states, budget).run();
}

/** Says of each append where it must happen, and takes all values that no read can grow out of for one. */
function placed(drafts: readonly Move[], states: States, seen: ReadonlySet<number>, anyUnequal: boolean): readonly Move[] {
  states.reads(seen);
  const written = new Map<number, number>();
  for (const move of drafts) {
    if (move.does === WRITE || move.does === CAS || move.does === APPEND) written.set(move.value, (written.get(move.value) ?? 0) + 1);
  }
  // A comparison that found another value may need what no read shows.
  const certain = drafts.flatMap((move) =>
    move.end === NONE ? [] : move.does === READ ? [move.value] : move.does === CAS ? [move.from] : [],
  );
  const place = anyUnequal ? () => ANYWHERE : states.places(written, certain);
  return drafts.map((move) => {
    if (move.does === APPEND) return { ...move, from: place(move.value) };
    const lost = (move.does === WRITE || move.does === CAS) && !states.isBeginning(states.text(move.value));
    return lost ? { ...move, value: UNSEEN } : move;
  });
}

function moveOf(operation: Operation, states: States): Move | undefined {
  const { effect, status } = operation;
  const end = status === 'unknown' ? NONE : operation.returnRank;
  const call = operation.callRank;
  const expected = effect === 'cas' ? states.intern(operation.expected ?? null) : 0;
  if (status === 'fail')
    return effect === 'cas' && operation.compared === true ? { does: UNEQUAL, value: 0, from: expected, call, end } : undefined;
  const does = effect === 'write' ? WRITE : effect === 'append' ? APPEND : undefined;
  if (effect === 'read') return status === 'ok' ? { does: READ, value: states.intern(operation.value), from: 0, call, end } : undefined;
  if (effect === 'cas') return { does: CAS, value: states.intern(operation.value), from: expected, call, end };
  if (does !== undefined) return { does, value: states.intern(operation.value), from: does === APPEND ? ANYWHERE : 0, call, end };
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
  private readonly states: States;
  private readonly memo: Memo;
  /** A number for each known operation that no other has while it runs. */
  private readonly slot: Int32Array;
  private readonly slotWords: number;
  private readonly stack: Frame[] = [];
  private value = 0;

  constructor(known: readonly Move[], unknown: readonly Move[], states: States, budget: Budget) {
    this.states = states;
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
    this.slot = slots(events, known.length);
    this.slotWords = 1 + (this.slot.reduce((most, slot) => Math.max(most, slot), 0) >> 5);
    this.memo = new Memo(2 + this.slotWords + ((this.unknown.length + 31) >> 5));
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
      if (!this.fits(move)) continue;
      if (this.budget.steps-- <= 0) return false;
      const after = this.after(move);
      this.unlink(entry);
      if (this.isNew(after)) {
        this.stack.push({ entry, extra: -1, value: this.value, forced: false });
        this.value = after;
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
      if (this.taken[i] || (twin >= 0 && !this.taken[twin]) || !this.fits(move)) continue;
      const after = this.after(move);
      if (after === this.value) continue;
      if (this.budget.steps-- <= 0) return false;
      this.taken[i] = true;
      if (this.isNew(after)) {
        this.stack.push({ entry: 0, extra: i, value: this.value, forced: false });
        this.value = after;
        return true;
      }
      this.taken[i] = false;
    }
    return false;
  }

  /** Whether an operation that may change the value can come next. */
  private fits(move: Move): boolean {
    if (move.does === READ || move.does === UNEQUAL) return false;
    if (move.does === CAS) return move.from === this.value;
    return move.does !== APPEND || move.from === ANYWHERE || move.from === UNSEEN || move.from === this.value;
  }

  private after(move: Move): number {
    if (move.does !== APPEND) return move.value;
    return this.states.append(this.value, move.value);
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
    const { row } = this.memo;
    row.fill(0);
    let entry = this.next[0] as number;
    for (let owner = this.owner[entry] as number; owner > 0; owner = this.owner[entry] as number) {
      const slot = this.slot[owner - 1] as number;
      const word = 2 + (slot >> 5);
      row[word] = (row[word] as number) | (1 << (slot & 31));
      entry = this.next[entry] as number;
    }
    row[0] = entry;
    row[1] = value;
    const first = 2 + this.slotWords;
    for (let i = 0; i < this.taken.length; i++) {
      if (!this.taken[i]) continue;
      const word = first + (i >> 5);
      row[word] = (row[word] as number) | (1 << (i & 31));
    }
    return this.memo.add();
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

/** Numbers for operations such that no two that run at once have the same, and few are needed. */
function slots(events: readonly { readonly owner: number }[], count: number): Int32Array {
  const slot = new Int32Array(count);
  const free: number[] = [];
  let used = 0;
  for (const { owner } of events) {
    if (owner > 0) slot[owner - 1] = free.pop() ?? used++;
    else free.push(slot[-owner - 1] as number);
  }
  return slot;
}
