import { isProblem } from '../core/problem.ts';
import { parseDuration } from '../core/units.ts';
import { duration } from './trial.ts';

/** Durations that people use, in microseconds, ascending. */
const NICE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 1500, 2000, 3000, 5000, 10_000, 15_000, 20_000, 30_000].map((ms) => ms * 1000);

/** Lines that say less than this one, simplest first. Each is worth a try; nobody promises that it shows the same. */
export function simpler(line: string): readonly string[] {
  const out: string[] = [];
  const [verb = '', ...words] = line.split(' ');
  if (verb.endsWith(':')) out.push(words.join(' '));
  if (line.endsWith(' &')) out.push(line.slice(0, -2));
  if (/ @\S+/.test(line)) out.push(line.replace(/ @\S+/, ''));
  if (verb === 'powerloss') out.push(`crash ${words.join(' ')}`);
  if ((verb === 'crash' || verb === 'powerloss' || verb === 'partition') && words.length > 1 && !words.includes('|'))
    for (const word of words) out.push([verb, ...words.filter((other) => other !== word)].join(' '));
  if (verb === 'cas') out.push(`set ${words[0]} ${words.slice(2).join(' ')}`);
  if (verb === 'loss') out.push(`cut ${words.slice(0, -1).join(' ')}`);
  if (verb === 'delay') out.push(`cut ${words.slice(0, -1).join(' ')}`);
  if (words.includes('->')) out.push(line.replace(' ->', ''));
  if (verb === 'pause' && words.length > 1) out.push(`pause ${words[0]}`);
  if (verb === 'drift' && !['0.5x', '2x'].includes(words[1] ?? '')) out.push(`drift ${words[0]} 0.5x`, `drift ${words[0]} 2x`);
  return [...out, ...shorter(line)];
}

/** The line with another duration: a shorter one that people use, or the next longer one if nobody would use this. */
function shorter(line: string): readonly string[] {
  const match = /^(.* )([+-]?)(\d[\d.]*(?:us|ms|s|m|h))$/.exec(line);
  const us = match === null ? 0 : parseDuration(match[3] as string);
  if (match === null || isProblem(us) || us === 0) return [];
  const than = NICE.filter((nice) => nice < us);
  const longer = NICE.includes(us) ? [] : NICE.filter((nice) => nice > us).slice(0, 1);
  // Where no usual one will do, at least not to the microsecond.
  const blunt = [100_000, 10_000, 1000, 100].flatMap((unit) =>
    us > unit && us % unit !== 0 ? [Math.floor(us / unit) * unit, Math.ceil(us / unit) * unit] : [],
  );
  return [...than, ...longer, ...blunt].map((other) => `${match[1]}${match[2]}${duration(other)}`);
}

const FRUIT = ['apple', 'banana', 'cherry', 'date', 'elder', 'fig', 'grape', 'hazel', 'ivy', 'juniper', 'kiwi', 'lemon'];

/** The same script with the words of the book: values named in the order in which they are written. Undefined where there are too many. */
export function withFruit(lines: readonly string[]): readonly string[] | undefined {
  const names = new Map<string, string>();
  for (const line of lines)
    for (const [value] of line.matchAll(/\bv\d+\b/g)) if (!names.has(value)) names.set(value, FRUIT[names.size] ?? '');
  if (names.size === 0 || names.size > FRUIT.length) return undefined;
  return lines.map((line) => line.replace(/\bv\d+\b/g, (value) => names.get(value) as string));
}

/** The script without one of the nodes, those behind it moved up one name. */
export function withoutNode(lines: readonly string[], nodes: readonly string[], gone: number): readonly string[] {
  const next = new Map(nodes.map((name, i) => [name, i > gone ? (nodes[i - 1] as string) : name]));
  const name = nodes[gone] as string;
  return lines.map((line) =>
    line
      .split(' ')
      .filter((word) => word !== name && word !== `@${name}`)
      .map((word) => (word.startsWith('@') ? `@${next.get(word.slice(1)) ?? word.slice(1)}` : (next.get(word) ?? word)))
      .join(' '),
  );
}
