import { CAS, type Columns, FAIL, OK, READ, UNEQUAL, UNKNOWN, WRITE } from '../history/columns.ts';
import { NOTHING } from '../history/texts.ts';
import type { DataType } from './types.ts';

/** What a read that returned "no value" read from, where no delete did it: the beginning. */
export const INITIAL = -1;
/** What a read read from that returned what nobody wrote. */
export const THIN_AIR = -2;
/** What stands for operations that read nothing: writes, and what did not happen. */
export const NO_READ = -3;

const NONE = -1;
const UNSET = -2;

/** What a source must be, beyond having written the value. */
export interface SourceRules {
  /** Whether a write that was called after a read had returned cannot be its source. Models that do not know time must leave it possible. */
  readonly realTime: boolean;
  /** Whether what a process did later cannot be the source of what it read before. So it is in every model that respects the order of each process. */
  readonly sessions: boolean;
}

/**
 * Which write each read read from. A `cas` that took effect reads what it expected and then writes, so that it can be both. An unknown `cas` has a source too; it counts
 * only where somebody read from it, for else it need not have happened.
 */
export interface ReadsFrom {
  readonly columns: Columns;
  readonly rules: SourceRules;
  /** For each row the row of its source, `INITIAL`, `THIN_AIR` or `NO_READ`. Where several are possible it is the most plausible one. */
  readonly source: Int32Array;
  /** The rows of the reads that have more than one possible source, ascending. */
  readonly open: readonly number[];
  /** For each key: whether any of its reads is open. */
  readonly ambiguous: Uint8Array;
  /** The next possible source of a row after another one, in order of plausibility; `THIN_AIR` after the last. */
  next(row: number, source: number): number;
}

/** Columns in which "no value" has one code: of a map of texts the empty one is what was never put. */
export function withOneNothing(columns: Columns, types: readonly DataType[]): Columns {
  const empty = columns.texts.find('');
  if (empty === undefined || !types.some((type) => type.texts)) return columns;
  const nothing = (codes: Int32Array): Int32Array =>
    codes.map((code, i) => (code === empty && types[columns.key[i] as number]?.texts === true ? NOTHING : code));
  return { ...columns, value: nothing(columns.value), expected: nothing(columns.expected) };
}

/** Whether a row has a write that may have taken effect. */
export function isWrite({ effect, status }: Columns, row: number): boolean {
  const happened = status[row] === OK || status[row] === UNKNOWN;
  return happened && (effect[row] === WRITE || effect[row] === CAS);
}

/** Whether a row may have read: an ok read, a `cas` that may have taken effect. A read of unknown outcome told nobody anything. */
export function isRead({ effect, status }: Columns, row: number): boolean {
  if (effect[row] === READ) return status[row] === OK;
  return effect[row] === CAS && (status[row] === OK || status[row] === UNKNOWN);
}

/**
 * Finds the sources of all reads of registers (read, write, compare-and-set; `withOneNothing` first where texts are among them). Time is linear where no key has a value
 * twice; a read of a repeated value starts at the write of it that was called last before the read returned, which is where it came from in most systems.
 */
export function readsFrom(columns: Columns, rules: SourceRules): ReadsFrom {
  return new Sources(columns, rules).find();
}

class Sources implements ReadsFrom {
  readonly columns: Columns;
  readonly rules: SourceRules;
  readonly source: Int32Array;
  readonly open: number[] = [];
  readonly ambiguous: Uint8Array;
  /**
   * The first write of a value of a key: rows + 1. By the value, where codes are small, for the first key that has it; else by hashing both. Most recordings number their values through, and
   * writes and reads of about the same time then lie close together.
   */
  private readonly direct: Int32Array;
  private readonly table: Int32Array;
  private readonly mask: number;
  /** The other writes of the same value of the same key, in order of call; made with the first repetition. */
  private before: Int32Array | undefined;
  private after: Int32Array | undefined;
  /** By the first write of a value: the last one so far, then the last one called before the read at hand. */
  private last: Int32Array | undefined;
  /** For each read with several candidates: the last of them that was called before it returned, or NONE. */
  private start: Int32Array | undefined;

  constructor(columns: Columns, rules: SourceRules) {
    this.columns = columns;
    this.rules = rules;
    this.source = new Int32Array(columns.count).fill(NO_READ);
    this.ambiguous = new Uint8Array(columns.keys.length);
    let size = 16;
    while (size < columns.count * 2) size *= 2;
    this.table = new Int32Array(size);
    this.mask = size - 1;
    this.direct = new Int32Array(4 * columns.count + 1024);
  }

