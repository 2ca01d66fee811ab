import { type Place, Problem } from '../core/problem.ts';
import { clip } from '../core/units.ts';
import { checkName } from './names.ts';
import { endOfQuoted, unquote } from './quoted.ts';
import type { Option, Word } from './statement.ts';

/** The longest line, in UTF-16 units. Nobody types more; a line beyond it is a file that is no script. */
export const MAX_LINE = 65_536;

export interface Where {
  readonly file?: string;
  readonly line?: number;
}

export type Token =
  | { readonly kind: 'word'; readonly word: Word }
  | { readonly kind: 'operator'; readonly word: Word }
  | { readonly kind: 'at'; readonly node: Word }
  | { readonly kind: 'option'; readonly option: Option }
  | { readonly kind: 'client'; readonly name: Word; readonly home?: Word }
  | { readonly kind: 'end'; readonly background: boolean; readonly at: Place };

// Refused everywhere: characters that steer terminals instead of meaning anything, and halves of characters. A tab is a space.
const UNFIT = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const SPACE = /\s*/y;
// "`->`, `|`, `=` are read first": none of them can be part of a bare word. `<` and `>` can, unless `=` follows.
const OPERATOR = /->|\||==|!=|<=|>=|=/y;
const BARE = /(?:[^\s;&|="@<>!-]|-(?!>)|[<>!](?!=))+/y;
const CLIENT = /([^\s;&|="@:#]+)(?:@([^\s;&|="@:]*))?:/y;
// Behind an option's `=` only what ends a command or a word can end the value.
const OPTION_VALUE = /[^\s;&"=][^\s;&"]*/y;
const BEHIND_QUOTE = /$|[\s;&|=@]|->|[!<>]=/y;
const OPTION_NAME = /^-{0,2}[A-Za-z][A-Za-z0-9_.-]*$/;

/** Cuts one line into tokens, each with its place. Every pattern is sticky and steps over what it has read, so the work is linear in the line. */
export class Scanner {
  readonly source: string;
  readonly tokens: Token[] = [];
  private at = 0;
  private readonly where: Where;
  private head = true;

  constructor(source: string, where: Where) {
    this.source = source.endsWith('\r') ? source.slice(0, -1) : source;
    this.where = where;
    if (this.source.charCodeAt(0) === 0xfeff) this.at = 1;
  }

  scan(): readonly Token[] | Problem {
    const unfit = this.unfit();
    if (unfit !== undefined) return unfit;
    for (;;) {
      this.take(SPACE);
      if (this.at >= this.source.length || this.source[this.at] === '#') return this.tokens;
      const problem = this.token();
      if (problem !== undefined) return problem;
    }
  }

  place(from: number, to: number): Place {
    return { from, to, ...this.where };
  }

  private unfit(): Problem | undefined {
    if (this.source.length > MAX_LINE) {
      return this.problem(
        `this line is ${this.source.length} characters long; the limit is ${MAX_LINE}`,
        'a line is one command',
        MAX_LINE,
        MAX_LINE + 1,
      );
    }
    const found = UNFIT.exec(this.source);
    if (found === null) return undefined;
    const code = found[0].charCodeAt(0);
    const what = code >= 0xd800 && code <= 0xdfff ? 'half of a character (a lone surrogate)' : 'a control character';
    const code16 = `\\u${code.toString(16).padStart(4, '0')}`;
    const remedy = code >= 0xd800 && code <= 0xdfff ? 'save the file as UTF-8' : `remove it; in a quoted value write ${code16}`;
    return this.problem(`${what} (${code16}) is in this line`, remedy, found.index, found.index + 1);
  }

  private token(): Problem | undefined {
    const from = this.at;
    if (this.head) {
      this.head = false;
      const client = this.match(CLIENT);
      if (client !== undefined) return this.client(from, client);
    }
    const char = this.source[from];
    if (char === ';' || char === '&') return this.end(char);
    if (char === '"') return this.quoted();
    if (char === '@') return this.node();
    const operator = this.take(OPERATOR);
    if (operator === '=' && this.namesOption()) return this.option();
    if (operator !== '') {
      this.tokens.push({ kind: 'operator', word: { text: operator, quoted: false, ...this.place(from, this.at) } });
      return undefined;
    }
    const text = this.take(BARE);
    this.tokens.push({ kind: 'word', word: { text, quoted: false, ...this.place(from, this.at) } });
    if (this.source[this.at] !== '"') return undefined;
    return this.problem('a quote begins inside a word', 'put the whole value in quotes, with \\" for a quote in it', this.at, this.at + 1);
  }

  private client(from: number, match: RegExpExecArray): Problem | undefined {
    const name = match[1] ?? '';
    const word: Word = { text: name, quoted: false, ...this.place(from, from + name.length) };
    if (match[2] === undefined) {
      this.tokens.push({ kind: 'client', name: word });
      return checkName(word, 'client');
    }
    const home: Word = { text: match[2], quoted: false, ...this.place(from + name.length + 1, this.at - 1) };
    this.tokens.push({ kind: 'client', name: word, home });
    return checkName(word, 'client') ?? checkName(home, 'node');
  }

  private end(char: string): Problem | undefined {
    const at = this.place(this.at, ++this.at);
    const last = this.tokens.at(-1);
    if (char === '&' && (last === undefined || last.kind === 'end')) {
      return new Problem('there is no command before this &', 'write & behind one client operation, and ; between commands', at);
    }
    this.head = true;
    this.tokens.push({ kind: 'end', background: char === '&', at });
    return undefined;
  }

  private quoted(): Problem | undefined {
    const word = this.readQuoted();
    if (word instanceof Problem) return word;
    this.tokens.push({ kind: 'word', word });
    return undefined;
  }

  private readQuoted(): Word | Problem {
    const from = this.at;
    const to = endOfQuoted(this.source, from);
    if (to === undefined) return this.problem('this quote is not closed', 'end the value with "', from, this.source.length);
    const text = unquote(this.source, from, to, this.where);
    if (text instanceof Problem) return text;
    this.at = to;
    BEHIND_QUOTE.lastIndex = to;
    if (!BEHIND_QUOTE.test(this.source)) {
      return this.problem(
        'a word goes on behind its closing quote',
        'put a space behind the quote, or the whole value in quotes',
        to,
        to + 1,
      );
    }
    return { text, quoted: true, ...this.place(from, to) };
  }

  private node(): Problem | undefined {
    const sign = this.at++;
    const name = this.take(BARE);
    if (name === '') return this.problem('@ needs a node right behind it', 'write for example @b', sign, sign + 1);
    const node: Word = { text: name, quoted: false, ...this.place(sign + 1, this.at) };
    this.tokens.push({ kind: 'at', node });
    const problem = checkName(node, 'node');
    return problem && new Problem(problem.what, 'a value with @ in it needs quotes: "bob@example.org"', problem.at);
  }

  /** Whether the word before `=` makes an option of it: a bare name that is neither the verb nor addressed to a node (`x@c = apple`). */
  private namesOption(): boolean {
    const last = this.tokens.at(-1);
    if (last?.kind !== 'word' || last.word.quoted || !OPTION_NAME.test(last.word.text)) return false;
    const before = this.tokens.at(-2)?.kind;
    return before !== undefined && before !== 'end' && before !== 'client';
  }

  private option(): Problem | undefined {
    const last = this.tokens.pop();
    if (last?.kind !== 'word') throw new Error('namesOption said that a word stands before this =');
    const { from, to } = last.word;
    const name: Word = { ...last.word, text: last.word.text.replace(/^-+/, '').toLowerCase() };
    this.take(SPACE);
    const start = this.at;
    if (this.source[start] === '"') {
      const value = this.readQuoted();
      if (value instanceof Problem) return value;
      this.tokens.push({ kind: 'option', option: { name, value } });
      return undefined;
    }
    const text = this.source[start] === '#' && /\s/.test(this.source[start - 1] ?? '') ? '' : this.take(OPTION_VALUE);
    if (text === '')
      return this.problem(
        `${clip(name.text)}= has no value`,
        `write ${clip(name.text)}=value, or "" for an empty one`,
        from,
        Math.max(to, start),
      );
    this.tokens.push({ kind: 'option', option: { name, value: { text, quoted: false, ...this.place(start, this.at) } } });
    if (this.source[this.at] !== '"') return undefined;
    return this.problem('a quote begins inside a word', 'put the whole value in quotes, with \\" for a quote in it', this.at, this.at + 1);
  }

  private take(pattern: RegExp): string {
    return this.match(pattern)?.[0] ?? '';
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source);
    if (found === null) return undefined;
    this.at = pattern.lastIndex;
    return found;
  }

  private problem(what: string, remedy: string, from: number, to: number): Problem {
    return new Problem(what, remedy, this.place(from, to));
  }
}
