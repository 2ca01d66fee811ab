import { type Columns, REMOVE } from '../../history/columns.ts';
import type { Finding } from '../model.ts';
import { distinct } from '../rows.ts';
import type { Ending } from './final-reads.ts';

const NO_ELEMENTS = new Int32Array(0);

/**
 * Sets and lists: every last read shows every element that was acknowledged and never removed, none that nobody added, and all show the
 * same; lists in the same order.
 */
export function elementsAgree(columns: Columns, { done, unknown, reads }: Ending, ordered: boolean): Finding {
  const { value, effect, id, texts } = columns;
  const say = (code: number): string => texts.text(code) ?? 'nil';
  const acked = new Map<number, number>();
  const removed = new Set<number>();
  for (const row of done) if (effect[row] !== REMOVE) acked.set(value[row] as number, row);
  for (const row of [...done, ...unknown]) if (effect[row] === REMOVE) removed.add(value[row] as number);
  const unsure = new Set(unknown.map((row) => value[row] as number));
  const mayAdd = new Set(unknown.filter((row) => effect[row] !== REMOVE).map((row) => value[row] as number));
  const shown = reads.map((read) => texts.elements(value[read] as number) ?? NO_ELEMENTS);
  for (const [i, elements] of shown.entries()) {
    const read = reads[i] as number;
    const there = new Set(elements);
    for (const code of there)
      if (!acked.has(code) && !mayAdd.has(code))
        return { valid: false, witness: [read], reason: `#${id[read]} read ${say(code)}, which nobody had added` };
    for (const [code, add] of acked)
      if (!there.has(code) && !removed.has(code))
        return {
          valid: false,
          witness: distinct([add, read]),
          reason: `#${id[read]} does not show ${say(code)}, which #${id[add]} had put there, although nothing was going on any more`,
        };
  }
  // What nobody knows the end of may still arrive anywhere, or go.
  const firm = shown.map((elements) => elements.filter((code) => !unsure.has(code)));
  const [first = NO_ELEMENTS] = firm;
  for (const [i, elements] of firm.entries()) {
    const codes = differing(first, elements, ordered);
    if (codes === undefined) continue;
    const [one, other] = [reads[0] as number, reads[i] as number];
    const about = done.filter((row) => codes.includes(value[row] as number));
    const [a, b] = codes as [number, number?];
    const how = b === undefined ? `disagree about ${say(a)}` : `show ${say(a)} and ${say(b)} in different orders`;
    return {
      valid: false,
      witness: distinct([...about, one, other]),
      reason: `#${id[one]} and #${id[other]} ${how}, although nothing was going on any more`,
    };
  }
  return { valid: true };
}

/** The codes that show that two reads do not agree: one that only one of them has, or two in another order. */
function differing(a: Int32Array, b: Int32Array, ordered: boolean): readonly number[] | undefined {
  const inA = new Set(a);
  const inB = new Set(b);
  const only = a.find((code) => !inB.has(code)) ?? b.find((code) => !inA.has(code));
  if (only !== undefined) return [only];
  if (!ordered) return undefined;
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (a[i] !== b[i]) return [a[i], b[i]].filter((code) => code !== undefined);
  }
  return undefined;
}
