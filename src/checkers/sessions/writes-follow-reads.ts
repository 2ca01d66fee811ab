import { INITIAL } from '../reads-from.ts';
import { type Guarantee, sessionModel, type Violation } from './guarantee.ts';
import { type Observations, observes } from './observations.ts';
import { Past, wayBack } from './past.ts';
import { said } from './read-your-writes.ts';

/** The most numbers that the vectors may take: half a gigabyte. */
const MOST_NUMBERS = 1 << 27;

class Following {
  private readonly observations: Observations;
  private readonly source: Int32Array;
  private readonly past: Past;

  constructor(observations: Observations, source: Int32Array) {
    this.observations = observations;
    this.source = source;
    this.past = new Past(observations, source);
  }

  find(): Violation | undefined {
    return this.past.run((row) => this.met(row)) ?? this.circle();
  }

  private met(row: number): Violation | undefined {
    const { past } = this;
    const { columns, sessions } = this.observations;
    const process = sessions.of[row] as number;
    const source = this.source[row] as number;
    const { from, rows } = past.cells;
    const cells = past.cellsOfKey;
    const k = columns.key[row] as number;
    if (source !== INITIAL) {
      if (!past.mayBeOverwritten(k, source) || !past.isKnown(process, source)) return undefined;
      const before = past.before(row);
      if (before >= 0 && past.overwrittenAt(before, source)) return this.older(row, source);
    }
    for (let cell = cells[k] as number; cell < (cells[k + 1] as number); cell++) {
      const first = rows[from[cell] as number] as number;
      const bound = past.bound(process, sessions.of[first] as number);
      if (bound < first) continue;
      if (source === INITIAL || past.overwrittenAt(past.lastUpTo(cell, bound), source)) return this.missed(row, source);
    }
    return undefined;
  }

  /** What the process of a read had read before, of one key or of all. */
  private readBefore(row: number, key?: number): number[] {
    const { columns, rows, sessions } = this.observations;
    const process = sessions.of[row] as number;
    const reads: number[] = [];
    for (let at = rows.from[process] as number; at < (rows.from[process + 1] as number) && (rows.rows[at] as number) < row; at++) {
      const read = rows.rows[at] as number;
      if (this.past.reads(read) && (key === undefined || columns.key[read] === key)) reads.push(read);
    }
    return reads;
  }

  /** The way from what is sought to something that the process of a read had read, with the read that found it at the end. */
  private way(row: number, reads: readonly number[], sought: (read: number) => boolean): readonly number[] {
    const starts = [...new Set(reads.map((read) => this.source[read] as number))];
    const way = wayBack(this.observations, this.source, starts, sought);
    if (way === undefined)
      throw new Error(
        `the vectors say that row ${row} reads what is older than what was read before, and no way leads there: one of the two is wrong`,
      );
    const end = way.at(-1);
    return [...way, reads.find((read) => this.source[read] === end) as number];
  }

  /** A read of what somebody had read before he wrote the newer version of the same key. */
  private older(row: number, source: number): Violation {
    const { columns } = this.observations;
    const { id, key } = columns;
    const way = this.way(row, this.readBefore(row, key[row] as number), (read) => this.source[read] === source);
    const seen = way.at(-1) as number;
    const reason = `#${id[row]} read ${said(columns, row)} after #${id[seen]} had read ${said(columns, seen)}, which was written after #${id[way[0] as number]} had read ${said(columns, row)}`;
    return { rows: [source, ...way, row], reason };
  }

  /** A read that misses what somebody had read before he wrote what the process of the read had read. */
  private missed(row: number, source: number): Violation {
    const { columns } = this.observations;
    const { id, key } = columns;
    const newer = (read: number): boolean => {
      if (key[read] !== key[row] || !this.past.reads(read)) return false;
      const write = this.source[read] as number;
      return source === INITIAL || (write !== source && this.past.holds(write, source));
    };
    const way = this.way(row, this.readBefore(row), newer);
    const first = way[0] as number;
    const write = this.source[first] as number;
    const behind =
      source === INITIAL ? [] : (wayBack(this.observations, this.source, [write], (read) => this.source[read] === source) ?? []);
    const seen = way.at(-1) as number;
    const reason = `#${id[row]} read ${said(columns, row)} after #${id[seen]} had read ${said(columns, seen)}, which was written after #${id[first]} had read the newer ${said(columns, first)}`;
    return { rows: [source, ...behind, write, ...way, row], reason };
  }

  /** Reads that wait for one another: each of them read what was written after the next one. */
  private circle(): Violation | undefined {
    const { sessions, columns } = this.observations;
    const stuck = Array.from({ length: sessions.count }, (_, process) => this.past.stuckAt(process));
    const start = stuck.findIndex((row) => row >= 0);
    if (start < 0) return undefined;
    const seen: number[] = [];
    let process = start;
    while (!seen.includes(process)) {
      seen.push(process);
      process = sessions.of[this.source[stuck[process] as number] as number] as number;
    }
    const reads = seen.slice(seen.indexOf(process)).map((other) => stuck[other] as number);
    const names = reads.map((row) => `#${columns.id[row]}`);
    const reason = `${names.join(' and ')} read what was written only after ${reads.length === 1 ? 'it' : 'one another'}, in a circle`;
    return { rows: reads.flatMap((row) => [row, this.source[row] as number]), reason };
  }
}

const guarantee: Guarantee = {
  taste: { learns: 'pasts', finds: 'last learned' },
  parts: () => 1,
  partOf: () => 0,
  tooLarge({ columns, sessions }) {
    let vectors = 0;
    for (let i = 0; i < columns.count; i++) if (observes(columns, i)) vectors += 2;
    return (vectors + sessions.count) * sessions.count > MOST_NUMBERS
      ? `${sessions.count} processes are too many for so many reads`
      : undefined;
  },
  find: (observations, _part, source) => new Following(observations, source).find(),
};

/**
 * Writes follow reads. Reads, sources and the order of each process are those of `read-your-writes`. Let w < v say that a read which read
 * from w comes before the write v in its process, or is v itself (a compare-and-set), or that w < u < v for some u. It is broken if w < w
 * for some write, or by two reads r' and r of one process, r' before r, if r' read from a write v, and r, of key k, read
 * - from the beginning, although some write w of k has w < v; or
 * - from a write u with u < w for some write w of k with w < v; or
 * - from a write u with u < v, where v is a write of k as well.
 * In words: who has read a write misses nothing from then on that its process had read before it wrote. Versions that this order does not
 * compare may stand in any order. Where a value was written more than once some choice of sources must do, the same for all processes. It
 * does not see what nobody read, nor the order in which one process wrote (that is `monotonic-writes`).
 */
export const writesFollowReads = sessionModel(guarantee, {
  name: 'writes-follow-reads',
  aliases: ['wfr', 'session-causality'],
  says: 'who sees a write sees everything that its process had read before it',
  source:
    'Terry et al., Session guarantees for weakly consistent replicated data, PDIS 1994, section 3.3; as it can be observed: Viotti & Vukolic, ACM Computing Surveys 49(1), 2016',
});
