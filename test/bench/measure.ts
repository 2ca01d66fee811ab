/** Measuring and saying what came out. Every figure of the bench is a ratio of things measured in turns, so that a busy machine slows both. */

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}

/** One aim: its figure in each round, and what it should be. */
export interface Figure {
  readonly what: string;
  readonly rounds: readonly number[];
  /** Written behind the figure: `x`, ` : 1`. */
  readonly unit: string;
  /** Undefined: only context. */
  readonly aim?: { readonly atLeast: number } | { readonly atMost: number };
  /** For a figure of context: how it is measured, or the absolute numbers. */
  readonly note?: string;
}

export interface Bench {
  /** The word that chooses it on the command line. */
  readonly name: string;
  readonly title: string;
  run(): Promise<readonly Figure[]> | readonly Figure[];
}

/**
 * Nanoseconds of processor time that `work` takes, helper threads of the collector and the compiler included: on a machine with nothing else to do a little
 * more than wall time; on a busy one the only time that means something within milliseconds.
 */
export function cpuNs(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) * 1000;
}

/** Nanoseconds of wall time that `work` takes. */
export function wallNs(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start);
}

/** Collects garbage, so that no candidate pays for another's. The bench runs with --expose-gc. */
export function tidy(): void {
  (globalThis as { gc?: () => void }).gc?.();
}

/**
 * Runs the candidates in turns and gives each one's times, after `warm` rounds that are not counted. What takes milliseconds is best compared in many short
 * rounds: whatever else the machine does then strikes single rounds, which the median leaves out, and not one candidate.
 */
export function inTurns<K extends string>(
  rounds: number,
  candidates: Readonly<Record<K, () => number>>,
  warm = 1,
): Readonly<Record<K, number[]>> {
  const names = Object.keys(candidates) as K[];
  const out = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  tidy();
  for (let round = 0; round < warm + rounds; round++) {
    for (const name of names) {
      const figure = candidates[name]();
      if (round >= warm) out[name].push(figure);
    }
  }
  return out;
}

/** Round by round: a / b. */
export function ratios(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, i) => value / (b[i] ?? Number.NaN));
}

export function number(value: number): string {
  if (value >= 1000) return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function verdict(figure: Figure): string {
  if (figure.aim === undefined) return '';
  const value = median(figure.rounds);
  return ('atLeast' in figure.aim ? value >= figure.aim.atLeast : value <= figure.aim.atMost) ? 'reached' : 'MISSED';
}

function aimText(figure: Figure): string {
  if (figure.aim === undefined) return '';
  return 'atLeast' in figure.aim ? `at least ${number(figure.aim.atLeast)}` : `at most ${number(figure.aim.atMost)}`;
}

/** The figures as a table: what, median, what four rounds of five lie between, the aim and whether it is reached. */
export function table(figures: readonly Figure[]): { readonly text: string; readonly missed: number } {
  const rows = figures.map((f) => {
    const sorted = [...f.rounds].sort((a, b) => a - b);
    const tenth = Math.floor(sorted.length / 10);
    const spread = f.rounds.length > 1 ? `${number(sorted[tenth] ?? 0)} to ${number(sorted[sorted.length - 1 - tenth] ?? 0)}` : '';
    return [f.what, `${number(median(f.rounds))}${f.unit}`, spread, aimText(f), verdict(f), f.note ?? ''];
  });
  const widths = [0, 1, 2, 3, 4].map((c) => Math.max(...rows.map((row) => (row[c] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `  ${row.map((cell, c) => (c === 1 || c === 2 ? cell.padStart(widths[c] ?? 0) : cell.padEnd(widths[c] ?? 0))).join('  ')}`.trimEnd();
  return { text: rows.map(line).join('\n'), missed: rows.filter((row) => row[4] === 'MISSED').length };
}
