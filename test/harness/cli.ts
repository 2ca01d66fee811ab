import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bin } from './term.ts';

export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

/** A folder of its own for one test file, in which the program is run. */
export class Place {
  readonly path = mkdtempSync(join(tmpdir(), 'cap-tutor-cli-'));

  file(name: string, content: string | Uint8Array): string {
    writeFileSync(join(this.path, name), content);
    return name;
  }

  /** The program of the last build, run to its end with these words and this standard input. */
  run(args: readonly string[], input: string | Uint8Array = '', env: Readonly<Record<string, string>> = {}): Ended {
    const { stdout, stderr, status }: SpawnSyncReturns<string> = spawnSync(process.execPath, [bin, ...args], {
      cwd: this.path,
      input,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '', ...env },
      maxBuffer: 64 * 1024 * 1024,
    });
    return { stdout, stderr, code: status };
  }

  /** The program, started; for what happens while it runs. */
  start(args: readonly string[]): Running {
    return new Running(this.path, args);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A running program whose output can be waited for. Nothing polls, and nothing depends on how long anything takes. */
export class Running {
  stdout = '';
  stderr = '';
  readonly #child;
  readonly #looks = new Set<() => void>();
  readonly ended: Promise<Ended>;

  constructor(cwd: string, args: readonly string[]) {
    this.#child = spawn(process.execPath, [bin, ...args], { cwd, env: { ...process.env, NO_COLOR: '' } });
    this.#child.stdout.on('data', (chunk: Buffer) => this.#heard('stdout', chunk));
    this.#child.stderr.on('data', (chunk: Buffer) => this.#heard('stderr', chunk));
    // The program may be gone before all is written: that is some tests' point.
    this.#child.stdin.on('error', () => {});
    this.ended = new Promise((resolve) => {
      this.#child.on('close', (code) => resolve({ stdout: this.stdout, stderr: this.stderr, code }));
    });
  }

  write(text: string): void {
    this.#child.stdin.write(text);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Nobody reads on: as `| head` leaves it. */
  closeStdout(): void {
    this.#child.stdout.destroy();
  }

  /** Resolves when standard output holds the text. The test's own time limit is the only one. */
  saw(text: string): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!this.stdout.includes(text)) return;
        this.#looks.delete(look);
        resolve();
      };
      this.#looks.add(look);
      look();
    });
  }

  #heard(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    this[stream] += chunk.toString();
    for (const look of [...this.#looks]) look();
  }
}
