import { formatDuration } from '../../core/units.ts';
import { type Columns, NEVER, UNKNOWN } from '../../history/columns.ts';
import { textKeys } from '../appends.ts';
import { type Figure, type Finding, finish, type Judging, type Model, type Verdict, verdictOf } from '../model.ts';
import { withOneNothing } from '../reads-from.ts';
import { distinct } from '../rows.ts';
import { measureKeys, type Range } from './by-key.ts';
import { type Clusters, clustersOf, type Sourced, sourced, tellingRows } from './clusters.ts';
import { conflict } from './conflict.ts';
import { counterexample, type Shown } from './shrink.ts';
import { movesOf } from './texts.ts';
import { isKAtomic } from './window-search.ts';
import { listed, said } from './words.ts';
import { orderBy, type Zones } from './zones.ts';

/** When operations ran, in microseconds. */
interface Timed extends Columns {
  readonly callUs: Float64Array;
  readonly returnUs: Float64Array;
}

/**
 * Delta-atomicity, key by key. Writes and unknown outcomes as in `k-staleness`. A key is delta-atomic if it is linearizable once every ok
 * read is taken to have begun delta microseconds earlier than it did. Moments are those of the recording (`callUs`, `returnUs`), and an
 * operation comes before another one only if it returned at an earlier moment than the other was called; ranks play no role. No delta
 * explains a read of what nobody had begun to write when it returned.
 *
 * A text that was appended to is what was there with the rest behind it. A key of such texts with more than a hundred operations is undecided, and the figure leaves it out.
 *
 * The figure `staleness` is the smallest delta, in whole microseconds (rounded up), for which all keys are delta-atomic; infinite where
 * there is none. Where finding it would take too long, which can only be if reads have several possible sources, it is a lower bound, and
 * `staleness-at-most` an upper one. Valid if it is at most `asked.bound`; without a bound if it is finite. Undecided without moments in the
 * recording.
 */
export const tStaleness: Model = {
  name: 't-staleness',
  aliases: ['delta-atomicity', 'delta-atomic', 't-visibility'],
  says: 'every read returns a value that was the newest at most so long before it began',
  source: 'Golab, Li & Shah, Analyzing consistency properties for fun and profit, PODC 2011',
  implies: [],
  bound: 'us',
  judges: ['register', 'cas-register', 'kv'],
  *judge({ columns: recorded, types }, { steps, bound }) {
    const { callUs, returnUs } = recorded;
    if (callUs === undefined || returnUs === undefined)
      return { valid: 'undecided', reason: 'the recording does not say when operations ran, only in which order' };
    if (callUs.some((us, i) => i > 0 && us < (callUs[i - 1] as number)))
      return { valid: 'undecided', reason: 'the moments of the recording contradict the order of its operations' };
    const columns = byMoments({ ...withOneNothing(recorded, types), callUs, returnUs });
    return yield* judge(columns, textKeys(columns, types), steps, bound);
  },
};

/** Ranks by the moments alone: of what happened at the same one calls come before returns, so that intervals that touch overlap. */
function byMoments(columns: Timed): Timed {
  const { count, status, callUs, returnUs } = columns;
  const returns = Float64Array.from(returnUs, (us, i) => (status[i] === UNKNOWN ? Number.POSITIVE_INFINITY : us));
  const order = orderBy(returns);
  const call = new Int32Array(count);
  const ret = new Int32Array(count).fill(NEVER);
  let rank = 0;
  let next = 0;
  for (let i = 0; i <= count; i++) {
    const until = i < count ? (callUs[i] as number) : Number.POSITIVE_INFINITY;
    for (; next < count && (returns[order[next] as number] as number) < until; next++) ret[order[next] as number] = ++rank;
    if (i < count) call[i] = ++rank;
  }
  return { ...columns, call, ret, ranks: rank };
}

function* judge(columns: Timed, texts: Uint8Array, steps: number, bound: number | undefined): Generator<Judging, Verdict> {
  const history = sourced(columns, texts);
  const budget = { steps };
  const {
    findings,
    worst,
    least: leastUs,
    most: mostUs,
  } = yield* measureKeys(
    history,
    0,
    (key) => stalenessOf(columns, history, key, budget),
    (key, range) => judged(columns, history, key, range, bound),
  );
  const figures: Figure[] = [{ name: 'staleness', value: leastUs, unit: 'us' }];
  if (mostUs > leastUs) figures.push({ name: 'staleness-at-most', value: mostUs, unit: 'us' });
  const verdict = { ...verdictOf(findings), figures };
  if (verdict.valid !== true || worst < 0) return verdict;
  const seen = atSight(columns, history, worst, leastUs - 1);
  return seen === undefined ? verdict : { ...verdict, reason: `at worst: ${seen.reason}` };
}

