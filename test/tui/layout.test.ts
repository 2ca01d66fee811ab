import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Box, type Focus, layOut } from '../../src/shells/tui/layout.ts';
import { lastTop, pageOf, refitted, revealing, type Scroll, scrolledBy, scrolledTo, thumb, visible } from '../../src/shells/tui/scroll.ts';

const boxes = (columns: number, rows: number, focus: Focus, map: number): Box[] =>
  Object.values(layOut(columns, rows, focus, map)).filter((part): part is Box => typeof part === 'object');

describe('the layout', () => {
  it('stands page and lab side by side from 100 columns on', () => {
    const layout = layOut(106, 30, 'page', 8);
    expect(layout.kind).toBe('wide');
    expect(layout.page).toEqual({ top: 2, left: 0, width: 58, height: 26 });
    expect(layout.map).toEqual({ top: 2, left: 59, width: 47, height: 8 });
    expect(layout.prompt).toEqual({ top: 11, left: 59, width: 47, height: 17 });
    expect(layOut(99, 30, 'page', 8).kind).toBe('stacked');
    expect(layOut(250, 30, 'page', 8).page.width).toBe(88);
  });

  it('gives a stacked screen to whoever has the keys', () => {
    expect(layOut(80, 24, 'page', 8)).toMatchObject({ page: { top: 1, height: 14 }, map: { height: 1 }, prompt: { height: 6 } });
    expect(layOut(80, 24, 'prompt', 8)).toMatchObject({ page: { height: 6 }, prompt: { height: 14 } });
  });

  it.each([
    [40, 10, { page: 5, map: 1, prompt: 2, header: 1, footer: 1 }],
    [40, 5, { page: 3, map: 0, prompt: 1, header: 0, footer: 1 }],
    [40, 2, { page: 1, map: 0, prompt: 1, header: 0, footer: 0 }],
    [5, 1, { page: 0, map: 0, prompt: 1, header: 0, footer: 0 }],
    [120, 7, { page: 5, map: 2, prompt: 3, header: 1, footer: 1 }],
  ])('is still sane at %d x %d', (columns, rows, heights) => {
    const layout = layOut(columns, rows, 'page', 8);
    const { page, map, prompt, header, footer } = layout;
    expect({ page: page.height, map: map.height, prompt: prompt.height, header: header.height, footer: footer.height }).toEqual(heights);
  });

  it('covers every cell of the screen, and none twice', () => {
    const size = fc.tuple(fc.integer({ min: 1, max: 230 }), fc.integer({ min: 1, max: 70 }));
    fc.assert(
      fc.property(size, fc.constantFrom<Focus>('page', 'prompt'), fc.nat(40), ([columns, rows], focus, map) => {
        const seen = new Map<number, number>();
        for (const { top, left, width, height } of boxes(columns, rows, focus, map)) {
          for (let y = top; y < top + height; y++) {
            for (let x = left; x < left + width; x++) seen.set(y * 1000 + x, (seen.get(y * 1000 + x) ?? 0) + 1);
            expect(left + width <= columns && y < rows && top >= 0).toBe(true);
          }
        }
        expect(seen.size).toBe(columns * rows);
        expect(Math.max(...seen.values())).toBe(1);
        expect(layOut(columns, rows, focus, map).prompt.height).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });
});

describe('scrolling', () => {
  const at = (top: number, height = 10, length = 100): Scroll => ({ top, height, length });

  it('stops at both ends', () => {
    expect(scrolledBy(at(0), -5).top).toBe(0);
    expect(scrolledBy(at(85), pageOf(at(85))).top).toBe(90);
    expect(scrolledTo(at(0, 10, 3), 2).top).toBe(0);
  });

  it('moves no further than it must to show something', () => {
    expect(revealing(at(20), 25, 28).top).toBe(20);
    expect(revealing(at(20), 28, 33).top).toBe(23);
    expect(revealing(at(20), 12, 14).top).toBe(12);
    expect(revealing(at(20), 40, 60).top).toBe(40);
  });

  it('keeps its place when the text is wrapped anew', () => {
    expect(refitted(at(50), 10, 200).top).toBe(100);
    expect(refitted(at(90), 20, 150).top).toBe(130);
    expect(refitted(at(0), 5, 9).top).toBe(0);
    expect(refitted({ top: 0, height: 0, length: 0 }, 5, 9).top).toBe(0);
  });

  it('fills the window with empty lines', () => {
    expect(visible(['a', 'b'], { top: 1, height: 3 })).toEqual(['b', '', '']);
  });

  it('whatever is done, the window stays on the text and shows its height', () => {
    const small = fc.integer({ min: 0, max: 40 });
    fc.assert(
      fc.property(small, small, fc.integer({ min: -60, max: 60 }), small, small, (height, length, by, from, more) => {
        const lines = Array.from({ length }, (_, i) => `${i}`);
        const begin = scrolledTo({ top: 0, height, length }, by);
        for (const scroll of [begin, scrolledBy(begin, by), revealing(begin, Math.min(from, length), Math.min(from + more, length))]) {
          expect(scroll.top).toBeGreaterThanOrEqual(0);
          expect(scroll.top).toBeLessThanOrEqual(lastTop(scroll));
          expect(visible(lines, scroll)).toHaveLength(height);
          const bar = thumb(scroll);
          if (!bar) continue;
          expect(bar.from >= 0 && bar.from < bar.to && bar.to <= height).toBe(true);
          expect(bar.to === height).toBe(height >= 3 ? scroll.top === lastTop(scroll) : bar.to === height);
        }
      }),
      { numRuns: 500 },
    );
  });
});
