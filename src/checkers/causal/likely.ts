import { CAS, type Columns, OK, WRITE } from '../../history/columns.ts';
import { NOTHING } from '../../history/texts.ts';
import { Pairs } from '../pairs.ts';
import { INITIAL, isRead, isWrite, type ReadsFrom, type Sessions } from '../reads-from.ts';
import { grouped } from '../rows.ts';
import { Arbitration } from './arbitration.ts';
import { Knowledge, type Learning } from './knowledge.ts';
import { NONE } from './members.ts';
import { Written } from './written.ts';

/** How many operations in progress may be looked at for the sake of one; how many writes of a value are looked at where only moving one helps; how far back causes are sought. */
const DEEP = 64;
const TRIES = 8;
const LATELY = 3;
/** As a power of two: after so many failures of the same read the last one that stands in its way is no longer thought to be to blame. */
const PATIENCE = 3;
/** How often it goes back at most; and not more often than there are open reads. */
const BACKS = 4096;

/** What sources have to fit. */
export interface Taste {
  readonly learns: Learning;
  /** What a read may find of what its process knows: anything that nothing known comes after; the last that it learned; the last in one order for all. */
  readonly finds: 'any' | 'last learned' | 'last for all';
}

/**
 * A guess at which of several equal writes each read read from. Goes through the history as it was recorded, reads where they returned, and keeps for each process what it knows.
 * A read prefers what its process knows already, if what it may find of that is the value; then it learns nothing. Else it takes the oldest write of the value that its process
 * does not know. So nobody ever knows more than they have to, by and large, and what they do not know cannot forbid them to read old values later.
 *
 * Sources that come out of this mostly fit by construction: each process has taken up writes in an order of its own (or all in one) that keeps causes before effects, and read the last one. Where a
 * read finds none, the last of those reads is given another source that stand in its way, and all that came after is taken back (conflict-directed backjumping, Prosser 1993). It remains a guess that has to be checked: unknown
 * operations are only half understood, and not everything that stands in the way is known.
 */
export class Likely {
  readonly source: Int32Array;
  private readonly from: ReadsFrom;
  private readonly columns: Columns;
  private readonly sessions: Sessions;
  private readonly taste: Taste;
  private readonly open: Uint8Array;
  /** The rows by the rank at which they are looked at, and these ranks. */
  private readonly due: Int32Array;
  private readonly dueAt: Int32Array;
  private reached = 0;
  /** The rows of each process, and the place of the next one. */
  private readonly rows: Int32Array;
  private readonly end: Int32Array;
  private readonly cursor: Int32Array;
  /** The processes whose rows are being looked at. */
  private readonly busy: Uint8Array;
  private depth = 0;
  /** The rows that were passed, in order, and for each its place in that, from 1. */
  private readonly passed: number[] = [];
  private readonly place: Int32Array;
  private readonly written: Written;
  private readonly knowledge: Knowledge;
  private readonly order: Arbitration;
  /** By process and key: what it found or wrote last, and its vector then. */
  private readonly pairs = new Pairs();
  private readonly last: Int32Array;
  private readonly since: Int32Array;
  /** For each row what it changed, as it was before. */
  private readonly was: {
    readonly last: Int32Array;
    readonly since: Int32Array;
    readonly now: Int32Array;
    readonly demands: Int32Array;
    readonly moves: Int32Array;
  };
  /** What a read may have to do with: what its process found last, and what it has learned since. */
  private readonly front: number[] = [];
  /** Sources that did not do as things stand, and the reads that stood in the way then. */
  private readonly refused = new Map<number, number[]>();
  private readonly culprits = new Map<number, Set<number>>();
  /** The read that finds no source. */
  private stuck = NONE;
  private readonly hopeless = new Set<number>();
  private backs = 0;
  /** How often each read has found no source. */
  private readonly times = new Map<number, number>();
  private looked = 0;

