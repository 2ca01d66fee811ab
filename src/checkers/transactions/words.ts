import type { Numbering } from './numbering.ts';

/** How reasons name things: `#4`, `x`, `[1 2]`. */
export function named(n: Numbering, row: number): string {
  return `#${n.columns.id[row] as number}`;
}

export function keyed(n: Numbering, m: number): string {
  return n.columns.keys[n.txns.key[m] as number] as string;
}

/** Of a long list its ends: what is told of it is mostly what stands last. */
const WIDE = 40;

export function valued(n: Numbering, code: number): string {
  const { texts } = n.columns;
  const text = texts.text(code) ?? 'nil';
  const elements = texts.elements(code);
  if (text.length <= WIDE || elements === undefined || elements.length < 4) return text;
  const [first, ...last] = [0, elements.length - 2, elements.length - 1].map((i) => texts.text(elements[i] as number) ?? 'nil');
  return `[${first} ... ${last.join(' ')}]`;
}

export function value(n: Numbering, m: number): string {
  return valued(n, n.txns.value[m] as number);
}

/** The transaction of a micro-operation, as reasons name it. */
export function whose(n: Numbering, m: number): string {
  return named(n, n.rowOf[m] as number);
}

/** One clause of a reason, and the rows that it rests on beside the two that it is about. */
export interface Clause {
  readonly text: string;
  readonly rows: readonly number[];
}

/** The micro-operations of a numbered transaction. */
export function* movesOf(n: Numbering, t: number): Generator<number> {
  const row = n.row[t] as number;
  const end = n.txns.from[row + 1] as number;
  for (let m = n.txns.from[row] as number; m < end; m++) yield m;
}
