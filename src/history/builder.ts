import { CAS, type Columns, NEVER, OK, OTHER, READ, RELEASE, TXN, UNKNOWN, WRITE } from './columns.ts';
import { Faults } from './faults.ts';
import { GivenRanks } from './given-ranks.ts';
import { IntTable } from './int-table.ts';
import { MicroOperations, widened } from './micro.ts';
import { clientSessions } from './sessions.ts';
import { NOTHING, Texts } from './texts.ts';
import { answers } from './words.ts';

/** An operation as a reader meets it. */
export interface Row {
  readonly process: number;
  readonly effect: number;
  /** A code, or -1 where the operation names no key. */
  readonly key: number;
  readonly value: number;
  readonly expected: number;
  readonly line: number;
  /** Of a transaction: where its micro-operations begin, which are the last ones. */
  readonly micro?: number;
}

const FIRST_ROOM = 64;
/** From so many operations on the length of a history is foretold by the bytes that they took, and by how much too long. */
const FORETELLING = 4096;
const MARGIN = 1.1;
/** In the table of open operations: the last one of the process ended nobody knows how. */
const LOST = -1;

/** Columns that grow while a history is read. Refusals are sentences; the reader knows the place. */
export class Builder {
  readonly texts = new Texts();
  readonly notes: string[] = [];
  readonly micro = new MicroOperations();
  readonly faults = new Faults();
  collections = false;
  /** Processes are those of clients, `you` and `you#2`, whose sessions go on over them. */
  clients = false;
  /** Events of what is no client. */
  others = 0;
  /** Keys stand in pairs with the values, and not for themselves. */
  paired = false;
  /** When the event at hand happened, in microseconds; NaN where that is not said. */
  atUs = Number.NaN;
  /** The rank of the last event. */
  rank = 0;
  private count = 0;
  private room = FIRST_ROOM;
  private id = new Int32Array(FIRST_ROOM);
  private line = new Int32Array(FIRST_ROOM);
  private process = new Int32Array(FIRST_ROOM);
  private effect = new Uint8Array(FIRST_ROOM);
  private status = new Uint8Array(FIRST_ROOM);
  private key = new Int32Array(FIRST_ROOM);
  private value = new Int32Array(FIRST_ROOM);
  private expected = new Int32Array(FIRST_ROOM);
  private call = new Int32Array(FIRST_ROOM);
  private ret = new Int32Array(FIRST_ROOM);
  /** Where ranks came with the rows. */
  private given: GivenRanks | undefined;
  /** How much of the history has been read, from 0 to 1; 0 where nobody knows. */
  private readonly part: () => number;
  /** When operations were called and returned, where that is said; `untimed` once it was not said of one. */
  private callUs: Float64Array | undefined;
  private returnUs = new Float64Array(0);
  private untimed = false;
  /** The open operation of each process: its row + 1; LOST once an operation of it ended nobody knows how. */
  private readonly open = new IntTable();
  /** By the code of a key + 1: its place in the list + 1. */
  private readonly places = new IntTable();
  private readonly keys: string[] = [];
  private readonly words = new Map<string, { readonly effect: number; readonly line: number }>();
  private namesKeys: boolean | undefined;
  private effects = 0;
  private transactions = false;

  constructor(part: () => number = () => 0) {
    this.part = part;
  }

  get operations(): number {
    return this.count;
  }

  /** Whether the operations name keys; undefined while nobody knows. */
  get keyed(): boolean | undefined {
    return this.namesKeys;
  }

  /** Whether the rows came with ranks of their own. */
  get ranked(): boolean {
    return this.given !== undefined;
  }

  /** Remembers how the history spells an operation. */
  word(word: string, effect: number, line: number): void {
    if (!this.words.has(word)) this.words.set(word, { effect, line });
  }

  /** The row of a process's open operation, or -1. */
  openOf(process: number): number {
    const row = this.open.get(process);
    return row > 0 ? row - 1 : -1;
  }

  /** Whether the process may begin an operation. */
  isFree(process: number): boolean {
    return this.open.get(process) === 0;
  }

  effectOf(row: number): number {
    return this.effect[row] as number;
  }

  keyIndexOf(row: number): number {
    return this.key[row] as number;
  }

  /** The name of an operation's key, for those that name one. */
  keyCode(row: number): string {
    return this.keys[this.key[row] as number] as string;
  }

