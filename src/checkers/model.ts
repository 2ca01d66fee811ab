import type { Columns } from '../history/columns.ts';
import type { DataType } from './types.ts';

/** What is judged: the operations, and what each key of `columns.keys` is. */
export interface Recorded {
  readonly columns: Columns;
  readonly types: readonly DataType[];
}

/** How far a judgement may go, and what else is wanted of it. */
export interface Asked {
  /** Steps of work, at least 1; the verdict is `undecided` where they run out. What a step is, each model says; it never depends on time. */
  readonly steps: number;
  /** Whether a valid verdict should come with an order that explains it. */
  readonly order?: boolean;
  /** Whether the verdict alone will do: an invalid one may then come without witness, reason, prefix and unplaced operations, and leave other keys undecided. */
  readonly bare?: boolean;
  /** Of models with a figure (k-staleness, t-staleness in microseconds): the most that is still valid. Without it any figure is. */
  readonly bound?: number;
}

/** How far a judgement is, for those who watch. */
export interface Judging {
  readonly done: number;
  readonly of: number;
}

export type Valid = true | false | 'undecided';

/** What a model says of one key, or of all of them. Operations are named by their rows in the columns, which stand in order of invocation. */
export interface Finding {
  readonly valid: Valid;
  /** Invalid: the rows of the smallest counterexample that was found, ascending. */
  readonly witness?: readonly number[];
  /** Invalid: one sentence for people about the witness, with `#n` for the operation of id n. Undecided: why. */
  readonly reason?: string;
  /** Invalid: how many events, in order of rank, the longest valid beginning has. */
  readonly prefix?: number;
  /** Invalid: the rows of the operations that no order of the longest valid beginning can take in, ascending. */
  readonly unplaced?: readonly number[];
  /** Valid, where it was asked for: all rows that took effect, in an order that explains what was seen. */
  readonly order?: readonly number[];
}

export interface KeyFinding extends Finding {
  /** An index into `columns.keys`. */
  readonly key: number;
  readonly operations: number;
}

/** Something that was measured: `k` 3, `staleness` 12000 µs, `lost` 2 elements. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit?: 'us' | 'operations' | 'elements' | 'versions';
}

export interface Verdict extends Finding {
  /** Where the model judges keys one by one: what it says of each, in the order of `columns.keys`. The verdict itself then repeats the one that is invalid first. */
  readonly keys?: readonly KeyFinding[];
  readonly figures?: readonly Figure[];
}

/** A consistency model over whole histories, as a value. */
export interface Model {
  /** As it is typed: `linearizable`, `read-your-writes`. */
  readonly name: string;
  /** Other names that people know it by. */
  readonly aliases: readonly string[];
  /** One sentence: what every history that satisfies it has. */
  readonly says: string;
  /** Where it is defined: paper and section. */
  readonly source: string;
  /** Names of the models that it implies directly (not what those imply in turn), on the types that both judge. */
  readonly implies: readonly string[];
  /** What `Asked.bound` counts, for models with a figure. */
  readonly bound?: 'versions' | 'us';
  /** It judges by what was found last, so what follows may still mend what is wrong so far. Of the others only a write of what had been read before it began can, which no run does. */
  readonly mendable?: true;
  /** Names of the data types that it judges. */
  readonly judges: readonly string[];
  /** Yields now and then, so that a long judgement can be watched and stopped. All types must be ones that it judges. */
  judge(recorded: Recorded, asked: Asked): Generator<Judging, Verdict>;
}

/** Runs a judgement to its end. */
export function finish<Result>(judging: Generator<Judging, Result>): Result {
  for (;;) {
    const step = judging.next();
    if (step.done === true) return step.value;
  }
}

/** Invalid where any finding is, valid where all are. */
export function overall(findings: readonly Finding[]): Valid {
  if (findings.some(({ valid }) => valid === false)) return false;
  return findings.every(({ valid }) => valid === true) ? true : 'undecided';
}

/** The verdict over keys that were judged one by one. */
export function verdictOf(keys: readonly KeyFinding[]): Verdict {
  const valid = overall(keys);
  const [first, ...others] = keys.filter((finding) => finding.valid === valid);
  if (valid === true || first === undefined) return { valid, keys };
  // A beginning of the whole is valid as long as that of every key is.
  const telling = others.reduce((best, other) => ((other.prefix ?? Infinity) < (best.prefix ?? Infinity) ? other : best), first);
  const { key, operations, ...finding } = telling;
  return { ...finding, keys };
}
