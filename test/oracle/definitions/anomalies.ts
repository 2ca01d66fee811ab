import { APPEND, FAIL, OK, READ } from '../../../src/history/columns.ts';
import type { History, Micro, Op, Value } from '../history.ts';

/**
 * Which of the anomalies that show without any cycle are in a history of transactions, told pair by pair: those that are there for certain, and those that may be named
 * although others account for them. (Adya, Weak Consistency, MIT 1999, section 4.2; Kingsbury & Alvaro, PVLDB 14(3), 2020, sections 4 and 6.)
 */
export interface Shown {
  readonly must: ReadonlySet<string>;
  readonly may: ReadonlySet<string>;
}

export const PLAIN = [
  ...['internal', 'future-read', 'garbage-read', 'G1a', 'dirty-update'],
  ...['duplicate-elements', 'incompatible-order', 'G1b'],
] as const;

/** A micro-operation on one key, by the place where it stands in its transaction. */
interface Access extends Micro {
  readonly op: Op;
  readonly at: number;
}

const listOf = (value: Value): readonly string[] => (Array.isArray(value) ? (value as readonly string[]) : []);
const startsWith = (long: readonly string[], short: readonly string[]): boolean => short.every((one, i) => long[i] === one);

export function anomalies(history: History): Shown {
  const must = new Set<string>();
  const may = new Set<string>();
  const lists = history.type === 'list-append';
  for (const key of [0, 1, 2]) {
    const all = history.ops.flatMap((op) => op.micro.map((one, at): Access => ({ ...one, op, at }))).filter((one) => one.key === key);
    const writes = all.filter(({ f, op }) => f !== READ && op.status !== FAIL);
    const lost = all.filter(({ f, op }) => f !== READ && op.status === FAIL);
    const reads = all.filter(({ f, op }) => f === READ && op.status === OK);
    const values = writes.map(({ value }) => value);
    const distinct = new Set(values).size === values.length && !values.includes(null);
    for (const read of reads) {
      const found = lists ? listOf(read.value) : read.value === null ? [] : [read.value as string];
      for (const one of found) if (!values.includes(one)) must.add(lost.some(({ value }) => value === one) ? 'G1a' : 'garbage-read');
      if (distinct) (lists ? ownList : ownRegister)(read, all, writes, must);
    }
    if (distinct && lists) together(reads, writes, lost, must, may);
  }
  return { must, may };
}

/** What the transaction of a read did before it, and does behind it. */
function own(read: Access, all: readonly Access[]): { readonly before: readonly Access[]; readonly behind: readonly Access[] } {
  const same = all.filter(({ op }) => op === read.op);
  return { before: same.filter(({ at }) => at < read.at), behind: same.filter(({ at, f }) => at > read.at && f !== READ) };
}

/** Whether the transaction that wrote what a read found last wrote over it itself. */
const isIntermediate = (read: Access, last: Value, writes: readonly Access[]): boolean =>
  writes.some((by) => by.value === last && by.op !== read.op && writes.some(({ op, at }) => op === by.op && at > by.at));

function ownRegister(read: Access, all: readonly Access[], writes: readonly Access[], must: Set<string>): void {
  const { before, behind } = own(read, all);
  const last = before.at(-1);
  if (last !== undefined && last.value !== read.value) must.add('internal');
  if (read.value !== null && behind.some(({ value }) => value === read.value)) must.add('future-read');
  if (read.value !== null && isIntermediate(read, read.value, writes)) must.add('G1b');
}

function ownList(read: Access, all: readonly Access[], writes: readonly Access[], must: Set<string>): void {
  const { before } = own(read, all);
  const found = listOf(read.value);
  const last = before.findLastIndex(({ f }) => f === READ);
  const appended = before.slice(last + 1).map(({ value }) => value as string);
  const start = last < 0 ? found.slice(0, Math.max(0, found.length - appended.length)) : listOf((before[last] as Access).value);
  if (found.join(' ') !== [...start, ...appended].join(' ')) must.add('internal');
  if (found.length > 0 && isIntermediate(read, found.at(-1) as string, writes)) must.add('G1b');
}

/** What reads of a list tell of each other and of the appends. */
function together(reads: readonly Access[], writes: readonly Access[], lost: readonly Access[], must: Set<string>, may: Set<string>): void {
  const lists = reads.map(({ value }) => listOf(value));
  const longest = lists.reduce((best, one) => (one.length > best.length ? one : best), []);
  const odd = lists.some((one) => !startsWith(longest, one));
  const isWritten = (one: string): boolean => writes.some(({ value }) => value === one);
  if (odd) must.add('incompatible-order');
  for (const a of writes)
    for (const b of writes) {
      if (a.f !== APPEND || a.op !== b.op || a.at >= b.at || !longest.includes(b.value as string)) continue;
      const place = longest.indexOf(a.value as string);
      if (place < 0 || place > longest.indexOf(b.value as string)) (odd ? may : must).add('incompatible-order');
    }
  for (const read of reads) {
    const found = listOf(read.value);
    const twice = found.filter((one, i) => found.indexOf(one) < i);
    if (twice.length > 0) (twice.some(isWritten) ? must : may).add('duplicate-elements');
    const later = writes.some(({ op, at, value }) => op === read.op && at > read.at && found.includes(value as string));
    if (later) (odd ? may : must).add('future-read');
  }
  const dirty = longest.findIndex((one) => !isWritten(one) && lost.some(({ value }) => value === one));
  const behind = longest.some((one, i) => i > dirty && isWritten(one) && longest.indexOf(one) === i);
  // Where reads do not agree another one may be taken for the longest; and of an element that stands there twice one may be of a transaction that failed.
  const both = longest.some((one, i) => longest.indexOf(one) < i && lost.some(({ value }) => value === one));
  if (odd || both) may.add('dirty-update');
  else if (dirty >= 0 && behind) must.add('dirty-update');
}
