import type { Operation } from '../../history/operation.ts';

/** All that touches one value: its only write and the reads that returned it. */
interface Cluster {
  /** When the write was called; the beginning for "no value". */
  written: number;
  /** The first return and the last call of any of them. */
  firstReturn: number;
  lastCall: number;
  read: boolean;
}

/**
 * Linearizability of one register in which no value is written twice: Gibbons & Korach, "Testing Shared Memories" (1997), as zones. From the first return to the last
 * call of a value's operations the register must hold that value throughout (a forward zone); a value whose last call comes before its first return
 * needs one moment between the two (a backward zone). The history is linearizable if and only if no two forward zones overlap and no backward
 * zone lies inside a forward one. Takes time n log n whatever the concurrency. Undefined where some value was written twice, or something was compared or appended to.
 */
export function byZones(operations: readonly Operation[]): boolean | undefined {
  const clusters = clustersOf(operations);
  if (clusters === undefined) return undefined;
  const forward: Cluster[] = [];
  const backward: Cluster[] = [];
  for (const cluster of clusters) {
    // A read that ended before its value began to be written; also the read of what nobody wrote, whose write begins never.
    if (cluster.firstReturn < cluster.written) return false;
    // An unknown write that nobody saw may never have happened.
    if (!cluster.read && cluster.firstReturn === Number.POSITIVE_INFINITY) continue;
    (cluster.firstReturn < cluster.lastCall ? forward : backward).push(cluster);
  }
  forward.sort((a, b) => a.firstReturn - b.firstReturn);
  for (let i = 1; i < forward.length; i++) {
    if ((forward[i] as Cluster).firstReturn < (forward[i - 1] as Cluster).lastCall) return false;
  }
  return backward.every((cluster) => {
    const around = lastBefore(forward, cluster.lastCall);
    return around === undefined || cluster.firstReturn >= around.lastCall;
  });
}

function clustersOf(operations: readonly Operation[]): readonly Cluster[] | undefined {
  const clusters = new Map<string | null, Cluster>();
  const { NEGATIVE_INFINITY: BEGINNING, POSITIVE_INFINITY: NEVER } = Number;
  // "No value" was there before everything else; unread it is a zone that lies before all others.
  clusters.set(null, { written: BEGINNING, firstReturn: BEGINNING, lastCall: BEGINNING, read: false });
  const reads: Operation[] = [];
  for (const operation of operations) {
    const { effect, status, value } = operation;
    if (status === 'fail' && operation.compared !== true) continue;
    if (effect === 'cas' || effect === 'append') return undefined;
    if (effect === 'read') {
      if (status === 'ok') reads.push(operation);
      continue;
    }
    if ((typeof value !== 'string' && value !== null) || clusters.has(value)) return undefined;
    clusters.set(value, {
      written: operation.callRank,
      firstReturn: status === 'ok' ? operation.returnRank : NEVER,
      lastCall: operation.callRank,
      read: false,
    });
  }
  for (const { value, callRank, returnRank } of reads) {
    if (typeof value !== 'string' && value !== null) return undefined;
    let cluster = clusters.get(value);
    if (cluster === undefined) clusters.set(value, (cluster = { written: NEVER, firstReturn: NEVER, lastCall: BEGINNING, read: true }));
    cluster.read = true;
    cluster.firstReturn = Math.min(cluster.firstReturn, returnRank);
    cluster.lastCall = Math.max(cluster.lastCall, callRank);
  }
  return [...clusters.values()];
}

/** The last forward zone that begins before a moment; they are sorted and do not overlap, so no other can hold it. */
function lastBefore(zones: readonly Cluster[], moment: number): Cluster | undefined {
  let lo = 0;
  let hi = zones.length;
  while (lo < hi) {
    const middle = (lo + hi) >> 1;
    if ((zones[middle] as Cluster).firstReturn < moment) lo = middle + 1;
    else hi = middle;
  }
  return zones[lo - 1];
}
