import { type Place, Problem } from '../core/problem.ts';
import { didYouMean } from '../core/suggest.ts';
import { clip, parseDuration } from '../core/units.ts';
import { checkName } from './names.ts';
import type { Statement, Word } from './statement.ts';

/** Verbs whose words may be values, to be recognised in their examples. */
const TAKES_VALUES = /^(set|cas|append|remove|expect)\b/;
const OPERATORS: ReadonlySet<string> = new Set(['->', '|', '=', '==', '!=', '<=', '>=']);

/** Whether a word is an operator, which can never be a name or a value. `<` and `>` are bare words that only `comparison` reads as more. */
export function isOperator(word: Word): boolean {
  return !word.quoted && OPERATORS.has(word.text);
}

export function placeOf(word: Word): Place {
  const { from, to, line, file } = word;
  return { from, to, ...(line === undefined ? {} : { line }), ...(file === undefined ? {} : { file }) };
}

/** The index of a node among `names`, or a Problem that names those that there are. */
export function findNode(word: Word, names: readonly string[]): number | Problem {
  const index = word.quoted ? -1 : names.indexOf(word.text);
  if (index >= 0) return index;
  if (word.quoted && names.includes(word.text)) {
    return new Problem(`"${clip(word.text)}" in quotes is a value`, `names stand without quotes: ${word.text}`, placeOf(word));
  }
  const near = didYouMean(word.text, names);
  const all = names.length <= 12 ? names.join(' ') : `${names.slice(0, 5).join(' ')} … ${names.at(-1)}`;
  return new Problem(
    `there is no node "${clip(word.text)}" here`,
    `${near === undefined ? '' : `did you mean ${near}? `}the nodes are ${all}`,
    placeOf(word),
  );
}

export interface Comparison {
  readonly operator: '<' | '<=' | '>' | '>=' | '=' | '!=';
  readonly operand: Word;
}

/**
 * Reads the words of a statement one after the other. Every method either takes what it is named after or returns a
 * Problem with its place and the verb's example, and then takes nothing.
 */
export class Reader {
  readonly statement: Statement;
  private readonly example: string;
  private next = 0;

  /** `example`: one command of this verb that works; every Problem shows it. */
  constructor(statement: Statement, example: string) {
    this.statement = statement;
    this.example = example;
  }

  /** How many words are left. */
  get left(): number {
    return this.statement.words.length - this.next;
  }

  peek(ahead = 0): Word | undefined {
    return this.statement.words[this.next + ahead];
  }

  skip(): Word | undefined {
    const word = this.peek();
    if (word !== undefined) this.next += 1;
    return word;
  }

  /** Takes the next word if it is one of these keywords or operators (unquoted, any case), and returns it as it stands in the list. */
  keyword<K extends string>(...known: readonly K[]): K | undefined {
    const word = this.peek();
    if (word === undefined || word.quoted) return undefined;
    const lower = word.text.toLowerCase();
    const found = known.find((candidate) => candidate === lower);
    if (found !== undefined) this.next += 1;
    return found;
  }

  /** Any word that is not an operator. `what` is a noun with its article: `a value`. */
  word(what: string): Word | Problem {
    const word = this.peek();
    if (word === undefined) return this.missing(what);
    if (isOperator(word)) return this.wrong(`${what} is missing before ${word.text}`, word);
    this.next += 1;
    return word;
  }

  /** A name by the rule of LANGUAGE section 5. `noun` without an article: `key`, `client`. */
  name(noun: string): Word | Problem {
    const word = this.peek();
    if (word === undefined) return this.missing(`a ${noun}`);
    const problem = checkName(word, noun);
    if (problem !== undefined) return problem;
    this.next += 1;
    return word;
  }

  /** A value: what the word says, quotes resolved. */
  value(what = 'a value'): string | Problem {
    const word = this.word(what);
    return word instanceof Problem ? word : word.text;
  }

  /** The index of one of `names`. */
  node(names: readonly string[]): number | Problem {
    const word = this.word('a node');
    if (word instanceof Problem) return word;
    const index = findNode(word, names);
    if (index instanceof Problem) this.next -= 1;
    return index;
  }

  /** Microseconds. */
  duration(what = 'a duration', signed = false): number | Problem {
    const word = this.word(what);
    if (word instanceof Problem) return word;
    const us = parseDuration(word.text, signed);
    if (!(us instanceof Problem)) return us;
    this.next -= 1;
    return us.near(placeOf(word));
  }

  /** A whole number of `[lo, hi]`. */
  integer(what: string, lo: number, hi: number): number | Problem {
    const word = this.word(what);
    if (word instanceof Problem) return word;
    const value = /^[+-]?\d{1,15}$/.test(word.text) ? Number(word.text) : Number.NaN;
    if (value >= lo && value <= hi) return value;
    this.next -= 1;
    return this.wrong(`${what} is a whole number from ${lo} to ${hi}, not "${clip(word.text)}"`, word);
  }

