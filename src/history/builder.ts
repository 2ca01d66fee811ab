import { type Columns, NEVER, OK, OTHER, READ, UNKNOWN } from './columns.ts';
import { Texts } from './texts.ts';

/** An operation as a reader meets it. */
export interface Row {
  readonly process: number;
  readonly effect: number;
  /** A code, or -1 where the operation names no key. */
  readonly key: number;
  readonly value: number;
  readonly expected: number;
  readonly line: number;
}

const FIRST_ROOM = 1024;

/** Columns that grow while a history is read. Refusals are sentences; the reader knows the place. */
export class Builder {
  readonly texts = new Texts();
  readonly notes: string[] = [];
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

  get operations(): number {
    return this.count;
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

  /** The code of an operation's key, for those that name one. */
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

  /** The open operation in that row has ended. `value` counts for ok reads only. */
  complete(row: number, status: number, value: number): void {
    const process = this.process[row] as number;
    if (status === UNKNOWN) {
      this.open.set(process, -1);
      return;
    }
    this.open.set(process, 0);
    this.status[row] = status;
    this.ret[row] = ++this.rank;
    if (status === OK && this.effect[row] === READ) this.value[row] = value;
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
    if (this.namesKeys !== undefined && this.namesKeys !== named && row.effect !== OTHER) {
      return named
        ? 'this operation names a key ([key value]), and earlier ones name none'
        : 'this operation names no key, and earlier ones do ([key value])';
    }
    if (row.effect !== OTHER) this.namesKeys ??= named;
    if (this.count === this.id.length) this.grow();
    const i = this.count++;
    this.id[i] = id;
    this.line[i] = row.line;
    this.process[i] = row.process;
    this.effect[i] = row.effect;
    this.status[i] = status;
    this.key[i] = this.keyOf(row.key);
    this.value[i] = row.value;
    this.expected[i] = row.expected;
    this.call[i] = call;
    this.ret[i] = ret;
    return undefined;
  }

  private keyOf(code: number): number {
    const known = this.keyIndex.get(code);
    if (known !== undefined) return known;
    this.keys.push(code < 0 ? 'register' : (this.texts.text(code) ?? 'nil'));
    this.keyIndex.set(code, this.keys.length - 1);
    return this.keys.length - 1;
  }

  private grow(): void {
    const size = this.id.length * 2;
    const wider = <A extends Int32Array | Uint8Array | Float64Array>(old: A, fresh: A): A => {
      fresh.set(old);
      return fresh;
    };
    this.id = wider(this.id, new Int32Array(size));
    this.line = wider(this.line, new Int32Array(size));
    this.process = wider(this.process, new Int32Array(size));
    this.effect = wider(this.effect, new Uint8Array(size));
    this.status = wider(this.status, new Uint8Array(size));
    this.key = wider(this.key, new Int32Array(size));
    this.value = wider(this.value, new Int32Array(size));
    this.expected = wider(this.expected, new Int32Array(size));
    this.call = wider(this.call, new Float64Array(size));
    this.ret = wider(this.ret, new Float64Array(size));
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
      keyed: this.namesKeys === true,
      collections: this.collections,
      faults: [],
      notes: this.notes,
    };
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
