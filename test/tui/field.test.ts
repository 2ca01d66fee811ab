import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldOf, labelOf } from '../../src/shells/terminal/field.ts';
import { key } from '../../src/shells/terminal/keys.ts';
import { moved, splitGraphemes } from '../../src/shells/terminal/line.ts';
import { createEditor, press } from '../../src/shells/terminal/line-editor.ts';
import { textWidth } from '../../src/view/width.ts';

describe('the field', () => {
  it('shows a line that fits whole, the cursor after its last letter included', () => {
    expect(fieldOf({ text: 'set x 1', pos: 7 }, 8)).toEqual({ text: 'set x 1', column: 7 });
    expect(fieldOf({ text: 'a\nb', pos: 2 }, 20)).toEqual({ text: 'a↵b', column: 2 });
  });

  it('shows what is round the cursor of a longer one', () => {
    const text = 'abcdefghijklmnopqrstuvwxyz';
    expect(fieldOf({ text, pos: 26 }, 11)).toEqual({ text: 'qrstuvwxyz', column: 10 });
    expect(fieldOf({ text, pos: 13 }, 11)).toEqual({ text: 'ghijklmnop', column: 7 });
    expect(fieldOf({ text, pos: 0 }, 11)).toEqual({ text: 'abcdefghij', column: 0 });
  });

  it('fits its width, holds the cursor, and is a stretch of the line', () => {
    const grapheme = fc.constantFrom('a', 'b', ' ', 'é', '한', '👩‍👩‍👧', '🇩🇪', 'e\u0301');
    const text = fc.array(grapheme, { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.nat(200), fc.integer({ min: 3, max: 40 }), (whole, pos, width) => {
        const line = moved({ text: whole, pos: 0 }, pos % (whole.length + 1));
        const field = fieldOf(line, width);
        expect(textWidth(field.text)).toBeLessThan(width);
        expect(field.column).toBeLessThan(width);
        const start = whole.lastIndexOf(field.text, line.pos);
        expect(start).toBeGreaterThanOrEqual(0);
        if (textWidth(whole) < width) expect(field.text).toBe(whole);
        // The letter under the cursor is there to be seen.
        const under = splitGraphemes(whole.slice(line.pos))[0];
        if (under !== undefined && width > 12) expect(field.text).toContain(under);
      }),
      { numRuns: 1000 },
    );
  });

  it('says what is searched for', () => {
    const editor = createEditor(['read x']);
    expect(labelOf(editor, '> ')).toBe('> ');
    const search = press(press(editor, key('r', 4)).editor, { type: 'text', text: 'read' }).editor;
    expect(labelOf(search, '> ')).toBe('(search: read) ');
    expect(labelOf(press(search, { type: 'text', text: '!' }).editor, '> ')).toBe('(no match: read!) ');
  });
});
