import { APPEND, CAS, type Columns, OK, READ, UNEQUAL, WRITE } from '../../history/columns.ts';
import { rawText } from '../../history/texts.ts';
import { isObject } from '../objects/decide.ts';
import type { Budget } from '../objects/part.ts';
import { dropMost, type Sparing, sparingOf } from '../objects/shrink.ts';
import type { DataType } from '../types.ts';
import { decideSequential } from './decide.ts';
import { storyOf } from './story.ts';

/** Looking at a part costs so much for each operation, however few steps the search then takes. */
const LOOK = 8;
/** What needs more than so many steps to be refused is no plain counterexample. */
const MOST = 20_000;

/**
 * A small part of some rows that already has no order. Of each object only such operations are dropped as a history that is right could spare: reads, what nobody that
 * stays has seen, whole items of a queue. `proof`: rows that may be such a part.
 */
export function smallestStory(
  columns: Columns,
  types: readonly DataType[],
  rows: readonly number[],
  proof: readonly number[],
  budget: Budget,
): readonly number[] {
  const invalid = (some: readonly number[]): boolean => {
    budget.steps -= some.length * LOOK;
    if (budget.steps <= 0) return false;
    const most = Math.min(budget.steps, MOST);
    const own: Budget = { steps: most };
    const { valid } = decideSequential(storyOf(columns, types, some), own);
    budget.steps -= most - own.steps;
    return valid === false;
  };
  const sparing = sparingAll(columns, types);
  const closed = rows.every((row) => !isObject((types[columns.key[row] as number] as DataType).name));
  const whole = withSources(columns, rows, proof);
  if (proof.length > 0 && invalid(whole)) return closed ? dropMost(sparing, whole, invalid, budget) : whole;
  return dropMost(sparing, rows, invalid, budget);
}

/** A proof with all that wrote what its reads of registers found. */
function withSources({ effect, key, value, expected }: Columns, rows: readonly number[], proof: readonly number[]): readonly number[] {
  const found = new Set<string>();
  for (const row of proof) {
    if (effect[row] === READ) found.add(`${key[row]} ${value[row]}`);
    if (effect[row] === CAS) found.add(`${key[row]} ${expected[row]}`);
  }
  const inside = new Set(proof);
  return rows.filter(
    (row) => inside.has(row) || ((effect[row] === WRITE || effect[row] === CAS) && found.has(`${key[row]} ${value[row]}`)),
  );
}

function sparingAll(columns: Columns, types: readonly DataType[]): Sparing {
  const byKey = types.map((type): Sparing => (isObject(type.name) ? sparingOf(columns, type.name) : sparingRegister(columns, type.texts)));
  const split = (rows: readonly number[]): ReadonlyMap<number, number[]> => {
    const parts = new Map<number, number[]>();
    for (const row of rows) {
      const part = parts.get(columns.key[row] as number);
      if (part === undefined) parts.set(columns.key[row] as number, [row]);
      else part.push(row);
    }
    return parts;
  };
  return {
    stories: (rows) =>
      [...split(rows)].flatMap(([key, part]) => (byKey[key] as Sparing).stories(part)).sort((a, b) => (a[0] as number) - (b[0] as number)),
    without: (rows, gone) =>
      [...split(rows)].flatMap(([key, part]) => [...(byKey[key] as Sparing).without(part, gone)]).sort((a, b) => a - b),
  };
}

/** Of a register a history that is right can spare reads, and writes of what nobody that stays has found. `isText`: of a text, which can be appended to. */
export function sparingRegister({ effect, status, value, expected, texts }: Columns, isText: boolean): Sparing {
  const raw = (code: number): string => rawText(texts.text(code) ?? '');
  return {
    stories: (rows) => rows.map((row) => [row]),
    without(rows, gone) {
      const seen = new Set<number>();
      let grows = false;
      for (const row of rows) {
        if (effect[row] === APPEND) grows = true;
        if (gone.has(row)) continue;
        // A comparison that found another value may need any write.
        if (status[row] === UNEQUAL) return rows.filter((one) => !gone.has(one) || (effect[one] !== READ && status[one] !== UNEQUAL));
        if (effect[row] === READ && status[row] === OK) seen.add(value[row] as number);
        if (effect[row] === CAS) seen.add(expected[row] as number);
      }
      const inside = (text: string): boolean => [...seen].some((code) => raw(code).includes(text));
      const needed = (row: number): boolean => (isText && grows ? inside(raw(value[row] as number)) : seen.has(value[row] as number));
      return rows.filter((row) => !gone.has(row) || (effect[row] !== READ && status[row] !== UNEQUAL && needed(row)));
    },
  };
}
