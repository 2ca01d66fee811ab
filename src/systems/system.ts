import type { Op, Proc } from '../core/ids.ts';
import type { Problem } from '../core/problem.ts';
import type { Disk } from '../sim/disk.ts';
import type { Outcome, Program, Value } from '../sim/process.ts';
import type { Rule } from '../sim/rules.ts';

/**
 * A real system as the rest of the program sees it: data and pure functions. A system imports neither `lang` nor `view`:
 * its verbs are words, its state is rows, its reasons are sentences. To add one: a folder here and a line in index.ts.
 */
export interface System {
  /** The word after `use`. */
  readonly name: string;
  readonly title: string;
  /** The version whose behaviour is modelled: `3.6`. */
  readonly version: string;
  /** One line for `systems`. */
  readonly tagline: string;
  /** What is modelled and what is not, in short paragraphs (Markdown), for `help etcd`. */
  readonly models: readonly string[];
  readonly hasLeader: boolean;
  /**
   * How long the others take to learn that a server was started, in microseconds; absent where they need not know. Whoever restarts one sees it up before the
   * next command.
   */
  readonly greetingUs?: number;
  readonly options: readonly OptionSpec[];
  readonly operations: readonly OperationSpec[];
  /** Every reason that its code may state. */
  readonly rules: readonly Rule[];
  readonly program: Program;
  /** The cluster's configuration from its options (defaults are already filled in, values already checked by their spec). */
  configure(options: Options, size: number): object | Problem;
  /** The driver's request for one operation; `options` holds the operation's options over the cluster's defaults. */
  request(call: Call, config: object): Request | Problem;
  /** What a server holds; `memory` is undefined while it is down. Reads only. */
  inspect(memory: unknown, disk: Disk<unknown>, config: object, self: Proc): NodeState;
  /**
   * For who looks at every server after every event, where `inspect` would cost too much: the term that a running server leads in (0: it does not lead), and a
   * number that changes whenever its role, term or vote does. Absent where servers have no roles.
   */
  readonly pulse?: Pulse;
  /** Its log, oldest first. */
  log(memory: unknown, disk: Disk<unknown>, config: object, self: Proc): LogTable;
  /** The servers that keep a key, where that is not all of them. */
  owners?(key: string, config: object, size: number): readonly Proc[];
  /**
   * Commands that might change this outcome, most telling first, beyond mending the faults to blame: `read x@c level=serializable`. `why`
   * tries each on a branch and keeps only those that do change it.
   */
  alternatives(call: Call, outcome: Outcome, nodes: readonly string[]): readonly Alternative[];
}

export interface Pulse {
  leads(memory: unknown): number;
  mark(memory: unknown): number;
}

export interface Alternative {
  /** A command of the language that stands in place of the operation. */
  readonly command: string;
  /** A caveat for people: `may be stale`. */
  readonly caveat?: string;
}

export type Options = Readonly<Record<string, string>>;

/** An option of `use`, of one operation or of `config`. Names and values ignore case; the canonical spelling is the one given here. */
export interface OptionSpec {
  readonly name: string;
  /** Other spellings of the name: `consistency`, `cl`. */
  readonly aliases?: readonly string[];
  /** Where it may stand. Given to `use`, an operation's option becomes the default of the operations that follow. */
  readonly on: readonly ('use' | 'config' | Verb)[];
  /** The values that exist: words, or a kind of value. */
  readonly values: readonly string[] | 'integer' | 'number' | 'duration' | 'text' | 'boolean';
  /** Other spellings of values: `{s: 'serializable'}`. */
  readonly valueAliases?: Options;
  /** Whole numbers only: the least and greatest allowed. */
  readonly range?: readonly [number, number];
  /** What holds when nobody says anything; undefined: nothing is set. */
  readonly default?: string;
  readonly help: string;
  /** Works, but is not shown by help, completion or error messages: planted bugs for exercises. */
  readonly hidden?: true;
}

/** Verbs that several systems share, or one that a system adds in its own words (`repair`). */
export type Verb = string;

/** One client operation or administrator command that this system has. */
export interface OperationSpec {
  readonly verb: Verb;
  /**
   * How a history sees it. `admin` commands are no part of it. Where a verb does not exist in this system it has no spec, and the session says which ones do.
   */
  readonly kind: 'write' | 'read' | 'delete' | 'cas' | 'add' | 'append' | 'remove' | 'admin';
  /** The words it takes after the verb, in order: `['key', 'value']`. `nodes` takes all that are left. An optional word ends in `?`; one that ends in `|none` may be the bare word `none` and is then left out. */
  readonly words: readonly string[];
  readonly help: string;
  readonly example: string;
}

/** A parsed client operation: words by name (`{key: 'x', value: 'apple'}`), nodes as indexes. */
export interface Call {
  readonly verb: Verb;
  readonly kind: OperationSpec['kind'];
  readonly key?: string;
  readonly value?: string;
  /** `cas`: the value that must be there. */
  readonly expected?: string;
  readonly nodes?: readonly Proc[];
  readonly options: Options;
}

/** What the driver gets. It is shared and never edited. */
export type Request = object;

/** One server as rows and figures. */
export interface NodeState {
  /** `leader`, `follower`, `replica` … */
  readonly role: string;
  /** Set while it believes that it leads: the term, ballot or epoch it leads in. */
  readonly leads?: number;
  /** Short figures in a fixed order: `['term', '2'], ['rev', '3']`. */
  readonly figures: readonly (readonly [name: string, value: string])[];
  /** What a reader of this replica's own copy would find, by key order; tombstones and the like have `hidden`. */
  readonly holds: readonly Held[];
  /** What it is busy with: `asks for votes, 1 of 2`. */
  readonly note?: string;
  /** Everything worth a look, for `state`: name and value in reading order. `{node:0}` prints that node's name here, in figures, in the note and in logs. */
  readonly details: readonly (readonly [name: string, value: string])[];
  /** The same for JSON. */
  readonly json: Readonly<Record<string, Json>>;
}

export interface Held {
  readonly key: string;
  readonly value: Value;
  readonly siblings?: boolean;
  /** `@1002` a timestamp, `v3` a version: what tells two copies apart. */
  readonly version?: string;
  readonly hidden?: boolean;
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface LogTable {
  readonly columns: readonly { readonly title: string; readonly kind: 'number' | 'text' | 'time' }[];
  readonly rows: readonly (readonly string[])[];
  /** A line below: `commit 3, applied 3`. */
  readonly note?: string;
}

export type { Op };
