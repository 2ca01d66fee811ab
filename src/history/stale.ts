import type { Op } from '../core/ids.ts';
import type { Value } from '../sim/process.ts';
import type { Operation } from './operation.ts';

/** Whether an ok read was stale, and against what. */
export interface Judgement {
  readonly stale: boolean;
  /** The value of the last write acknowledged before the read was invoked; `null`: none had been, or it deleted. */
  readonly latest: Value;
  /** How long before the read returned that write had been acknowledged, in microseconds. Absent where there was none. */
  readonly agoUs?: number;
  /** The operation that wrote it. */
  readonly latestOp?: Op;
}

function writes(operation: Operation): boolean {
  return operation.effect === 'write' || operation.effect === 'cas';
}

/**
 * LANGUAGE section 5, word for word: an ok read of v is stale if some write w was acknowledged before the read was invoked and every write of
 * v (or the empty beginning) had returned before w was invoked. Unknown writes never return, so a read of one is not stale. A failed write did
 * not happen and can neither supply a value nor make a read stale. Meant for registers; `read` must be an ok read.
 */
export function judgeRead(operations: readonly Operation[], read: Operation): Judgement {
  // The last moment at which v can have been written for the first time: a later write of v makes the read fresh.
  let writtenBy = read.value === null ? Number.NEGATIVE_INFINITY : undefined;
  let latest: Operation | undefined;
  let newestCall = Number.NEGATIVE_INFINITY;
  for (const operation of operations) {
    if (operation.key !== read.key || !writes(operation) || operation.status === 'fail') continue;
    if (operation.value === read.value)
      writtenBy = Math.max(
        writtenBy ?? Number.NEGATIVE_INFINITY,
        operation.status === 'ok' ? operation.returnRank : Number.POSITIVE_INFINITY,
      );
    if (operation.status !== 'ok' || operation.returnRank > read.callRank) continue;
    newestCall = Math.max(newestCall, operation.callRank);
    if (latest === undefined || operation.returnRank > latest.returnRank) latest = operation;
  }
  // A value that nobody wrote has no write at all, so "every write of v" holds and any acknowledged write makes it stale.
  const stale = newestCall > (writtenBy ?? Number.NEGATIVE_INFINITY);
  if (latest === undefined) return { stale, latest: null };
  return { stale, latest: latest.value, agoUs: read.returnUs - latest.returnUs, latestOp: latest.id };
}
