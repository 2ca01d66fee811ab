import { Problem } from './problem.ts';

/** One second, in the simulator's unit: integer microseconds. */
export const US_PER_MS = 1000;
export const US_PER_S = 1_000_000;
const UNITS: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1000,
  s: US_PER_S,
  m: 60 * US_PER_S,
  h: 3600 * US_PER_S,
  d: 86_400 * US_PER_S,
};

/** The longest duration that a command may name: a hundred years, far inside the exact integers of a double. */
export const MAX_DURATION_US = 100 * 365 * 86_400 * US_PER_S;

/**
 * Reads a duration such as `500us`, `20ms`, `1.5s`, `2m`, `1h`, `10d`, with an optional sign if `signed`, in microseconds.
 * A bare `0` is allowed.
 */
export function parseDuration(text: string, signed = false): number | Problem {
  const match = /^([+-]?)(\d+(?:\.\d+)?|\.\d+)(us|µs|ms|s|m|h|d)$/i.exec(text) ?? (/^[+-]?0$/.test(text) ? ['', '', '0', 's'] : null);
  if (match === null) return new Problem(`"${clip(text)}" is not a duration`, 'write a number with a unit: 500us 20ms 1.5s 2m 10d');
  if (match[1] !== '' && !signed) return new Problem(`a duration has no sign here: "${clip(text)}"`, 'write for example 20ms');
  const unit = UNITS[(match[3] ?? 's').toLowerCase().replace('µ', 'u')] ?? 1;
  const us = Math.round(Number(match[2]) * unit);
  if (!(us <= MAX_DURATION_US)) return new Problem(`"${clip(text)}" is longer than a hundred years`, 'choose a shorter time');
  return match[1] === '-' ? -us : us;
}

/**
 * A duration for people: the unit is chosen so that the number lies between 1 and 1000, with three decimals
 * (`1.620 ms`, `7.000 s`, `2.500 min`, `11.000 d`).
 */
export function formatDuration(us: number): string {
  if (us < 0) return `-${formatDuration(-us)}`;
  // The next unit is taken where three decimals would round up to 1000.
  if (us < 999.9995) return `${us.toFixed(3)} µs`;
  if (us < 999_999.5) return `${(us / 1000).toFixed(3)} ms`;
  if (us < 1000 * US_PER_S - 500) return `${(us / US_PER_S).toFixed(3)} s`;
  if (us < 60_000 * US_PER_S - 30_000) return `${(us / (60 * US_PER_S)).toFixed(3)} min`;
  if (us < 48 * 3600 * US_PER_S) return `${(us / (3600 * US_PER_S)).toFixed(3)} h`;
  return `${(us / (86_400 * US_PER_S)).toFixed(3)} d`;
}

/** Virtual microseconds as the milliseconds of JSON rows. */
export function toMs(us: number): number {
  return us / US_PER_MS;
}

/** At most `length` characters of something a user wrote, safe to print: control characters are shown as `·`. */
export function clip(text: string, length = 40): string {
  const safe = printable(text);
  return safe.length > length ? `${safe.slice(0, length - 1)}…` : safe;
}

/** Text that cannot steer a terminal: control characters (C0, DEL, C1), bidirectional overrides and lone surrogates become `·`. */
export function printable(text: string): string {
  return text.replace(STEERING, '·');
}

const STEERING =
  /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The same characters as `\\u009b`: what stands in a string of JSON or EDN keeps its meaning and steers nothing. */
export function escapedForTerminal(text: string): string {
  return text.replace(STEERING, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
