import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeOperations } from '../../src/checkers/index.ts';
import { linearizable } from '../../src/checkers/linearizable.ts';
import { merge, newestTs, sameRow } from '../../src/protocols/lww.ts';
import type { Session } from '../../src/session/session.ts';
import { anySeed, fingerprint, operationLine, play, script } from '../harness/scripts.ts';
import { anyFault, anyNode, anyWait, cluster, held, mend, NODES, run } from './cassandra-lab.ts';

// What Cassandra promises, under random faults, through the real language and driver. Each law was seen to fail once on a broken core.

const KEYS = ['x', 'y'] as const;
const anyLevel = fc.constantFrom('any', 'one', 'local_one', 'two', 'quorum', 'all');
const anyReadLevel = fc.constantFrom('one', 'quorum', 'all', 'serial');

const anyOperation = fc.oneof(
  fc
    .tuple(fc.constantFrom(...KEYS), anyNode, fc.integer({ min: 0, max: 99 }), anyLevel)
    .map(([k, n, v, l]) => `set ${k}@${n} v${v} level=${l}`),
  fc.tuple(fc.constantFrom(...KEYS), anyNode, anyReadLevel).map(([k, n, l]) => `read ${k}@${n} level=${l}`),
  fc.tuple(fc.constantFrom(...KEYS), anyNode, anyLevel).map(([k, n, l]) => `delete ${k}@${n} level=${l}`),
  // Few values and few timestamps: ties of both kinds, and equal values with different timestamps.
  fc
    .tuple(fc.constantFrom(...KEYS), anyNode, fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }))
    .map(([k, n, v, t]) => `set ${k}@${n} t${v} ts=${9e14 + t}`),
  fc.tuple(anyNode, fc.integer({ min: 0, max: 2 })).map(([n, t]) => `delete x@${n} ts=${9e14 + t}`),
);

const anyRun = fc.array(
  fc.oneof({ weight: 6, arbitrary: anyOperation }, { weight: 3, arbitrary: anyFault }, { weight: 2, arbitrary: anyWait }),
  { minLength: 3, maxLength: 20 },
);

describe('anti-entropy', () => {
  it('makes all replicas hold the same after heal and repair, whatever happened', () => {
    fc.assert(
      fc.property(anySeed, anyRun, fc.array(anyNode, { maxLength: 1 }), (seed, lines, dark) => {
        const session = cluster(seed, '');
        run(session, [...lines, ...dark.map((n) => `powerloss ${n}`)]);
        mend(session);
        expect(run(session, ['repair'])).toMatchObject([{ outcome: 'ok' }]);
        for (const key of KEYS) for (const node of [1, 2]) expect(sameRow(held(session, 0, key), held(session, node, key))).toBe(true);
        expect(run(session, ['expect converged'])).toMatchObject([{ held: true }]);
      }),
      { numRuns: 120 },
    );
  });
});

describe('hinted handoff', () => {
  it('needs no repair where no coordinator forgets its hints', () => {
    const calm = fc.array(
      fc.oneof(
        anyOperation,
        anyNode.map((n) => `partition ${n}`),
        fc.constant('heal'),
        fc.constantFrom('wait 1s', 'wait 30s'),
      ),
      { minLength: 3, maxLength: 15 },
    );
    fc.assert(
      fc.property(anySeed, calm, (seed, lines) => {
        const session = cluster(seed, '');
        run(session, lines);
        mend(session);
        expect(run(session, ['expect converged'])).toMatchObject([{ held: true }]);
      }),
      { numRuns: 120 },
    );
  });
});

describe('cells', () => {
  it('never go backwards on any replica', () => {
    let moves = 0;
    fc.assert(
      fc.property(anySeed, anyRun, (seed, lines) => {
        const session = cluster(seed, '');
        for (const line of lines) {
          const before = NODES.map((_, node) => KEYS.map((key) => held(session, node, key)));
          play(session, line);
          NODES.forEach((_, node) => {
            KEYS.forEach((key, i) => {
              const old = before[node]?.[i];
              const now = held(session, node, key);
              if (old === undefined) throw new Error('every node has every key');
              if (!sameRow(old, now)) moves++;
              // What a replica holds includes all that it has held before.
              expect(sameRow(merge(old, now), now) || newestTs(now) > newestTs(old)).toBe(true);
              expect(newestTs(now)).toBeGreaterThanOrEqual(newestTs(old));
            });
          });
        }
      }),
      { numRuns: 120 },
    );
    expect(moves).toBeGreaterThan(200);
  });
});

