import { CAS, type Columns, NEVER, OK, OTHER, READ, RELEASE, TXN, UNKNOWN, WRITE } from './columns.ts';
import { MicroOperations, widened } from './micro.ts';
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

const FIRST_ROOM = 1024;

/** Columns that grow while a history is read. Refusals are sentences; the reader knows the place. */
export class Builder {
  readonly texts = new Texts();
  readonly notes: string[] = [];
  readonly micro = new MicroOperations();
  collections = false;
  /** Keys stand in pairs with the values, and not for themselves. */
  paired = false;
  private count = 0;
  private rank = 0;
  private id = new Int32Array(FIRST_ROOM);
  private line = new Int32Array(FIRST_ROOM);
  private process = new Int32Array(FIRST_ROOM);
  private effect = new Uint8Array(FIRST_ROOM);
  private status = new Uint8Array(FIRST_ROOM);
  private key = new Int32Array(FIRST_ROOM);
  private value = new Int32Array(FIRST_ROOM);
  private expected = new Int32Array(FIRST_ROOM);
  private call = new Float64Array(FIRST_ROOM);
  private ret = new Float64Array(FIRST_ROOM);
  /** The open operation of each process: its row + 1; -1 once an operation of it ended nobody knows how. */
  private readonly open = new Map<number, number>();
  private readonly keyIndex = new Map<number, number>();
  private readonly keys: string[] = [];
  private readonly words = new Map<string, { readonly effect: number; readonly line: number }>();
  private namesKeys: boolean | undefined;
  /** Ranks came with the rows and still have to be made distinct. */
  private given = false;
  private transactions = false;

  get operations(): number {
    return this.count;
  }

  /** Whether the operations name keys; undefined while nobody knows. */
  get keyed(): boolean | undefined {
    return this.namesKeys;
  }

  /** Remembers how the history spells an operation. */
  word(word: string, effect: number, line: number): void {
    if (!this.words.has(word)) this.words.set(word, { effect, line });
  }

  /** The row of a process's open operation, or -1. */
  openOf(process: number): number {
    const row = this.open.get(process);
    return row === undefined || row < 0 ? -1 : row - 1;
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
    if (open !== undefined && open !== 0) {
      const name = this.texts.text(row.process) ?? 'nil';
      return open > 0
        ? `process ${name} begins an operation while that of line ${this.line[open - 1]} is still open`
        : `process ${name} begins an operation although the end of its last one is unknown (a process goes on under a new number after :info)`;
    }
    const mixed = this.add(row, UNKNOWN, ++this.rank, Number.POSITIVE_INFINITY, this.count + 1);
    if (mixed !== undefined) return mixed;
    this.open.set(row.process, this.count);
    return undefined;
  }

  /** What the open operation in that row returned. */
  returned(row: number, value: number): void {
    if (this.effect[row] !== RELEASE || this.value[row] === NOTHING) this.value[row] = value;
    if (this.effect[row] === READ && this.texts.elements(value) !== undefined) this.collections = true;
  }

  /** The open operation in that row has ended. */
  complete(row: number, status: number): void {
    const process = this.process[row] as number;
    if (status === UNKNOWN) {
      this.open.set(process, -1);
      return;
    }
    this.open.set(process, 0);
    this.status[row] = status;
    this.ret[row] = ++this.rank;
  }

  /** An operation whose end was recorded and whose beginning was not: it took no time. */
  instant(row: Row, status: number): string | undefined {
    const mixed = this.add(row, status, ++this.rank, ++this.rank, this.count + 1);
    return mixed;
  }

  /** A whole operation with ranks of its own. */
  whole(row: Row, status: number, call: number, ret: number, id: number): string | undefined {
    this.given = true;
    return this.add(row, status, call, status === UNKNOWN ? Number.POSITIVE_INFINITY : ret, id);
  }

  private add(row: Row, status: number, call: number, ret: number, id: number): string | undefined {
    const named = row.key >= 0;
    const speaks = row.effect !== OTHER && row.effect !== TXN;
    if (this.namesKeys !== undefined && this.namesKeys !== named && speaks) {
      return named
        ? 'this operation names a key ([key value]), and earlier ones name none'
        : 'this operation names no key, and earlier ones do ([key value])';
    }
    if (speaks) this.namesKeys ??= named;
    if (this.count === this.id.length) this.grow();
    const i = this.count++;
    this.id[i] = id;
    this.line[i] = row.line;
    this.process[i] = row.process;
    this.effect[i] = row.effect;
    this.status[i] = status;
    this.key[i] = row.effect === TXN ? 0 : this.keyOf(row.key);
    this.value[i] = status !== OK && row.effect !== READ && answers(row.effect) ? NOTHING : row.value;
    if (row.effect === READ && status === OK && this.texts.elements(row.value) !== undefined) this.collections = true;
    if (row.effect === TXN) {
      this.transactions = true;
      this.micro.assign(i, row.micro as number);
      if (status === UNKNOWN) this.micro.forgetReads(i);
    }
    this.expected[i] = row.expected;
    this.call[i] = call;
    this.ret[i] = ret;
    return undefined;
  }

