import type { Op, Proc } from '../core/ids.ts';
import type { FaultNote } from '../session/types.ts';
import type { Outcome, TimerKind, Value } from '../sim/process.ts';
import type { Trace } from '../sim/trace.ts';
import type { Alternative } from '../systems/system.ts';
import type { Line, Tree } from '../view/block.ts';

/** What every explanation needs to know beside the trace: who is who, and how commands read. */
export interface Scene {
  /** Rows of the span to explain; with the trace on from before the faults that matter, else `standing` names them. */
  readonly trace: Trace;
  /** The number of servers: processes from there on are clients. */
  readonly size: number;
  readonly names: (proc: Proc) => string;
  /** A command as it was typed, by its number: `partition a b`. */
  readonly commandText: (n: number) => string;
  /** A message's short label: the program's `describe`. */
  readonly describe: (message: unknown) => string;
  readonly timers: readonly TimerKind[];
  /** Faults in force where the trace begins, oldest first; times in microseconds. */
  readonly standing: readonly FaultNote[];
}

/** A copy of a key at one node; `value` null: it holds none. */
export interface CopyAt {
  readonly node: Proc;
  readonly value: Value;
}

/** One operation whose outcome is to be explained. */
export interface WhyInput extends Scene {
  readonly op: Op;
  /** The command as typed: `read x@c`. */
  readonly text: string;
  readonly client: string;
  readonly callUs: number;
  /** Absent while it is pending. */
  readonly returnUs?: number;
  readonly outcome?: Outcome;
  readonly key?: string;
  /** What it wrote: to find out whether an acknowledged write is gone. */
  readonly written?: Value;
  /** Set for a stale read: the newest write acknowledged before it was invoked. */
  readonly newest?: NewestWrite;
  /** What each server holds of a key at the moment that counts: a stale read's return, else now. */
  readonly copies: (key: string) => readonly CopyAt[];
  /** The acknowledged value is on no node any more and nothing newer replaced it: the caller knows, from its history. */
  readonly gone?: boolean;
  /** The system's own alternatives to this operation. */
  readonly alternatives: readonly Alternative[];
}

export interface NewestWrite {
  readonly op: Op;
  readonly value: Value;
  /** When it was acknowledged. */
  readonly returnUs: number;
}

/** A command that is no client operation: a fault, `wait`, `settle`. */
export interface WhyCommand extends Scene {
  readonly n: number;
  readonly text: string;
  readonly fromUs: number;
  /** When the command itself was over. */
  readonly toUs: number;
}

export interface Explanation {
  readonly headline: Line;
  readonly roots: readonly Tree[];
  /** Candidates, most telling first. The caller tries each on a branch and keeps those that change the outcome. */
  readonly suggestions: readonly Suggestion[];
}

/** What might have changed the outcome: on a branch just before the operation, run `commands`, then `replacement` or else the operation itself. */
export interface Suggestion {
  readonly commands: readonly string[];
  readonly replacement?: string;
  /** What people are shown: `heal`, `read x@a`. */
  readonly text: string;
  readonly caveat?: string;
  /** Texts of earlier suggestions: where one of those works, this one says nothing new. */
  readonly unless?: readonly string[];
}
