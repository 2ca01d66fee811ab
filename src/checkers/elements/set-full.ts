import { ADD, APPEND, type Columns, FAIL, NEVER } from '../../history/columns.ts';
import { type Figure, type KeyFinding, type Model, verdictOf } from '../model.ts';
import { distinct } from '../rows.ts';
import { said } from '../staleness/words.ts';
import { missedIn, type Seen, seenIn } from './seen.ts';

/** What became of the elements of one key, and of all together. */
interface Tally {
  lost: number;
  stale: number;
  neverRead: number;
  stable: number;
  duplicated: number;
  readonly unexpected: number;
}

/**
 * What became of every element that was added to a set or appended to a list, after Jepsen's checker `set-full`. For an element e of a key,
 * over the ok reads of that key, where "added" stands for every add (append) of e that did not fail:
 * - known(e) is the rank of the first return of an ok add of e or of a read that shows e, whichever is first; nobody knows e where there is
 *   neither.
 * - missed(e) is the read called last among those called after known(e) that do not show e; shown(e) is the read called last among those
 *   that show e.
 * - lost: missed(e) exists, and shown(e) does not or was called before it. Stable: not lost, and shown(e) exists. Stale: stable, and
 *   missed(e) exists. Never read: neither lost nor stable.
 * - duplicated: some read shows e more than once; in a list, where an element may be appended again, more often than there are appends of e
 *   that did not fail. Unexpected: a read shows what nobody had begun to add before the read returned (each element counted once for each
 *   such read). A key is invalid if an element is lost or duplicated or something unexpected was read; undecided if it has elements and
 *   none of them is stable; else valid. Elements that a remove which did not fail names can be duplicated or unexpected, and else are not
 *   judged.
 *
 * Unlike Jepsen's, it counts elements that are shown more than once (multiplicity above 1), judges what nobody added, and a read that began
 * before the element was known does not make it unstable. It does not see whether replicas agree (that is `convergence`), nor the order of
 * lists.
 */
export const setFull: Model = {
  name: 'set-full',
  aliases: [],
  says: 'no element that was added is gone for good, none is there twice, and none comes from nowhere',
  source: 'Jepsen, checker set-full (jepsen.checker), which Maelstrom uses for broadcast and g-set',
  implies: [],
  mendable: true,
  judges: ['set', 'list'],
  *judge({ columns }) {
    const seen = yield* seenIn(columns, new Uint8Array(columns.keys.length).fill(1));
    const known = knownRanks(columns, seen);
    const missed = yield* missedIn(columns, seen, known);
    const tallies = columns.keys.map(
      (_, k): Tally => ({ lost: 0, stale: 0, neverRead: 0, stable: 0, duplicated: 0, unexpected: seen.phantoms[k] as number }),
    );
    // For each key an element that was lost, and one that was duplicated.
    const lost: number[] = [];
    const twice: number[] = [];
    for (let e = 0; e < seen.size; e++) {
      const k = seen.key[e] as number;
      const tally = tallies[k] as Tally;
      if (seen.twice[e] !== -1) {
        tally.duplicated++;
        twice[k] ??= e;
      }
      if (seen.removed[e] === 1) continue;
      const gone = missed[e] as number;
      const shown = seen.last[e] as number;
      if (gone > shown) {
        tally.lost++;
        lost[k] ??= e;
      } else if (shown === -1) tally.neverRead++;
      else {
        tally.stable++;
        if (gone !== -1) tally.stale++;
      }
    }
    const findings = tallies.map((tally, k): KeyFinding => {
      const operations = (seen.keyed.from[k + 1] as number) - (seen.keyed.from[k] as number);
      return { key: k, operations, ...finding(columns, seen, missed, tally, k, lost[k], twice[k]) };
    });
    return { ...verdictOf(findings), figures: figuresOf(tallies) };
  },
};

/** The ranks at which the elements were known; `NEVER` for those that nobody knows. */
function knownRanks({ ret }: Columns, { size, acked, first }: Seen): Int32Array {
  const known = new Int32Array(size).fill(NEVER);
  for (let e = 0; e < size; e++) {
    for (const row of [acked[e] as number, first[e] as number]) if (row !== -1) known[e] = Math.min(known[e] as number, ret[row] as number);
  }
  return known;
}

type Judged = Omit<KeyFinding, 'key' | 'operations'>;

function finding(columns: Columns, seen: Seen, missed: Int32Array, tally: Tally, k: number, lost?: number, twice?: number): Judged {
  const { id, texts, effect } = columns;
  if (tally.unexpected > 0) {
    const read = seen.phantom[k] as number;
    const code = seen.phantomCode[k] as number;
    const e = seen.pairs.find(k, code);
    const late = seen.added[e];
    const what = `#${id[read]} read ${texts.text(code) ?? 'no value'}`;
    if (late === undefined) return { valid: false, witness: [read], reason: `${what}, which nobody had added` };
    return { valid: false, witness: distinct([read, late]), reason: `${what} before #${id[late]} began to add it` };
  }
  if (twice !== undefined) {
    const read = seen.twice[twice] as number;
    const add = seen.added[twice] as number;
    return {
      valid: false,
      witness: distinct([...(effect[add] === ADD ? [add] : addsOf(columns, add)), read]),
      reason: duplicate(columns, seen, twice, read),
    };
  }
  if (lost !== undefined) {
    const gone = missed[lost] as number;
    const [add, acked, first] = [seen.added[lost] as number, seen.acked[lost] as number, seen.first[lost] as number];
    // What made it known first: the acknowledgement, or a read that shows it.
    const byAck = (columns.ret[acked] as number) < (columns.call[gone] as number);
    const verb = effect[add] === ADD ? 'added' : 'appended';
    const reason = byAck
      ? `#${id[gone]} does not show ${said(columns, acked)}, which #${id[acked]} had ${verb} before #${id[gone]} began, and no later read shows it`
      : `#${id[gone]} does not show ${said(columns, add)}, which #${id[first]} had read before #${id[gone]} began, and no later read shows it`;
    return { valid: false, witness: distinct(byAck ? [acked, gone] : [add, first, gone]), reason };
  }
  const judged = tally.stable + tally.neverRead;
  if (judged > 0 && tally.stable === 0) return { valid: 'undecided', reason: 'no read shows any of the elements, and none had to' };
  return { valid: true };
}

/** All appends of an element that may have happened: each allows a list to show it once more. */
function addsOf({ count, effect, status, key, value }: Columns, add: number): number[] {
  const adds: number[] = [];
  for (let i = add; i < count; i++)
    if (effect[i] === APPEND && status[i] !== FAIL && key[i] === key[add] && value[i] === value[add]) adds.push(i);
  return adds;
}

function duplicate(columns: Columns, { most, added }: Seen, e: number, read: number): string {
  const often = most[e] === 1 ? 'more than once' : `more often than the ${most[e]} times that it was appended`;
  return `#${columns.id[read]} read ${said(columns, added[e] as number)} ${often}`;
}

function figuresOf(tallies: readonly Tally[]): readonly Figure[] {
  const figure = (name: string, of: (tally: Tally) => number): Figure => ({
    name,
    value: tallies.reduce((sum, tally) => sum + of(tally), 0),
    unit: 'elements',
  });
  return [
    figure('lost', ({ lost }) => lost),
    figure('stale', ({ stale }) => stale),
    figure('never-read', ({ neverRead }) => neverRead),
    figure('stable', ({ stable }) => stable),
    figure('duplicated', ({ duplicated }) => duplicated),
    figure('unexpected', ({ unexpected }) => unexpected),
  ];
}
