import type { Columns } from '../../history/columns.ts';
import { NOTHING } from '../../history/texts.ts';

/** The value of an operation as people read it. */
export function said({ texts, value }: Columns, row: number): string {
  return texts.text(value[row] as number) ?? 'no value';
}

/** What a write had done, behind `had`. */
export function had(columns: Columns, row: number): string {
  return columns.value[row] === NOTHING ? 'deleted it' : `written ${said(columns, row)}`;
}

/** Some operations by their names. */
export function listed({ id }: Columns, rows: readonly number[]): string {
  const ids = rows.map((row) => `#${id[row]}`);
  if (ids.length > 12) return `these ${ids.length} operations`;
  return ids.length < 2 ? ids.join('') : `${ids.slice(0, -1).join(', ')} and ${ids.at(-1)}`;
}

/** A read that is so many versions behind in every order. */
export function behind(columns: Columns, read: number, versions: number, over: number): string {
  const times = versions === 1 ? 'once' : `${versions} times`;
  return `#${columns.id[read]} read ${said(columns, read)}, which had been overwritten ${times} before it began, last by #${columns.id[over]}`;
}
