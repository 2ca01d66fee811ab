import { type Columns, NEVER, OK, READ } from '../../history/columns.ts';
import { NOTHING } from '../../history/texts.ts';
import { TEXTS, textKeys } from '../appends.ts';
import { type Finding, finish, type Judging, type KeyFinding, type Model, verdictOf } from '../model.ts';
import { withOneNothing } from '../reads-from.ts';
import { byKey, distinct } from '../rows.ts';
import { isOkRead, type Sourced, sourced, tellingRows } from './clusters.ts';
import { smallest } from './shrink.ts';
import { isLong, movesOf } from './texts.ts';
import { isKAtomic } from './window-search.ts';
import { had, listed, said } from './words.ts';
import { newestBefore, Writes } from './writes.ts';

const SHRINK_STEPS = 300_000;

/**
 * Regularity with many writers, in its weak form (MWReg-Weak), key by key and read by read. A write is every write or compare-and-set that
 * did not fail; one of unknown outcome has no end. An ok read r may return what a write w wrote if w was called before r returned, and no
 * acknowledged write lies wholly between the two: none that was called after w had returned and had returned before r was called. It may
 * return "no value" for the beginning if no acknowledged write had returned before it was called. A key is valid if each of its ok reads
 * may return what it returned, whichever write of that value explains it.
 *
 * What a compare-and-set compared with is not looked at, and two reads need not agree on an order: a new value may be followed by an old
 * one while the write lasts.
 *
 * A text that was appended to is what was there with the rest behind it: each ok read must return what some order of all writes and of itself makes that keeps real time. That
 * takes a search; a key of such texts with more than a hundred operations is undecided.
 */
export const regular: Model = {
  name: 'regular',
  aliases: ['regularity', 'mwreg-weak'],
  says: 'every read returns a latest value written before it began, or one whose write overlaps it',
  source:
    'Lamport, On interprocess communication II, Distributed Computing 1, 1986; for many writers MWReg-Weak of Shao, Pierce & Welch, DISC 2003',
  implies: [],
  judges: ['register', 'cas-register', 'kv'],
  *judge({ columns: recorded, types }, { steps }) {
    const columns = withOneNothing(recorded, types);
    const { count, effect, status, key, value, call, ret } = columns;
    const texts = textKeys(columns, types);
    const writes = new Writes(columns);
    yield { done: 0, of: count };
    const newest = newestBefore(columns);
    const stale = new Int32Array(columns.keys.length).fill(-1);
    for (let i = 0; i < count; i++) {
      if ((i & 0x7fff) === 0) yield { done: i, of: count };
      const k = key[i] as number;
      if (effect[i] !== READ || status[i] !== OK || stale[k] !== -1) continue;
      const over = newest[i] as number;
      if (over < 0 && value[i] === NOTHING) continue;
      const source = writes.latestBefore(k, value[i] as number, ret[i] as number);
      // The write that returned last is the best excuse that the value has.
      if (source < 0 || (ret[source] as number) < (call[over] as number)) stale[k] = i;
    }
    let history: Sourced | undefined;
    const budget = { steps };
    const { from } = byKey(columns);
    const findings: KeyFinding[] = [];
    for (const k of columns.keys.keys()) {
      const operations = (from[k + 1] as number) - (from[k] as number);
      const read = stale[k] as number;
      if (texts[k] === 1) {
        history ??= sourced(columns, texts);
        findings.push({ key: k, operations, ...(yield* ofText(history, k, budget)) });
        continue;
      }
      if (read < 0) findings.push({ key: k, operations, valid: true });
      else findings.push({ key: k, operations, ...because(columns, writes, read, newest[read] as number) });
    }
    return verdictOf(findings);
  },
};

/** Of a key of texts that were appended to: whether each read alone has an order with all writes. */
function* ofText(history: Sourced, key: number, budget: { steps: number }): Generator<Judging, Finding> {
  const { columns } = history;
  const rows = tellingRows(history, key);
  if (isLong(rows)) return TEXTS;
  const writes = rows.filter((row) => !isOkRead(columns, row));
  const hasOrder = (part: Columns, some: readonly number[], left: { steps: number }): Generator<Judging, boolean | undefined> => {
    const { moves, values } = movesOf(part, some, true);
    return isKAtomic(moves, 1, left, values);
  };
  for (const read of rows) {
    if (!isOkRead(columns, read)) continue;
    const some = distinct([...writes, read]);
    const found = yield* hasOrder(columns, some, budget);
    if (found === undefined) return { valid: 'undecided', reason: 'the budget of steps ran out' };
    if (found) continue;
    const invalid = (part: Columns): boolean => finish(hasOrder(part, Array.from(part.id.keys()), { steps: 20_000 })) === false;
    const witness = smallest(history, key, some, invalid, { steps: SHRINK_STEPS });
    const others = witness.filter((row) => row !== read);
    const what = `#${columns.id[read]} read ${said(columns, read)}, which`;
    const reason = others.length === 0 ? `${what} nobody had written` : `${what} no order of ${listed(columns, others)} makes`;
    return { valid: false, witness, reason };
  }
  return { valid: true };
}

/** The read, every write of what it read, and the acknowledged write that makes all of them old. */
function because(columns: Columns, writes: Writes, read: number, over: number): Pick<KeyFinding, 'valid' | 'witness' | 'reason'> {
  const { id, value, key, call, ret } = columns;
  const sources = writes.of(key[read] as number, value[read] as number);
  const what = `#${id[read]} read ${said(columns, read)}`;
  if (sources.length === 0 && value[read] !== NOTHING)
    return { valid: false, witness: [read], reason: `${what}, which nobody had written` };
  const early = sources.filter((row) => (call[row] as number) < (ret[read] as number));
  if (early.length === 0 && value[read] !== NOTHING)
    return {
      valid: false,
      witness: distinct([read, sources[0] as number]),
      reason: `${what} before #${id[sources[0] as number]} began to write it`,
    };
  const last = early[early.length - 1];
  const end = last === undefined || ret[last] === NEVER ? '' : `, after #${id[last]} had ended`;
  const reason = `${what} although #${id[over]} had ${had(columns, over)}${end} and before #${id[read]} began`;
  return { valid: false, witness: distinct([read, over, last ?? read]), reason };
}