  find(): ReadsFrom {
    const { columns, source } = this;
    const { count, effect, status, key, value, expected } = columns;
    for (let i = 0; i < count; i++) {
      if (effect[i] === READ || status[i] === FAIL || status[i] === UNEQUAL) continue;
      const first = this.firstWrite(key[i] as number, value[i] as number);
      if (first === NONE) this.enter(i);
      else this.again(first, i);
    }
    this.last?.fill(NONE);
    for (let i = 0; i < count; i++) {
      if (status[i] === FAIL || status[i] === UNEQUAL || effect[i] === WRITE) continue;
      if (effect[i] === READ && status[i] === UNKNOWN) continue;
      const code = effect[i] === CAS ? (expected[i] as number) : (value[i] as number);
      const first = this.firstWrite(key[i] as number, code);
      const alone = first === NONE || this.after?.[first] === NONE || this.after === undefined;
      if (alone && code !== NOTHING) source[i] = first !== NONE && this.possible(i, first) ? first : THIN_AIR;
      else if (first === NONE) source[i] = INITIAL;
      else this.choose(i, first);
    }
    return this;
  }

  next(row: number, source: number): number {
    const start = this.start?.[row];
    if (start === undefined || start === UNSET) return THIN_AIR;
    let at = source;
    do at = this.following(row, start, at);
    while (at >= 0 && !this.possible(row, at));
    return at;
  }

  /** Backwards from where a read starts, then the beginning, then forwards from there. */
  private following(row: number, start: number, source: number): number {
    const after = this.after as Int32Array;
    if (source >= 0 && source > start) return (after[source] as number) === NONE ? THIN_AIR : (after[source] as number);
    if (source >= 0) {
      const older = (this.before as Int32Array)[source] as number;
      if (older !== NONE) return older;
      if (this.codeOf(row) === NOTHING) return INITIAL;
    }
    const newer = start === NONE ? this.firstOf(row) : (after[start] as number);
    return newer === NONE ? THIN_AIR : newer;
  }

  /** A read with several candidates: starts at the most plausible one and is open if more than one is possible. */
  private choose(row: number, first: number): void {
    const { call, ret, status, key } = this.columns;
    this.chain();
    const after = this.after as Int32Array;
    const last = this.last as Int32Array;
    // Rows stand in order of call, so that what lies behind one read lies behind the next; from there only what ran beside the read is left to pass.
    let at = last[first] === NONE ? first : (last[first] as number);
    let start = NONE;
    for (; at !== NONE && at < row; at = after[at] as number) start = at;
    if (start !== NONE) last[first] = start;
    // An operation without an end is likeliest to have happened near its call.
    const until = (status[row] === UNKNOWN ? call[row] : ret[row]) as number;
    for (; at !== NONE && (call[at] as number) < until; at = after[at] as number) start = at;
    this.start ??= new Int32Array(this.columns.count).fill(UNSET);
    this.start[row] = start;
    const begin = start === NONE ? (this.codeOf(row) === NOTHING ? INITIAL : first) : start;
    const found = begin === INITIAL || this.possible(row, begin) ? begin : this.next(row, begin);
    this.source[row] = found;
    if (found === THIN_AIR || this.next(row, found) === THIN_AIR) return;
    this.open.push(row);
    this.ambiguous[key[row] as number] = 1;
  }

  private possible(row: number, write: number): boolean {
    if (write === row) return false;
    const { call, ret, status, process } = this.columns;
    if (this.rules.realTime && (call[write] as number) > (ret[row] as number)) return false;
    return !(this.rules.sessions && write > row && status[row] === OK && process[row] === process[write]);
  }

  private chain(): void {
    if (this.after !== undefined) return;
    this.before = new Int32Array(this.columns.count).fill(NONE);
    this.after = new Int32Array(this.columns.count).fill(NONE);
    this.last = new Int32Array(this.columns.count).fill(NONE);
  }

  private again(first: number, row: number): void {
    this.chain();
    const last = this.last as Int32Array;
    const newest = last[first] === NONE ? first : (last[first] as number);
    (this.before as Int32Array)[row] = newest;
    (this.after as Int32Array)[newest] = row;
    last[first] = row;
  }

  /** What a row read: a read its value, a `cas` what it expected. */
  private codeOf(row: number): number {
    const { effect, value, expected } = this.columns;
    return (effect[row] === CAS ? expected[row] : value[row]) as number;
  }

  private firstOf(row: number): number {
    return this.firstWrite(this.columns.key[row] as number, this.codeOf(row));
  }

