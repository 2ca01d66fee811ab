import { formatDuration } from '../core/units.ts';
import { unreachable } from '../core/unreachable.ts';
import type { Row } from '../session/types.ts';
import type { Value } from '../sim/process.ts';
import type { Line, Meaning, Span } from './block.ts';
import { clipText, safeText } from './line.ts';

/** The longest value that an outcome line shows whole. */
const VALUE_COLUMNS = 40;

/** A value for people: `none` where there is no value, quotes where the text would look like something else. */
export function valueText(value: Value, columns = VALUE_COLUMNS): string {
  if (value === null) return 'none';
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return clipText(`[${value.map((item) => valueText(item)).join(', ')}]`, columns);
  const plain = value !== '' && value !== 'none' && value.trim() === value && safeText(value) === value && !value.startsWith('"');
  return clipText(plain ? value : JSON.stringify(value), columns);
}

const SIGNS: Readonly<Record<Row['outcome'], readonly [sign: string, as: Meaning]>> = {
  ok: ['✓', 'ok'],
  fail: ['✗', 'fail'],
  unknown: ['?', 'unknown'],
  done: ['✓', 'dim'],
  invalid: ['✗', 'error'],
};

/** `✓ ok`, `✗ fail`, `? unknown`: the sign is never without its word. */
export function outcomeSpan(outcome: Row['outcome']): Span {
  const [sign, as] = SIGNS[outcome];
  return { text: `${sign} ${outcome}`, as };
}

/**
 * The line that answers a client operation (LANGUAGE section 4): outcome, value or error, node, duration, notes, two
 * spaces between them. `✓ ok  init  STALE, apple was acknowledged 2.100 s ago  c  0.100 ms`.
 */
export function outcomeLine(row: Row): Line {
  const parts: (string | Span)[] = [outcomeSpan(row.outcome)];
  parts.push(...finding(row));
  if (row.pending === true) parts.push({ text: 'still open', as: 'unknown' });
  if (row.node !== undefined) parts.push({ text: row.node, as: 'node' });
  if (row.outcome !== 'invalid') parts.push({ text: formatDuration(row.tookUs), as: 'dim' });
  for (const note of row.notes ?? []) parts.push({ text: note, as: 'dim' });
  return parts.flatMap((part, i) => (i === 0 ? [part] : ['  ', part]));
}

function finding(row: Row): (string | Span)[] {
  switch (row.outcome) {
    case 'ok':
      return row.kind === 'read' || row.kind === 'get' ? readValue(row) : [];
    case 'fail':
    case 'unknown':
    case 'invalid':
      return row.error === undefined ? [] : [row.error];
    case 'done':
      return [];
    default:
      return unreachable(row.outcome);
  }
}

function readValue(row: Row): (string | Span)[] {
  if (row.value === undefined) return [];
  const value: Span = { text: valueText(row.value), as: row.value === null ? 'dim' : 'value' };
  if (row.stale !== true) return [value];
  const latest = row.latest ?? null;
  const what = latest === null ? 'its deletion' : valueText(latest, 24);
  const when = row.staleAgoUs === undefined ? 'earlier' : `${formatDuration(row.staleAgoUs)} ago`;
  return [value, { text: `STALE, ${what} was acknowledged ${when}`, as: 'stale' }];
}

/** The line of an operation that ended; one that ran in the background says first which one it was: `[3] set x 2 &  ✓ ok  a  1.620 ms`. */
export function outcomeBlock(row: Row, late: boolean): readonly Line[] {
  const line = outcomeLine(row);
  return [late ? [{ text: `[${row.n}] ${clipText(row.command, 40)} &`, as: 'dim' }, '  ', ...line] : line];
}