describe('an acknowledged write', () => {
  it('is on as many replicas as its level says', () => {
    // A coordinator that dies and comes back while its first answers are still on their way must not take them for answers to its next write.
    const reborn = fc
      .tuple(anyNode, anyNode, anyNode)
      .map(([slow, p, q]) => [
        `slow ${slow} 700ms`,
        `set x@${p} old &`,
        'wait 1ms',
        `crash ${p}`,
        `restart ${p}`,
        `partition ${q}`,
        `set x@${p} new level=quorum`,
      ]);
    const runs = fc
      .array(fc.oneof({ weight: 4, arbitrary: anyRun }, { weight: 1, arbitrary: reborn }), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.flat());
    const needed: Readonly<Record<string, number>> = { one: 1, local_one: 1, two: 2, quorum: 2, all: 3 };
    let writes = 0;
    fc.assert(
      fc.property(anySeed, runs, (seed, lines) => {
        const session = cluster(seed, '');
        for (const line of lines) {
          for (const row of run(session, [line])) {
            const ts = Number(/^ts (-?\d+)$/.exec(row.notes?.find((note) => note.startsWith('ts ')) ?? '')?.[1]);
            const need = needed[/level=(\w+)/.exec(row.command)?.[1] ?? ''];
            if (row.outcome !== 'ok' || row.key === undefined || Number.isNaN(ts) || need === undefined) continue;
            writes++;
            const { key } = row;
            expect(NODES.filter((_, node) => newestTs(held(session, node, key)) >= ts).length).toBeGreaterThanOrEqual(need);
          }
        }
      }),
      { numRuns: 150 },
    );
    expect(writes).toBeGreaterThan(200);
  });
});

/** Values are all different, so the timestamp of what a read returned can be found on some replica. */
function timestampOf(session: Session, value: string, seen: Map<string, number>): number {
  NODES.forEach((_, node) => {
    const row = held(session, node, 'x');
    if (row.value !== null) seen.set(row.value, row.ts);
  });
  return seen.get(value) ?? Number.NaN;
}

describe('quorum reads with blocking read repair', () => {
  it('are monotonic, although writes at quorum may time out', () => {
    const read = anyNode.map((n) => `read x@${n} level=quorum`);
    // A value that only one replica has, then readers here and there while links are slow or lossy: where reads that are not monotonic show.
    const lonely = fc
      .tuple(anyNode, anyNode, fc.constantFrom('one', 'quorum'), fc.array(fc.oneof(read, anyFault), { minLength: 2, maxLength: 4 }))
      .map(([n, p, level, lines]) => [
        `partition ${n}`,
        `set x@${n} VALUE level=${level} timeout=1ms`,
        'heal',
        `delay ${n} ${p === n ? 'a' : p} 100ms`,
        'wait 250ms',
        ...lines,
      ]);
    const single = fc.oneof(
      { weight: 2, arbitrary: fc.tuple(anyNode, fc.constantFrom('one', 'quorum')).map(([n, level]) => `set x@${n} VALUE level=${level}`) },
      { weight: 4, arbitrary: read },
      { weight: 2, arbitrary: anyFault },
      { weight: 1, arbitrary: anyWait },
    );
    const quorumRun = fc
      .array(
        fc.oneof(
          lonely,
          single.map((line) => [line]),
        ),
        { minLength: 3, maxLength: 12 },
      )
      .map((parts) => parts.flat());
    let reads = 0;
    fc.assert(
      fc.property(anySeed, quorumRun, (seed, lines) => {
        const session = cluster(seed, '');
        const seen = new Map<string, number>();
        let newest = Number.NEGATIVE_INFINITY;
        lines
          .filter((line) => !/^delay (.) \1 /.test(line))
          .forEach((line, i) => {
            for (const row of run(session, [line.replace('VALUE', `v${i}`)])) {
              if (row.kind !== 'read' || row.outcome !== 'ok') {
                timestampOf(session, '', seen);
                continue;
              }
              reads++;
              const ts = row.value === null ? Number.NEGATIVE_INFINITY : timestampOf(session, String(row.value), seen);
              expect(ts).toBeGreaterThanOrEqual(newest);
              newest = ts;
            }
          });
      }),
      { numRuns: 120 },
    );
    expect(reads).toBeGreaterThan(300);
  });
});