  /** `20%`: the number before the percent sign, from 0 to 100, fractions allowed. */
  percent(what: string): number | Problem {
    const word = this.word(what);
    if (word instanceof Problem) return word;
    const value = /^\d{1,3}(?:\.\d{1,9})?%$/.test(word.text) ? Number(word.text.slice(0, -1)) : Number.NaN;
    if (value <= 100) return value;
    this.next -= 1;
    return this.wrong(`${what} is a percentage from 0% to 100%, not "${clip(word.text)}"`, word);
  }

  /** `0.25x`: the number before the x, at least 0 and below 1e9. */
  factor(what: string): number | Problem {
    const word = this.word(what);
    if (word instanceof Problem) return word;
    if (/^\d{1,9}(?:\.\d{1,9})?x$/i.test(word.text)) return Number(word.text.slice(0, -1));
    this.next -= 1;
    return this.wrong(`${what} is a number followed by x, such as 0.25x, not "${clip(word.text)}"`, word);
  }

  /**
   * A keyword that is compared: `took < 50ms`, `took <50ms`, `took<50ms`, `took <= 50ms`. Undefined where the next word does not begin with
   * the keyword; a Problem where it does and no comparison follows.
   */
  comparison(keyword: string): Comparison | Problem | undefined {
    const word = this.peek();
    if (word === undefined || word.quoted || !word.text.toLowerCase().startsWith(keyword)) return undefined;
    const behind = word.text.slice(keyword.length);
    if (behind !== '' && !/^[<>]/.test(behind)) return undefined;
    const from = this.next;
    // What stands behind the keyword, glued to it or apart.
    const rest = behind === '' ? (this.peek(1) ?? word) : { ...word, text: behind, from: word.from + keyword.length };
    const found = rest === word || rest.quoted ? null : /^(<=|>=|!=|==|<|>|=)(.*)$/s.exec(rest.text);
    if (found === null) return this.wrong(`a comparison is missing behind ${keyword}`, rest);
    this.next += behind === '' ? 2 : 1;
    const operator = (found[1] === '==' ? '=' : found[1]) as Comparison['operator'];
    const glued = found[2] ?? '';
    if (glued !== '') return { operator, operand: { ...rest, text: glued, from: rest.to - glued.length } };
    const operand = this.word(`something to compare with behind ${operator}`);
    if (!(operand instanceof Problem)) return { operator, operand };
    this.next = from;
    return operand;
  }

  /** Nothing may be left. */
  end(): Problem | undefined {
    const word = this.peek();
    if (word === undefined) return undefined;
    const apostrophe = this.statement.words.some((w) => !w.quoted && w.text.startsWith("'"));
    const remedy = apostrophe
      ? `quotes are "double": ${this.example}`
      : TAKES_VALUES.test(this.example)
        ? `a value of several words needs quotes; for example: ${this.example}`
        : `for example: ${this.example}`;
    return new Problem(`"${clip(word.text)}" is one word too many for ${this.statement.verb}`, remedy, placeOf(word));
  }

  /** None of the options may be left but these (lower case). */
  noOptions(but: readonly string[] = []): Problem | undefined {
    const option = this.statement.options.find((candidate) => !but.includes(candidate.name.text));
    if (option === undefined) return undefined;
    const near = didYouMean(option.name.text, but);
    const choice =
      but.length === 0
        ? `${this.statement.verb} takes no options`
        : `${this.statement.verb} takes ${but.map((name) => `${name}=`).join(' ')}`;
    const hint = near === undefined ? choice : `did you mean ${near}=? ${choice}`;
    return new Problem(
      `${this.statement.verb} has no option ${clip(option.name.text)}=`,
      `${hint}; a value with = in it needs quotes`,
      placeOf(option.name),
    );
  }

  /** No `@node` may stand in this statement. */
  noNode(): Problem | undefined {
    const { at, verb } = this.statement;
    return (
      at &&
      new Problem(
        `${verb} is not sent to one node`,
        `leave @${clip(at.text)} away, or put a value with @ in quotes; for example: ${this.example}`,
        placeOf(at),
      )
    );
  }

  /** Not behind `&`: only client operations run in the background. */
  foreground(): Problem | undefined {
    const { background, verb, place } = this.statement;
    return background
      ? new Problem(`${verb} does not run in the background`, 'only client operations do; separate commands with ;', place)
      : undefined;
  }

  wrong(what: string, word: Word | undefined): Problem {
    return new Problem(what, `for example: ${this.example}`, word === undefined ? this.behind() : placeOf(word));
  }

  private missing(what: string): Problem {
    // `x = apple`: whoever wrote it did not think of an option.
    const option = this.statement.options.at(-1);
    const taken = option === undefined ? '' : `${clip(option.name.text)}=${clip(option.value.text)} is read as an option; `;
    return new Problem(`${what} is missing`, `${taken}for example: ${this.example}`, this.behind());
  }

  /** The place where the next word would stand: the end of the statement. */
  private behind(): Place {
    const { place } = this.statement;
    return { ...place, from: Math.max(place.from, place.to - 1) };
  }
}
