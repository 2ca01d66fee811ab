import fc from 'fast-check';
import type { Block, Line, Meaning, Tree } from '../../src/view/block.ts';

const MEANINGS: readonly Meaning[] = ['ok', 'fail', 'stale', 'leader', 'dim', 'key', 'accent'];

/** Texts that try to break a layout: wide, combining, joined, controlling, very long. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc
    .array(
      fc.constantFrom(
        'apple',
        ' ',
        '  ',
        'ein langes Wort',
        '日本',
        'é',
        'e\u0301',
        '👩‍👩‍👧',
        '🇩🇪',
        '\u001b[31m',
        '\n',
        '─',
        '✓',
        '\u200b',
        'x'.repeat(50),
      ),
      { maxLength: 12 },
    )
    .map((p) => p.join('')),
);

const piece = fc.oneof(anyText, fc.record({ text: anyText, as: fc.constantFrom(...MEANINGS) }));
export const anyLine: fc.Arbitrary<Line> = fc.array(piece, { maxLength: 5 });

const anyTree: fc.Arbitrary<Tree> = [4, 3, 2, 1].reduce<fc.Arbitrary<Tree>>(
  (below) => fc.record({ line: anyLine, children: fc.array(below, { maxLength: 2 }) }),
  fc.record({ line: anyLine, children: fc.constant([]) }),
);

const table: fc.Arbitrary<Block> = fc.integer({ min: 1, max: 6 }).chain((n) =>
  fc.record({
    kind: fc.constant('table' as const),
    columns: fc.array(fc.record({ title: anyText, align: fc.constantFrom('left' as const, 'right' as const), shrink: fc.boolean() }), {
      minLength: n,
      maxLength: n,
    }),
    rows: fc.array(fc.array(anyLine, { minLength: n, maxLength: n }), { maxLength: 4 }),
  }),
);

export const anyBlock: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), lines: fc.array(anyLine, { maxLength: 3 }), hang: fc.integer({ min: 0, max: 30 }) }),
  fc.record({ kind: fc.constant('picture' as const), lines: fc.array(anyLine, { maxLength: 3 }) }),
  fc.record({ kind: fc.constant('tree' as const), roots: fc.array(anyTree, { maxLength: 2 }) }),
  table,
);
export const anyWidth = fc.integer({ min: 20, max: 200 });
