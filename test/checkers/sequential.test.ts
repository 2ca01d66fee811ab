import { describe, expect, it } from 'vitest';
import { finish, type Verdict } from '../../src/checkers/model.ts';
import { decideSequential } from '../../src/checkers/sequential/decide.ts';
import { storyOf } from '../../src/checkers/sequential/story.ts';
import { sequential } from '../../src/checkers/sequential.ts';
import { typeNamed } from '../../src/checkers/types.ts';
import type { Operation } from '../../src/history/operation.ts';
import { columnsOfHistory, Dice, explains, history, type Shape, sessions, someOrder } from './objects-histories.ts';
import { columnsFrom, judged, lines } from './recording.ts';

function judge(typeOf: (key: string) => string, operations: readonly Operation[], order: boolean, steps = 1_000_000): Verdict {
  const columns = columnsOfHistory(operations);
  const types = columns.keys.map((key) => {
    const type = typeNamed(typeOf(key));
    if (type === undefined) throw new Error(`no type for ${key}`);
    return type;
  });
  return finish(sequential.judge({ columns, types }, { steps, order }));
}

const SHAPES: readonly Shape[] = [
  { operations: 7, processes: 3, keys: 2, unknown: 0, mutated: 70, values: 0, reordered: 60 },
  { operations: 6, processes: 3, keys: 2, unknown: 25, mutated: 50, values: 0, reordered: 60 },
  { operations: 7, processes: 2, keys: 1, unknown: 10, mutated: 50, values: 2, reordered: 60 },
  { operations: 6, processes: 3, keys: 3, unknown: 20, mutated: 50, values: 3, reordered: 80 },
];
const RUNS = 70;
const TYPES = [
  ['register', 'register', 'register'],
  ['cas-register', 'cas-register', 'register'],
  ['counter', 'counter', 'counter'],
  ['set', 'set', 'set'],
  ['list', 'list', 'list'],
  ['queue', 'queue', 'queue'],
  ['register', 'queue', 'set'],
  ['list', 'counter', 'cas-register'],
];

describe.each(TYPES.map((types) => ({ types })))('sequential consistency of $types', ({ types }) => {
  const typeOf = (key: string): string => types[Number(key.slice(1))] as string;

  it.each(SHAPES)('is what the definition says: %o', (shape) => {
    const seen = { valid: 0, invalid: 0 };
    for (let seed = 1; seed <= RUNS; seed++) {
      const operations = history(types, new Dice(seed), shape);
      const ordered = seed % 2 === 0;
      const verdict = judge(typeOf, operations, ordered);
      const valid = someOrder(typeOf, operations, sessions);
      const told = JSON.stringify({
        seed,
        operations: operations.map((op) => [
          op.id,
          op.process,
          op.effect,
          op.key,
          op.value,
          op.status,
          op.expected,
          op.callRank,
          op.returnRank,
        ]),
      });
      expect(verdict.valid, told).toBe(valid);
      if (valid) {
        seen.valid++;
        if (ordered) expect(explains(typeOf, operations, verdict.order ?? [], sessions), `${told} ${verdict.order?.join(' ')}`).toBe(true);
      } else {
        seen.invalid++;
        const part = operations.filter((_, row) => verdict.witness?.includes(row));
        expect(someOrder(typeOf, part, sessions), `${told} ${verdict.witness?.join(' ')}`).toBe(false);
      }
    }
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(1);
  });
});

describe('what reads force', () => {
  it.each([['register'], ['cas-register']])('on a %s refuses nothing that has an order, and leaves the search to find it', (name) => {
    const own = typeNamed(name);
    if (own === undefined) throw new Error(`no type ${name}`);
    const seen = { valid: 0, refused: 0 };
    for (let seed = 1; seed <= 900; seed++) {
      const operations = history([name, name], new Dice(seed), {
        ...(SHAPES[seed % 2] as Shape),
        mutated: 100,
        values: seed % 3 === 0 ? 4 : 0,
      });
      const columns = columnsOfHistory(operations);
      const types = columns.keys.map(() => own);
      const story = storyOf(
        columns,
        types,
        operations.map((_, row) => row),
      );
      const { valid, proof } = decideSequential(story, { steps: 100_000 }, 0);
      expect(valid, `seed ${seed}`).toBe(someOrder(() => name, operations, sessions));
      if (valid === true) seen.valid++;
      else if (proof !== undefined && proof.length > 1) seen.refused++;
    }
    expect(Math.min(seen.valid, seen.refused)).toBeGreaterThan(5);
  });
});

describe('a session that writes at once and reads later', () => {
  it('may have used any of what has an unknown outcome', () => {
    // What compares must come first, for it finds its value only then; both leave the same behind.
    const texts = ['z w x 0', 'a w x 1?', 'b c x 0 1?', 'c r x 1', 'c w x 2', 'c r x 1'];
    const columns = columnsFrom(lines(...texts));
    const types = [typeNamed('cas-register')].filter((type) => type !== undefined);
    expect(finish(sequential.judge({ columns, types }, { steps: 1000, order: true }))).toEqual({ valid: true, order: [0, 2, 3, 4, 1, 5] });
  });
});

describe('sequential', () => {
  const says = (type: string, ...texts: readonly string[]): unknown => {
    const { valid, reason, witness } = judged(sequential, lines(...texts), { type });
    return [valid, reason, witness];
  };

  it('says what has no order', () => {
    expect(says('register', 'p w x 1', 'p w x 2', 'q r x 7')).toEqual([false, '#3 read 7, which nobody wrote', [2]]);
    expect(says('register', 'p w x 1', 'p w x 2', 'q w y 3', 'q r x 2', 'q r x 1')).toEqual([
      false,
      'no order of #1, #2, #4 and #5 fits both what they returned and the order of each process',
      [0, 1, 3, 4],
    ]);
    expect(says('cas-register', 'p c x 5 1')).toEqual([
      false,
      'no order of #1 fits both what they returned and the order of each process',
      [0],
    ]);
  });

  it('leaves open what cannot be added up', () => {
    expect(says('counter', 'p a x 1', 'q r x 2')).toEqual([false, expect.any(String), [0, 1]]);
    for (const strange of ['1.5', 'apple'])
      expect(says('counter', 'p a y 1', 'q r y 2', `p a x ${strange}`, 'p a x 1')).toEqual([
        'undecided',
        '#3 adds what cannot be added up exactly: only whole numbers below 2^53 can',
        undefined,
      ]);
    expect(says('counter', 'p a x apple', 'q r x 0')).toEqual(['undecided', expect.stringContaining('#1 adds'), undefined]);
    // Elsewhere words are values.
    expect(says('set', 'p a x apple', 'q r x [apple]')).toEqual([true, undefined, undefined]);
  });
});
