import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NEVER } from '../../src/history/columns.ts';
import { GivenRanks } from '../../src/history/given-ranks.ts';
import { IntTable } from '../../src/history/int-table.ts';
import { orderOf } from '../../src/history/ranks.ts';
import { Texts } from '../../src/history/texts.ts';

const anyNumber = fc.oneof(
  fc.integer({ min: -3, max: 12 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(-0, 0, 9_007_199_254_740_992, 1e300, -1e-300),
);
const whole = fc.integer({ min: 1, max: 40 });

it('numbers are put in order, equal ones as they stand', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(anyNumber, fc.constant(Number.POSITIVE_INFINITY))), (numbers) => {
      const sorted = numbers
        .map((_, i) => i)
        .sort((a, b) =>
          (numbers[a] as number) < (numbers[b] as number) ? -1 : (numbers[a] as number) > (numbers[b] as number) ? 1 : a - b,
        );
      expect([...orderOf(Float64Array.from(numbers))]).toEqual(sorted);
    }),
    { numRuns: 500 },
  );
});

it('ranks keep the order of calls and returns, and of ties the calls come first', () => {
  let dense = 0;
  let moved = 0;
  const rows = (number: fc.Arbitrary<number>): fc.Arbitrary<[number, number][]> =>
    fc.array(
      fc
        .tuple(number, fc.option(number, { nil: Number.POSITIVE_INFINITY }))
        .map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]),
      { maxLength: 12 },
    );
  fc.assert(
    fc.property(fc.oneof(rows(anyNumber), rows(whole)), (spans) => {
      const calls = Float64Array.from(spans, ([call]) => call);
      const returns = Float64Array.from(spans, ([, ret]) => ret);
      const given = new GivenRanks();
      for (const [i, [from, to]] of spans.entries()) given.put(i, from, to, i + 3);
      const { order, call, ret, ranks } = given.ranked(spans.length);
      const row = (i: number): number => (order === undefined ? i : (order[i] as number));
      if (order !== undefined) moved++;
      const events = spans.flatMap((_, i) => [
        { at: calls[row(i)] as number, rank: call[i] as number, ends: 0 },
        ...(ret[i] === NEVER ? [] : [{ at: returns[row(i)] as number, rank: ret[i] as number, ends: 1 }]),
      ]);
      if (events.every(({ at, rank }) => at === rank)) dense++;
      // Every row once, in the order of calls; every rank once.
      expect(spans.map((_, i) => row(i)).sort((a, b) => a - b)).toEqual(spans.map((_, i) => i));
      expect([...call]).toEqual([...call].sort((a, b) => a - b));
      expect(new Set(events.map(({ rank }) => rank)).size).toBe(events.length);
      expect(ranks).toBe(Math.max(0, ...events.map(({ rank }) => rank)));
      for (let i = 0; i < spans.length; i++) expect(ret[i] === NEVER).toBe(returns[row(i)] === Number.POSITIVE_INFINITY);
      for (const a of events)
        for (const b of events) if (a.at < b.at || (a.at === b.at && a.ends < b.ends)) expect(a.rank).toBeLessThan(b.rank);
    }),
    { numRuns: 250 },
  );
  expect(dense).toBeGreaterThan(20);
  expect(moved).toBeGreaterThan(40);
});

it('a table gives what was last put there', () => {
  const code = fc.oneof(fc.nat(300), fc.nat(), fc.constantFrom(0, 1, 63, 64, (1 << 22) - 1, 1 << 22));
  fc.assert(
    fc.property(fc.array(fc.tuple(code, fc.integer())), fc.array(code), (puts, asked) => {
      const table = new IntTable();
      const map = new Map<number, number>();
      for (const [at, value] of puts) {
        table.set(at, value);
        map.set(at, value);
      }
      for (const at of [...asked, ...map.keys()]) expect(table.get(at)).toBe(map.get(at) ?? 0);
    }),
    { numRuns: 100 },
  );
});

it('values have the same code if and only if they are the same, and are told as they were', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 4 }),
    fc.string({ unit: 'binary', maxLength: 3 }),
    fc.constantFrom('\ud800', '\ud801', '\udc00a', 'nil', 'false', 'apple'),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('printed', 'string', 'vector', 'list', 'set'), fc.array(text, { maxLength: 3 })), {
        maxLength: 60,
      }),
      (values) => {
        const texts = new Texts();
        const known = new Map<string, number>();
        const seen = new Map<number, string>();
        for (const [kind, parts] of values) {
          const codes = parts.map((part) => texts.ofString(part));
          const code =
            kind === 'printed'
              ? texts.ofPrinted(parts.join())
              : kind === 'string'
                ? texts.ofString(parts.join())
                : kind === 'vector'
                  ? texts.ofCollection(codes)
                  : kind === 'list'
                    ? texts.ofList(codes)
                    : texts.ofSet(codes);
          const told = texts.text(code) as string;
          const isText = kind === 'printed' || kind === 'string';
          if (kind === 'printed') expect(told).toBe(parts.join());
          expect(texts.elements(code)?.length).toBe(isText ? undefined : parts.length);
          if (kind === 'vector' || kind === 'list') expect([...(texts.elements(code) as Int32Array)]).toEqual(codes);
          // A text may look like a collection, and is none.
          const name = `${isText} ${told}`;
          expect(known.get(name) ?? code).toBe(code);
          expect(seen.get(code) ?? name).toBe(name);
          known.set(name, code);
          seen.set(code, name);
        }
      },
    ),
    { numRuns: 80 },
  );
});
