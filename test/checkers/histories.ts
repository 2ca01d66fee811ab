import fc from 'fast-check';
import type { Operation } from '../../src/history/operation.ts';

const VALUES = [null, 'a', 'b', 'c'] as const;

/** Operations of one register with overlapping intervals: reads, writes, deletes, compare-and-set; ok, failed, unknown. */
export function anyHistory(
  most: number,
  statuses: readonly Operation['status'][] = ['ok', 'ok', 'ok', 'unknown', 'fail'],
): fc.Arbitrary<readonly Operation[]> {
  const one = fc.record({
    effect: fc.constantFrom('read' as const, 'read' as const, 'write' as const, 'cas' as const),
    value: fc.constantFrom(...VALUES),
    expected: fc.constantFrom('a', 'b', 'c'),
    status: fc.constantFrom(...statuses),
    compared: fc.boolean(),
    length: fc.integer({ min: 1, max: 8 }),
    gap: fc.nat({ max: 3 }),
  });
  return fc.array(one, { maxLength: most }).map((list) => {
    // Distinct ranks: events in order of time, ties in order of appearance.
    let now = 0;
    const events = list.flatMap(({ gap, length }, i) => {
      now += gap;
      return [
        { i, at: now, end: false },
        { i, at: now + length, end: true },
      ];
    });
    events.sort((a, b) => a.at - b.at || a.i - b.i);
    const rank = new Map(events.map((event, position) => [`${event.i} ${event.end}`, position + 1]));
    return list.map(({ effect, value, expected, status, compared }, i) => {
      const callRank = rank.get(`${i} false`) ?? 0;
      const returnRank = status === 'unknown' ? Number.POSITIVE_INFINITY : (rank.get(`${i} true`) ?? 0);
      return {
        id: i + 1,
        process: `p${i}`,
        client: `p${i}`,
        node: 0,
        effect,
        key: 'x',
        value,
        ...(effect === 'cas' ? { expected } : {}),
        ...(effect === 'cas' && status === 'fail' ? { compared } : {}),
        status,
        callRank,
        returnRank,
        callUs: callRank,
        returnUs: returnRank,
      };
    });
  });
}

/**
 * The definition itself, without a thought for speed: some subset of the unknown operations and all others in some order that keeps real time, in which
 * each finds what it found. Nothing is remembered, nothing is skipped.
 */
export function oracle(operations: readonly Operation[], value: Operation['value'] = null): boolean {
  const must = operations.filter((op) => op.status !== 'unknown');
  if (must.length === 0) return true;
  return operations.some((op) => {
    if (must.some((other) => other !== op && other.returnRank < op.callRank)) return false;
    const after = effectOn(op, value);
    return (
      after !== undefined &&
      oracle(
        operations.filter((other) => other !== op),
        after.value,
      )
    );
  });
}

function effectOn(op: Operation, value: Operation['value']): { readonly value: Operation['value'] } | undefined {
  if (op.status === 'fail') return op.effect === 'cas' && op.compared === true && op.expected === value ? undefined : { value };
  if (op.effect === 'read') return op.status === 'unknown' || op.value === value ? { value } : undefined;
  if (op.effect === 'write') return { value: op.value };
  if (op.expected === value) return { value: op.value };
  // An unknown compare-and-set may have run and found another value.
  return op.status === 'unknown' ? { value } : undefined;
}
