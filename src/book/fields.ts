import { type Place, Problem } from '../core/problem.ts';
import { didYouMean } from '../core/suggest.ts';
import { clip, printable } from '../core/units.ts';
import { parseLine } from '../lang/parse.ts';
import type { CommandLine } from './types.ts';
import type { Yaml, YamlMap, YamlText } from './yaml.ts';

/** Slugs stand in addresses, file names and the progress file: short, lower case, no surprises. */
const SLUG = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const MAX_SLUG = 60;

export function isSlug(text: string): boolean {
  return SLUG.test(text) && text.length <= MAX_SLUG;
}

/** `When the network is cut` → `when-the-network-is-cut`. Empty if nothing is left. */
export function slugOf(title: string): string {
  const words = title
    .toLowerCase()
    .replace(/[’']/g, '')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const slug = words
    .join('-')
    .replace(/^[0-9-]+/, '')
    .slice(0, MAX_SLUG);
  return slug.replace(/-+$/, '');
}

/** Text with newlines but no other control character. */
export function cleanText(text: string): string {
  return text.replaceAll('\t', '    ').split('\n').map(printable).join('\n');
}

/**
 * Reads a mapping key by key and gathers what is wrong with it, so that an author sees every mistake at once. Reading a key that is missing or
 * wrong gives `undefined` after its problem is noted.
 */
export class Fields {
  readonly problems: Problem[] = [];
  readonly at: Place;
  readonly #entries: YamlMap['entries'];
  readonly #what: string;

  /** `what` names the mapping for messages: `the front matter`, `a predict exercise`. */
  constructor(map: YamlMap, what: string, keys: readonly string[]) {
    this.at = map.at;
    this.#entries = map.entries;
    this.#what = what;
    for (const { key } of map.entries) {
      if (keys.includes(key.text)) continue;
      const near = didYouMean(key.text, keys);
      const remedy = near === undefined ? `it may have: ${keys.join(', ')}` : `did you mean ${near}:?`;
      this.problems.push(new Problem(`${what} has no key ${clip(key.text)}:`, remedy, key.at));
    }
  }

  get(key: string): Yaml | undefined {
    return this.#entries.find((entry) => entry.key.text === key)?.value;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  /** A text that must be there and not be empty. */
  text(key: string, example: string): string | undefined {
    return this.#required(key, example, this.optional(key));
  }

  optional(key: string): string | undefined {
    const value = this.#textOf(this.get(key), key);
    const text = value === undefined ? undefined : cleanText(value.text).trim();
    return text === '' ? undefined : text;
  }

  slug(key: string, example: string): string | undefined {
    const slug = this.text(key, example);
    if (slug === undefined || isSlug(slug)) return slug;
    return this.refuse(
      key,
      `"${clip(slug)}" is not a slug`,
      `lower-case letters, digits and single dashes, at most ${MAX_SLUG}: ${example}`,
    );
  }

  /** A whole number within bounds. */
  count(key: string, least: number, most: number, example: string): number | undefined {
    const text = this.text(key, example);
    if (text === undefined) return undefined;
    const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    return this.refuse(
      key,
      `${key}: must be a whole number from ${least} to ${most}, not "${clip(text)}"`,
      `for example ${key}: ${example}`,
    );
  }

  flag(key: string, otherwise: boolean): boolean {
    const text = this.optional(key);
    if (text === undefined) return otherwise;
    if (text !== 'true' && text !== 'false') this.refuse(key, `${key}: is true or false, not "${clip(text)}"`, `for example ${key}: true`);
    return text === 'true';
  }

  /** A list of texts; one text alone is a list of one. */
  texts(key: string): readonly string[] {
    return this.items(key).flatMap((item) => {
      const text = this.#textOf(item, key)?.text;
      return text === undefined ? [] : [cleanText(text).trim()];
    });
  }

  items(key: string): readonly Yaml[] {
    const value = this.get(key);
    if (value === undefined || (value.kind === 'text' && value.text.trim() === '')) return [];
    return value.kind === 'list' ? value.items : [value];
  }

  commands(key: string): readonly CommandLine[] {
    const value = this.get(key);
    return value === undefined ? [] : this.commandsOf(value, key);
  }

  /** Commands stand in a block, one to a line, or in a list. */
  commandsOf(value: Yaml, key: string): readonly CommandLine[] {
    if (value.kind === 'list') return value.items.flatMap((item) => this.commandsOf(item, key));
    const text = this.#textOf(value, key);
    return text === undefined ? [] : textLines(text).flatMap(({ source, line, from }) => this.#line(source, line, from));
  }

  refuse(key: string, what: string, remedy: string): undefined {
    this.problems.push(new Problem(what, remedy, this.get(key)?.at ?? this.at));
  }

  #line(source: string, line: number, from: number): readonly CommandLine[] {
    const read = readCommands(source, line, from);
    if (read instanceof Problem) {
      this.problems.push(read);
      return [];
    }
    return read.source === '' ? [] : [read];
  }

  #required<T>(key: string, example: string, value: T | undefined): T | undefined {
    if (value === undefined && !this.problems.some(({ at }) => at === this.get(key)?.at && at !== undefined)) {
      this.refuse(key, this.has(key) ? `${key}: is empty` : `${this.#what} needs ${key}:`, `for example ${key}: ${example}`);
    }
    return value;
  }

  #textOf(value: Yaml | undefined, key: string): YamlText | undefined {
    if (value === undefined || value.kind === 'text') return value;
    const remedy = value.kind === 'map' ? 'quote it: a colon followed by a space makes a mapping' : 'give one text';
    this.problems.push(new Problem(`${key}: must be a text`, remedy, value.at));
    return undefined;
  }
}

/** One line of commands at its place in the file. `from` is the column at which it begins there. */
export function readCommands(source: string, line: number, from: number): CommandLine | Problem {
  const clean = cleanText(source).trim();
  const column = from + source.length - source.trimStart().length;
  const statements = parseLine(clean, { line });
  if (!(statements instanceof Problem)) return { source: clean, statements, line, column };
  const at = statements.at ?? { from: 0, to: Math.max(1, clean.length) };
  return new Problem(statements.what, statements.remedy, shifted(at, line, column));
}

/** A place within a line of commands as a place in the file. */
export function shifted(at: Place, line: number, column: number): Place {
  return { from: at.from + column, to: at.to + column, line };
}

function textLines(text: YamlText): readonly { readonly source: string; readonly line: number; readonly from: number }[] {
  const first = text.block?.line ?? text.at.line ?? 1;
  return text.text.split('\n').map((source, i) => ({ source, line: first + i, from: text.block?.indent ?? text.at.from }));
}
