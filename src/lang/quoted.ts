import { Problem } from '../core/problem.ts';
import { clip } from '../core/units.ts';
import type { Where } from './scan.ts';

const SHORT: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Whether the text has no halves of characters. (String.prototype.isWellFormed is newer than our language target.) */
export function isWellFormed(text: string): boolean {
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}

/** The index behind the closing quote of the string that opens at `from`, or undefined where none closes it. */
export function endOfQuoted(source: string, from: number): number | undefined {
  for (let i = from + 1; i < source.length; i++) {
    const char = source[i];
    if (char === '\\') i++;
    else if (char === '"') return i + 1;
  }
  return undefined;
}

/** The text between the quotes, with JSON's escapes (RFC 8259 section 7) resolved. Halves of characters are refused. */
export function unquote(source: string, from: number, to: number, where: Where): string | Problem {
  const wrong = (what: string, at: number, end: number): Problem =>
    new Problem(what, 'the escapes are those of JSON: \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0041', {
      from: at,
      to: Math.min(end, to),
      ...where,
    });
  const pieces: string[] = [];
  let start = from + 1;
  for (let i = start; i < to - 1; i++) {
    if (source[i] !== '\\') continue;
    pieces.push(source.slice(start, i));
    const letter = source[i + 1] ?? '';
    const short = SHORT[letter];
    if (short !== undefined) {
      pieces.push(short);
      i += 1;
    } else if (letter === 'u' && /^[0-9a-fA-F]{4}$/.test(source.slice(i + 2, Math.min(i + 6, to - 1)))) {
      pieces.push(String.fromCharCode(Number.parseInt(source.slice(i + 2, i + 6), 16)));
      i += 5;
    } else {
      return wrong(`"${clip(`\\${letter}`)}" is not an escape here`, i, i + 2);
    }
    start = i + 1;
  }
  pieces.push(source.slice(start, to - 1));
  const text = pieces.join('');
  return isWellFormed(text) ? text : wrong('an escape names half of a character (a lone surrogate)', from, to);
}

/** A value as a quoted string that `unquote` reads back: JSON, with the characters escaped that a line may not hold. */
export function quote(text: string): string {
  // JSON.stringify leaves DEL and the C1 controls alone.
  return JSON.stringify(text).replace(/[\u007f-\u009f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
