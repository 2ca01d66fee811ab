import type { Proc } from '../core/ids.ts';

/**
 * One reason that a protocol may state while it runs. `says` is a sentence with placeholders: `{x}` prints a fact as it is,
 * `{x:node}` and `{x:nodes}` print node names, `{x:time}` a duration given in microseconds. Systems list their rules in a
 * rule book; every rule must appear in some transcript.
 */
export interface Rule {
  readonly id: string;
  readonly says: string;
  /** What kind of thing the rule did to the operation that it serves: it decides what `why` stresses. */
  readonly effect:
    | 'refused'
    | 'waited'
    | 'answered'
    | 'elected'
    | 'stepped-down'
    | 'stored'
    | 'dropped'
    | 'repaired'
    | 'detected'
    | 'noted';
}

export type Fact = string | number | readonly number[];
export type Facts = Readonly<Record<string, Fact>>;

/** A list of rules with its ids as types: `book.refused`, never a misspelt string. */
export function ruleBook<K extends string>(rules: Record<K, Omit<Rule, 'id'>>): Readonly<Record<K, Rule>> {
  const out = {} as Record<K, Rule>;
  for (const id of Object.keys(rules) as K[]) out[id] = { id, ...rules[id] };
  return out;
}

/** What an operation still needs before it can go on, stated whenever that changes. */
export interface Need {
  /** How many answers it takes. */
  readonly need: number;
  /** Who was asked (the asker itself included where its own answer counts). */
  readonly of: readonly Proc[];
  /** Who has answered. */
  readonly have: readonly Proc[];
  /** What an answer is, as a noun: `confirmation that a still leads`; may use `{x:node}` placeholders of `facts`. */
  readonly what: string;
  readonly facts?: Facts;
}
