import { APPEND, CAS, OK, READ, UNKNOWN, WRITE } from '../../../src/history/columns.ts';
import { type History, momentUs, type Op, same, type Value } from '../history.ts';
import { type Before, effective, keysOf, ofKey, realTime, someOrder } from './common.ts';

const nothing = (value: Value): boolean => value === null || value === '';
const equal = (a: Value, b: Value): boolean => same(a, b) || (nothing(a) && nothing(b));

/** Weaker models take a cas that took effect for a write of its new value. */
const isWrite = ({ effect }: Op): boolean => effect === WRITE || effect === CAS || effect === APPEND;
const isRead = ({ effect, status }: Op): boolean => effect === READ && status === OK;

/** Regularity with many writers in its weak form (Shao, Welch, Pierce & Lee, Multiwriter consistency conditions for shared memory registers, SIAM J. Comput. 40, 2011), of one key. */
export function regular(history: History): boolean {
  const ops = effective(history);
  const writes = ops.filter(isWrite);
  // What a text that was appended to can be only an order of all writes tells.
  if (writes.some(({ effect }) => effect === APPEND)) return ops.filter(isRead).every((read) => within([...writes, read], realTime, 1));
  const sure = writes.filter(({ status }) => status === OK);
  return ops.filter(isRead).every((read) => {
    const between = (w: Op): boolean => sure.some((other) => realTime(w, other) && realTime(other, read));
    const fromWrite = writes.some((w) => equal(w.value, read.value) && w.call < read.ret && !between(w));
    return fromWrite || (nothing(read.value) && !sure.some((w) => realTime(w, read)));
  });
}

/** Whether some order that keeps `before` lets each read return one of the `k` newest values; the beginning counts as the oldest. */
function within(ops: readonly Op[], before: Before, k: number): boolean {
  return someOrder<readonly Value[]>(ops, before, [null], (newest, op) => {
    if (isWrite(op)) return [[op.effect === APPEND ? `${newest[0] ?? ''}${op.value ?? ''}` : op.value, ...newest]];
    return newest.slice(0, k).some((value) => equal(value, op.value)) ? [newest] : [];
  });
}

const judged = (history: History): readonly Op[] => effective(history).filter((op) => isWrite(op) || isRead(op));

/** The smallest k for which one key is k-atomic (Aiyer, Alvisi & Bazzi, On the availability of non-strict quorum systems, DISC 2005); Infinity where no k will do. */
export function staleVersions(history: History): number {
  const ops = judged(history);
  for (let k = 1; k <= ops.length + 1; k++) if (within(ops, realTime, k)) return k;
  return Number.POSITIVE_INFINITY;
}

/**
 * The smallest time in microseconds by which all reads must be let begin earlier for one key to be atomic (Golab, Li & Shah, Analyzing consistency properties for fun and profit, PODC
 * 2011, section 3); Infinity where none will do.
 */
export function staleUs(history: History): number {
  const ops = judged(history);
  const gaps = ops
    .filter(isRead)
    .flatMap((read) => ops.filter((op) => op.status !== UNKNOWN).map((op) => momentUs(read.call) - momentUs(op.ret)));
  const candidates = [...new Set([0, ...gaps.filter((gap) => gap > 0)])].sort((a, b) => a - b);
  const found = candidates.find((us) => {
    const begins = (op: Op): number => momentUs(op.call) - (isRead(op) ? us : 0);
    return within(ops, (a, b) => a !== b && a.status !== UNKNOWN && momentUs(a.ret) < begins(b), 1);
  });
  return found ?? Number.POSITIVE_INFINITY;
}

const worst = (history: History, of: (one: History) => number, least: number): number =>
  Math.max(least, ...keysOf(history).map((key) => of(ofKey(history, key))));

export const kFigures = (history: History): ReadonlyMap<string, number> => new Map([['k', worst(history, staleVersions, 1)]]);
export const tFigures = (history: History): ReadonlyMap<string, number> => new Map([['staleness', worst(history, staleUs, 0)]]);
export const kStaleness = (history: History): boolean => Number.isFinite(staleVersions(history));
export const tStaleness = (history: History): boolean => Number.isFinite(staleUs(history));
