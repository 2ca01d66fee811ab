import { OK } from '../../history/columns.ts';
import { Pairs } from '../pairs.ts';
import { INITIAL } from '../reads-from.ts';
import { type Guarantee, guessInOrder, sessionModel, type Violation } from './guarantee.ts';
import { type Observations, observes } from './observations.ts';
import { said } from './read-your-writes.ts';

const NONE = -1;

/** What one process has read so far. */
class Reading {
  private readonly observations: Observations;
  private readonly source: Int32Array;
  private readonly keys = new Pairs();
  /** By key: the last source other than the beginning, and the read that found it. */
  private readonly lastSource: Int32Array;
  private readonly lastRead: Int32Array;
  private readonly sources = new Pairs();
  /** By source: the last read that found it. */
  private readonly foundBy: Int32Array;
  private readonly writers = new Pairs();
  /** By key and writing process: its latest write that was read, and the read that found it. */
  private readonly latest: Int32Array;
  private readonly latestRead: Int32Array;

  /** `size`: how many reads and sources there may be. */
  constructor(observations: Observations, size: number, source: Int32Array) {
    this.observations = observations;
    this.source = source;
    this.lastSource = new Int32Array(size).fill(NONE);
    this.lastRead = new Int32Array(size).fill(NONE);
    this.foundBy = new Int32Array(size).fill(NONE);
    this.latest = new Int32Array(size).fill(NONE);
    this.latestRead = new Int32Array(size).fill(NONE);
  }

  read(row: number): Violation | undefined {
    const { columns, sessions } = this.observations;
    const { id, status, key } = columns;
    const source = this.source[row] as number;
    const k = this.keys.add(key[row] as number, 0);
    const before = this.lastRead[k] as number;
    const what = `#${id[row]} read ${said(columns, row)}`;
    if (source === INITIAL) {
      if (before === NONE) return undefined;
      const found = this.lastSource[k] as number;
      return { rows: [found, before, row], reason: `${what} after #${id[before]} had read ${said(columns, before)}` };
    }
    const s = this.sources.add(source, 0);
    const writer = this.writers.add(key[row] as number, sessions.of[source] as number);
    const newer = this.latest[writer] as number;
    if (newer > source && status[source] === OK) {
      const read = this.latestRead[writer] as number;
      const reason = `${what} after #${id[read]} had read ${said(columns, read)}, which the same process wrote later`;
      return { rows: [source, newer, read, row], reason };
    }
    const again = this.foundBy[s] as number;
    if (again !== NONE && this.lastSource[k] !== source) {
      const between = this.lastSource[k] as number;
      const reason = `${what} again, as #${id[again]} had, although #${id[before]} had read ${said(columns, before)} in between`;
      return { rows: [source, between, again, before, row], reason };
    }
    this.foundBy[s] = row;
    this.lastSource[k] = source;
    this.lastRead[k] = row;
    if (source > newer) {
      this.latest[writer] = source;
      this.latestRead[writer] = row;
    }
    return undefined;
  }
}

const guarantee: Guarantee = {
  taste: { learns: 'writers', finds: 'last learned' },
  parts: ({ sessions }) => sessions.count,
  partOf: ({ sessions }, row) => sessions.of[row] as number,
  guess(observations, part, source) {
    const reading = new Reading(observations, observations.columns.count, source);
    guessInOrder(observations, part, source, (row) => reading.read(row) === undefined);
  },
  find(observations, part, source): Violation | undefined {
    const { columns, rows } = observations;
    const reading = new Reading(observations, (rows.from[part + 1] as number) - (rows.from[part] as number), source);
    for (let at = rows.from[part] as number; at < (rows.from[part + 1] as number); at++) {
      const row = rows.rows[at] as number;
      const violation = observes(columns, row) ? reading.read(row) : undefined;
      if (violation !== undefined) return violation;
    }
    return undefined;
  },
};

/**
 * Monotonic reads. Reads, sources and the order of each process are those of `read-your-writes`. For each process and each key there must
 * be a total order of the writes of that key, the beginning first and two ok writes of one process in that process's order (an unknown one
 * after the ok ones before it), such that of two reads of the process the later one read from the same write or a later one. The orders of
 * different processes and keys need not agree, and time plays no role.
 *
 * So it is broken in three ways: by "no value" from the beginning after anything else; by a write after a later ok or unknown write of the
 * same process; by a write, another one and the first one again. (These are all: the reads of a process put the writes that it read in a
 * chain, and with the orders of the writers, which are transitive, a cycle has to go back from a later to an earlier element of the chain.)
 * Where a value was written more than once some choice of sources must do. It does not see that a value is old which the process has not
 * read past.
 */
export const monotonicReads = sessionModel(guarantee, {
  name: 'monotonic-reads',
  aliases: ['mr'],
  says: 'no process reads an older version of a key after a newer one',
  source:
    'Terry et al., Session guarantees for weakly consistent replicated data, PDIS 1994, section 3.2; Viotti & Vukolic, ACM Computing Surveys 49(1), 2016',
});
