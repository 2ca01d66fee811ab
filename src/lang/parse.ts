import { Problem } from '../core/problem.ts';
import { clip } from '../core/units.ts';
import { Scanner, type Token, type Where } from './scan.ts';
import type { Option, Statement, Word } from './statement.ts';

/**
 * One line as commands: none for an empty line or a comment, several where `;` or `&` separate them. The first thing that is wrong
 * makes the whole line a Problem with its place, so that nothing of a broken line runs. LANGUAGE sections 1, 2 and 5.
 */
export function parseLine(source: string, where: Where = {}): readonly Statement[] | Problem {
  const scanner = new Scanner(source, where);
  const tokens = scanner.scan();
  if (tokens instanceof Problem) return tokens;
  const statements: Statement[] = [];
  let start = 0;
  for (let i = 0; i <= tokens.length; i++) {
    const end = tokens[i];
    if (end !== undefined && end.kind !== 'end') continue;
    if (i > start) {
      const statement = command(tokens.slice(start, i), end?.background ?? false, scanner);
      if (statement instanceof Problem) return statement;
      statements.push(statement);
    }
    start = i + 1;
  }
  return statements;
}

export interface Script {
  readonly statements: readonly Statement[];
  /** Every line that could not be read, in order; each knows its file, line and columns. A script with problems must not run at all. */
  readonly problems: readonly Problem[];
}

/** A whole script. Lines end in LF or CRLF and count from 1. */
export function parseScript(text: string, file: string): Script {
  const statements: Statement[] = [];
  const problems: Problem[] = [];
  let line = 0;
  for (const source of text.split('\n')) {
    const found = parseLine(source, { file, line: ++line });
    if (found instanceof Problem) problems.push(found);
    else for (const statement of found) statements.push(statement);
  }
  return { statements, problems };
}

function command(tokens: readonly Token[], background: boolean, scanner: Scanner): Statement | Problem {
  const place = scanner.place(startOf(tokens[0]), endOf(tokens.at(-1)));
  const head = tokens[0];
  const client = head?.kind === 'client' ? head : undefined;
  const rest = client === undefined ? tokens : tokens.slice(1);
  const first = rest[0];
  if (first === undefined)
    return new Problem(`${clip(client?.name.text ?? '')}: says who acts, but not what to do`, 'write for example alice: read x', place);
  if (first.kind !== 'word' || first.word.quoted) {
    return new Problem('a command begins with its verb', 'for example: read x', scanner.place(startOf(first), endOf(first)));
  }
  const second = rest[1];
  if (second?.kind === 'operator' && second.word.text === '=') {
    return new Problem(`${clip(first.word.text)} = … is not a command`, `to write a value: set ${clip(first.word.text)} apple`, place);
  }
  const words: Word[] = [];
  const options: Option[] = [];
  const seen = new Set<string>();
  let at: Word | undefined;
  for (const token of rest.slice(1)) {
    if (token.kind === 'word' || token.kind === 'operator') words.push(token.word);
    else if (token.kind === 'option') {
      const { name } = token.option;
      if (seen.has(name.text)) return new Problem(`${clip(name.text)}= is given twice`, 'keep one of the two', placeOf(scanner, name));
      seen.add(name.text);
      options.push(token.option);
    } else if (token.kind === 'at') {
      if (at !== undefined)
        return new Problem(
          'a command goes to one node',
          `keep @${clip(at.text)} or @${clip(token.node.text)}`,
          placeOf(scanner, token.node),
        );
      at = token.node;
    }
  }
  return {
    text: scanner.source.slice(place.from, place.to),
    verb: first.word.text.toLowerCase(),
    verbAt: placeOf(scanner, first.word),
    words,
    options,
    ...(at === undefined ? {} : { at }),
    ...(client === undefined
      ? {}
      : { client: client.home === undefined ? { name: client.name } : { name: client.name, home: client.home } }),
    background,
    place,
  };
}

function placeOf(scanner: Scanner, word: Word): ReturnType<Scanner['place']> {
  return scanner.place(word.from, word.to);
}

function startOf(token: Token | undefined): number {
  if (token === undefined) return 0;
  switch (token.kind) {
    case 'word':
    case 'operator':
      return token.word.from;
    case 'at':
      return token.node.from - 1;
    case 'option':
      return token.option.name.from;
    case 'client':
      return token.name.from;
    case 'end':
      return token.at.from;
  }
}

function endOf(token: Token | undefined): number {
  if (token === undefined) return 0;
  switch (token.kind) {
    case 'word':
    case 'operator':
      return token.word.to;
    case 'at':
      return token.node.to;
    case 'option':
      return token.option.value.to;
    case 'client':
      // The colon belongs to the prefix.
      return (token.home ?? token.name).to + 1;
    case 'end':
      return token.at.to;
  }
}
