import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INITIAL, mappings, NO_READ, type ReadsFrom, readsFrom, sessionsOf, THIN_AIR } from '../../src/checkers/reads-from.ts';
import { columnsOf } from '../../src/history/of-operations.ts';
import type { Operation } from '../../src/history/operation.ts';
import { anySessions } from './causal-histories.ts';

/** The definition: every write of the value that a read found, and the beginning where it found none. */
function sourcesOf(history: readonly Operation[], row: number, rules: { realTime: boolean; sessions: boolean }): number[] | undefined {
  const read = history[row] as Operation;
  const unread = read.effect === 'read' && read.status !== 'ok';
  if (read.effect === 'write' || read.status === 'fail' || unread) return undefined;
  const found = read.effect === 'cas' ? (read.expected ?? null) : read.value;
  const writes = history.flatMap((op, i) => {
    if (op.effect === 'read' || op.status === 'fail' || op.value !== found || op.key !== read.key || op === read) return [];
    if (rules.realTime && op.callRank > read.returnRank) return [];
    const later = op.process === read.process && op.callRank > read.callRank && read.status === 'ok';
    return rules.sessions && later ? [] : [i];
  });
  return found === null ? [...writes, INITIAL] : writes;
}

function candidates(from: ReadsFrom, row: number): number[] {
  const all: number[] = [];
  for (let at = from.source[row] as number; at !== THIN_AIR && at !== NO_READ; at = from.next(row, at)) all.push(at);
  return all;
}

const rules = fc.record({ realTime: fc.boolean(), sessions: fc.boolean() });

describe('the sources of reads', () => {
  it('are all that the definition allows, each once', () => {
    fc.assert(
      fc.property(anySessions({ most: 9 }), rules, (history, rule) => {
        const from = readsFrom(columnsOf(history), rule);
        for (const row of history.keys()) {
          const wanted = sourcesOf(history, row, rule);
          if (wanted === undefined) expect(from.source[row]).toBe(NO_READ);
          else expect(candidates(from, row).toSorted((a, b) => a - b)).toEqual(wanted.toSorted((a, b) => a - b));
          expect(from.open.includes(row)).toBe((wanted?.length ?? 0) > 1);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('begin with the write that was called last before the read returned', () => {
    fc.assert(
      fc.property(anySessions({ most: 9 }), (history) => {
        const rule = { realTime: false, sessions: false };
        const from = readsFrom(columnsOf(history), rule);
        for (const row of from.open) {
          const read = history[row] as Operation;
          const until = read.status === 'ok' ? read.returnRank : read.callRank;
          const before = (sourcesOf(history, row, rule) ?? []).filter((at) => at >= 0 && (history[at] as Operation).callRank < until);
          if (before.length > 0) expect(from.source[row]).toBe(Math.max(...before));
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the search for a mapping', () => {
  /** Some reads cannot read from those writes at once. */
  const nogoods = fc.array(fc.array(fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 3 })), { minLength: 1, maxLength: 3 }), { maxLength: 25 });

  it('finds one that nothing refutes if and only if there is one', () => {
    let [found, refuted] = [0, 0];
    fc.assert(
      fc.property(anySessions({ most: 9, readsOften: true }), nogoods, (history, picked) => {
        const from = readsFrom(columnsOf(history), { realTime: false, sessions: false });
        const choices = from.open.map((row) => candidates(from, row));
        fc.pre(choices.length > 0);
        const sets = picked.map((set) =>
          set.map(([at, nth]) => {
            const own = choices[at % choices.length] as number[];
            return [from.open[at % choices.length] as number, own[nth % own.length] as number] as const;
          }),
        );
        const refutes = (source: ArrayLike<number>): readonly number[] | undefined =>
          sets.find((set) => set.every(([row, at]) => source[row] === at))?.map(([row]) => row);
        const any = (at: number, source: number[]): boolean =>
          at === choices.length
            ? refutes(source) === undefined
            : (choices[at] as number[]).some((choice) => any(at + 1, Object.assign([...source], { [from.open[at] as number]: choice })));
        let possible = false;
        const search = mappings(from, { steps: 1_000_000 });
        for (let step = search.next(); step.done !== true; ) {
          const because = refutes(step.value);
          possible = because === undefined;
          if (possible) break;
          step = search.next(because);
        }
        expect(possible).toBe(any(0, []));
        if (possible) found++;
        else refuted++;
      }),
      { numRuns: 800 },
    );
    expect(Math.min(found, refuted)).toBeGreaterThan(20);
  });

  it('goes over every mapping once where no answer is given, and stops where its steps end', () => {
    const write = (id: number, value: string): Operation => op(id, 'a', 'write', value);
    const history = [write(1, 'x'), write(2, 'x'), op(3, 'b', 'read', 'x'), op(4, 'b', 'read', 'x'), op(5, 'c', 'read', 'x')];
    const from = readsFrom(columnsOf(history), { realTime: false, sessions: false });
    const all = [...mappings(from, { steps: 100 }, [2, 3])].length;
    expect(all).toBe(4);
    expect(new Set([...mappings(from, { steps: 100 })].map(String)).size).toBe(1); // one array, changed in place
    let count = 0;
    for (const source of mappings(from, { steps: 3 })) count += source.length > 0 ? 1 : 0;
    expect(count).toBe(3); // the third mapping takes two steps: one read has no other source left, so the one before it changes
  });
});

it('sessions stand in order of call, and nothing comes after an unknown operation', () => {
  const unknown = { ...op(2, 'a', 'write', 'y'), status: 'unknown' as const, returnRank: Number.POSITIVE_INFINITY };
  const failed = { ...op(4, 'a', 'write', 'w'), status: 'fail' as const };
  const history = [op(1, 'a', 'write', 'x'), unknown, op(3, 'b', 'read', 'x'), failed, op(5, 'a', 'read', 'x'), op(6, 'b', 'read', 'x')];
  const sessions = sessionsOf(columnsOf(history));
  expect([...sessions.previous]).toEqual([-1, 0, -1, -1, 0, 2]);
  expect([...sessions.of]).toEqual([0, 0, 1, 0, 0, 1]);
});

function op(id: number, process: string, effect: Operation['effect'], value: Operation['value']): Operation {
  const [callRank, returnRank] = [2 * id, 2 * id + 1];
  const times = { callRank, returnRank, callUs: callRank, returnUs: returnRank };
  return { id, process, client: process, node: 0, effect, key: 'k', value, status: 'ok', ...times };
}
