import { type Columns, NEVER, OK, READ } from '../../history/columns.ts';
import { NOTHING } from '../../history/texts.ts';
import { TEXTS, textKeys } from '../appends.ts';
import { type KeyFinding, type Model, verdictOf } from '../model.ts';
import { withOneNothing } from '../reads-from.ts';
import { byKey, distinct } from '../rows.ts';
import { newestBefore, Writes } from './writes.ts';

/**
 * Regularity with many writers, in its weak form (MWReg-Weak), key by key and read by read. A write is every write or compare-and-set that
 * did not fail; one of unknown outcome has no end. An ok read r may return what a write w wrote if w was called before r returned, and no
 * acknowledged write lies wholly between the two: none that was called after w had returned and had returned before r was called. It may
 * return "no value" for the beginning if no acknowledged write had returned before it was called. A key is valid if each of its ok reads
 * may return what it returned, whichever write of that value explains it.
 *
 * What a compare-and-set compared with is not looked at, and two reads need not agree on an order: a new value may be followed by an old
 * one while the write lasts.
 */
export const regular: Model = {
  name: 'regular',
  aliases: ['regularity', 'mwreg-weak'],
  says: 'every read returns a latest value written before it began, or one whose write overlaps it',
  source:
    'Lamport, On interprocess communication II, Distributed Computing 1, 1986; for many writers MWReg-Weak of Shao, Pierce & Welch, DISC 2003',
  implies: [],
  judges: ['register', 'cas-register', 'kv'],
  *judge({ columns: recorded, types }) {
    const columns = withOneNothing(recorded, types);
    const { count, effect, status, key, value, call, ret } = columns;
    const skipped = textKeys(columns, types);
    const writes = new Writes(columns);
    yield { done: 0, of: count };
    const newest = newestBefore(columns);
    const stale = new Int32Array(columns.keys.length).fill(-1);
    for (let i = 0; i < count; i++) {
      if ((i & 0x7fff) === 0) yield { done: i, of: count };
      const k = key[i] as number;
      if (effect[i] !== READ || status[i] !== OK || stale[k] !== -1 || skipped[k] === 1) continue;
      const over = newest[i] as number;
      if (over < 0 && value[i] === NOTHING) continue;
      const source = writes.latestBefore(k, value[i] as number, ret[i] as number);
      // The write that returned last is the best excuse that the value has.
      if (source < 0 || (over >= 0 && (ret[source] as number) < (call[over] as number))) stale[k] = i;
    }
    const { from } = byKey(columns);
    return verdictOf(
      columns.keys.map((_, k): KeyFinding => {
        const operations = (from[k + 1] as number) - (from[k] as number);
        if (skipped[k] === 1) return { key: k, operations, ...TEXTS };
        const read = stale[k] as number;
        return read < 0
          ? { key: k, operations, valid: true }
          : { key: k, operations, ...because(columns, writes, read, newest[read] as number) };
      }),
    );
  },
};

/** The read, every write of what it read, and the acknowledged write that makes all of them old. */
function because(columns: Columns, writes: Writes, read: number, over: number): Pick<KeyFinding, 'valid' | 'witness' | 'reason'> {
  const { id, texts, value, key, call, ret } = columns;
  const sources = writes.of(key[read] as number, value[read] as number);
  const said = texts.text(value[read] as number) ?? 'no value';
  if (sources.length === 0 && value[read] !== NOTHING)
    return { valid: false, witness: [read], reason: `#${id[read]} read ${said}, which nobody had written` };
  const early = sources.filter((row) => (call[row] as number) < (ret[read] as number));
  if (early.length === 0 && value[read] !== NOTHING)
    return {
      valid: false,
      witness: distinct([read, sources[0] as number]),
      reason: `#${id[read]} read ${said} before #${id[sources[0] as number]} began to write it`,
    };
  const last = early[early.length - 1];
  const end = last === undefined || ret[last] === NEVER ? '' : `, after #${id[last]} had ended`;
  const did = value[over] === NOTHING ? 'deleted it' : `written ${texts.text(value[over] as number)}`;
  const reason = `#${id[read]} read ${said} although #${id[over]} had ${did}${end} and before #${id[read]} began`;
  return { valid: false, witness: distinct([read, over, ...(last === undefined ? [] : [last])]), reason };
}
