import { APPEND, type Columns, READ, WRITE } from './columns.ts';

const WORD: Readonly<Record<number, string>> = { [READ]: 'r', [WRITE]: 'w', [APPEND]: 'append' };

/** What a transaction did, in Elle's words: `r x [1 2], append y 3`. */
export function transactionText({ transactions, keys, texts }: Columns, row: number): string {
  if (transactions === undefined) return '';
  const parts: string[] = [];
  for (let m = transactions.from[row] as number; m < (transactions.from[row + 1] as number); m++) {
    const word = WORD[transactions.f[m] as number] ?? '?';
    parts.push(`${word} ${keys[transactions.key[m] as number]} ${texts.text(transactions.value[m] as number) ?? 'nil'}`);
  }
  return parts.join(', ');
}
