import type { Line, Meaning, Span, Tree } from '../view/block.ts';

/** Pieces of lines. Everything that `why` prints is put together here, so that a node, a command or a time looks the same wherever it stands. */
export function span(text: string, as: Meaning): Span {
  return { text, as };
}

export type Piece = string | Span | Line | undefined;

/** One line from pieces; `undefined` and empty pieces leave no trace. */
export function line(...pieces: readonly Piece[]): Line {
  const out: (string | Span)[] = [];
  for (const piece of pieces) {
    if (piece === undefined || piece === '') continue;
    if (typeof piece === 'string' || !isLine(piece)) out.push(piece);
    else out.push(...piece);
  }
  return out;
}

function isLine(piece: Span | Line): piece is Line {
  return Array.isArray(piece);
}

export function tree(head: Line, children: readonly Tree[] = []): Tree {
  return { line: head, children };
}

/** `a`, `a and b`, `a, b and c`; long lists name the first four. */
export function list(names: readonly string[]): string {
  if (names.length > 5) return `${names.slice(0, 4).join(', ')} and ${names.length - 4} more`;
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

const UNITS: readonly (readonly [us: number, name: string])[] = [
  [86_400_000_000, 'd'],
  [3_600_000_000, 'h'],
  [60_000_000, 'min'],
  [1_000_000, 's'],
  [1000, 'ms'],
];

/** A duration inside a sentence: three figures, no trailing zeros (`500 ms`, `1.4 s`, `7 s`). `us` in microseconds. */
export function shortTime(us: number): string {
  if (us < 0) return `-${shortTime(-us)}`;
  for (const [size, name] of UNITS) if (us >= size * 0.9995) return `${threeFigures(us / size)} ${name}`;
  return `${Math.round(us)} µs`;
}

function threeFigures(n: number): string {
  const text = n.toFixed(n >= 99.95 ? 0 : n >= 9.995 ? 1 : 2);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** How often something happened and in what rhythm, from its times in microseconds: `14 times, every 500 ms`; empty for once. */
export function often(timesUs: readonly number[]): string {
  const n = timesUs.length;
  if (n < 2) return '';
  const first = timesUs[0] ?? 0;
  const last = timesUs[n - 1] ?? 0;
  if (n === 2 || last === first) return n === 2 ? 'twice' : `${n} times`;
  const gaps = timesUs.slice(1).map((at, i) => at - (timesUs[i] ?? 0));
  const mean = (last - first) / (n - 1);
  const steady = gaps.every((gap) => Math.abs(gap - mean) <= mean / 8);
  return steady ? `${n} times, every ${shortTime(mean)}` : `${n} times in ${shortTime(last - first)}`;
}

/** The characters of a line, without meanings. */
export function plain(of: Line): string {
  return of.map((piece) => (typeof piece === 'string' ? piece : piece.text)).join('');
}
