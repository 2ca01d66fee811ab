import { OK } from '../../history/columns.ts';
import { Pairs } from '../pairs.ts';
import { INITIAL } from '../reads-from.ts';
import { type Guarantee, guessInOrder, sessionModel, type Violation } from './guarantee.ts';
import { type Observations, observes } from './observations.ts';
import { said } from './read-your-writes.ts';

const NONE = -1;

/** What one process has read so far of what others, and itself, have written. */
class Watching {
  private readonly observations: Observations;
  private readonly writers = new Pairs();
  /** By writing process: its latest write that was read, and the read that found it. */
  private readonly latest: Int32Array;
  private readonly latestRead: Int32Array;
  private readonly cells = new Pairs();
  /** The same by key and writing process. */
  private readonly latestOfKey: Int32Array;
  private readonly latestOfKeyRead: Int32Array;

  constructor(observations: Observations, size: number) {
    this.observations = observations;
    this.latest = new Int32Array(size).fill(NONE);
    this.latestRead = new Int32Array(size).fill(NONE);
    this.latestOfKey = new Int32Array(size).fill(NONE);
    this.latestOfKeyRead = new Int32Array(size).fill(NONE);
  }

  read(row: number, source: number): Violation | undefined {
    if (source === INITIAL) return this.initial(row);
    const { columns, sessions, next } = this.observations;
    const { key, status, id } = columns;
    const process = sessions.of[source] as number;
    const writer = this.writers.add(process, 0);
    const cell = this.cells.add(key[row] as number, process);
    const what = `#${id[row]} read ${said(columns, row)}`;
    if (status[source] === OK) {
      const newer = this.latestOfKey[cell] as number;
      if (newer > source) {
        const read = this.latestOfKeyRead[cell] as number;
        const reason = `${what} after #${id[read]} had read ${said(columns, read)}, although #${id[source]} came before #${id[newer]} in their process`;
        return { rows: [source, newer, read, row], reason };
      }
      const over = next[source] as number;
      const seen = this.latest[writer] as number;
      if (over !== NONE && over < seen) return this.missed(row, over, seen, this.latestRead[writer] as number, [source]);
    }
    if (source > (this.latest[writer] as number)) {
      this.latest[writer] = source;
      this.latestRead[writer] = row;
    }
    if (source > (this.latestOfKey[cell] as number)) {
      this.latestOfKey[cell] = source;
      this.latestOfKeyRead[cell] = row;
    }
    return undefined;
  }

  private initial(row: number): Violation | undefined {
    const { columns, sessions, firsts } = this.observations;
    const k = columns.key[row] as number;
    if (this.writers.size === 0) return undefined;
    for (let at = firsts.from[k] as number; at < (firsts.from[k + 1] as number); at++) {
      const first = firsts.rows[at] as number;
      const writer = this.writers.find(sessions.of[first] as number, 0);
      const seen = writer < 0 ? NONE : (this.latest[writer] as number);
      if (first < seen) return this.missed(row, first, seen, this.latestRead[writer] as number, []);
    }
    return undefined;
  }

  private missed(row: number, over: number, seen: number, read: number, sources: readonly number[]): Violation {
    const { columns } = this.observations;
    const { id } = columns;
    const reason = `#${id[row]} read ${said(columns, row)} after #${id[read]} had read ${said(columns, read)}, before which the same process wrote #${id[over]}`;
    return { rows: [...sources, over, seen, read, row], reason };
  }
}

const guarantee: Guarantee = {
  taste: { learns: 'writers', finds: 'last learned' },
  parts: ({ sessions }) => sessions.count,
  partOf: ({ sessions }, row) => sessions.of[row] as number,
  guess(observations, part, source) {
    const watching = new Watching(observations, observations.columns.count);
    guessInOrder(observations, part, source, (row) => watching.read(row, source[row] as number) === undefined);
  },
  find(observations, part, source): Violation | undefined {
    const { columns, rows } = observations;
    const start = rows.from[part] as number;
    const end = rows.from[part + 1] as number;
    const watching = new Watching(observations, end - start);
    for (let at = start; at < end; at++) {
      const row = rows.rows[at] as number;
      const violation = observes(columns, row) ? watching.read(row, source[row] as number) : undefined;
      if (violation !== undefined) return violation;
    }
    return undefined;
  },
};

/**
 * Monotonic writes. Reads, sources and the order of each process are those of `read-your-writes`. Let w < v say that w and v are writes of
 * one process and w comes before v (so w is ok; v may be unknown). It is broken by two reads r' and r of one process (any, also the
 * writer's own), r' before r, if r' read from a write v, and r, of key k, read
 * - from the beginning, although some write w of k has w < v; or
 * - from a write u with u < w for some write w of k with w < v; or
 * - from a write u with u < v, where v is a write of k as well.
 * In words: who has read what a process wrote misses nothing from then on that the process wrote before, and reads it in its order. Two
 * writes of different processes may be in any order. That a read goes back from a process's only write of a key to the beginning is a
 * matter of `monotonic-reads`. Where a value was written more than once some choice of sources must do, for each reading process by itself.
 */
export const monotonicWrites = sessionModel(guarantee, {
  name: 'monotonic-writes',
  aliases: ['mw'],
  says: 'everybody sees the writes of a process in the order in which it made them',
  source:
    'Terry et al., Session guarantees for weakly consistent replicated data, PDIS 1994, section 3.4; as it can be observed: Viotti & Vukolic, ACM Computing Surveys 49(1), 2016',
});
