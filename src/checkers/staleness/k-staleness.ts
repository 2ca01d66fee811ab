import { textKeys } from '../appends.ts';
import { type Figure, type Finding, finish, type Model, verdictOf } from '../model.ts';
import { withOneNothing } from '../reads-from.ts';
import { distinct } from '../rows.ts';
import { measureKeys } from './by-key.ts';
import { clustersOf, type Sourced, sourced, tellingRows } from './clusters.ts';
import { conflict } from './conflict.ts';
import { counterexample, type Shown } from './shrink.ts';
import { forced, type Versions, versionsOf } from './versions.ts';
import { behind, listed } from './words.ts';
import { zonesOf } from './zones.ts';

/** Every finite number of versions is at most this. */
const MOST_VERSIONS = Number.MAX_SAFE_INTEGER;

/**
 * k-atomicity, key by key. Writes are writes and compare-and-sets that did not fail (what they compared with is not looked at); those of
 * unknown outcome may have happened once, at any time after their call, or never. A key is k-atomic if its ok reads and writes can be put
 * in a total order in which an operation that returned before another one was called comes first, and each read returns one of the k values
 * that were written last before it; "no value" of the beginning counts as one, the oldest. k = 1 is linearizability.
 *
 * A text that was appended to is what was there with the rest behind it. A key of such texts with more than a hundred operations is undecided, and the figure leaves it out.
 *
 * The figure `k` is the smallest k for which all keys are k-atomic; infinite where a read returned what no write can explain that was
 * called before it returned. Where finding it would take too long it is a lower bound, and `k-at-most` an upper one. Valid if k is at most
 * `asked.bound`; without a bound if k is finite. Undecided where the bounds of k lie on both sides of the one that was asked for. Finding k
 * = 1 and k = 2 is exact for any size where no read has more than one possible source; a larger k is sought within the budget.
 */
export const kStaleness: Model = {
  name: 'k-staleness',
  aliases: ['k-atomicity', 'k-atomic', 'bounded-staleness'],
  says: 'every read returns one of the k newest values, in some order that keeps real time',
  source:
    'Aiyer, Alvisi & Bazzi, On the availability of non-strict quorum systems, DISC 2005; Golab, Hurwitz & Li, On the k-atomicity-verification problem, ICDCS 2013',
  implies: [],
  bound: 'versions',
  judges: ['register', 'cas-register', 'kv'],
  *judge({ columns: recorded, types }, { steps, bound }) {
    const columns = withOneNothing(recorded, types);
    const texts = textKeys(columns, types);
    const history = sourced(columns, texts);
    const budget = { steps };
    const { findings, least, most, worst } = yield* measureKeys(
      history,
      1,
      (key) => versionsOf(history, key, budget),
      (key, versions) => judged(history, key, versions, bound),
    );
    const figures: Figure[] = [{ name: 'k', value: least, unit: 'versions' }];
    if (most > least) figures.push({ name: 'k-at-most', value: most, unit: 'versions' });
    const verdict = { ...verdictOf(findings), figures };
    if (verdict.valid !== true) return verdict;
    if (most > least) return { ...verdict, reason: `k is at least ${least} and at most ${most}; to find out which took too long` };
    const seen = worst < 0 ? undefined : atSight(history, worst, least - 1);
    return seen === undefined ? verdict : { ...verdict, reason: `at worst: ${seen.reason}` };
  },
};

function judged(history: Sourced, key: number, { least, most }: Versions, bound: number | undefined): Finding {
  const limit = bound ?? MOST_VERSIONS;
  if (most <= limit) return { valid: true };
  if (least <= limit) return { valid: 'undecided', reason: `k is at least ${least} and at most ${most}, and the budget of steps ran out` };
  return tooStale(history, key, Math.max(0, Math.floor(limit)));
}

/** Operations that are not `bound`-atomic by themselves. */
function tooStale(history: Sourced, key: number, bound: number): Finding {
  const { columns, keyed } = history;
  // No order of anything is better than k = 1.
  if (bound < 1) {
    const any = keyed.rows[keyed.from[key] as number] as number;
    return { valid: false, witness: [any], reason: `k is 1 at best, whatever #${columns.id[any]} did` };
  }
  return counterexample(history, key, {
    atSight: (part, k) => atSight(part, k, bound),
    tooStale: (part, k) => finish(versionsOf(part, k, { steps: 20_000 })).least > bound,
    otherwise: (witness) =>
      `no order of ${listed(columns, witness)} lets every read return ${bound === MOST_VERSIONS ? 'what was there at some time' : `one of the ${bound} newest values`}`,
  });
}

/** A read that in every order is more than `bound` versions behind, or for 1 two values that each were there after the other, where there are such. */
function atSight(history: Sourced, key: number, bound: number): Shown | undefined {
  if (history.open[key] !== 0) return undefined;
  const { columns } = history;
  const clusters = clustersOf(history, tellingRows(history, key));
  const zones = zonesOf(columns, clusters);
  const { write, first, last } = clusters;
  const { versions, cluster } = forced(columns, clusters, zones);
  if (versions > bound) {
    const [from, until] = [zones.from[cluster] as number, zones.until[cluster] as number];
    const between = Array.from(zones.order).filter(
      (x) => (columns.call[write[x] as number] as number) > from && (zones.from[x] as number) < until,
    );
    const newer = between.slice(-bound);
    const read = last[cluster] as number;
    const witness = distinct([...[cluster, ...newer].flatMap((x) => [write[x] as number, first[x] as number]), read]);
    return { witness, reason: behind(columns, read, versions - 1, write[newer.at(-1) as number] as number) };
  }
  const pair = bound < 2 ? conflict(zones) : undefined;
  if (pair === undefined) return undefined;
  const witness = distinct(pair.flatMap((c) => [write[c] as number, first[c] as number, last[c] as number]));
  return { witness, reason: `no order of ${listed(columns, witness)} lets every read return the newest value` };
}
