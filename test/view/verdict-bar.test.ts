import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelVerdict } from '../../src/session/types.ts';
import { plain } from '../../src/view/block.ts';
import { lineWidth } from '../../src/view/line.ts';
import { verdictBar } from '../../src/view/verdict-bar.ts';

const model: fc.Arbitrary<ModelVerdict> = fc
  .record({
    name: fc.constantFrom('linearizable', 'sequential', 'causal', 'pram', 'read-your-writes', 'monotonic-reads', 'writes-follow-reads'),
    valid: fc.constantFrom(true as const, false as const, 'undecided' as const),
    op: fc.nat({ max: 9999 }),
  })
  .map(({ op, ...rest }) => (rest.valid === false ? { ...rest, op } : rest));
const models = fc.uniqueArray(model, { maxLength: 7, selector: ({ name }) => name });

describe('the line of verdicts', () => {
  it('never leaves its room, and keeps what is broken before what is not', () => {
    let partial = 0;
    fc.assert(
      fc.property(models, fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1, max: 2 }), (list, width, rows) => {
        const lines = verdictBar({ models: list, unavailable: ['c'] }, width, rows);
        expect(lines.length).toBeLessThanOrEqual(rows);
        for (const line of lines) expect(lineWidth(line)).toBeLessThanOrEqual(width);
        const text = lines.map(plain).join('  ');
        const shownBroken = (text.match(/✗ #/g) ?? []).length;
        const shownWhole = (text.match(/✓/g) ?? []).length;
        if (shownWhole > 0) expect(shownBroken).toBe(list.filter(({ valid }) => valid === false).length);
        if (shownBroken > 0 && shownWhole < list.filter(({ valid }) => valid === true).length) partial++;
      }),
      { numRuns: 500 },
    );
    expect(partial).toBeGreaterThan(0);
  });

  it('uses long names where there is room', () => {
    const data = {
      models: [
        { name: 'linearizable', valid: false as const, op: 4 },
        { name: 'causal', valid: true as const },
      ],
      unavailable: [],
    };
    expect(verdictBar(data, 60, 1).map(plain)).toEqual(['linearizable ✗ #4  causal ✓  available ✓']);
    expect(verdictBar(data, 30, 1).map(plain)).toEqual(['lin ✗ #4  causal ✓  avail ✓']);
    expect(verdictBar(data, 20, 1).map(plain)).toEqual(['lin ✗ #4  avail ✓']);
    expect(verdictBar({ models: [], unavailable: [] }, 60, 1)).toEqual([]);
  });
});
