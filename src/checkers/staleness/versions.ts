import type { Columns } from '../../history/columns.ts';
import type { Judging } from '../model.ts';
import { type Clusters, clustersOf, type Sourced, tellingRows } from './clusters.ts';
import { conflict } from './conflict.ts';
import { movesOf } from './texts.ts';
import { isTwoAtomic } from './two-atomic.ts';
import { isKAtomic } from './window-search.ts';
import { type Zones, zonesOf } from './zones.ts';

/** How many versions behind the reads of a key are: it is `least`-atomic at best, and `most`-atomic for certain. */
export interface Versions {
  readonly least: number;
  readonly most: number;
}

/**
 * The smallest k for which one key is k-atomic, or bounds of it where the budget does not reach so far. Where each read has one source: k =
 * 1 by zones and k = 2 by limited backtracking, both exact; beyond that at least as many versions as in every order must stand from some
 * write to its last read, and at most as many as stand there if the writes are put in order of taking effect. Between the two, and where
 * values repeat or texts were appended to, by search.
 */
export function* versionsOf(sourced: Sourced, key: number, budget: { steps: number }): Generator<Judging, Versions> {
  const { columns } = sourced;
  const rows = tellingRows(sourced, key);
  let least = 1;
  let most = rows.length + 1;
  if (sourced.open[key] === 0) {
    const clusters = clustersOf(sourced, rows);
    const zones = zonesOf(columns, clusters);
    if (conflict(zones) === undefined) return { least: 1, most: 1 };
    most = inOrderOfEffect(zones);
    const two = most > 2 ? yield* isTwoAtomic(columns, clusters, budget) : true;
    if (two === true) return { least: 2, most: 2 };
    least = Math.max(two === undefined ? 2 : 3, forced(columns, clusters, zones).versions);
  }
  if (least === most) return { least, most };
  const grows = sourced.texts[key] === 1;
  const { moves, values } = movesOf(columns, rows, grows);
  if (grows) {
    // A text that no order makes is too old for every k.
    const found = yield* isKAtomic(moves, most, budget, values);
    if (found === false) return { least: Number.POSITIVE_INFINITY, most: Number.POSITIVE_INFINITY };
    if (found === undefined) return { least, most: Number.POSITIVE_INFINITY };
  }
  for (; least < most; least++) {
    const found = yield* isKAtomic(moves, least, budget, values);
    if (found === true) return { least, most: least };
    if (found === undefined) break;
  }
  return { least, most };
}

/** How many of the ascending numbers that `at` gives lie below a limit. */
function below(size: number, at: (i: number) => number, limit: number): number {
  let lo = 0;
  let hi = size;
  while (lo < hi) {
    const middle = (lo + hi) >> 1;
    if (at(middle) < limit) lo = middle + 1;
    else hi = middle;
  }
  return lo;
}

/**
 * The versions that the last reads are behind if the writes take place in the order in which they had certainly taken effect. That order
 * keeps real time.
 */
function inOrderOfEffect({ order, from, until }: Zones): number {
  let most = 1;
  for (let at = 0; at < order.length; at++) {
    const passed = below(order.length, (i) => from[order[i] as number] as number, until[order[at] as number] as number);
    most = Math.max(most, passed - at);
  }
  return most;
}

/**
 * The most versions that must stand from a write to its last read in every order: itself, and those that began when it had taken effect and
 * had taken effect when that read began. And the cluster of that write. Counted by going through the clusters by when their last reads
 * began, with a tree (Fenwick 1994) of those that had taken effect by then.
 */
export function forced(
  columns: Columns,
  { size, write }: Clusters,
  { order, from, until }: Zones,
): { readonly versions: number; readonly cluster: number } {
  const tree = new Int32Array(size + 1);
  const asked = Int32Array.from(order).sort((a, b) => (until[a] as number) - (until[b] as number) || a - b);
  let entered = 0;
  let worst = { versions: 1, cluster: 0 };
  for (const c of asked) {
    for (; entered < size && (from[order[entered] as number] as number) < (until[c] as number); entered++)
      for (let at = (order[entered] as number) + 1; at <= size; at += at & -at) tree[at] = (tree[at] as number) + 1;
    // Clusters are numbered by call: those below this number had been called when it had taken effect; so had the beginning.
    const older = Math.max(
      1,
      below(size, (i) => columns.call[write[i] as number] as number, from[c] as number),
    );
    let among = 0;
    for (let at = older; at > 0; at -= at & -at) among += tree[at] as number;
    if (1 + entered - among > worst.versions) worst = { versions: 1 + entered - among, cluster: c };
  }
  return worst;
}
