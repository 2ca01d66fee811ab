import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { IPty } from '@lydell/node-pty';

// Both are CommonJS, and one is native: their named exports are not visible to an `import`.
const require = createRequire(import.meta.url);
const { spawn } = require('@lydell/node-pty') as typeof import('@lydell/node-pty');
const { Terminal } = require('@xterm/headless') as typeof import('@xterm/headless');

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const bin = join(root, 'bin/cap-tutor.js');

export interface TermOptions {
  readonly cols?: number;
  readonly rows?: number;
  readonly cwd?: string;
  /** Added to the environment; `undefined` takes a variable out of it. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface Exit {
  readonly code: number;
  readonly signal: number;
}

/** What decides how programs draw: a test that means one of these sets it itself. */
const neutral = {
  TERM: 'xterm-256color',
  COLORTERM: 'truecolor',
  LANG: 'C.UTF-8',
  // Under CI Ink paints nothing before the end; a test is about a reader's terminal, wherever it happens to run.
  CI: undefined,
  CONTINUOUS_INTEGRATION: undefined,
  NO_COLOR: undefined,
  FORCE_COLOR: undefined,
  COLUMNS: undefined,
  LINES: undefined,
  NODE_OPTIONS: undefined,
};

const running = new Set<Term>();

/**
 * A real program in a real pseudo-terminal, its screen kept by the parser of xterm.js. Nothing polls: a wait is looked at
 * again each time that the parser has taken in what the program wrote.
 */
export class Term {
  readonly xterm: InstanceType<typeof Terminal>;
  /** Every byte the program wrote, as text; for what a screen does not show (modes, what was sent after the end). */
  raw = '';
  exited: Exit | undefined;
  readonly #pty: IPty;
  readonly #waiting = new Set<() => void>();

  constructor(file: string, args: readonly string[], options: TermOptions = {}) {
    const { cols = 100, rows = 30, cwd = root } = options;
    const env: Record<string, string> = {};
    for (const [name, value] of Object.entries({ ...process.env, ...neutral, ...options.env })) {
      if (value !== undefined) env[name] = value;
    }
    this.xterm = new Terminal({ cols, rows, allowProposedApi: true, scrollback: 1000 });
    // node-pty sets TERM from `name`, whatever the environment says
    this.#pty = spawn(file, [...args], { cols, rows, cwd, env, name: env['TERM'] ?? 'dumb' });
    this.#pty.onData((data) => {
      this.raw += data;
      this.xterm.write(data, () => this.#look());
    });
    this.#pty.onExit(({ exitCode, signal }) => {
      // Behind the last output in the parser's queue, so that whoever sees the end also sees the last screen.
      this.xterm.write('', () => {
        this.exited = { code: exitCode, signal: signal ?? 0 };
        running.delete(this);
        this.#look();
      });
    });
    this.xterm.onData((answer) => this.send(answer)); // a terminal answers queries (where is the cursor, what are you)
    running.add(this);
  }

  /** The process in the terminal, for signals: `process.kill(term.pid, 'SIGTERM')`. */
  get pid(): number {
    return this.#pty.pid;
  }

  /** The visible rows, without trailing blanks. */
  rows(): string[] {
    const buffer = this.xterm.buffer.active;
    return Array.from({ length: this.xterm.rows }, (_, y) => buffer.getLine(buffer.baseY + y)?.translateToString(true) ?? '');
  }

  screen(): string {
    return this.rows().join('\n');
  }

  /** The screen and what has scrolled off above it. */
  scrollback(): string {
    const buffer = this.xterm.buffer.active;
    const all = Array.from({ length: buffer.length }, (_, y) => buffer.getLine(y)?.translateToString(true) ?? '');
    return all.join('\n').trimEnd();
  }

  /** Whether the program has the alternate screen, under which the user's own waits untouched. */
  get alternate(): boolean {
    return this.xterm.buffer.active.type === 'alternate';
  }

  get cursor(): { readonly x: number; readonly y: number } {
    const { cursorX, cursorY } = this.xterm.buffer.active;
    return { x: cursorX, y: cursorY };
  }

  /** Resolves when the screen satisfies the condition; rejects with the screen when it does not in time. */
  until(condition: (screen: string) => boolean, what = String(condition), ms = 10_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        this.#waiting.delete(look);
        clearTimeout(timer);
      };
      const look = (): void => {
        if (!condition(this.screen())) return;
        done();
        resolve();
      };
      const timer = setTimeout(() => {
        done();
        const end = this.exited === undefined ? 'still running' : `ended with ${this.exited.code}`;
        reject(new Error(`waited ${ms} ms for ${what}; the program is ${end}, the screen:\n${this.screen()}`));
      }, ms);
      this.#waiting.add(look);
      look();
    });
  }

  sees(text: string, ms?: number): Promise<void> {
    return this.until((screen) => screen.includes(text), JSON.stringify(text), ms);
  }

  /** Resolves when the text has left the screen. */
  loses(text: string, ms?: number): Promise<void> {
    return this.until((screen) => !screen.includes(text), `the end of ${JSON.stringify(text)}`, ms);
  }

  send(text: string): void {
    if (this.exited === undefined) this.#pty.write(text);
  }

  resize(cols: number, rows: number): void {
    this.xterm.resize(cols, rows);
    this.#pty.resize(cols, rows);
  }

  async exit(ms = 10_000): Promise<Exit> {
    await this.until(() => this.exited !== undefined, 'the end of the program', ms);
    return this.exited as Exit;
  }

  kill(): void {
    if (this.exited !== undefined) return;
    try {
      this.#pty.kill('SIGKILL');
    } catch {
      // it has ended in the meantime, which is what was asked for
    }
  }

  /** For `afterEach`: a failed wait must not leave its program behind. */
  static killAll(): void {
    for (const term of running) term.kill();
    running.clear();
  }

  #look(): void {
    for (const look of [...this.#waiting]) look();
  }
}

/** The program of the last build, in a terminal. Give it a `home`, or it reads and writes the progress of whoever runs the tests. */
export function capTutor(args: readonly string[], home: Home, options: TermOptions = {}): Term {
  return new Term(process.execPath, [bin, ...args], { ...options, env: { ...home.env, ...options.env } });
}

/** A home folder of its own for one test: all places where the platform's rules let a program keep state lie inside. */
export class Home {
  readonly path = mkdtempSync(join(tmpdir(), 'cap-tutor-test-'));

  get env(): Record<string, string | undefined> {
    return {
      HOME: this.path,
      USERPROFILE: this.path,
      APPDATA: join(this.path, 'appdata'),
      LOCALAPPDATA: join(this.path, 'localappdata'),
      XDG_CACHE_HOME: undefined,
      XDG_CONFIG_HOME: undefined,
      XDG_DATA_HOME: undefined,
      XDG_STATE_HOME: undefined,
    };
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export const keys = {
  enter: '\r',
  tab: '\t',
  backtab: '\x1b[Z',
  escape: '\x1b',
  backspace: '\x7f',
  delete: '\x1b[3~',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  home: '\x1b[H',
  end: '\x1b[F',
  pageUp: '\x1b[5~',
  pageDown: '\x1b[6~',
  ctrl: (letter: string): string => String.fromCharCode(letter.charCodeAt(0) & 31),
  alt: (letter: string): string => `\x1b${letter}`,
  paste: (text: string): string => `\x1b[200~${text}\x1b[201~`,
} as const;
