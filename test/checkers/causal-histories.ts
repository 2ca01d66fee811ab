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
  return fc.array(one, { maxLength: most, size: 'max' }).map((list) => {
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

/** A write of a store with replicas: what its replica had when it was made, and its time, later than theirs, with the process to break ties. */
interface Made {
  readonly key: number;
  readonly value: string | null;
  readonly past: readonly Made[];
  readonly time: number;
}

/**
 * Operations of processes with a replica each. Before an operation a replica takes up some of the writes that it does not have yet: any of them, or (`causes`) only those whose causes it has. A
 * read finds what was taken up last, or (`times`) what has the latest time; one read may find something older. So most reads make sense, and many histories fit some models and not others.
 */
export function anyReplicas(most: number, processes: number, keys: number): fc.Arbitrary<readonly Operation[]> {
  const one = fc.record({
    process: fc.nat({ max: processes - 1 }),
    key: fc.nat({ max: keys - 1 }),
    effect: fc.constantFrom(...(['read', 'read', 'read', 'write', 'write', 'cas'] as const)),
    takes: fc.array(fc.nat({ max: 9 }), { maxLength: 2, size: 'max' }),
    unknown: fc.nat({ max: 11 }),
    deletes: fc.nat({ max: 9 }),
    late: fc.nat({ max: 4 }),
  });
  const odd = fc.tuple(fc.nat({ max: most - 1 }), fc.nat({ max: 9 }));
  return fc
    .tuple(fc.array(one, { maxLength: most, size: 'max' }), fc.boolean(), fc.boolean(), odd)
    .map(([list, causes, times, [oddRead, oddly]]) => {
      const written: Made[] = [];
      const replicas = Array.from({ length: processes }, () => new Set<Made>());
      return list.map(({ process, key, effect, takes, unknown, deletes, late }, i): Operation => {
        const replica = replicas[process] as Set<Made>;
        for (const nth of takes) {
          const missing = written.filter((write) => !replica.has(write) && (!causes || write.past.every((cause) => replica.has(cause))));
          const taken = missing[nth % Math.max(1, missing.length)];
          if (taken !== undefined) replica.add(taken);
        }
        const seen = [...replica].filter((write) => write.key === key);
        // One read may find something else.
        const last = (times ? seen.toSorted((a, b) => a.time - b.time) : seen).at(i === oddRead ? -1 - (oddly % 3) : -1);
        const found = last?.value ?? null;
        const value = effect === 'read' ? found : deletes === 0 && effect === 'write' ? null : `v${i}`;
        const compares = effect === 'cas' && found !== null;
        if (effect !== 'read') {
          const past = [...replica];
          const write = { key, value, past, time: 10 + 10 * late + process + Math.max(0, ...past.map(({ time }) => time - (time % 10))) };
          written.push(write);
          replica.add(write);
        }
        const lost = unknown === 0;
        const [callRank, returnRank] = [2 * i + 1, lost ? Number.POSITIVE_INFINITY : 2 * i + 2];
        return {
          ...{ id: i + 1, process: `p${process}`, client: `p${process}`, node: 0, key: `k${key}`, value },
          ...{ effect: effect === 'cas' && !compares ? 'write' : effect, ...(compares ? { expected: found } : {}) },
          ...{ status: lost ? 'unknown' : 'ok', callRank, returnRank, callUs: callRank, returnUs: returnRank },
        };
      });
    });
}

/** Every history in which one process writes z, x, z or x, z, x and the other writes x and then reads three times, one after the other. */
export function* everyPair(): Generator<readonly Operation[]> {
  const KEYS = ['z', 'x'] as const;
  for (const pattern of [2, 5]) {
    const writes = [0, 1, 2].map((i) => ({ key: KEYS[(pattern >> i) & 1] as string, value: `p${i}` }));
    const possible = KEYS.flatMap((key) => [
      ...writes.filter((write) => write.key === key),
      ...(key === 'x' ? [{ key, value: 'q' }] : []),
      { key, value: null },
    ]);
    for (const first of possible)
      for (const second of possible)
        for (const third of possible)
          yield [
            ...writes.map((write) => ({ process: 'p', effect: 'write' as const, ...write })),
            { process: 'q', effect: 'write' as const, key: 'x', value: 'q' },
            ...[first, second, third].map((read) => ({ process: 'q', effect: 'read' as const, ...read })),
          ].map(({ process, effect, key, value }, i) => {
            const [callRank, returnRank] = [2 * i + 1, 2 * i + 2];
            const times = { callRank, returnRank, callUs: callRank, returnUs: returnRank };
            return { id: i + 1, process, client: process, node: 0, effect, key, value, status: 'ok', ...times };
          });
  }
}
