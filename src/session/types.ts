import type { Op, Proc } from '../core/ids.ts';
import type { Problem } from '../core/problem.ts';
import type { Statement } from '../lang/statement.ts';
import type { Value } from '../sim/process.ts';
import type { Json } from '../systems/system.ts';
import type { Block } from '../view/block.ts';

/**
 * What a session answers. One `Reply` for each executed command; a shell prints its `blocks` (text) or its `rows` (JSON
 * Lines). Rows stand in the order in which things completed: `&` operations that ended meanwhile come before the command's own row.
 */
export interface Reply {
  /** The number of the command; never reused in a session. */
  readonly n: number;
  readonly statement: Statement;
  readonly rows: readonly Row[];
  readonly blocks: readonly Block[];
  /** Set if the command was refused (`invalid`): nothing changed. */
  readonly problem?: Problem;
  /** `quit` was asked for. */
  readonly quit?: boolean;
}

/**
 * One JSON row (LANGUAGE section 3, "JSON Lines"), keys in this order, absent where they do not apply. Times are virtual microseconds here; the
 * writer of JSON divides by 1000. A row of an operation is made when it ends.
 */
export interface Row {
  readonly n: number;
  /** Line of the script or of standard input, from 1; set by the shell. */
  readonly line?: number;
  readonly command: string;
  readonly kind: string;
  readonly atUs: number;
  readonly tookUs: number;
  readonly outcome: 'ok' | 'fail' | 'unknown' | 'done' | 'invalid';
  readonly client?: string;
  readonly node?: string;
  readonly key?: string;
  readonly value?: Value;
  readonly stale?: boolean;
  /** `null`: no write had been acknowledged. */
  readonly latest?: Value;
  readonly error?: string;
  readonly call?: number;
  readonly return?: number;
  readonly pending?: true;
  readonly sides?: readonly (readonly string[])[];
  readonly models?: Readonly<Record<string, { readonly valid: boolean | 'unknown'; readonly witness?: readonly Op[] }>>;
  readonly held?: boolean;
  readonly expected?: string;
  readonly actual?: string;
  readonly nodes?: Readonly<Record<string, Json>>;
  /** What people see beside the outcome: `rev 3`, `via b`. Printed in text only. */
  readonly notes?: readonly string[];
}

/** Progress of a running command, for a status line. */
export interface Progress {
  readonly done: false;
  readonly nowUs: number;
  readonly events: number;
}

/** A command in execution. Call `step` until it is done; `cancel` takes the whole command back and leaves nothing in the history. */
export interface Job {
  /** Runs at most about `events` handler calls (10,000 take about 10 ms). */
  step(events: number): Progress | { readonly done: true; readonly reply: Reply };
  cancel(): void;
}

/** What a shell may grant to `save` and `load`. A chapter gets none, and the verbs then say so. */
export interface Files {
  read(path: string): string | Problem;
  write(path: string, text: string): Problem | undefined;
}

/** A rule that a fault command laid into the network or a thing that it did to a node, for pictures and blame. */
export interface FaultNote {
  readonly command: number;
  readonly text: string;
  readonly atUs: number;
  readonly nodes: readonly Proc[];
}
