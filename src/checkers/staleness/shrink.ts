import type { Columns } from '../../history/columns.ts';
import type { Finding } from '../model.ts';
import { dropMost } from '../objects/shrink.ts';
import { pick } from '../rows.ts';
import { sparingRegister } from '../sequential/shrink.ts';
import { isOkRead, type Sourced, sourced, tellingRows } from './clusters.ts';

const SHRINK_STEPS = 300_000;

/** Some rows of one key as a history of their own. */
function alone(columns: Columns, key: number, rows: readonly number[]): Columns {
  return { ...pick(columns, rows), key: new Int32Array(rows.length), keys: [columns.keys[key] as string] };
}

/** Operations that show something, and a sentence about them. */
export interface Shown {
  readonly witness: readonly number[];
  readonly reason: string;
}

/** How a model tells that a key is too stale. */
interface Telling {
  /** Operations that show it, and a sentence about them, where there are such. */
  atSight(history: Sourced, key: number): Shown | undefined;
  tooStale(history: Sourced, key: number): boolean;
  /** What is said of operations that do not show it at sight. */
  otherwise(witness: readonly number[]): string;
}

/** A counterexample from a key that is too stale, and what is to be said of it. */
export function counterexample(history: Sourced, key: number, { atSight, tooStale, otherwise }: Telling): Finding {
  const { columns, texts } = history;
  const own = (part: Columns): Sourced => sourced(part, Uint8Array.of(texts[key] as number));
  const rows = atSight(history, key)?.witness ?? tellingRows(history, key);
  const witness = smallest(history, key, rows, (part) => tooStale(own(part), 0), { steps: SHRINK_STEPS });
  const reason = atSight(own(alone(columns, key, witness)), 0)?.reason ?? otherwise(witness);
  return { valid: false, witness, reason };
}

/**
 * A small part of the rows of one key that is still invalid. Only such operations are dropped as a valid history can spare: a value as a
 * whole, its writes with its reads, since that brings no read further behind, and single reads; of a text that was appended to, reads, and
 * what no read shows any more. Looking at a part costs its length in steps.
 */
export function smallest(
  { columns, texts }: Sourced,
  key: number,
  rows: readonly number[],
  invalid: (part: Columns) => boolean,
  budget: { steps: number },
): readonly number[] {
  const wrong = (part: readonly number[]): boolean => {
    budget.steps -= part.length;
    return budget.steps > 0 && invalid(alone(columns, key, part));
  };
  if (texts[key] === 1) return dropMost(sparingRegister(columns, true), rows, wrong, budget);
  const byValue = dropGroups(rows, (row) => columns.value[row] as number, wrong);
  const writes = byValue.filter((row) => !isOkRead(columns, row));
  return dropGroups(
    byValue,
    (row) => row,
    (part) => wrong([...part]),
    writes,
  );
}

/** Drops ever smaller stretches of groups until no single one can go. */
function dropGroups(
  rows: readonly number[],
  groupOf: (row: number) => number,
  wrong: (part: readonly number[]) => boolean,
  keep: readonly number[] = [],
): readonly number[] {
  const kept = new Set(keep);
  let part = rows;
  let groups = [...new Set(rows.filter((row) => !kept.has(row)).map(groupOf))];
  for (let size = Math.max(1, groups.length >> 1); ; size = Math.max(1, size >> 1)) {
    let dropped = false;
    for (let at = groups.length - size; at > -size; at -= size) {
      const out = new Set(groups.slice(Math.max(0, at), at + size));
      const smaller = part.filter((row) => kept.has(row) || !out.has(groupOf(row)));
      if (smaller.length === part.length || !wrong(smaller)) continue;
      part = smaller;
      groups = groups.filter((group) => !out.has(group));
      dropped = true;
    }
    if (size === 1 && !dropped) return part;
  }
}
