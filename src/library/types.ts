/** One operation of a history that is given as a list. Its events are ordered by `call` and `return`; where they tie, calls come first. */
export interface HistoryOperation {
  /** Who did it. A process does one thing at a time. */
  readonly process: string | number;
  /** `read`, `write`, `cas`, `append`, `add`, `remove`, `enqueue`, `dequeue`, `acquire`, `release`, `generate` or `txn`; also Jepsen's other words for them. */
  readonly f: string;
  /** All operations name a key, or none does. */
  readonly key?: string | number;
  /** What was written, or what an ok read returned; of a transaction its micro-operations, `[["r", "x", [1, 2]], ["append", "y", 3]]`. `null` or absent: no value. */
  readonly value?: unknown;
  /** What a `cas` compares with. */
  readonly expected?: unknown;
  /** A failed `cas` that compared and found another value: its failure is an answer about the value. */
  readonly compared?: boolean;
  /** When it was called, in any unit: only the order counts. */
  readonly call: number;
  /** When it returned; `null` or absent: nobody knows what came of it. */
  readonly return?: number | null;
  /** Default `ok`, or `unknown` without a `return`. `fail`: it certainly did not happen. */
  readonly status?: 'ok' | 'fail' | 'unknown';
}

export interface CheckOptions {
  /** Consistency models by name, each perhaps with a bound: `linearizable`, `k-staleness=2`, `t-staleness=500ms`. Default: the strongest that judges the history. */
  readonly models?: string | readonly string[];
  /** What the objects are: `register`, `set`, `list-append`, …. Default: what the operations speak of. */
  readonly type?: string;
  /** Of text and bytes. Default: their beginning decides. */
  readonly format?: 'edn' | 'jsonl' | 'porcupine';
  /** How far each model may search before it says `unknown`, in steps: a whole number from 1. Default 20,000,000. */
  readonly steps?: number;
  /** Whether a valid verdict should come with an order that explains it. Default false. */
  readonly order?: boolean;
  /** What the history is called in messages. Default `history`. */
  readonly name?: string;
}

/** An operation of the history. */
export interface OperationRef {
  /** The number that people know it by: what the history says, or its place in order of invocation, from 1. */
  readonly id: number;
  /** The line of its invocation, from 1; in a list its place there, from 1. */
  readonly line: number;
}

/** What a model says of one key, or of all of them. */
export interface Finding {
  /** `unknown`: the budget of steps ran out, or it cannot be known; `reason` says which. */
  readonly valid: boolean | 'unknown';
  /** One sentence, with `#n` for the operation of id n. */
  readonly reason?: string;
  /** Invalid: the smallest counterexample that was found, in order of invocation. It is invalid by itself. */
  readonly witness?: readonly OperationRef[];
  /** Invalid: how many events the longest valid beginning has. */
  readonly prefix?: number;
  /** Invalid: the operations that no order can take in. */
  readonly unplaced?: readonly OperationRef[];
  /** Valid, where it was asked for: an order that explains what was seen. */
  readonly order?: readonly OperationRef[];
}

export interface ModelResult extends Finding {
  readonly model: string;
  /** Where the model judges keys one by one: what it says of each. */
  readonly keys?: readonly (Finding & { readonly key: string; readonly operations: number })[];
  /** What was measured, by name: `k` in versions, `staleness` in microseconds, `lost` in elements. */
  readonly figures: Readonly<Record<string, number>>;
}

export interface CheckResult {
  /** False where some model is violated, true where all hold. */
  readonly valid: boolean | 'unknown';
  readonly operations: number;
  readonly keys: readonly string[];
  /** The type of each key, in the order of `keys`. */
  readonly types: readonly string[];
  readonly models: readonly ModelResult[];
  /** What one should know about how the history was read. */
  readonly notes: readonly string[];
}

/** A consistency model, as `models` lists them, strongest first. */
export interface ModelInfo {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly says: string;
  readonly source: string;
  /** Names of the models that it implies directly. */
  readonly implies: readonly string[];
  /** Names of the types of objects that it judges. */
  readonly judges: readonly string[];
}
