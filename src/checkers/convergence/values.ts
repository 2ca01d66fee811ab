import type { Columns } from '../../history/columns.ts';
import { NOTHING } from '../../history/texts.ts';
import type { Finding } from '../model.ts';
import { distinct } from '../rows.ts';
import { had, said } from '../staleness/words.ts';
import type { Ending } from './final-reads.ts';

/**
 * Registers: the last reads find one value, and it was written last or beside the last. `grows`: texts were appended to, so that no one
 * wrote what is there now.
 */
export function valuesAgree(columns: Columns, { done, unknown, reads }: Ending, grows: boolean): Finding {
  const { value, call, ret, id } = columns;
  // What nobody knows the end of may still arrive anywhere; appended to a text it makes any value possible.
  if (grows && unknown.length > 0) return { valid: true };
  const mayCome = new Set(unknown.map((row) => value[row] as number));
  const newest = done.at(-1);
  // Those after whose return no other was called; rows stand in order of call.
  const last = done.filter((row) => (ret[row] as number) > (call[newest as number] as number));
  const settled = new Set(newest === undefined ? [NOTHING] : last.map((row) => value[row] as number));
  const firm = reads.filter((read) => !mayCome.has(value[read] as number));
  const wrong = grows ? undefined : firm.find((read) => !settled.has(value[read] as number));
  if (wrong !== undefined) return outdated(columns, done, wrong);
  const [one] = firm;
  const other = firm.find((read) => value[read] !== value[one as number]);
  if (one === undefined || other === undefined) return { valid: true };
  const sources = done.filter((row) => value[row] === value[one] || value[row] === value[other]);
  const reason = `#${id[one]} read ${said(columns, one)} and #${id[other]} read ${said(columns, other)}, although no write was going on any more`;
  return { valid: false, witness: distinct([...sources, one, other]), reason };
}

/** A last read of what nobody wrote, or of what was overwritten by a write that began when all writes of it had ended. */
function outdated(columns: Columns, done: readonly number[], read: number): Finding {
  const { id, value } = columns;
  const sources = done.filter((row) => value[row] === value[read]);
  const newest = done.at(-1);
  const what = `#${id[read]} read ${said(columns, read)}`;
  if (newest === undefined || (sources.length === 0 && value[read] !== NOTHING))
    return { valid: false, witness: [read], reason: `${what}, which nobody had written` };
  return {
    valid: false,
    witness: distinct([...sources, newest, read]),
    reason: `${what} although #${id[newest]} had ${had(columns, newest)} later and all writes had ended`,
  };
}
