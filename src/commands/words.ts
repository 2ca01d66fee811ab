import type { Proc } from '../core/ids.ts';
import { isProblem, Problem } from '../core/problem.ts';
import type { Statement, Word } from '../lang/statement.ts';
import { placeOf, Reader } from '../lang/words.ts';
import type { Stage } from '../session/stage.ts';

/** The ends that most verbs share: nothing left over, no options, no `@node`, not behind `&`. */
export function atEnd(reader: Reader): Problem | undefined {
  return reader.end() ?? reader.noOptions() ?? reader.noNode() ?? reader.foreground();
}

/** A verb without words. */
export function bare(example: string): (statement: Statement) => null | Problem {
  return (statement) => atEnd(new Reader(statement, example)) ?? null;
}

/** Words up to an operator or the end, with commas standing for spaces. */
export function nameWords(reader: Reader): readonly Word[] {
  const out: Word[] = [];
  for (let word = reader.peek(); word !== undefined; word = reader.peek()) {
    if (!word.quoted && ['->', '|', '='].includes(word.text)) break;
    reader.skip();
    if (word.quoted || !word.text.includes(',')) out.push(word);
    else for (const part of word.text.split(',')) if (part !== '') out.push({ ...word, text: part });
  }
  return out;
}

/** Servers or clients by name, each once. */
export function findProcesses(stage: Stage, words: readonly Word[]): readonly Proc[] | Problem {
  return findAll(words, (word) => stage.process(word));
}

/** Servers by name, each once. */
export function findServers(stage: Stage, words: readonly Word[]): readonly Proc[] | Problem {
  return findAll(words, (word) => stage.node(word));
}

function findAll(words: readonly Word[], find: (word: Word) => Proc | Problem): readonly Proc[] | Problem {
  const out: Proc[] = [];
  for (const word of words) {
    const proc = find(word);
    if (isProblem(proc)) return proc;
    if (out.includes(proc)) return new Problem(`${word.text} is named twice`, 'name each once', placeOf(word));
    out.push(proc);
  }
  return out;
}