describe('lightweight transactions', () => {
  const value = fc.integer({ min: 0, max: 3 }).map((n) => `v${n}`);
  const background = fc.constantFrom('', '', ' &');
  const transactions = fc.oneof(
    fc.tuple(anyNode, fc.oneof(value, fc.constant('none')), value, background).map(([n, v, w, b]) => `cas x@${n} ${v} ${w}${b}`),
    fc.tuple(anyNode, background).map(([n, b]) => `read x@${n} level=serial${b}`),
  );
  // A coordinator that stops in the middle of its rounds: a round trip is about a millisecond, a proposal arrives in the third.
  const interrupted = fc
    .tuple(transactions, fc.constantFrom('1ms', '2200us', '2500us', '2800us', '3200us'), anyNode, anyNode, transactions, transactions)
    .map(([first, after, n, p, second, third]) => [
      first.endsWith('&') ? first : `${first} &`,
      `wait ${after}`,
      n === p ? `crash ${n}` : after === '2500us' ? `crash ${n}; restart; partition ${p}` : `cut ${n} -> ${p}`,
      second,
      'heal',
      'wait 300ms',
      third,
    ]);
  // Two that want to change the same value, the second while the first is being decided; the first may freeze there, and the others may lose their memory.
  const rivals = fc
    .tuple(anyNode, anyNode, fc.integer({ min: 18, max: 36 }), fc.constantFrom('', 'freeze', 'forget'), value, value, value)
    .map(([n, p, tenths, how, v, w, u]) => [
      `cas x@${n} none ${v}`,
      'read x level=serial',
      `cas x@${n} ${v} ${w} &`,
      `wait ${tenths * 100}us`,
      ...(how === '' ? [] : [`pause ${n} 50ms`]),
      ...(how === 'forget' ? NODES.filter((other) => other !== n).flatMap((other) => [`crash ${other}`, `restart ${other}`]) : []),
      `cas x@${p} ${v} ${u}`,
      'wait',
      'wait 1s',
      'read x level=serial',
    ]);
  it('make a key linearizable, if all access to it goes through them', () => {
    let operations = 0;
    const single = fc.oneof({ weight: 6, arbitrary: transactions }, { weight: 3, arbitrary: anyFault }, { weight: 1, arbitrary: anyWait });
    const runs = fc.array(
      fc.oneof(
        { weight: 3, arbitrary: single.map((line) => [line]) },
        { weight: 1, arbitrary: interrupted },
        { weight: 1, arbitrary: rivals },
      ),
      { minLength: 3, maxLength: 12 },
    );
    fc.assert(
      fc.property(anySeed, runs, (seed, lines) => {
        const session = cluster(seed, '');
        run(session, lines.flat());
        mend(session);
        run(
          session,
          NODES.map((n) => `read x@${n} level=serial`),
        );
        const history = session.operations();
        operations += history.length;
        expect(judgeOperations(linearizable, history, { steps: 5_000_000 })).toMatchObject({ valid: true });
      }),
      { numRuns: 120 },
    );
    expect(operations).toBeGreaterThan(800);
  });

  it('survive the loss of power where the commit log is flushed before each answer', () => {
    const dark = fc.oneof(
      anyFault,
      anyNode.map((n) => `powerloss ${n}`),
      fc.constant('powerloss a; powerloss b; powerloss c; restart'),
    );
    const runs = fc.array(fc.oneof({ weight: 5, arbitrary: transactions }, { weight: 3, arbitrary: dark }), {
      minLength: 3,
      maxLength: 14,
    });
    fc.assert(
      fc.property(anySeed, runs, (seed, lines) => {
        const session = cluster(seed, 'commitlog_sync=batch');
        run(session, lines);
        mend(session);
        run(
          session,
          NODES.map((n) => `read x@${n} level=serial`),
        );
        expect(judgeOperations(linearizable, session.operations(), { steps: 5_000_000 })).toMatchObject({ valid: true });
      }),
      { numRuns: 80 },
    );
  });
});

describe('an idle cluster', () => {
  it('is the same after one long wait and after many short ones', () => {
    fc.assert(
      fc.property(anySeed, fc.array(fc.oneof(operationLine, anyFault), { maxLength: 6 }), (seed, lines) => {
        const leapt = cluster(seed, '');
        const stepped = cluster(seed, '');
        for (const session of [leapt, stepped]) run(session, [...lines, 'wait']);
        run(leapt, ['wait 600s']);
        // A wait this short never leaps.
        for (let i = 0; i < 20; i++) run(stepped, ['wait 30s']);
        expect(fingerprint(leapt)).toBe(fingerprint(stepped));
      }),
      { numRuns: 40 },
    );
  });
});

describe('any script', () => {
  it('ends each operation as ok, fail or unknown, and never with a fault of ours', () => {
    fc.assert(
      fc.property(anySeed, script, (seed, lines) => {
        const session = cluster(seed, 'level=quorum');
        run(session, [...lines, 'wait']);
        for (const row of session.live.rows.map.values()) expect(['ok', 'fail', 'unknown']).toContain(row.outcome);
      }),
      { numRuns: 60 },
    );
  });
});
