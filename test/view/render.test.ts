import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { Block } from '../../src/view/block.ts';
import { toAscii } from '../../src/view/glyphs.ts';
import { render } from '../../src/view/render.ts';
import { cells, textWidth } from '../../src/view/width.ts';
import { anyBlock, anyText, anyWidth } from './arbitrary.ts';

const plainLook = (width: number) => ({ width, colour: false, ascii: false });

describe('for any blocks and any width', () => {
  const blocks = fc.array(anyBlock, { maxLength: 3 });

  it('no line is wider than the screen, and nothing steers the terminal', () => {
    fc.assert(
      fc.property(blocks, anyWidth, (found, width) => {
        for (const line of render(found, plainLook(width))) {
          expect(textWidth(line)).toBeLessThanOrEqual(width);
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
          expect(line).not.toMatch(/ $/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('colours add escapes and change nothing else', () => {
    fc.assert(
      fc.property(blocks, anyWidth, (found, width) => {
        const painted = render(found, { ...plainLook(width), colour: true }).map((line) => line.replace(/\u001b\[[0-9;]*m/g, ''));
        expect(painted).toEqual(render(found, plainLook(width)));
      }),
      { numRuns: 150 },
    );
  });

  it('ASCII is ASCII and as wide', () => {
    fc.assert(
      fc.property(blocks, anyWidth, (found, width) => {
        const wide = render(found, plainLook(width));
        const ascii = render(found, { ...plainLook(width), ascii: true });
        expect(ascii.map((line) => line.length)).toEqual(wide.map(textWidth));
        for (const line of ascii) expect(line).toMatch(/^[\u0020-\u007e]*$/);
      }),
      { numRuns: 150 },
    );
  });

  it('wrapping keeps every word', () => {
    const words = fc.array(fc.constantFrom('a', 'be', 'tree', 'quorum', '日本'), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(words, anyWidth, fc.integer({ min: 0, max: 8 }), (list, width, hang) => {
        const lines = render([{ kind: 'text', lines: [[list.join(' ')]], hang }], plainLook(width));
        expect(
          lines
            .join(' ')
            .split(/ +/)
            .filter((word) => word !== ''),
        ).toEqual(list);
      }),
    );
  });
});

it('the width of a text is what terminals and the full screen front end take it for', () => {
  for (const text of [
    'abc',
    'é',
    'e\u0301',
    '日本',
    '한국',
    'ｆｕｌｌ',
    '👩‍👩‍👧',
    '🇩🇪',
    '👍🏽',
    '❤️',
    '✓',
    '★',
    '─│┌',
    '\u200b',
    'नि',
    '🍎',
  ]) {
    expect([text, textWidth(text)]).toEqual([text, stringWidth(text)]);
  }
  fc.assert(
    fc.property(anyText, (text) => {
      const joined = cells(text).map((cell) => cell.text);
      expect(joined.join('')).toBe(text);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(toAscii(text)).toBe(text);
    }),
  );
});

describe('the kinds of blocks', () => {
  const draw = (block: Block, width: number) => render([block], plainLook(width)).join('\n');

  it('wrap texts with a hanging indent', () => {
    expect(
      draw({ kind: 'text', lines: [['? unknown  ', { text: 'etcdserver: request timed out', as: 'fail' }, '  c  7.000 s']], hang: 2 }, 30),
    ).toMatchInlineSnapshot(`
      "? unknown  etcdserver: request
        timed out  c  7.000 s"
    `);
  });

  it('draw tables with numbers at the right, and narrow what may shrink first', () => {
    const table: Block = {
      kind: 'table',
      columns: [
        { title: 'key', align: 'left' },
        { title: 'value', align: 'left', shrink: true },
        { title: 'rev', align: 'right' },
      ],
      rows: [
        [['x'], ['a value that is rather long'], ['12']],
        [['colour'], ['red'], ['7']],
      ],
    };
    expect(draw(table, 60)).toMatchInlineSnapshot(`
      "key     value                        rev
      x       a value that is rather long   12
      colour  red                            7"
    `);
    expect(draw(table, 24)).toMatchInlineSnapshot(`
      "key     value        rev
      x       a value th…   12
      colour  red            7"
    `);
    const prose: Block = { ...table, columns: table.columns.map(({ title, align }) => ({ title, align })) };
    expect(draw(prose, 24)).toMatchInlineSnapshot(`
      "key     value        rev
      x       a value       12
              that is
              rather long
      colour  red            7"
    `);
  });

  it('draw trees whose long lines stay inside their branch', () => {
    const leaf = (text: string) => ({ line: [text], children: [] });
    const tree: Block = {
      kind: 'tree',
      roots: [
        {
          line: ['read x@c ended unknown after 7.000 s'],
          children: [
            {
              line: ['c may not answer before the leader has confirmed that it still leads'],
              children: [leaf('c asked its leader a'), leaf('c gave up after 7 s, as the server does by itself')],
            },
          ],
        },
      ],
    };
    expect(draw(tree, 40)).toMatchInlineSnapshot(`
      "read x@c ended unknown after 7.000 s
      └ c may not answer before the leader
        │ has confirmed that it still leads
        ├ c asked its leader a
        └ c gave up after 7 s, as the server
            does by itself"
    `);
  });

  it('clip pictures', () => {
    expect(draw({ kind: 'picture', lines: [['┌ a ★ ─────┐    ┌ b ───────┐']] }, 20)).toMatchInlineSnapshot(`"┌ a ★ ─────┐    ┌ b…"`);
    expect(draw({ kind: 'drawing', draw: (width) => [[`${width} columns`]] }, 20)).toBe('20 columns');
  });
});
