/** A place in what the user wrote: columns count UTF-16 units from 0, `to` is exclusive, lines count from 1. */
export interface Place {
  readonly from: number;
  readonly to: number;
  readonly line?: number;
  readonly file?: string;
}

/**
 * What a reader or an author got wrong: a value, not an exception. It says what is wrong, where, and what to type
 * instead. Only a bug of ours throws.
 */
export class Problem {
  readonly what: string;
  readonly remedy: string | undefined;
  readonly at: Place | undefined;

  constructor(what: string, remedy?: string, at?: Place) {
    this.what = what;
    this.remedy = remedy;
    this.at = at;
  }

  /** The same problem at a place, unless it already knows a nearer one. */
  near(at: Place): Problem {
    return this.at === undefined ? new Problem(this.what, this.remedy, at) : this;
  }

  toString(): string {
    return this.remedy === undefined ? this.what : `${this.what}; ${this.remedy}`;
  }
}

export function isProblem(value: unknown): value is Problem {
  return value instanceof Problem;
}