  constructor(from: ReadsFrom, sessions: Sessions, taste: Taste) {
    const { columns } = from;
    const { count, ranks, effect, status, call, ret } = columns;
    this.from = from;
    this.columns = columns;
    this.sessions = sessions;
    this.taste = taste;
    this.source = from.source.slice();
    this.open = new Uint8Array(count);
    for (const row of from.open) this.open[row] = 1;
    const groups = grouped(sessions.of, sessions.count);
    this.rows = groups.rows;
    this.end = groups.from.subarray(1);
    this.cursor = groups.from.slice(0, sessions.count);
    this.busy = new Uint8Array(sessions.count);
    this.place = new Int32Array(count);
    this.dueAt = call.map((rank, i) => (status[i] === OK && effect[i] !== WRITE ? (ret[i] as number) : rank));
    this.due = new Int32Array(ranks + 1).fill(NONE);
    for (let i = 0; i < count; i++) this.due[this.dueAt[i] as number] = i;
    this.written = new Written(columns, groups.rows, sessions.of);
    this.knowledge = new Knowledge(columns, sessions, taste.learns);
    this.order = new Arbitration(count, this.knowledge);
    this.last = new Int32Array(count).fill(INITIAL);
    this.since = new Int32Array(count);
    const room = (): Int32Array => new Int32Array(count);
    this.was = { last: room(), since: room(), now: room(), demands: room(), moves: room() };
  }

  /** Runs of writes that were looked at, vectors that were made, writes that were moved. */
  get steps(): number {
    return this.looked + this.knowledge.steps + this.order.steps;
  }

  /** How many entries its vectors have. */
  get size(): number {
    return this.knowledge.entries.length;
  }

  /** Goes on by so many calls and returns; true at the end. */
  advance(events: number): boolean {
    for (let left = events; left > 0 && this.reached < this.due.length; left--) {
      const row = this.due[this.reached++] as number;
      if (row === NONE || this.place[row] !== 0) continue;
      this.reach(row);
      if (this.stuck === NONE) continue;
      const { stuck } = this;
      const own = this.sessions.of[stuck] as number;
      this.stuck = NONE;
      // What nobody can be blamed for, or too many, stays wrong: the rest is guessed all the same.
      if (!this.back(stuck, [...this.order.blamed, ...this.knowledge.lately(own, LATELY)])) this.hopeless.add(stuck);
      this.reached = Math.min(this.reached, this.dueAt[row] as number);
    }
    return this.reached === this.due.length;
  }

  /** Takes sources back that have turned out not to fit; false where nothing can be done about it. */
  refute(rows: readonly number[]): boolean {
    return this.back(NONE, rows);
  }

  /** Passes the rows of a process up to one. */
  private reach(row: number): void {
    const own = this.sessions.of[row] as number;
    const { cursor, rows } = this;
    this.busy[own] = 1;
    this.depth++;
    for (let at = cursor[own] as number; at < (this.end[own] as number) && (rows[at] as number) <= row; at++) {
      this.pass(rows[at] as number, own);
      if (this.stuck !== NONE) break;
      cursor[own] = at + 1;
      this.place[rows[at] as number] = this.passed.push(rows[at] as number);
    }
    this.depth--;
    this.busy[own] = 0;
  }

  private pass(row: number, own: number): void {
    const { columns, source, last, since, knowledge, was } = this;
    const sure = columns.status[row] === OK;
    const pair = this.pairs.add(own, columns.key[row] as number);
    was.last[row] = last[pair] as number;
    was.since[row] = since[pair] as number;
    was.now[row] = knowledge.now[own] as number;
    this.mark(row);
    if (isRead(columns, row)) {
      this.gather(row, own, pair);
      const found = this.choose(row, own, last[pair] as number);
      const wrong = found < INITIAL && sure && !this.hopeless.has(row);
      if (this.stuck === NONE && wrong) this.stuck = row;
      if (this.stuck !== NONE) return;
      source[row] = found < INITIAL ? (this.from.source[row] as number) : found;
      if (sure) this.found(row, own, pair);
    }
    if (!isWrite(columns, row)) return;
    knowledge.wrote(row);
    this.order.append(row);
    if (!sure) return;
    last[pair] = row;
    since[pair] = knowledge.now[own] as number;
  }

  private mark(row: number): void {
    this.was.demands[row] = this.order.demands.count;
    this.was.moves[row] = this.order.moves.length;
  }

  private found(row: number, own: number, pair: number): void {
    const source = this.source[row] as number;
    if (source >= 0 && this.place[source] !== 0) {
      if (this.taste.finds === 'last for all') for (const other of this.front) if (other !== source) this.order.demand(other, source, row);
      this.knowledge.learn(own, source, row);
    }
    this.last[pair] = source;
    this.since[pair] = this.knowledge.now[own] as number;
  }

