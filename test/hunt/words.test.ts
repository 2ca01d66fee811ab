import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBounds } from '../../src/commands/hunt.ts';
import { isProblem } from '../../src/core/problem.ts';
import { BOUNDS } from '../../src/hunt/bounds.ts';
import { readFaults } from '../../src/hunt/faults.ts';
import { Ledger, type Result } from '../../src/hunt/ledger.ts';
import { questOf, remark, tried } from '../../src/hunt/report.ts';
import { tryHunt } from './hunts.ts';

describe('the words of a hunt', () => {
  it.each([
    ['stale read', 'etcd', 'stale read'],
    ['  Stale   Reads ', 'etcd', 'stale read'],
    ['two leaders', 'etcd pre-vote=false', 'two leaders'],
    ['not atomic', 'cassandra', 'not atomic'],
    ['expect not  stale', 'cassandra level=one', 'expect not stale'],
    ['diverged', 'etcd a b', 'diverged'],
  ])('%s on %s', (words, cluster, canonical) => {
    const hunt = tryHunt(words, cluster);
    expect(isProblem(hunt) ? hunt.toString() : hunt.goal.words).toBe(canonical);
  });

  it.each([
    ['stale raed', 'etcd', /did you mean stale read/],
    ['linearizable', 'etcd', /did you mean not linearizable/],
    ['not linearizabel', 'etcd', /did you mean not linearizable/],
    ['not serializable', 'etcd', /a hunt uses registers/],
    ['two leaders', 'cassandra', /has no leader/],
    ['two leaders', 'etcd a', /at least two nodes/],
    ['diverged', 'etcd nodes=1', /at least two nodes/],
    ['expect leader a', 'cassandra', /has no leader/],
    ['expect x@z = 1', 'etcd', /no node "z"/],
    ['expect', 'etcd', /there is no property/],
    ['expect took', 'etcd', /./],
    ['', 'etcd', /needs a property/],
    ['stale read', 'etcd seed=7', /draws the seed/],
    ['stale read', 'etdc', /did you mean etcd/],
    ['stale read', 'etcd; crash a', /one cluster/],
    ['stale read', 'etcd read=fast', /read cannot be/],
  ])('refuses %s on %s', (words, cluster, says) => {
    expect(String(tryHunt(words, cluster))).toMatch(says);
  });

  it('draws other sizes only where nobody named the nodes', () => {
    const sizes = (cluster: string): readonly number[] => {
      const hunt = tryHunt('stale read', cluster);
      return isProblem(hunt) ? [] : hunt.ground.setups.map(({ nodes }) => nodes.length);
    };
    expect(sizes('etcd')).toEqual([3, 4, 5]);
    expect(sizes('etcd read=lease')).toEqual([3, 4, 5]);
    expect(sizes('etcd a b c')).toEqual([3]);
    expect(sizes('etcd nodes=4')).toEqual([4]);
    expect(sizes('etcd leader=b')).toEqual([3]);
  });

  it('says what is hunted without what nobody said', () => {
    const quest = (cluster: string): string => {
      const hunt = tryHunt('stale read', cluster);
      return isProblem(hunt) ? '' : questOf(hunt);
    };
    expect(quest('etcd read=lease')).toBe('stale read on etcd read=lease');
    expect(quest('etcd b c d')).toBe('stale read on etcd b c d');
    expect(quest('etcd nodes=40 read=lease')).toBe('stale read on etcd nodes=40 read=lease');
  });
});

describe('faults', () => {
  it.each([
    ['crash,partition', 'partition crash'],
    ['ALL', 'partition cut delay loss crash powerloss pause slow skew drift'],
    ['clocks, loss', 'loss skew drift'],
    ['none', ''],
  ])('%s', (words, kinds) => {
    const faults = readFaults(words);
    expect(isProblem(faults) ? faults.toString() : faults.join(' ')).toBe(kinds);
  });

  it.each([
    ['crsh', /did you mean crash/],
    ['none,crash', /contradict/],
    [',', /no fault is named/],
  ])('refuses %s', (words, says) => {
    expect(String(readFaults(words))).toMatch(says);
  });
});

