import { APPEND, type Columns, READ, WRITE } from './columns.ts';

/** Not a table beside the functions: columns are defined in terms of this file too, and may not be there yet. */
function wordOf(f: number | undefined): string {
  return f === READ ? 'r' : f === WRITE ? 'w' : f === APPEND ? 'append' : '?';
}

/** What a transaction did, in Elle's words: `r x [1 2], append y 3`. */
export function transactionText({ transactions, keys, texts }: Columns, row: number): string {
  if (transactions === undefined) return '';
  const parts: string[] = [];
  for (let m = transactions.from[row] as number; m < (transactions.from[row + 1] as number); m++) {
    const word = wordOf(transactions.f[m]);
    parts.push(`${word} ${keys[transactions.key[m] as number]} ${texts.text(transactions.value[m] as number) ?? 'nil'}`);
  }
  return parts.join(', ');
}
