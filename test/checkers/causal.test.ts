import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Check, checkConvergent, checkViews, checkWeak } from '../../src/checkers/causal/checks.ts';
import { searched } from '../../src/checkers/causal/search.ts';
import { causal, causalConvergent, pram, weakCausal } from '../../src/checkers/causal.ts';
import { implied } from '../../src/checkers/implications.ts';
import { judgeOperations, models } from '../../src/checkers/index.ts';
import type { Model, Verdict } from '../../src/checkers/model.ts';
import { columnsOf } from '../../src/history/of-operations.ts';
import type { Operation } from '../../src/history/operation.ts';
import { recordStore } from '../bench/causal-store.ts';
import { anyReplicas, anySessions, everyPair } from './causal-histories.ts';
import * as oracle from './causal-oracle.ts';

const STEPS = 10_000_000;
const check = (model: Model, history: readonly Operation[], steps = STEPS): Verdict =>
  judgeOperations(model, history, { steps, order: true });

const definitions: readonly (readonly [name: string, Model, oracle.Definition])[] = [
  ['weak-causal', weakCausal, oracle.weakCausal],
  ['causal-convergent', causalConvergent, oracle.convergent],
  ['causal', causal, oracle.causalMemory],
  ['pram', pram, oracle.pram],
];

/** Holds a verdict to the definition: it is right, and what it proves an invalid one with is wrong by itself. Returns whether the history is valid. */
function held(history: readonly Operation[], model: Model, definition: oracle.Definition): boolean {
  const wanted = oracle.holds(history, definition);
  const { valid, witness, reason } = check(model, history);
  expect(valid).toBe(wanted);
  if (wanted) return true;
  const rows = witness ?? [];
  const part = rows.map((row) => history[row] as Operation);
  expect(oracle.holds(part, definition)).toBe(false);
  expect(rows).toEqual([...rows].sort((a, b) => a - b));
  const named = [...(reason ?? '').matchAll(/#(\d+)/g)].map(([, id]) => Number(id));
  expect(named.length).toBeGreaterThan(0);
  expect(part.map(({ id }) => id)).toEqual(expect.arrayContaining(named));
  return false;
}

describe.each(definitions)('%s', (_name, model, definition) => {
  it.each([
    ['one key', anySessions({ most: 7, keys: 1, processes: 3 }), 200],
    ['two keys', anySessions({ most: 7, keys: 2, processes: 3 }), 200],
    ['values written once', anySessions({ most: 8, keys: 2, processes: 4, distinct: true }), 200],
    ['many reads', anySessions({ most: 8, keys: 2, processes: 3, readsOften: true }), 200],
    ['two replicas', anyReplicas(9, 2, 2), 250],
    ['three replicas', anyReplicas(9, 3, 1), 250],
  ])('agrees with its definition: %s', (_, histories, numRuns) => {
    let invalid = 0;
    fc.assert(
      fc.property(histories, (history) => {
        fc.pre(history.filter(({ status }) => status === 'unknown').length <= 3);
        if (!held(history, model, definition)) invalid++;
      }),
      { numRuns },
    );
    expect(invalid).toBeGreaterThan(2);
    expect(invalid).toBeLessThan(numRuns);
  });
});

describe('two processes, one of which writes and the other reads', () => {
  it('tell convergence from causal memory', () => {
    const classes = new Map<string, number>();
    for (const history of everyPair()) {
      const fits = definitions.map(([, model, definition]) => (held(history, model, definition) ? 1 : 0)).join('');
      classes.set(fits, (classes.get(fits) ?? 0) + 1);
    }
    // Weak, convergent, causal, PRAM. Where only one process reads, PRAM and causal memory are the same.
    expect([...classes.keys()].sort()).toEqual(['0000', '1000', '1100', '1111']);
  });
});

describe('an operation of unknown outcome', () => {
  const [w, r] = [writer(), reader()];
  const lost = (op: Operation): Operation => ({ ...op, status: 'unknown' });
  const verdicts = (...history: Operation[]): unknown[] => named(history).map(([, { valid }]) => valid);

  it('comes after what its process did before', () => {
    const before = [w('p', 'x', 'a'), lost(w('p', 'y', 'b')), r('p', 'x', 'a'), r('q', 'y', 'b')];
    expect(verdicts(...before, r('q', 'x', null))).toEqual([false, false, false, false]);
    expect(verdicts(...before, r('q', 'x', 'a'))).toEqual([true, true, true, true]);
  });

  it('comes before nothing', () => {
    const after = [lost(w('p', 'x', 'a')), w('p', 'y', 'b'), r('q', 'y', 'b'), r('q', 'x', null)];
    expect(verdicts(...after, r('q', 'x', 'a'))).toEqual([true, true, true, true]);
    expect(verdicts(...after, r('p', 'x', null))).toEqual([true, true, true, true]);
  });

  it('comes after that even where the order of the writes settles when', () => {
    const [early, late] = [w('p', 'x', '1'), lost(w('p', 'y', 's'))];
    const history = [early, w('e', 'y', 'e'), w('e', 'x', 'd'), late, w('p', 'z', '0'), w('c', 'y', 'c')];
    // c before s; s before e, and so before d; d before 1. But 1 comes before s.
    const reads = [r('r', 'y', 'c'), r('r', 'y', 's'), r('s', 'y', 's'), r('s', 'y', 'e'), r('t', 'x', 'd')];
    expect(check(causalConvergent, ids([...history, ...reads])).valid).toBe(true);
    expect(held(ids([...history, ...reads, r('t', 'x', '1')]), causalConvergent, oracle.convergent)).toBe(false);
  });

  it('need not have happened, unless somebody read from it', () => {
    const cas = lost({ ...one('p', 'cas', 'x', 'b'), expected: 'air' });
    expect(verdicts(cas, r('q', 'x', null))).toEqual([true, true, true, true]);
    expect(verdicts(cas, r('q', 'x', 'b'))).toEqual([false, false, false, false]);
  });

  it('saw nothing that its process learned of later', () => {
    const cas = lost({ ...one('p', 'cas', 'x', '2'), expected: '1' });
    expect(verdicts(w('q', 'x', '1'), w('q', 'x', '3'), cas, r('p', 'x', '3'), r('p', 'x', '2'))).toEqual([true, true, true, true]);
    expect(verdicts(w('q', 'x', '1'), w('q', 'x', '3'), r('p', 'x', '3'), cas, r('p', 'x', '2'))).toEqual([false, false, false, false]);
  });
});

describe('what implies what', () => {
  // As the list has them, which looks at sessions first.
  const ours = models.filter((model) => [causal, causalConvergent, weakCausal, pram].some(({ name }) => name === model.name));

  it('no history satisfies a model and violates one that it implies', () => {
    const theirs = ours.flatMap((model) => implied(model));
    const all = models.filter((model) => ours.includes(model) || implied(model).some((weaker) => ours.includes(weaker)));
    let valid = 0;
    fc.assert(
      fc.property(fc.oneof(anySessions({ most: 8, keys: 2 }), anyReplicas(10, 3, 2)), (history) => {
        for (const model of all) {
          if (check(model, history).valid !== true) continue;
          valid++;
          for (const weaker of implied(model).filter((one) => ours.includes(one) || theirs.includes(one)))
            expect(`${model.name}, ${weaker.name}: ${check(weaker, history).valid}`).toMatch(/: true$/);
        }
      }),
      { numRuns: 250 },
    );
    expect(valid).toBeGreaterThan(250);
  });

  it('causes in a circle are none for PRAM', () => {
    const history = ids([reader()('p', 'x', '1'), writer()('p', 'y', '1'), reader()('q', 'y', '1'), writer()('q', 'x', '1')]);
    expect(definitions.map(([, model, definition]) => held(history, model, definition))).toEqual([false, false, false, true]);
  });

  it('causal convergence does not imply PRAM', () => {
    const [w, r] = [writer(), reader()];
    const history = [
      w('q', 'x', '2'),
      r('q', 'z', null),
      w('p', 'z', '1'),
      w('p', 'x', '1'),
      w('p', 'y', '1'),
      r('q', 'y', '1'),
      r('q', 'x', '2'),
    ];
    expect(named(history).map(([model, { valid }]) => [model, valid])).toEqual([
      ['causal-convergent', true],
      ['weak-causal', true],
      ['causal', false],
      ['pram', false],
    ]);
  });
});

describe('a reason', () => {
  const says = (model: Model, ...history: Operation[]): [Verdict['valid'], number[] | undefined, string | undefined] => {
    const { valid, witness, reason } = check(model, ids(history));
    return [valid, witness?.map((row) => row + 1), reason];
  };
  const [w, r] = [writer(), reader()];

  it('names what was read and what should have been', () => {
    const answered = [w('p', 'post', 'a'), r('q', 'post', 'a'), w('q', 'answer', 'b'), r('r', 'answer', 'b'), r('r', 'post', null)];
    for (const model of [weakCausal, causalConvergent, causal])
      expect(says(model, ...answered)).toEqual([
        false,
        [1, 2, 3, 4, 5],
        '#5 read no value although it comes causally after #1, which wrote a',
      ]);
    expect(says(pram, w('p', 'x', 'a'), w('p', 'y', 'b'), r('q', 'y', 'b'), r('q', 'x', null))[2]).toBe(
      '#4 read no value although its process must have seen #1 before, which wrote a',
    );
    expect(says(pram, ...answered)).toEqual([true, undefined, undefined]);
    expect(says(weakCausal, w('p', 'x', 'a'), w('p', 'x', 'b'), w('p', 'y', 'c'), r('q', 'y', 'c'), r('q', 'x', 'a'))).toEqual([
      false,
      [1, 2, 3, 4, 5],
      '#5 read a from #1 although it comes causally after #2, which wrote b and follows #1',
    ]);
    expect(says(pram, w('p', 'x', 'a'), r('q', 'x', 'b'))).toEqual([false, [2], '#2 read b, which nobody had written']);
    expect(says(causal, r('p', 'x', 'a'), w('p', 'x', 'a'))).toEqual([
      false,
      [1, 2],
      '#1 read a, which its own process wrote only later, in #2',
    ]);
    expect(says(causal, r('p', 'x', 'a'), w('p', 'y', 'b'), r('q', 'y', 'b'), w('q', 'x', 'a'))[2]).toMatch(
      /^#\d read [ab] from #\d, which itself comes causally after #\d$/,
    );
  });

  it('names the orders that do not fit together', () => {
    const both = [w('p', 'x', 'a'), w('q', 'x', 'b'), r('r', 'x', 'a'), r('r', 'x', 'b'), r('s', 'x', 'b'), r('s', 'x', 'a')];
    expect(says(causalConvergent, ...both)).toEqual([
      false,
      [1, 2, 3, 4, 5, 6],
      'no order of the writes is the same for all: #4 needs #1 before #2, and #6 needs #2 before #1',
    ]);
    expect(says(causal, ...both)[0]).toBe(true);
    expect(says(pram, w('p', 'x', 'a'), w('q', 'x', 'b'), r('r', 'x', 'a'), r('r', 'x', 'b'), r('r', 'x', 'a'))).toEqual([
      false,
      [1, 2, 3, 4, 5],
      'no order of the writes fits what process r saw: #4 needs #1 before #2, and #5 needs #2 before #1',
    ]);
  });

  it('says so where equal writes leave open what was read', () => {
    const history = [w('p', 'x', 'a'), w('p', 'x', 'b'), w('q', 'x', 'a'), w('q', 'x', 'c'), w('q', 'y', 'd'), w('p', 'z', 'e')];
    const late = [r('r', 'y', 'd'), r('r', 'z', 'e'), r('r', 'x', 'a')];
    expect(says(weakCausal, ...history, ...late)).toEqual([
      false,
      [1, 2, 3, 4, 5, 6, 7, 8, 9],
      'whichever of the equal writes was read, no causal order fits; in one case, #9 read a from #1 although it comes causally after #2, which wrote b and follows #1',
    ]);
  });
});

describe('long histories', () => {
  /** CCv by its bad patterns, with all pairs: what a read must not have overlooked, and a circle of orders. Only for values that are written once, and without any read of the beginning after a write in its past. */
  function slowly(history: readonly Operation[]): { readonly weak: boolean; readonly convergent: boolean } {
    const n = history.length;
    const words = (n + 31) >> 5;
    const source = history.map((op) =>
      history.findIndex((other) => other.effect === 'write' && other.value === op.value && op.effect === 'read'),
    );
    const past = history.map(() => new Int32Array(words));
    const has = (set: Int32Array, i: number): boolean => (((set[i >> 5] as number) >> (i & 31)) & 1) === 1;
    // The recording stands in an order of causes.
    for (const [i, op] of history.entries()) {
      const last = history.slice(0, i).findLastIndex(({ process }) => process === op.process);
      for (const before of [last, source[i] as number].filter((row) => row >= 0)) {
        for (let word = 0; word < words; word++)
          (past[i] as Int32Array)[word] = ((past[i] as Int32Array)[word] as number) | ((past[before] as Int32Array)[word] as number);
        (past[i] as Int32Array)[before >> 5] = ((past[i] as Int32Array)[before >> 5] as number) | (1 << (before & 31));
      }
    }
    const after = past.map((set) => history.flatMap((_, j) => (has(set, j) ? [j] : [])));
    let weak = true;
    for (const [i, op] of history.entries()) {
      if (op.effect !== 'read') continue;
      for (const [j, other] of history.entries()) {
        if (other.effect !== 'write' || other.key !== op.key || j === source[i] || !has(past[i] as Int32Array, j)) continue;
        if ((source[i] as number) < 0 || has(past[j] as Int32Array, source[i] as number)) weak = false;
        else after[source[i] as number]?.push(j);
      }
    }
    const left = new Set(history.keys());
    for (let fewer = true; fewer; ) {
      fewer = false;
      for (const i of left) {
        if (after[i]?.some((j) => left.has(j))) continue;
        left.delete(i);
        fewer = true;
      }
    }
    return { weak, convergent: weak && left.size === 0 };
  }

  it('with reads far behind on few keys agree with the patterns', () => {
    const seen = { true: 0, false: 0 };
    const shape = fc.record({
      seed: fc.nat(),
      sessions: fc.integer({ min: 2, max: 6 }),
      keys: fc.integer({ min: 1, max: 2 }),
      odd: fc.nat(),
      older: fc.nat(),
    });
    fc.assert(
      fc.property(shape, ({ seed, sessions, keys, odd, older }) => {
        const history = operations(recordStore(200, sessions, keys, 160, seed));
        const reads = history.filter(({ effect, value }) => effect === 'read' && value !== null);
        const read = reads[odd % reads.length];
        const writes = history.filter((op) => op.effect === 'write' && op.key === read?.key && op.callRank < read.callRank);
        const other = writes.at(-1 - (older % writes.length));
        const changed = history.map((op) => (op === read && other !== undefined ? { ...op, value: other.value } : op));
        const wanted = slowly(changed);
        expect(check(weakCausal, changed).valid).toBe(wanted.weak);
        expect(check(causalConvergent, changed).valid).toBe(wanted.convergent);
        seen[`${wanted.convergent}`]++;
      }),
      { numRuns: 40 },
    );
    expect(Math.min(seen.true, seen.false)).toBeGreaterThan(5);
  });

  it('find what was overlooked long ago behind many writes that nobody knows of', () => {
    const [w, r] = [writer(), reader()];
    const many = (from: number, to: number): Operation[] => Array.from({ length: to - from }, (_, i) => w('p', 'x', `p${from + i}`));
    const verdicts = (history: readonly Operation[]): unknown[] =>
      [weakCausal, causalConvergent].map((model) => check(model, ids(history)).valid);
    // What another wrote, what its own process wrote; what is concurrent with what was read, and another read settles which is later.
    expect(verdicts([...many(0, 100), r('q', 'x', 'p50'), r('q', 'x', 'p10')])).toEqual([false, false]);
    expect(verdicts([...many(0, 100), r('q', 'x', 'p50'), r('q', 'x', 'p50')])).toEqual([true, true]);
    expect(verdicts([...many(0, 5), r('q', 'x', 'p4'), w('q', 'x', 'q'), ...many(5, 100), r('q', 'x', 'p4')])).toEqual([false, false]);
    expect(verdicts([...many(0, 5), r('q', 'x', 'p4'), w('q', 'x', 'q'), ...many(5, 100), r('q', 'x', 'q')])).toEqual([true, true]);
    expect(verdicts([w('q', 'x', 'q'), ...many(0, 100), r('q', 'x', null)])).toEqual([false, false]);
    const parted = [...many(0, 5), w('q', 'x', 'q'), r('s', 'x', 'q'), r('s', 'x', 'p4'), ...many(5, 100), r('r', 'x', 'p4')];
    expect(verdicts([...parted, r('r', 'x', 'q')])).toEqual([true, false]);
    expect(verdicts([...parted, r('r', 'x', 'p4')])).toEqual([true, true]);
  });

  it('come with the order that explains them', () => {
    const history = operations(recordStore(400, 5, 3, 100, 7));
    const { valid, order } = check(causalConvergent, history);
    expect(valid).toBe(true);
    expect([...(order ?? [])].sort((a, b) => a - b)).toEqual([...history.keys()]);
    const at = new Map((order ?? []).map((row, place) => [row, place]));
    for (const [row, op] of history.entries()) {
      const before = history.findLastIndex((other, j) => j < row && other.process === op.process);
      if (before >= 0) expect(at.get(before)).toBeLessThan(at.get(row) as number);
    }
  });

  it('are judged without recursion, in steps that grow with their length', () => {
    const steps = (n: number, patterns: Check): number =>
      STEPS - searched(columnsOf(operations(recordStore(n, 4, 10, 50, 7))), patterns, STEPS).left;
    for (const patterns of [checkWeak, checkConvergent, checkViews('all'), checkViews('own')]) {
      expect(steps(1000, patterns)).toBeGreaterThan(1000);
      expect(steps(4000, patterns) / steps(1000, patterns)).toBeLessThan(6);
    }
    // One chain of causes through all of it.
    const [w, r] = [writer(), reader()];
    const chain = Array.from({ length: 9000 }, (_, i) => [w(`p${i % 7}`, 'x', `v${i}`), r(`p${(i + 1) % 7}`, 'x', `v${i}`)]).flat();
    for (const [, { valid }] of named(chain)) expect(valid).toBe(true);
  });

  it.each([0, 60])('with the same few values again and again are found valid: %i operations late', (lag) => {
    // A hundred steps an operation are a hundredth of what trying the sources one after the other would take.
    for (const seed of [1, 2]) {
      const history = operations(recordStore(4000, 8, 4, lag, seed)).map((op) => ({ ...op, value: again(op.value) }));
      for (const model of [weakCausal, causalConvergent, causal, pram]) expect(check(model, history, 400_000).valid).toBe(true);
    }
  });

  it('with the same few values again and again are found invalid where one read is certainly wrong', () => {
    const [w, r] = [writer(), reader()];
    const history = operations(recordStore(4000, 8, 4, 60, 1)).map((op) => ({ ...op, value: again(op.value) }));
    const wrong = [w('p0', 'k0', 'first'), r('p1', 'k0', 'first'), w('p1', 'k0', 'then'), r('p2', 'k0', 'then'), r('p2', 'k0', 'first')];
    history.splice(2000, 0, ...wrong);
    const witnesses = [weakCausal, causalConvergent, causal].map((model) => check(model, ids(history), 1_000_000).witness?.join(' '));
    expect(new Set(witnesses)).toEqual(new Set(['2000 2001 2002 2003 2004']));
  });

  it('get a bare verdict where that will do', () => {
    const air = ids([reader()('p', 'x', 'air')]);
    for (const model of [weakCausal, causalConvergent, causal, pram])
      expect(judgeOperations(model, air, { steps: STEPS, bare: true })).toEqual({ valid: false });
  });

  it('that leave too much open stay undecided', () => {
    const [w, r] = [writer(), reader()];
    for (const model of [weakCausal, causalConvergent, causal, pram]) {
      const short = check(model, ids([w('p', 'x', 'a'), r('q', 'x', 'a')]), 1);
      expect(short).toMatchObject({ valid: 'undecided', reason: 'the budget of steps ran out' });
    }
    const append: Operation = { ...w('p', 'x', 'a'), effect: 'append', value: 'a' };
    const text: Operation = { ...r('p', 'x', 'a'), value: 'a' };
    expect(check(pram, ids([append, text]))).toMatchObject({ valid: 'undecided' });
  });
});

function named(history: readonly Operation[]): (readonly [string, Verdict])[] {
  return [causalConvergent, weakCausal, causal, pram].map((model) => [model.name, check(model, ids(history))] as const);
}

/** Operations one after the other. */
function ids(history: readonly Operation[]): readonly Operation[] {
  return history.map((op, i) => ({
    ...op,
    id: i + 1,
    callRank: 2 * i + 1,
    returnRank: op.status === 'unknown' ? Number.POSITIVE_INFINITY : 2 * i + 2,
  }));
}

function one(process: string, effect: Operation['effect'], key: string, value: string | null): Operation {
  return { id: 0, process, client: process, node: 0, effect, key, value, status: 'ok', callRank: 0, returnRank: 0, callUs: 0, returnUs: 0 };
}

function writer(): (process: string, key: string, value: string) => Operation {
  return (process, key, value) => one(process, 'write', key, value);
}

function reader(): (process: string, key: string, value: string | null) => Operation {
  return (process, key, value) => one(process, 'read', key, value);
}

const again = (value: Operation['value']): string | null => (value === null ? null : `v${Number(String(value).slice(1)) % 4}`);
function operations({ count, process, key, write, value }: ReturnType<typeof recordStore>): readonly Operation[] {
  const all = Array.from({ length: count }, (_, i) =>
    one(`p${process[i]}`, write[i] === 1 ? 'write' : 'read', `k${key[i]}`, value[i] === 0 ? null : `v${value[i]}`),
  );
  return ids(all);
}
