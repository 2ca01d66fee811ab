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