/** The smallest whole number of microseconds for one key, or bounds of it. */
function* stalenessOf(columns: Timed, history: Sourced, key: number, budget: { steps: number }): Generator<Judging, Range> {
  const rows = tellingRows(history, key);
  const grows = history.texts[key] === 1;
  let atomic: (us: number) => boolean | Generator<Judging, boolean | undefined>;
  if (history.open[key] === 0) {
    const clusters = clustersOf(history, rows);
    const zones = zonesAt(columns, clusters);
    atomic = (us) => conflict(zones(us)) === undefined;
  } else atomic = (us) => searched(columns, rows, us, budget, grows);
  const ask = function* (us: number): Generator<Judging, boolean | undefined> {
    yield { done: 0, of: 1 };
    const answer = atomic(us);
    return typeof answer === 'boolean' ? answer : yield* answer;
  };
  const now = yield* ask(0);
  if (now === true) return { least: 0, most: 0 };
  // With every read at the beginning of time each write and its reads can stand in a place of their own. Rows stand in order of call.
  const [first, last] = [rows[0] as number, rows.at(-1) as number];
  let high = Math.max(1, Math.ceil((columns.callUs[last] as number) - (columns.callUs[first] as number)));
  if (grows) {
    // A text that no order makes no delta explains.
    const ever = yield* ask(high);
    if (ever !== true) return { least: ever === undefined ? 0 : Number.POSITIVE_INFINITY, most: Number.POSITIVE_INFINITY };
  }
  if (now === undefined) return { least: 0, most: high };
  let low = 0;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const found = yield* ask(middle);
    if (found === undefined) break;
    if (found) high = middle;
    else low = middle;
  }
  return { least: low + 1, most: high };
}

/**
 * Zones in microseconds, if reads are taken to have begun so much earlier. When values must be there at the earliest does not depend on
 * that.
 */
function zonesAt({ callUs, returnUs }: Timed, { size, write, first, last }: Clusters): (us: number) => Zones {
  const from = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  for (let c = 1; c < size; c++) from[c] = returnUs[first[c] as number] as number;
  const order = orderBy(from);
  const until = new Float64Array(size);
  return (us) => {
    for (let c = 0; c < size; c++) {
      const written = c === 0 ? Number.NEGATIVE_INFINITY : (callUs[write[c] as number] as number);
      until[c] = last[c] === -1 ? written : Math.max(written, (callUs[last[c] as number] as number) - us);
    }
    return { order, from, until };
  };
}

function searched(
  columns: Timed,
  rows: readonly number[],
  us: number,
  budget: { steps: number },
  grows: boolean,
): Generator<Judging, boolean | undefined> {
  const { moves, values } = movesOf(columns, rows, grows);
  const timed = moves.map((move, i) => ({
    ...move,
    call: (columns.callUs[rows[i] as number] as number) - (move.read ? us : 0),
    end: move.end === Number.POSITIVE_INFINITY ? move.end : (columns.returnUs[rows[i] as number] as number),
  }));
  return isKAtomic(timed, 1, budget, values);
}

function judged(
  columns: Timed,
  history: Sourced,
  key: number,
  { least: leastUs, most: mostUs }: Range,
  bound: number | undefined,
): Finding {
  const limitUs = bound ?? Number.MAX_VALUE;
  if (mostUs <= limitUs) return { valid: true };
  if (leastUs <= limitUs)
    return { valid: 'undecided', reason: `reads are at least ${formatDuration(leastUs)} stale, and the budget of steps ran out` };
  return counterexample(history, key, {
    atSight: (part, k) => atSight(part.columns as Timed, part, k, limitUs),
    tooStale: (part, k) => finish(stalenessOf(part.columns as Timed, part, k, { steps: 20_000 })).least > limitUs,
    otherwise(witness) {
      const among = listed(columns, witness);
      return bound === undefined
        ? `no order of ${among} makes what the reads among them returned, however long before`
        : `the reads among ${among} must be more than ${formatDuration(bound)} stale`;
    },
  });
}

/** Two values that each were there after the other, even if reads began so much earlier. */
function atSight(columns: Timed, history: Sourced, key: number, us: number): Shown | undefined {
  if (history.open[key] !== 0) return undefined;
  const clusters = clustersOf(history, tellingRows(history, key));
  const pair = conflict(zonesAt(columns, clusters)(us));
  if (pair === undefined) return undefined;
  const { write, first, last } = clusters;
  const witness = distinct(pair.flatMap((c) => [write[c] as number, first[c] as number, last[c] as number]));
  return { witness, reason: tooLate(columns, clusters, pair) };
}

/** Of two values that each were there after the other: the read that was late by less, so that it is the one to be excused. */
function tooLate(columns: Timed, { write, first, last }: Clusters, [a, b]: readonly [number, number]): string {
  const { id, callUs, returnUs } = columns;
  const late = (old: number, young: number): number => {
    if (last[old] === -1 || first[young] === -1) return Number.POSITIVE_INFINITY;
    return (callUs[last[old] as number] as number) - (returnUs[first[young] as number] as number);
  };
  const [old, young] = late(a, b) <= late(b, a) ? [a, b] : [b, a];
  const read = last[old] as number;
  const end = first[young] as number;
  const did = end === write[young] ? 'written' : 'read';
  return `#${id[read]} read ${said(columns, read)} ${formatDuration(late(old, young))} after #${id[end]} had ${did} ${said(columns, end)}, and the other way round it is worse`;
}
