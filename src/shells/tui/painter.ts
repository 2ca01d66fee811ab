import { Writable } from 'node:stream';

/** Where the real cursor stands, counted from 0 at the top left. */
export interface CursorPlace {
  readonly row: number;
  readonly column: number;
}

/** The part of a terminal's output stream that painting needs. */
export interface Terminal {
  readonly columns: number;
  readonly rows: number;
  readonly writableNeedDrain: boolean;
  write(data: string): boolean;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
  once(event: 'drain', listener: () => void): unknown;
}

const HIDE = '\u001b[?25l';
const SHOW = '\u001b[?25h';
// Between the marks a terminal that knows them (mode 2026) shows nothing half done; others ignore them. Wrapping is off
// meanwhile: a row that is wider than the terminal thinks (a new emoji) must not push the rows below it down.
const BEGIN = '\u001b[?2026h\u001b[?7l';
const END = '\u001b[?7h\u001b[?2026l';

/**
 * An Ink `stdout` that receives whole frames (render option `debug: true`) and writes only the rows that changed. Ink's
 * own full-screen output clears everything on every key. Frames written in one turn of the loop become one: the last.
 */
export class Painter extends Writable {
  readonly isTTY = true;
  readonly #out: Terminal;
  readonly #resized = (): void => {
    this.invalidate();
    this.emit('resize');
  };
  /** What is on the screen; undefined: nobody knows. */
  #shown: readonly string[] | undefined;
  #frame: readonly string[] = [];
  #cursor: CursorPlace | undefined;
  #shownCursor: CursorPlace | undefined;
  #scheduled: NodeJS.Immediate | undefined;
  #waiting = false;
  #closed = false;

  constructor(out: Terminal) {
    super({ decodeStrings: false });
    this.#out = out;
    out.on('resize', this.#resized);
  }

  // A terminal that does not tell its size (0 in some containers) gets the smallest usual one.
  get columns(): number {
    return this.#out.columns || 80;
  }

  get rows(): number {
    return this.#out.rows || 24;
  }

  /** Puts the cursor somewhere with the next frame, or hides it. */
  setCursor(place: CursorPlace | undefined): void {
    this.#cursor = place;
    this.#schedule();
  }

  /** The screen holds something else now (resized, back from the shell): the next painting starts from nothing. */
  invalidate(): void {
    this.#shown = undefined;
    this.#schedule();
  }

  /** Writes nothing any more: the terminal is about to go back to its owner, and Ink still draws as it is unmounted. */
  close(): void {
    this.#closed = true;
    if (this.#scheduled) clearImmediate(this.#scheduled);
    this.#out.off('resize', this.#resized);
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    const text = chunk.toString();
    // Ink writes cursor commands, and an empty frame as it leaves, down the same pipe.
    if (text !== '' && text !== HIDE && text !== SHOW) {
      this.#frame = text.split('\n');
      this.#schedule();
    }
    done();
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#scheduled ??= setImmediate(() => {
      this.#scheduled = undefined;
      this.paint();
    });
  }

  /** Paints what is due. A slow line (ssh) that has not taken the last frame yet gets only the newest when it has. */
  paint(): void {
    if (this.#closed || this.#waiting) return;
    if (this.#out.writableNeedDrain) {
      this.#waiting = true;
      this.#out.once('drain', () => {
        this.#waiting = false;
        this.paint();
      });
      return;
    }
    const next = this.#frame.slice(0, this.rows);
    const changes = this.#changes(next);
    const cursor = this.#cursor && inside(this.#cursor, this.rows, this.columns);
    if (changes === '' && same(cursor, this.#shownCursor)) return;
    this.#shown = next;
    this.#shownCursor = cursor;
    const place = cursor ? `\u001b[${cursor.row + 1};${cursor.column + 1}H${SHOW}` : '';
    this.#out.write(`${BEGIN}${HIDE}${changes}${END}${place}`);
  }

  /** The rows that differ from the screen. A row is erased before it is written: after a full one there is no place to. */
  #changes(next: readonly string[]): string {
    const shown = this.#shown ?? [];
    let out = this.#shown ? '' : '\u001b[0m\u001b[2J';
    for (let i = 0; i < Math.max(next.length, shown.length); i++) {
      const row = next[i] ?? '';
      if (row !== (shown[i] ?? '')) out += `\u001b[${i + 1};1H\u001b[0m\u001b[K${row}\u001b[0m`;
    }
    return out;
  }
}

function inside(place: CursorPlace, rows: number, columns: number): CursorPlace {
  const within = (n: number, size: number): number => Math.max(0, Math.min(size - 1, n));
  return { row: within(place.row, rows), column: within(place.column, columns) };
}

function same(a: CursorPlace | undefined, b: CursorPlace | undefined): boolean {
  return a?.row === b?.row && a?.column === b?.column;
}