  /** An operation begins. Returns what is wrong with that, if something is. */
  invoke(row: Row): string | undefined {
    const open = this.open.get(row.process);
    if (open !== 0) {
      const name = this.texts.text(row.process) ?? 'nil';
      return open > 0
        ? `process ${name} begins an operation while that of line ${this.line[open - 1]} is still open`
        : `process ${name} begins an operation although the end of its last one is unknown (a process goes on under a new number after :info)`;
    }
    const mixed = this.mixes(row.effect, row.key);
    if (mixed !== undefined) return mixed;
    this.begin(row.process, row.effect, row.key, row.value, row.expected, row.line, row.micro ?? 0);
    return undefined;
  }

  /** `invoke` of what is known to be right. */
  begin(process: number, effect: number, key: number, value: number, expected: number, line: number, micro: number): void {
    const i = this.add(process, effect, UNKNOWN, key, value, expected, line, micro);
    this.call[i] = ++this.rank;
    this.ret[i] = NEVER;
    this.open.set(process, i + 1);
  }

  /** What the open operation in that row returned. */
  returned(row: number, value: number): void {
    if (this.effect[row] !== RELEASE || this.value[row] === NOTHING) this.value[row] = value;
    if (this.effect[row] === READ && this.texts.isCollection(value)) this.collections = true;
  }

  /** The open operation in that row has ended. */
  complete(row: number, status: number): void {
    const process = this.process[row] as number;
    if (status === UNKNOWN) {
      this.open.set(process, LOST);
      return;
    }
    this.open.set(process, 0);
    this.status[row] = status;
    this.ret[row] = ++this.rank;
    if (this.callUs === undefined) return;
    this.returnUs[row] = this.atUs;
    if (Number.isNaN(this.atUs)) this.untimed = true;
  }

  /** An operation whose end was recorded and whose beginning was not: it took no time. */
  instant(row: Row, status: number): string | undefined {
    const mixed = this.mixes(row.effect, row.key);
    if (mixed !== undefined) return mixed;
    const i = this.add(row.process, row.effect, status, row.key, row.value, row.expected, row.line, row.micro ?? 0);
    this.call[i] = ++this.rank;
    this.ret[i] = status === UNKNOWN ? NEVER : ++this.rank;
    if (this.callUs !== undefined && status !== UNKNOWN) this.returnUs[i] = this.atUs;
    return undefined;
  }

  /** A whole operation with ranks of its own. */
  whole(row: Row, status: number, call: number, ret: number, id: number): string | undefined {
    const mixed = this.mixes(row.effect, row.key);
    if (mixed !== undefined) return mixed;
    const i = this.add(row.process, row.effect, status, row.key, row.value, row.expected, row.line, row.micro ?? 0);
    this.between(i, call, status === UNKNOWN ? Number.POSITIVE_INFINITY : ret);
    this.id[i] = id;
    return undefined;
  }

  /** The row was called and returned then; `Infinity`: it never did. */
  between(i: number, call: number, ret: number): void {
    this.given ??= new GivenRanks();
    this.given.put(i, call, ret, this.room);
  }

  /** What is wrong with an operation that names a key, or none, where it is wrong. */
  mixes(effect: number, key: number): string | undefined {
    // Transactions name their keys in their micro-operations.
    if (effect === OTHER || effect === TXN) return undefined;
    const named = key >= 0;
    this.namesKeys ??= named;
    if (this.namesKeys === named) return undefined;
    return named
      ? 'this operation names a key ([key value]), and earlier ones name none'
      : 'this operation names no key, and earlier ones do ([key value])';
  }

  /** Takes a row down and returns where it stands. */
  add(process: number, effect: number, status: number, key: number, value: number, expected: number, line: number, micro: number): number {
    if (this.count === this.room) this.grow();
    const i = this.count++;
    this.id[i] = i + 1;
    this.line[i] = line;
    this.process[i] = process;
    this.effect[i] = effect;
    this.effects |= 1 << effect;
    this.status[i] = status;
    this.key[i] = effect === TXN ? 0 : this.keyOf(key);
    this.value[i] = status !== OK && effect !== READ && answers(effect) ? NOTHING : value;
    if (expected !== NOTHING) this.expected[i] = expected;
    if (effect === READ && status === OK && (value & 1) === 0 && this.texts.isCollection(value)) this.collections = true;
    if (effect === TXN) {
      this.transactions = true;
      this.micro.assign(i, micro);
      if (status === UNKNOWN) this.micro.forgetReads(i);
    }
    if (!this.untimed) this.timed(i);
    return i;
  }