  /** The place of a key in the list of them. */
  keyOf(code: number): number {
    const known = this.keyIndex.get(code);
    if (known !== undefined) return known;
    this.keys.push(code < 0 ? 'register' : (this.texts.text(code) ?? 'nil'));
    this.keyIndex.set(code, this.keys.length - 1);
    return this.keys.length - 1;
  }

  private grow(): void {
    const size = this.id.length * 2;
    this.id = widened(this.id, new Int32Array(size));
    this.line = widened(this.line, new Int32Array(size));
    this.process = widened(this.process, new Int32Array(size));
    this.effect = widened(this.effect, new Uint8Array(size));
    this.status = widened(this.status, new Uint8Array(size));
    this.key = widened(this.key, new Int32Array(size));
    this.value = widened(this.value, new Int32Array(size));
    this.expected = widened(this.expected, new Int32Array(size));
    this.call = widened(this.call, new Float64Array(size));
    this.ret = widened(this.ret, new Float64Array(size));
  }

  /** The history, once all of it has been read. */
  finish(): Columns {
    const n = this.count;
    const order = this.given ? this.byCall() : undefined;
    const pick = (column: Int32Array): Int32Array => (order === undefined ? column.slice(0, n) : order.map((i) => column[i] as number));
    const pickBytes = (column: Uint8Array): Uint8Array => {
      if (order === undefined) return column.slice(0, n);
      return Uint8Array.from(order, (i) => column[i] as number);
    };
    const { call, ret, ranks } = this.ranked(order);
    if (this.texts.others) this.alike();
    // Transactions name their keys in their micro-operations; all of them together count as the first key's.
    if (this.keys.length === 0) this.keys.push('register');
    return {
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
      call,
      ret,
      keys: this.keys,
      texts: this.texts,
      words: this.words,
      keyed: this.namesKeys === true || this.transactions,
      collections: this.collections,
      ...(this.transactions ? { transactions: this.micro.ordered(n, order) } : {}),
      faults: [],
      notes: this.notes,
    };
  }

  /**
   * Lists and sets that reads returned count as the vectors of the same elements, since it is the elements that are judged. Not where collections are written
   * as values of a register: there each is the value that was written.
   */
  private alike(): void {
    const { texts, micro, count, effect, value } = this;
    for (let i = 0; i < count; i++) {
      if ((effect[i] === WRITE || effect[i] === CAS) && texts.elements(value[i] as number) !== undefined) return;
    }
    if (micro.writesCollections(texts)) return;
    for (let i = 0; i < count; i++) if (effect[i] === READ) value[i] = texts.asVector(value[i] as number);
    micro.alike(texts);
  }

  /** Rows in order of invocation, or undefined where they stand so already. */
  private byCall(): Int32Array | undefined {
    let sorted = true;
    for (let i = 1; i < this.count && sorted; i++) sorted = (this.call[i] as number) >= (this.call[i - 1] as number);
    if (sorted) return undefined;
    return Int32Array.from({ length: this.count }, (_, i) => i).sort(
      (a, b) => (this.call[a] as number) - (this.call[b] as number) || a - b,
    );
  }

  /** Calls and returns as distinct whole ranks. Ties: calls before returns, so that intervals that touch overlap. */
  private ranked(order: Int32Array | undefined): { readonly call: Int32Array; readonly ret: Int32Array; readonly ranks: number } {
    const n = this.count;
    const at = (i: number): number => (order === undefined ? i : (order[i] as number));
    const call = new Int32Array(n);
    const ret = new Int32Array(n).fill(NEVER);
    if (!this.given || this.isDense()) {
      let ranks = 0;
      for (let i = 0; i < n; i++) {
        call[i] = this.call[at(i)] as number;
        const end = this.ret[at(i)] as number;
        if (end !== Number.POSITIVE_INFINITY) ret[i] = end;
        ranks = Math.max(ranks, call[i] as number, end === Number.POSITIVE_INFINITY ? 0 : end);
      }
      return { call, ret, ranks };
    }
    const returns: number[] = [];
    for (let i = 0; i < n; i++) if (this.ret[at(i)] !== Number.POSITIVE_INFINITY) returns.push(i);
    returns.sort((a, b) => (this.ret[at(a)] as number) - (this.ret[at(b)] as number) || a - b);
    let next = 0;
    let rank = 0;
    for (let i = 0; i < n; i++) {
      while (next < returns.length && (this.ret[at(returns[next] as number)] as number) < (this.call[at(i)] as number)) {
        ret[returns[next++] as number] = ++rank;
      }
      call[i] = ++rank;
    }
    while (next < returns.length) ret[returns[next++] as number] = ++rank;
    return { call, ret, ranks: rank };
  }

  /** Whether the ranks that came with the rows are distinct whole numbers, few enough to be places in an array. */
  private isDense(): boolean {
    const most = 4 * this.count + 1024;
    const seen = new Uint8Array(most + 1);
    for (let i = 0; i < this.count; i++) {
      for (const rank of [this.call[i] as number, this.ret[i] as number]) {
        if (rank === Number.POSITIVE_INFINITY) continue;
        if (!Number.isInteger(rank) || rank < 1 || rank > most || seen[rank] === 1) return false;
        seen[rank] = 1;
      }
    }
    return true;
  }
}
