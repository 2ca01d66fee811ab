import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a peer says of a file. Times in milliseconds; the check is all that comes after parsing. */
export interface Result {
  readonly file: string;
  readonly operations: number;
  /** `valid`, `invalid` or `undecided`. */
  readonly verdict: string;
  readonly parseMs: number;
  /** One for each run. */
  readonly ms: readonly number[];
  /** The most memory that the process had so far, in kilobytes. */
  readonly rssKb: number;
}

export interface Run {
  readonly results: readonly Result[];
  /** From the start of the process to its end, in milliseconds. */
  readonly wallMs: number;
}

/** Long enough for a peer that gives up after a minute. */
const PATIENCE_MS = 300_000;

/** Runs a peer over files. Undefined where it fails: what it says then stands on standard error. */
export function run(command: readonly string[], runs: number, files: readonly string[]): Run | undefined {
  const [program, ...args] = command;
  if (program === undefined) throw new Error('a command has a program');
  const start = process.hrtime.bigint();
  const ended = spawnSync(program, [...args, String(runs), ...files], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: PATIENCE_MS,
    maxBuffer: 1 << 28,
  });
  const wallMs = Number(process.hrtime.bigint() - start) / 1e6;
  if (ended.status !== 0) return undefined;
  const results = ended.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Result);
  return { results, wallMs };
}

/** Ourselves, as the same kind of command. */
export const ours: readonly string[] = [process.execPath, fileURLToPath(new URL('./ours.js', import.meta.url))];

export function best(ms: readonly number[]): number {
  return Math.min(...ms);
}
