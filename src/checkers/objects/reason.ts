import type { Columns } from '../../history/columns.ts';
import type { ObjectName } from './decide.ts';

/** One sentence for people about operations that no order of them explains. */
export function reasonFor({ id }: Columns, witness: readonly number[], _type: ObjectName): string {
  const ids = witness.map((row) => `#${id[row]}`);
  const named = ids.length < 2 ? ids.join('') : `${ids.slice(0, -1).join(', ')} and ${ids.at(-1)}`;
  return `no order of ${named} fits both what they returned and when they ran`;
}
