import { CAS, type Columns, OK } from '../../history/columns.ts';
import { NOTHING } from '../../history/texts.ts';
import { Pairs } from '../pairs.ts';
import { INITIAL, isWrite, THIN_AIR } from '../reads-from.ts';
import { type Guarantee, sessionModel, type Violation } from './guarantee.ts';
import { type Observations, observes } from './observations.ts';

/** What a read or a compare-and-set found, for people. */
export function said({ effect, value, expected, texts }: Columns, row: number): string {
  const code = (effect[row] === CAS ? expected[row] : value[row]) as number;
  return code === NOTHING ? 'no value' : (texts.text(code) ?? 'no value');
}

/** What a write left behind. */
export function wrote({ value, texts }: Columns, row: number): string {
  return value[row] === NOTHING ? 'nothing' : (texts.text(value[row] as number) ?? 'nothing');
}

const guarantee: Guarantee = {
  parts: ({ sessions }) => sessions.count,
  // Each read is judged by itself, so that any source will do.
  partOf: () => -1,
  find(observations, part): Violation | undefined {
    const { columns, rows, from } = observations;
    const { key, id, status } = columns;
    const keys = new Pairs();
    const own = new Int32Array((rows.from[part + 1] as number) - (rows.from[part] as number)).fill(-1);
    for (let at = rows.from[part] as number; at < (rows.from[part + 1] as number); at++) {
      const row = rows.rows[at] as number;
      const k = keys.add(key[row] as number, 0);
      const last = own[k] as number;
      if (last >= 0 && observes(columns, row) && !seesOwn(observations, row, last)) {
        const older = from.source[row] as number;
        const reason = `#${id[row]} read ${said(columns, row)} although its own process had written ${wrote(columns, last)} in #${id[last]}`;
        return { rows: older < 0 ? [last, row] : [older, last, row], reason };
      }
      if (status[row] === OK && isWrite(columns, row)) own[k] = row;
    }
    return undefined;
  },
};

/**
 * Whether some source of a read is not older than the last own write: that one itself, another process's, or an own one that nothing comes
 * after.
 */
function seesOwn({ columns, from }: Observations, row: number, last: number): boolean {
  const { process, status } = columns;
  for (let source = from.source[row] as number; source !== THIN_AIR; source = from.next(row, source)) {
    if (source === INITIAL) continue;
    if (process[source] !== process[row] || source >= last || status[source] !== OK) return true;
  }
  return false;
}

/**
 * Read your writes. A read is an ok read, or an ok compare-and-set, which read what it compared with; it read from a write (or
 * compare-and-set) of that value to that key which did not fail and which is not a later operation of its own process, or, for "no value",
 * from the beginning. Of two operations of one process the one called first comes before the other, unless its own outcome is unknown: then
 * it comes before nothing.
 *
 * A read breaks the guarantee if a write w of its own process to its key comes before it, and it read from the beginning or from another
 * write of its own process that comes before w. What another process wrote may always be newer, for nobody knows the order of versions; nor
 * is it asked that different reads have the same order. Where a value was written more than once any of its writes will do. A read without
 * any possible source breaks it too. Time plays no role beyond the order of each process.
 */
export const readYourWrites = sessionModel(guarantee, {
  name: 'read-your-writes',
  aliases: ['ryw', 'read-my-writes'],
  says: 'what a process has written it finds when it reads later, unless somebody wrote something newer',
  source:
    'Terry, Demers, Petersen, Spreitzer, Theimer & Welch, Session guarantees for weakly consistent replicated data, PDIS 1994, section 3.1; Viotti & Vukolic, ACM Computing Surveys 49(1), 2016',
});
