import type { Place } from '../core/problem.ts';

/** A word as it was written. `text` has quotes and escapes resolved; `quoted` words are values, never keywords, options or operators. */
export interface Word extends Place {
  readonly text: string;
  readonly quoted: boolean;
}

/** `level=quorum`, `--consistency=s`: the name without dashes and in lower case. */
export interface Option {
  readonly name: Word;
  readonly value: Word;
}

/**
 * One command, cut into words but not yet understood: each verb's own file in `commands/` reads its words. Operators (`->`, `|`, `<`, `=` where it makes
 * no option) stand among the words as unquoted words of their own. Columns count from 0 in `source`, the whole line.
 */
export interface Statement {
  /** The command as written, trimmed, without its comment and its `;` or `&`. */
  readonly text: string;
  /** The verb, in lower case. */
  readonly verb: string;
  readonly verbAt: Place;
  readonly words: readonly Word[];
  readonly options: readonly Option[];
  /** The node of `key@node` or `@node`. At most one. */
  readonly at?: Word;
  /** `alice:` or `alice@b:` before the verb. */
  readonly client?: { readonly name: Word; readonly home?: Word };
  /** Ended by `&`. */
  readonly background: boolean;
  readonly place: Place;
}
