import type { Judging, Recorded, Verdict } from '../model.ts';
import { type Part, partOf } from './part.ts';

/** Judges a part with so many steps. */
export type Judge = (part: Recorded, steps: number) => Generator<Judging, Verdict>;

/** What looking at one part may cost at most. */
const STEPS = 200_000;

/** A small part of a part that no order explains, of which none explains it either: drops ever smaller stretches until no single transaction can go. */
export function* shrunk(whole: Part, judge: Judge, budget: { steps: number }, realTime: boolean): Generator<Judging, Part> {
  let part = whole;
  for (let size = Math.max(1, part.rows.length >> 1); budget.steps > 0; ) {
    let dropped = false;
    for (let from = part.rows.length - size; from > -size && budget.steps > 0; from -= size) {
      const kept = Array.from(part.rows.keys()).filter((i) => i < from || i >= from + size);
      const { recorded, rows } = yield* partOf(part.recorded, kept, realTime);
      budget.steps -= 256 + 16 * part.rows.length;
      const { valid } = yield* judge(recorded, Math.min(STEPS, 2_000 + 256 * kept.length));
      if (valid !== false) continue;
      part = { recorded, rows: rows.map((row) => part.rows[row] as number) };
      dropped = true;
    }
    if (size === 1 && !dropped) break;
    size = Math.max(1, size >> 1);
  }
  return part;
}