  private firstWrite(key: number, value: number): number {
    if (value < this.direct.length) {
      const row = (this.direct[value] as number) - 1;
      if (row < 0) return NONE;
      if (this.columns.key[row] === key) return row;
    }
    return (this.table[this.slot(key, value)] as number) - 1;
  }

  private enter(row: number): void {
    const { key, value } = this.columns;
    const code = value[row] as number;
    if (code < this.direct.length && this.direct[code] === 0) this.direct[code] = row + 1;
    else this.table[this.slot(key[row] as number, code)] = row + 1;
  }

  private slot(key: number, value: number): number {
    const { table, mask, columns } = this;
    let at = (Math.imul(Math.imul(value, 0x9e3779b1) ^ Math.imul(key, 0x85ebca6b), 0x27d4eb2f) >>> 5) & mask;
    for (;;) {
      const row = (table[at] as number) - 1;
      if (row < 0 || (columns.value[row] === value && columns.key[row] === key)) return at;
      at = (at + 1) & mask;
    }
  }
}

/**
 * All ways to give the open reads among `rows` (all, without it) a source, those of `start` first and then the most plausible. Who takes a mapping answers with the rows that refute it: operations
 * that cannot stand together if their reads read what they read now. The search then goes back to the last of them that is open and changes nothing else
 * (conflict-directed backjumping, Prosser 1993), which skips only mappings that the same operations refute. No answer refutes the mapping as a whole. Ends when every mapping is
 * refuted, or with `steps` below 0: one is taken for each change of a source. The array is the same each time.
 */
export function* mappings(
  from: ReadsFrom,
  budget: { steps: number },
  rows: readonly number[] = from.open,
  start: Int32Array = from.source,
): Generator<Int32Array, void, readonly number[] | undefined> {
  const source = start.slice();
  const depth = new Map(rows.map((row, at) => [row, at]));
  /** For each open read the depths of the others that took part in refuting the sources tried so far. */
  const blame: Set<number>[] = rows.map(() => new Set());
  for (;;) {
    const refuted = yield source;
    let culprits = new Set<number>();
    for (const row of refuted ?? rows) {
      const at = depth.get(row);
      if (at !== undefined) culprits.add(at);
    }
    for (;;) {
      if (culprits.size === 0) return;
      let deepest = -1;
      for (const at of culprits) deepest = Math.max(deepest, at);
      // What lies deeper was not to blame: it starts anew.
      for (let at = deepest + 1; at < rows.length; at++) {
        source[rows[at] as number] = start[rows[at] as number] as number;
        blame[at]?.clear();
      }
      const own = blame[deepest] as Set<number>;
      culprits.delete(deepest);
      for (const at of culprits) own.add(at);
      if (--budget.steps < 0) return;
      const row = rows[deepest] as number;
      source[row] = following(from, row, source[row] as number, start[row] as number);
      if (source[row] !== THIN_AIR) break;
      culprits = new Set(own);
    }
  }
}

/** The next source of a row, where a certain one was tried first. */
function following(from: ReadsFrom, row: number, source: number, first: number): number {
  const next = source === first ? (from.source[row] as number) : from.next(row, source);
  return next === first ? from.next(row, next) : next;
}

/** The order of each process. */
export interface Sessions {
  /** For each row its process, counted from 0 in order of first appearance. */
  readonly of: Int32Array;
  readonly count: number;
  /**
   * For each row the last ok row of its process before it, or -1. Nothing comes after an unknown operation: what it does may be done later than what its process does
   * next. What failed has no place in the order, and nothing goes before it here either.
   */
  readonly previous: Int32Array;
}

/** The order of each process, in which rows stand by call. */
export function sessionsOf({ count, process, status }: Columns): Sessions {
  const of = new Int32Array(count);
  const previous = new Int32Array(count).fill(NONE);
  // Codes of processes are small numbers in all but odd recordings: an array then does what a map does.
  const index = new Map<number, number>();
  const direct = new Int32Array(4096);
  const last: number[] = [];
  for (let i = 0; i < count; i++) {
    const code = process[i] as number;
    let session = code < direct.length ? (direct[code] as number) - 1 : (index.get(code) ?? NONE);
    if (session === NONE) {
      session = last.length;
      if (code < direct.length) direct[code] = session + 1;
      else index.set(code, session);
      last.push(NONE);
    }
    of[i] = session;
    if (status[i] !== OK && status[i] !== UNKNOWN) continue;
    previous[i] = last[session] as number;
    if (status[i] === OK) last[session] = i;
  }
  return { of, count: last.length, previous };
}
