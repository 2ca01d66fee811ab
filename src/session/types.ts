import type { Op, Proc } from '../core/ids.ts';
import type { Problem } from '../core/problem.ts';
import type { Operation } from '../history/operation.ts';
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
  /** Of an `expect`, what it says; of a `cas`, what it compares with. */
  readonly expected?: string;
  readonly actual?: string;
  readonly nodes?: Readonly<Record<string, Json>>;
  /** A `cas` failed because it compared and found another value. */
  readonly compared?: true;
  /** The process of the history, where it has another name than the client. */
  readonly process?: string;
  /** A hunt: how many runs were tried, and the script that shows what was looked for, if it was found. */
  readonly runs?: number;
  readonly script?: readonly string[];
  /** What people see beside the outcome: `rev 3`, `via b`. Printed in text only. */
  readonly notes?: readonly string[];
  /** How long before its return the latest write had been acknowledged, where the read is stale. Printed in text only. */
  readonly staleAgoUs?: number;
}

/** Progress of a running command, for a status line. */
export interface Progress {
  readonly done: false;
  readonly nowUs: number;
  readonly events: number;
  /** What to say instead of these, where a command does something else than let time pass. */
  readonly says?: string;
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

/**
 * The cluster as the map, the status line and the verdicts draw it: data, without a word about how.
 */
export interface Overview {
  readonly system: string;
  readonly title: string;
  readonly seed: number;
  readonly nowUs: number;
  readonly client: string;
  readonly nodes: readonly NodeOverview[];
  readonly clients: readonly { readonly name: string; readonly home: string }[];
  /** The connected components, in node order, by partition rules and whole cuts; one side: the network is whole. */
  readonly sides: readonly (readonly string[])[];
  /** The command that parts the sides: number and text. */
  readonly cutBy?: { readonly command: number; readonly text: string };
  /** Everything else that is laid over the network or done to a node: `cut a -> b`, `slow c 500ms`, with its command's number. */
  readonly faults: readonly { readonly command: number; readonly text: string }[];
}

/** Which models the history so far satisfies, for a line that stands beside the cluster. */
export interface Verdicts {
  readonly models: readonly ModelVerdict[];
  /** Nodes that run, and at which an operation ended without an answer of the system's data. */
  readonly unavailable: readonly string[];
}

export interface ModelVerdict {
  readonly name: string;
  readonly valid: true | false | 'undecided';
  /** Invalid: the number of the operation whose end made it so. */
  readonly op?: Op;
}

export interface NodeOverview {
  readonly name: string;
  readonly condition: 'up' | 'crashed' | 'powered off' | 'paused';
  readonly role: string;
  readonly leads: boolean;
  readonly figures: readonly (readonly [string, string])[];
  readonly holds: readonly { readonly key: string; readonly value: Value; readonly version?: string }[];
  readonly note?: string;
}

/** A completion: `from`–`to` of the line may be replaced by each candidate. */
export interface Completion {
  readonly from: number;
  readonly to: number;
  readonly candidates: readonly string[];
}

/**
 * The way in for shells and the book. Made by `openSession` of `commands/index.ts`, which ties the verbs to it.
 */
export interface SessionOptions {
  /** Default `etcd`. */
  readonly system?: string;
  /** Default a, b, c. */
  readonly nodes?: readonly string[];
  /** Default 1. */
  readonly seed?: number;
  readonly files?: Files;
}

export interface SessionApi {
  /** Understands a line without running it: what a script's first pass and the editor's marks need. `scope` follows `use` lines when kept between calls. */
  read(source: string, scope?: ReadScope, where?: { readonly file?: string; readonly line?: number }): readonly Statement[] | Problem;
  /** Runs one statement. Never throws for what a user wrote: the reply then has a `problem`. `line` goes into rows. */
  execute(statement: Statement, line?: number): Job;
  /** The end of a script: waits for what can end; open operations get rows with `pending`. Its reply has the number 0. */
  close(): Job;
  /** A session of its own that goes on from here; what happens there does not touch this one. */
  fork(): SessionApi;
  /** Ids of the rules that the replayed history states, for rule cover. Replays everything: for tests. */
  rulesStated(): ReadonlySet<string>;
  overview(): Overview;
  /** The history so far: client operations in order of invocation, open ones included. */
  operations(): readonly Operation[];
  complete(line: string, cursor: number): Completion;
  /** The state as a script that rebuilds it (`# cap-tutor script 1`, `use …`, the commands). */
  script(): string;
  readonly nowUs: number;
  readonly system: string;
  readonly seed: number;
  readonly client: string;
  /** Commands executed so far, of every kind. */
  readonly commands: number;
  /** `expect` lines so far. */
  readonly expectations: { readonly held: number; readonly failed: number };
}

/** Which system the coming lines of a script will be read for. Starts as the session's own. */
export interface ReadScope {
  system: string;
}
