import { ADD, type Columns, NEVER, OK, READ } from '../../history/columns.ts';
import { TEXTS, textKeys } from '../appends.ts';
import { type Finding, type Judging, type KeyFinding, type Model, verdictOf } from '../model.ts';
import { withOneNothing } from '../reads-from.ts';
import { byKey, distinct } from '../rows.ts';
import { had, said } from '../staleness/words.ts';
import { mayWrite, Writes } from '../staleness/writes.ts';
import { missedIn, type Seen, seenIn } from './seen.ts';

/** For each key the writes that are lost: how many, and the finding about one of them. */
interface Losses {
  readonly count: Int32Array;
  readonly finding: (Finding | undefined)[];
}

/**
 * No acknowledged write is lost for good, key by key.
 *
 * Registers, also with compare-and-set, and maps of texts: writes are writes and compare-and-sets that did not fail; one of unknown outcome
 * has no end. Let r0 be the ok read of the key that was called last, and the tail all ok reads of the key that returned after r0 was
 * called, r0 among them. A read shows a write w if some write of the value that it returned was called before the read returned, and did
 * not return before w was called (w itself, or a write that may have come after w; the beginning shows nothing). An ok write is lost if it
 * had returned before r0 was called and no read of the tail shows it. So a stale read that is followed by a fresh one, or overlaps the last
 * read, loses nothing.
 *
 * A key of texts that were appended to is undecided, and nothing of it is counted.
 *
 * Sets and lists: elements whose removal did not fail are not judged. An element is lost if an ok read of the key that was called after an
 * ok add (append) of it had returned does not show it, and no ok read called after that one does. (After the first such return, if it was
 * added more than once.)
 *
 * It is invalid if anything is lost; the figure says how many writes or elements. Who lost a write cannot be seen where nobody reads
 * afterwards, nor where somebody wrote beside it or later.
 */
export const noLostWrite: Model = {
  name: 'no-lost-write',
  aliases: ['no-lost-writes', 'durable'],
  says: 'no acknowledged write is gone for good: what was read last shows it, or something that may have come after it',
  source: 'Jepsen, checkers set and set-full (lost: acknowledged, and missing from the last reads), carried over to registers',
  implies: [],
  mendable: true,
  judges: ['register', 'cas-register', 'kv', 'set', 'list'],
  *judge({ columns: recorded, types }) {
    const columns = withOneNothing(recorded, types);
    const texts = textKeys(columns, types);
    const collections = Uint8Array.from(types, ({ name }) => (name === 'set' || name === 'list' ? 1 : 0));
    const losses: Losses = { count: new Int32Array(columns.keys.length), finding: columns.keys.map(() => undefined) };
    if (collections.includes(1)) yield* lostElements(columns, collections, losses);
    if (collections.includes(0)) yield* lostValues(columns, (k) => collections[k] === 0 && texts[k] === 0, losses);
    const { from } = byKey(columns);
    const keys = columns.keys.map((_, k): KeyFinding => {
      const operations = (from[k + 1] as number) - (from[k] as number);
      return { key: k, operations, ...(texts[k] === 1 ? TEXTS : (losses.finding[k] ?? { valid: true })) };
    });
    const lost = losses.count.reduce((sum, count) => sum + count, 0);
    return { ...verdictOf(keys), figures: [{ name: 'lost', value: lost, unit: collections.includes(0) ? 'operations' : 'elements' }] };
  },
};

function* lostValues(columns: Columns, wanted: (key: number) => boolean, { count: lost, finding }: Losses): Generator<Judging, void> {
  const { count, effect, status, key, value, call, ret, keys } = columns;
  // Rows are in order of call. Before row 0, which stands for a key that nobody read, nothing had returned.
  const last = new Int32Array(keys.length);
  for (let i = 0; i < count; i++) if (effect[i] === READ && status[i] === OK) last[key[i] as number] = i;
  yield { done: 0, of: count };
  const writes = new Writes(columns);
  yield { done: count >> 1, of: count };
  // For each key the write that returned last among those that the tail may have read from: it shows most.
  const shown = new Int32Array(keys.length).fill(-1);
  for (let i = 0; i < count; i++) {
    const k = key[i] as number;
    if (effect[i] !== READ || status[i] !== OK || (ret[i] as number) < (call[last[k] as number] as number)) continue;
    const source = writes.latestBefore(k, value[i] as number, ret[i] as number);
    if (source >= 0 && (shown[k] === -1 || (ret[source] as number) > (ret[shown[k] as number] as number))) shown[k] = source;
  }
  for (let i = 0; i < count; i++) {
    const k = key[i] as number;
    const read = last[k] as number;
    if (!wanted(k) || status[i] !== OK || !mayWrite(columns, i) || (ret[i] as number) > (call[read] as number)) continue;
    const best = shown[k] as number;
    if (best >= 0 && (ret[best] as number) > (call[i] as number)) continue;
    lost[k] = (lost[k] as number) + 1;
    finding[k] = lostValue(columns, writes, i, read);
  }
}

/** The write, the last read, and the newest write that it may have read from. */
function lostValue(columns: Columns, writes: Writes, write: number, read: number): Finding {
  const { id, value, key, ret } = columns;
  const source = writes.latestBefore(key[read] as number, value[read] as number, ret[read] as number);
  const reason = `#${id[read]}, the last read, found ${said(columns, read)} although #${id[write]} had ${had(columns, write)} before, and nothing shows that or anything later`;
  return { valid: false, witness: distinct([source, write, read]), reason };
}

function* lostElements(columns: Columns, wanted: Uint8Array, losses: Losses): Generator<Judging, void> {
  const seen = yield* seenIn(columns, wanted);
  const known = Int32Array.from(seen.acked, (row, e) => (row === -1 || seen.removed[e] === 1 ? NEVER : (columns.ret[row] as number)));
  const missed = yield* missedIn(columns, seen, known);
  for (let e = 0; e < seen.size; e++) {
    if ((missed[e] as number) <= (seen.last[e] as number)) continue;
    const k = seen.key[e] as number;
    losses.count[k] = (losses.count[k] as number) + 1;
    losses.finding[k] ??= lostElement(columns, seen, e, missed[e] as number);
  }
}

function lostElement(columns: Columns, seen: Seen, e: number, missed: number): Finding {
  const { id, effect } = columns;
  const add = seen.acked[e] as number;
  const verb = effect[add] === ADD ? 'added' : 'appended';
  const reason = `#${id[add]} had ${verb} ${said(columns, add)} before #${id[missed]} began, and neither that read nor a later one shows it`;
  return { valid: false, witness: distinct([add, missed]), reason };
}