  private timed(i: number): void {
    if (Number.isNaN(this.atUs)) {
      this.untimed = true;
      this.callUs = undefined;
      return;
    }
    if (this.callUs === undefined || i >= this.callUs.length) {
      const returns = new Float64Array(this.room).fill(Number.POSITIVE_INFINITY);
      returns.set(this.returnUs);
      this.returnUs = returns;
      this.callUs = widened(this.callUs ?? new Float64Array(0), new Float64Array(this.room));
    }
    this.callUs[i] = this.atUs;
  }

  /** The operation in that row returned then. */
  endedUs(row: number, us: number): void {
    if (this.callUs !== undefined) this.returnUs[row] = us;
  }

  /** The place of a key in the list of them. */
  keyOf(code: number): number {
    const known = this.places.get(code + 1);
    if (known !== 0) return known - 1;
    this.keys.push(code < 0 ? 'register' : (this.texts.text(code) ?? 'nil'));
    this.places.set(code + 1, this.keys.length);
    return this.keys.length - 1;
  }

  /** Twice the room; or, as soon as that can be foretold, for the whole history, for to be given memory and to copy takes its time. What is never used of it costs nothing. */
  private grow(): void {
    const part = this.count < FORETELLING ? 0 : this.part();
    const size = Math.max(this.room * 2, part > 0 ? Math.ceil((this.count / part) * MARGIN) : 0);
    this.room = size;
    this.id = widened(this.id, new Int32Array(size));
    this.line = widened(this.line, new Int32Array(size));
    this.process = widened(this.process, new Int32Array(size));
    this.effect = widened(this.effect, new Uint8Array(size));
    this.status = widened(this.status, new Uint8Array(size));
    this.key = widened(this.key, new Int32Array(size));
    this.value = widened(this.value, new Int32Array(size));
    this.expected = widened(this.expected, new Int32Array(size));
    this.call = widened(this.call, new Int32Array(size));
    this.ret = widened(this.ret, new Int32Array(size));
  }

  /** The history, once all of it has been read. */
  finish(): Columns {
    const n = this.count;
    if (this.texts.others) this.alike();
    const given = this.given?.ranked(n);
    if (this.given !== undefined && given !== undefined) this.faults.move(this.given, given);
    const order = given?.order;
    const pick = (column: Int32Array): Int32Array => (order === undefined ? trimmed(column, n) : order.map((row) => column[row] as number));
    const pickBytes = (column: Uint8Array): Uint8Array =>
      order === undefined ? trimmed(column, n) : Uint8Array.from(order, (row) => column[row] as number);
    const pickTimes = (column: Float64Array): Float64Array =>
      order === undefined ? trimmed(column, n) : Float64Array.from(order, (row) => column[row] as number);
    if (this.keys.length === 0) this.keys.push('register');
    const ranks = given?.ranks ?? this.rank;
    const columns = {
      count: n,
      ranks,
      id: pick(this.id),
      line: pick(this.line),
      process: pick(this.process),
      effect: pickBytes(this.effect),
      status: pickBytes(this.status),
      key: pick(this.key),
      value: pick(this.value),
      expected: pick(this.expected),
      call: given?.call ?? trimmed(this.call, n),
      ret: given?.ret ?? trimmed(this.ret, n),
      keys: this.keys,
      texts: this.texts,
      words: this.words,
      keyed: this.namesKeys === true || this.transactions,
      effects: this.effects,
      collections: this.collections,
      ...(this.transactions ? { transactions: this.micro.ordered(n, order) } : {}),
      ...(this.callUs === undefined || this.untimed ? {} : { callUs: pickTimes(this.callUs), returnUs: pickTimes(this.returnUs) }),
      faults: this.faults.all(ranks),
      notes: this.notes,
    };
    return this.clients ? { ...columns, session: clientSessions(columns) } : columns;
  }

  /**
   * Lists and sets that reads returned count as the vectors of the same elements, since it is the elements that are judged. Not where collections are written
   * as values of a register: there each is the value that was written.
   */
  private alike(): void {
    const { texts, micro, count, effect, value } = this;
    for (let i = 0; i < count; i++) {
      if ((effect[i] === WRITE || effect[i] === CAS) && texts.isCollection(value[i] as number)) return;
    }
    if (micro.writesCollections(texts)) return;
    for (let i = 0; i < count; i++) if (effect[i] === READ) value[i] = texts.asVector(value[i] as number);
    micro.alike(texts);
  }
}

/** The first n of a column. What lies behind them was never used, so there is nothing to be saved by a copy. */
function trimmed<A extends Int32Array | Uint8Array | Float64Array>(column: A, n: number): A {
  return column.subarray(0, n) as A;
}