describe('the ledger', () => {
  const ran = (over: Partial<Extract<Result, { events: number }>> = {}): Result => ({
    events: 10,
    us: 5,
    operations: 2,
    faults: 1,
    spent: false,
    found: undefined,
    ...over,
  });
  const found = { setup: {} as never, lines: [], took: [], ending: [], reason: '' };

  it('says the same however blocks come in', () => {
    const result = fc.constantFrom<Result>(ran(), ran(), ran({ spent: true }), ran(), ran({ found }), { error: 'a bug' });
    fc.assert(
      fc.property(
        fc.array(fc.array(result, { minLength: 1, maxLength: 4 }), { maxLength: 8 }),
        fc.nat(200),
        fc.nat(40320),
        (blocks, events, order) => {
          const bounds = { ...BOUNDS, runs: 12, events: events + 1 };
          const starts = blocks.map((_, i) => blocks.slice(0, i).flat().length);
          const inOrder = new Ledger(bounds);
          for (const [i, block] of blocks.entries()) inOrder.add(starts[i] as number, block);
          const shuffled = new Ledger(bounds);
          const left = blocks.map((_, i) => i);
          for (let k = order; left.length > 0; k = Math.floor(k / 2) + 1) {
            const [i] = left.splice(k % left.length, 1) as [number];
            shuffled.add(starts[i] as number, blocks[i] as Result[]);
          }
          expect(shuffled.end).toEqual(inOrder.end);
          expect(shuffled.tally).toEqual(inOrder.tally);
        },
      ),
      { numRuns: 300, seed: 1 },
    );
  });

  it('ends with the lowest run that ends it', () => {
    const ledger = new Ledger({ ...BOUNDS, runs: 5 });
    ledger.add(2, [ran({ found })]);
    expect(ledger.end).toBeUndefined();
    ledger.add(0, [ran(), { error: 'a bug' }]);
    expect(ledger.end).toEqual({ kind: 'broken', at: 2, error: 'a bug' });
    const spent = new Ledger({ ...BOUNDS, runs: 5, events: 15 });
    spent.add(0, [ran(), ran(), ran({ found })]);
    expect([spent.end, spent.tally.runs]).toEqual([{ kind: 'none', because: 'events' }, 2]);
  });

  it('remarks in lines that stay comments where lines are wrapped', () => {
    const sentence = '#11, the last read, found no value although #5 had written apple before, and nothing shows that or anything later';
    const lines = remark(sentence);
    expect(lines.length).toBe(2);
    expect(lines.every((line) => line.startsWith('# ') && line.length <= 78)).toBe(true);
    expect(lines.map((line) => line.slice(2)).join(' ')).toBe(sentence);
    expect(remark('x'.repeat(100))).toEqual([`# ${'x'.repeat(100)}`]);
  });

  it('says what was tried', () => {
    const hunt = tryHunt('stale read', 'etcd', { faults: [] });
    const tally = { runs: 40_000, events: 12_345_678, us: 3_600_000_000, operations: 1, faults: 0, spent: 2 };
    expect(isProblem(hunt) ? '' : tried(hunt, tally)).toBe(
      'tried with seed 1: 1 operation, no faults, 12,345,678 events, 60.000 min of virtual time; 2 runs of more than 40,000 events say nothing',
    );
  });
});

describe('bounds', () => {
  it('are read', () => {
    expect(readBounds({ runs: '7', seed: '0', ops: '3', faults: 'none', time: '2s', events: '99' })).toEqual({
      runs: 7,
      seed: 0,
      operations: 3,
      faults: [],
      timeUs: 2_000_000,
      events: 99,
    });
  });

  it.each([
    ['runs', '0', /from 1 to/],
    ['runs', '1e3', /whole number/],
    ['ops', 'many', /--ops: "many"/],
    ['ops', '201', /from 1 to 200/],
    ['time', '5', /--time: "5" is not a duration/],
    ['time', '0s', /at least 1ms/],
    ['seed', '-1', /--seed/],
    ['seed', '4294967296', /--seed/],
    ['events', '', /--events/],
    ['faults', 'crsh', /--faults: .* did you mean crash/],
  ] as const)('refuses --%s %s', (word, typed, says) => {
    expect(String(readBounds({ [word]: typed }, '--'))).toMatch(says);
  });
});