  /** Takes back all down to the last read that stands in the way of another one (or of all), which gets another source; false where there is none. */
  private back(stuck: number, blamed: readonly number[]): boolean {
    const { culprits, place, source } = this;
    const all = new Set([...blamed, ...(culprits.get(stuck) ?? [])]);
    const possible = [...all].filter((row) => this.open[row] === 1 && place[row] !== 0 && !this.hopeless.has(row));
    possible.sort((a, b) => (place[b] as number) - (place[a] as number));
    const times = this.times.get(stuck) ?? 0;
    this.times.set(stuck, times + 1);
    const to = possible[Math.min(times >> PATIENCE, possible.length - 1)] ?? NONE;
    if (to === NONE || ++this.backs > Math.min(BACKS, this.from.open.length)) return false;
    culprits.delete(stuck);
    this.refused.delete(stuck);
    while (place[to] !== 0) this.undo(this.passed.pop() as number, to);
    const refused = this.refused.get(to) ?? [];
    refused.push(source[to] as number);
    this.refused.set(to, refused);
    all.delete(to);
    culprits.set(to, new Set([...all, ...(culprits.get(to) ?? [])]));
    return true;
  }

  private undo(row: number, to: number): void {
    const { columns, was, order } = this;
    const own = this.sessions.of[row] as number;
    const pair = this.pairs.add(own, columns.key[row] as number);
    this.looked++;
    this.place[row] = 0;
    this.cursor[own] = (this.cursor[own] as number) - 1;
    this.reached = Math.min(this.reached, this.dueAt[row] as number);
    this.last[pair] = was.last[row] as number;
    this.since[pair] = was.since[row] as number;
    if (isWrite(columns, row)) order.drop();
    order.undo(was.demands[row] as number, was.moves[row] as number);
    this.knowledge.forget(own, was.now[row] as number);
    if (row === to) return;
    this.refused.delete(row);
    this.culprits.delete(row);
  }

  /** Of each process the last write of the key that is known, where it is newer than the last look at that key. */
  private gather(row: number, own: number, pair: number): void {
    const { front, last, knowledge } = this;
    const { byKey } = this.written;
    const { entries, position } = knowledge;
    const key = this.columns.key[row] as number;
    const now = knowledge.now[own] as number;
    const any = this.taste.finds === 'any';
    const since = any ? 0 : (this.since[pair] as number);
    front.length = 0;
    const before = last[pair] as number;
    if (before >= 0) front.push(before);
    for (let run = byKey.begin(key); run < byKey.end(key); run++) {
      const line = byKey.line(run);
      const seen = entries[since + line] as number;
      const most = entries[now + line] as number;
      if (line === own ? !any : most <= seen) continue;
      const write = line === own ? byKey.upTo(run, undefined, row - 1) : byKey.upTo(run, position, most);
      if (write !== NONE && (position[write] as number) > seen && write !== before) front.push(write);
    }
    this.looked += byKey.end(key) - byKey.begin(key);
  }

  /** A source, or something below `INITIAL`. */
  private choose(row: number, own: number, before: number): number {
    const { columns, front, taste, order, from } = this;
    const { effect, expected, value, key } = columns;
    order.blamed.length = 0;
    const code = (effect[row] === CAS ? expected[row] : value[row]) as number;
    const top =
      taste.finds === 'last for all'
        ? this.highest()
        : taste.finds === 'last learned'
          ? this.latest(own, before)
          : this.undominated(row, code);
    if (this.open[row] === 0) return this.fits(own, from.source[row] as number, top) ? (from.source[row] as number) : INITIAL - 1;
    const refused = this.refused.get(row);
    if (front.length === 0 && code === NOTHING) return INITIAL;
    if (top !== NONE && value[top] === code && refused?.includes(top) !== true) return top;
    const chain = this.written.chain(key[row] as number, code);
    const fresh = chain < 0 ? NONE : this.fresh(row, own, chain, taste.finds === 'last for all' ? top : NONE);
    if (fresh !== NONE || this.stuck !== NONE) return fresh;
    if (taste.finds !== 'last for all') {
      const known = this.undominated(row, code);
      return known === NONE ? INITIAL - 1 : known;
    }
    for (const write of front)
      if (value[write] === code && write !== top && refused?.includes(write) !== true && order.raise(write, top, front)) return write;
    return chain < 0 || top === NONE ? INITIAL - 1 : this.old(row, own, chain, top);
  }

