import { EventEmitter } from 'node:events';
import type { Terminal as XTerm } from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Painter } from '../../src/shells/tui/painter.ts';
import { blankTerminal, drawn, looksOf, rowsOf, written } from './oracle.ts';

/** A terminal's output stream, and the terminal that shows what went down it. */
class Screen extends EventEmitter {
  readonly term: XTerm;
  writableNeedDrain = false;
  bytes = 0;

  constructor(columns: number, rows: number) {
    super();
    this.term = blankTerminal(columns, rows);
  }

  get columns(): number {
    return this.term.cols;
  }

  get rows(): number {
    return this.term.rows;
  }

  readonly write = (data: string): boolean => {
    this.bytes += data.length;
    this.term.write(data);
    return true;
  };

  resize(columns: number, rows: number): void {
    this.term.resize(columns, rows);
    this.emit('resize');
  }

  async shown(): Promise<string[]> {
    await written(this.term, '');
    return rowsOf(this.term);
  }
}

function painted(columns: number, rows: number): { screen: Screen; painter: Painter } {
  const screen = new Screen(columns, rows);
  return { screen, painter: new Painter(screen) };
}

const bare = (text: string): string => text.replace(/\u001b\[[\d;]*m/g, '');

describe('the painter', () => {
  it('puts a frame on the screen, full width and full height', async () => {
    const { screen, painter } = painted(10, 3);
    painter.write('0123456789\nabcdefghij\nABCDEFGHIJ');
    painter.paint();
    expect(await screen.shown()).toEqual(['0123456789', 'abcdefghij', 'ABCDEFGHIJ']);
    painter.write('0123456789\nabc\nABCDEFGHIK');
    painter.paint();
    expect(await screen.shown()).toEqual(['0123456789', 'abc', 'ABCDEFGHIK']);
  });

  it('writes only what changed, and nothing for the same frame', () => {
    const { screen, painter } = painted(100, 40);
    const rows = Array.from({ length: 40 }, (_, i) => `${i} ${'x'.repeat(90)}`);
    painter.write(rows.join('\n'));
    painter.paint();
    const first = screen.bytes;
    painter.write(rows.join('\n'));
    painter.paint();
    expect(screen.bytes).toBe(first);
    rows[7] = 'changed';
    painter.write(rows.join('\n'));
    painter.paint();
    expect(screen.bytes - first).toBeLessThan(100);
  });

  it('shows the real cursor where it is told, inside the screen, and hides it again', async () => {
    const { screen, painter } = painted(10, 3);
    painter.write('one\ntwo');
    painter.setCursor({ row: 1, column: 2 });
    painter.paint();
    await screen.shown();
    expect([screen.term.buffer.active.cursorX, screen.term.buffer.active.cursorY]).toEqual([2, 1]);
    painter.setCursor({ row: 9, column: 99 });
    painter.paint();
    await screen.shown();
    expect([screen.term.buffer.active.cursorX, screen.term.buffer.active.cursorY]).toEqual([9, 2]);
    const before = screen.bytes;
    painter.setCursor(undefined);
    painter.paint();
    expect(screen.bytes).toBeGreaterThan(before);
  });

  it('does not let a row that is too wide push down the rows below', async () => {
    const { screen, painter } = painted(10, 3);
    painter.write(`${'x'.repeat(25)}\ntwo\nthree\nfour`);
    painter.paint();
    expect(await screen.shown()).toEqual(['xxxxxxxxxx', 'two', 'three']);
    painter.write(`${'y'.repeat(25)}\ntwo\n${'z'.repeat(11)}`);
    painter.paint();
    expect(await screen.shown()).toEqual(['yyyyyyyyyy', 'two', 'zzzzzzzzzz']);
  });

  it('draws all anew after a resize, and passes it on', async () => {
    const { screen, painter } = painted(10, 3);
    let heard = 0;
    painter.on('resize', () => heard++);
    painter.write('one\ntwo\nthree');
    painter.paint();
    screen.resize(6, 2);
    painter.paint();
    expect(await screen.shown()).toEqual(['one', 'two']);
    expect([heard, painter.columns, painter.rows]).toEqual([1, 6, 2]);
  });

  it('gives a slow line the newest frame only, once it is ready', async () => {
    const { screen, painter } = painted(10, 2);
    screen.writableNeedDrain = true;
    painter.write('one');
    painter.paint();
    painter.write('two');
    painter.paint();
    expect(screen.bytes).toBe(0);
    screen.writableNeedDrain = false;
    screen.emit('drain');
    expect(await screen.shown()).toEqual(['two', '']);
  });

  it('writes nothing once closed, and takes no cursor command or empty frame for a frame', async () => {
    const { screen, painter } = painted(10, 2);
    painter.write('one');
    painter.write('\u001b[?25l');
    painter.write('');
    painter.paint();
    expect((await screen.shown())[0]).toBe('one');
    const before = screen.bytes;
    painter.write('two');
    painter.close();
    painter.paint();
    screen.resize(8, 2);
    expect(screen.bytes).toBe(before);
    expect(screen.listenerCount('resize')).toBe(0);
  });
});

const word = fc.constantFrom(
  'a',
  'bc',
  ' ',
  '   ',
  '한',
  '│',
  '\u001b[1mb\u001b[22m',
  '\u001b[7mc \u001b[27m',
  '\u001b[31mred',
  '\u001b[44m  ',
);
const row = fc.array(word, { maxLength: 5 }).map((words) => words.join(''));
const frame = fc.array(row, { maxLength: 6 });

describe('the law of the painter', () => {
  it('whatever was shown before, the screen equals the last frame', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 5 }), async (frames) => {
        const { screen, painter } = painted(16, 5);
        for (const next of frames) {
          painter.write(next.join('\n') || ' ');
          painter.paint();
          const rows = await screen.shown();
          const looks = await drawn(next);
          for (let y = 0; y < 5; y++) {
            expect(rows[y]?.trimEnd()).toBe(bare(next[y] ?? '').trimEnd());
            expect(looksOf(screen.term, y)).toEqual(looks[y] ?? []);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});
