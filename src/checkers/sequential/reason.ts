import { clip } from '../../core/units.ts';
import { type Columns, READ } from '../../history/columns.ts';
import { idsOf } from '../objects/reason.ts';
import { said } from '../staleness/words.ts';

/** One sentence for people about operations that have no order; `#n` names the operation of id n. */
export function reasonFor(columns: Columns, witness: readonly number[]): string {
  const [only, more] = witness;
  if (only !== undefined && more === undefined && columns.effect[only] === READ)
    return `#${columns.id[only]} read ${clip(said(columns, only), 24)}, which nobody wrote`;
  return `no order of ${idsOf(columns, witness)} fits both what they returned and the order of each process`;
}