  /** Whether the only source of a read does. */
  private fits(own: number, source: number, top: number): boolean {
    const { front, order, knowledge } = this;
    if (source < 0) return front.length === 0;
    if (source === top || this.place[source] === 0) return true;
    const known = this.sessions.of[source] === own || knowledge.knows(own, source);
    if (known && !(front.includes(source) && this.isUndominated(source))) return false;
    return this.taste.finds !== 'last for all' || top === NONE || this.isAbove(source, top) || order.raise(source, top, front);
  }

  private isAbove(write: number, other: number): boolean {
    return (this.order.rank[write] as number) > (this.order.rank[other] as number);
  }

  /** What is last in the order for all. */
  private highest(): number {
    let top = NONE;
    for (const write of this.front) if (top === NONE || this.isAbove(write, top)) top = write;
    return top;
  }

  /** What a process took up last: what it learned last, and of what it learned together the last that was written. */
  private latest(own: number, before: number): number {
    let top = NONE;
    let latest = NONE;
    for (const write of this.front) {
      const when = write === before ? NONE : this.knowledge.when(own, write);
      if (top !== NONE && (when < latest || (when === latest && !this.isAbove(write, top)))) continue;
      latest = when;
      top = write;
    }
    return top;
  }

  /** A known write of a value that nothing known comes after. */
  private undominated(row: number, code: number): number {
    const refused = this.refused.get(row);
    for (const write of this.front)
      if (this.columns.value[write] === code && refused?.includes(write) !== true && this.isUndominated(write)) return write;
    return NONE;
  }

  private isUndominated(write: number): boolean {
    return !this.front.some((other) => other !== write && this.knowledge.causes(other, write));
  }

  /** The oldest write of a value that a process does not know, above another one in the order for all. */
  private fresh(row: number, own: number, chain: number, above: number): number {
    const { knowledge } = this;
    const { byValue, unknown } = this.written;
    const { rank } = this.order;
    const refused = this.refused.get(row);
    const now = knowledge.now[own] as number;
    let oldest = NONE;
    for (let run = byValue.begin(chain); run < byValue.end(chain); run++) {
      const line = byValue.line(run);
      if (line === own) continue;
      let write = byValue.after(run, knowledge.position, knowledge.entries[now + line] as number);
      if (write !== NONE && above !== NONE && !this.isAbove(write, above)) write = byValue.after(run, rank, rank[above] as number);
      while (write !== NONE && refused?.includes(write) === true) write = byValue.after(run, undefined, write);
      if (write !== NONE && (oldest === NONE || write < oldest) && this.available(write, row)) oldest = write;
    }
    this.looked += byValue.end(chain) - byValue.begin(chain);
    const others = oldest === NONE ? (unknown[chain] ?? []) : [];
    for (let i = 0; i < others.length && i < DEEP && oldest === NONE; i++) {
      const write = others[i] as number;
      if (this.place[write] !== 0 && refused?.includes(write) !== true && (above === NONE || this.isAbove(write, above))) oldest = write;
    }
    if (oldest !== NONE && this.place[oldest] === 0) {
      this.reach(oldest);
      this.mark(row);
    }
    return oldest;
  }

  /** Whether a write had begun before a read returned. One that is not over must then be looked at first. */
  private available(write: number, row: number): boolean {
    if (this.place[write] !== 0) return true;
    const { call, ret } = this.columns;
    return (call[write] as number) < (ret[row] as number) && this.busy[this.sessions.of[write] as number] === 0 && this.depth < DEEP;
  }

  /** A write of a value that a process does not know and that can be moved up past what it knows. */
  private old(row: number, own: number, chain: number, top: number): number {
    const { knowledge, order, front } = this;
    const { byValue } = this.written;
    const refused = this.refused.get(row);
    const now = knowledge.now[own] as number;
    for (let run = byValue.begin(chain); run < byValue.end(chain); run++) {
      const line = byValue.line(run);
      if (line === own) continue;
      let write = byValue.upTo(run, order.rank, order.rank[top] as number);
      for (let tries = 0; tries < TRIES && write !== NONE; tries++) {
        if ((knowledge.position[write] as number) <= (knowledge.entries[now + line] as number)) break;
        if (refused?.includes(write) !== true && order.raise(write, top, front)) return write;
        write = byValue.upTo(run, undefined, write - 1);
      }
    }
    return INITIAL - 1;
  }
}
