import { isWellFormed, quote } from './quoted.ts';
import type { Statement, Word } from './statement.ts';

// What can stand without quotes anywhere among the words of a command and is read back as one value.
const BARE = /^(?!#)(?:[^\s;&|="@<>!\u0000-\u001f\u007f-\u009f-]|-(?!>)|[<>!](?!=))+$/u;

/** A value as one would type it: bare where that is possible, else in quotes. */
export function formatValue(text: string): string {
  return BARE.test(text) && isWellFormed(text) ? text : quote(text);
}

/** A word as it was written: quoted words keep their quotes. */
export function formatWord(word: Word): string {
  return word.quoted ? quote(word.text) : word.text;
}

/** A statement in canonical form, which `parseLine` reads back as the same statement (places apart). */
export function formatStatement(statement: Statement): string {
  const { client, at } = statement;
  const parts: string[] = [];
  if (client !== undefined) parts.push(`${client.name.text}${client.home === undefined ? '' : `@${client.home.text}`}:`);
  parts.push(statement.verb);
  let placed = at === undefined;
  statement.words.forEach((word, i) => {
    // `x@c = apple`: the node must stand before this `=`, otherwise `x = apple` would be an option.
    if (!placed && !word.quoted && word.text === '=' && !(statement.words[i - 1]?.quoted ?? false)) {
      if (i > 0) parts[parts.length - 1] += `@${at?.text}`;
      else parts.push(`@${at?.text}`);
      placed = true;
    }
    parts.push(formatWord(word));
  });
  for (const option of statement.options) parts.push(`${option.name.text}=${formatWord(option.value)}`);
  if (!placed) parts.push(`@${at?.text}`);
  return parts.join(' ') + (statement.background ? ' &' : '');
}
