import type { Problem } from '../core/problem.ts';
import type { Statement } from '../lang/statement.ts';
import type { System } from '../systems/index.ts';
import type { Block } from '../view/block.ts';
import type { Stage } from './stage.ts';
import type { Row } from './types.ts';

/**
 * A verb of the language. Its own file in `commands/` holds all there is to it: its words, what it does and its help. `read` understands the words from the
 * script alone, so that a script is checked whole before anything runs; `act` runs, or refuses with a Problem what only the state can tell
 * (an unknown node, a node that is down already).
 */
export interface Command<A = unknown> {
  readonly verb: string;
  readonly aliases?: readonly string[];
  /** Lines for `help`: `set x apple`, `set x@b apple`. */
  readonly usage: readonly string[];
  readonly help: string;
  /** What `help <verb>` says beyond that. */
  about?(): readonly Block[];
  /** One line that works on a fresh cluster, shown where the words were wrong. */
  readonly example: string;
  readonly group: 'data' | 'faults' | 'time' | 'look' | 'judge' | 'session';
  /**
   * `world`: the world, the clients or options change, `undo` takes it back and replays run it again. `view`: nothing does. `travel`: it moves along the timeline
   * itself (undo, rewind).
   */
  readonly changes: 'world' | 'view' | 'travel';
  read(statement: Statement, scope: Scope): A | Problem;
  /** Yields whenever its slice of events is used up. Returns what to say, or the Problem for which it refused. A refusal must leave everything as it was. */
  act(stage: Stage, args: A): Generator<void, Answer | Problem>;
}

/** What is known of the state while a script is read: the system in use at that place. */
export interface Scope {
  readonly system: System;
}

/** What a command has to say for itself; rows and lines of `&` operations that end meanwhile are added by the session. */
export interface Answer {
  readonly blocks: readonly Block[];
  /** What the JSON row has beyond the common keys. A client operation gives its whole row. */
  readonly row?: Partial<Row>;
  /** Rows of commands that this one ran (`load`); they stand before its own. */
  readonly rows?: readonly Row[];
  readonly quit?: boolean;
}

/** For commands that do not wait: wraps a plain function. */
export function immediate<A>(
  act: (stage: Stage, args: A) => Answer | Problem,
): (stage: Stage, args: A) => Generator<void, Answer | Problem> {
  // biome-ignore lint/correctness/useYield: it never needs a second slice
  return function* (stage, args) {
    return act(stage, args);
  };
}
