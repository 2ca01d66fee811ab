import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { typed } from '../../src/checkers/index.ts';
import { linearizable } from '../../src/checkers/linearizable.ts';
import { finish } from '../../src/checkers/model.ts';
import { partOf, viewOf } from '../../src/checkers/registers/part.ts';
import { Search } from '../../src/checkers/registers/search.ts';
import { isProblem } from '../../src/core/problem.ts';
import type { Columns } from '../../src/history/columns.ts';
import { readHistory } from '../../src/history/read.ts';
import { type Bench, cpuNs, type Figure, inTurns, median, number, ratios } from './measure.ts';
import { history, type Shape } from './peers/generate.ts';

const ROUNDS = 7;
const WARM = 3;
const STEPS = 50_000_000;
/** Recorded histories lie where the tests have them; from node_modules/.cache/bench that is three folders up. */
const RECORDED = fileURLToPath(new URL('../../../test/histories/', import.meta.url));

function parsed(bytes: Uint8Array, name: string): Columns {
  const columns = readHistory(bytes, name);
  if (isProblem(columns)) throw new Error(String(columns));
  return columns;
}

/** All that comes after parsing. */
function judged(columns: Columns): void {
  const recorded = typed(columns);
  if ('strange' in recorded) throw new Error(`no type has all operations on ${recorded.strange}`);
  const { valid } = finish(linearizable.judge(recorded, { steps: STEPS, bare: true }));
  if (valid !== true) throw new Error(`a history that is known to be valid was found ${valid === false ? 'invalid' : valid}`);
}

/** Nanoseconds for one of several checks on end: short ones alone would mostly measure what the collector and the compiler do beside them. */
const checking = (columns: Columns): (() => number) => {
  const times = Math.max(1, Math.floor(2_000_000 / columns.count));
  return () => {
    const ns = cpuNs(() => {
      for (let i = 0; i < times; i++) judged(columns);
    });
    return ns / times;
  };
};

const ms = (times: readonly number[]): string => `${number(median(times) / 1e6)} ms`;

/** Registers in which each value is written once: what a check costs for clients, for length, and beside reading the file. */
function distinct(): readonly Figure[] {
  const one: Shape = { operations: 100_000, clients: 5, keys: 1, seed: 1 };
  const few = parsed(history(one), 'few clients');
  const many = parsed(history({ ...one, clients: 50 }), 'many clients');
  const bytes = history({ ...one, operations: 1_000_000, clients: 50 });
  const long = parsed(bytes, 'long');
  const times = inTurns(
    ROUNDS,
    {
      few: checking(few),
      many: checking(many),
      long: checking(long),
      parse: () => cpuNs(() => parsed(bytes, 'long')),
    },
    WARM,
  );
  const note = `${ms(times.few)} and ${ms(times.many)} for 100,000 operations on one key, ${ms(times.long)} for a million, ${ms(times.parse)} to read them`;
  return [
    { what: 'check: 50 clients / 5 clients', rounds: ratios(times.many, times.few), unit: 'x', aim: { atMost: 1.5 }, note },
    { what: 'check: a million operations / 100,000', rounds: ratios(times.long, times.many), unit: 'x', aim: { atMost: 12 } },
    { what: 'a million operations: check / parse', rounds: ratios(times.long, times.parse), unit: 'x', aim: { atMost: 0.5 } },
  ];
}

/** Registers as a test of a real system has them: five values, compare-and-set, some of it of unknown outcome; and values that come back now and then. */
function repeated(): readonly Figure[] {
  const shapes: Readonly<Record<string, Shape>> = {
    'five values, cas, 1 % unknown, 100 keys': { operations: 100_000, clients: 10, keys: 100, seed: 1, values: 5, cas: 0.2, unknown: 0.01 },
    'five values, cas, one key': { operations: 100_000, clients: 10, keys: 1, seed: 1, values: 5, cas: 0.2 },
    'a thousand values, 50 clients, one key': { operations: 100_000, clients: 50, keys: 1, seed: 1, values: 1000 },
  };
  return Object.entries(shapes).map(([name, shape]) => {
    const bytes = history(shape);
    const columns = parsed(bytes, name);
    const times = inTurns(3, { check: checking(columns), parse: () => cpuNs(() => parsed(bytes, name)) });
    return { what: `${name}: check / parse`, rounds: ratios(times.check, times.parse), unit: 'x', note: ms(times.check) };
  });
}

/** No clock has a part in this: the attempts of the search for each operation of the recorded logs. */
function recorded(): Figure {
  let [steps, operations] = [0, 0];
  for (const name of readdirSync(RECORDED).filter((file) => /\.(log|txt)$/.test(file))) {
    const columns = parsed(readFileSync(join(RECORDED, name)), name);
    const types = typed(columns);
    const view = viewOf(columns, 'types' in types && types.types[0]?.texts === true);
    columns.keys.forEach((_, key) => {
      const rows = Int32Array.from(columns.key.keys()).filter((row) => columns.key[row] === key);
      const search = new Search(partOf(view, rows), view.room);
      search.run(STEPS);
      steps += search.steps;
      operations += rows.length;
    });
  }
  return { what: 'recorded logs: steps an operation', rounds: [steps / operations], unit: '', note: `${number(steps)} steps in all` };
}

export const checkers: Bench = {
  name: 'checkers',
  title: 'Linearizability: what a check costs after parsing, in processor time',
  run: () => [...distinct(), ...repeated(), recorded()],
};
