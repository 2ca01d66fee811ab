import fc from 'fast-check';
import type { Operation } from '../../src/history/operation.ts';

interface Shape {
  readonly most: number;
  readonly keys?: number;
  readonly processes?: number;
  /** Values are never written twice; a read may still find what nobody wrote. */
  readonly distinct?: boolean;
  /** Three reads to a write, of two values. */
  readonly readsOften?: boolean;
}

/**
 * Operations of a few processes on a few registers, in order of call: reads, writes, deletes, compare-and-set; ok, unknown, failed. What reads find is drawn from what is
 * written, so that about half of the histories make some sense. A process does one thing at a time, and goes on after an unknown outcome.
 */
export function anySessions({
  most,
  keys = 2,
  processes = 3,
  distinct = false,
  readsOften = false,
}: Shape): fc.Arbitrary<readonly Operation[]> {
  const reads = readsOften ? 4 : 2;
  const one = fc.record({
    process: fc.nat({ max: processes - 1 }),
    effect: fc.oneof(
      { weight: reads, arbitrary: fc.constant('read' as const) },
      { weight: 2, arbitrary: fc.constant('write' as const) },
      { weight: 1, arbitrary: fc.constant('cas' as const) },
    ),
    key: fc.nat({ max: keys - 1 }),
    value: fc.nat({ max: readsOften ? 1 : 3 }),
    seen: fc.nat({ max: 20 }),
    status: fc.constantFrom('ok', 'ok', 'ok', 'ok', 'ok', 'unknown', 'fail'),
    length: fc.integer({ min: 1, max: 6 }),
  });
  return fc.array(one, { maxLength: most }).map((list) => {
    const free = Array.from({ length: processes }, () => 0);
    const events: { readonly i: number; readonly at: number; readonly end: boolean }[] = [];
    list.forEach(({ process, length }, i) => {
      const at = Math.max(i, free[process] as number);
      free[process] = at + length;
      events.push({ i, at, end: false }, { i, at: at + length, end: true });
    });
    events.sort((a, b) => a.at - b.at || Number(b.end) - Number(a.end) || a.i - b.i);
    const calls = Array.from({ length: list.length }, () => 0);
    const ends = Array.from({ length: list.length }, () => 0);
    events.forEach(({ i, end }, position) => {
      (end ? ends : calls)[i] = position + 1;
    });
    const written = (i: number): string | null => {
      const { value } = list[i] as { readonly value: number };
      if (distinct) return `v${i}`;
      return value === 3 ? null : `v${value}`;
    };
    const values = (key: number): (string | null)[] =>
      list.flatMap((op, i) => (op.key === key && op.effect !== 'read' ? [written(i)] : [])).concat([null]);
    const history = list.map(({ process, effect, key, seen, status }, i): Operation => {
      const possible = values(key);
      const found = seen === 20 ? 'air' : (possible[seen % possible.length] as string | null);
      const callRank = calls[i] as number;
      const returnRank = status === 'unknown' ? Number.POSITIVE_INFINITY : (ends[i] as number);
      return {
        id: 0,
        process: `p${process}`,
        client: `p${process}`,
        node: 0,
        effect,
        key: `k${key}`,
        value: effect === 'read' ? found : written(i),
        ...(effect === 'cas' ? { expected: found ?? 'v0' } : {}),
        status: status as Operation['status'],
        callRank,
        returnRank,
        callUs: callRank,
        returnUs: returnRank,
      };
    });
    return history.toSorted((a, b) => a.callRank - b.callRank).map((op, i) => ({ ...op, id: i + 1 }));
  });
}
