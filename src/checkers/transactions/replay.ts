import { NEVER, OK } from '../../history/columns.ts';
import { NOTHING } from '../../history/texts.ts';
import type { Judging } from '../model.ts';
import { elementsOf } from './lists.ts';
import { isRead, isUpdate, type Numbering } from './numbering.ts';

/**
 * Whether an order explains the history: it has every ok transaction once, and executed one after the other from nothing all of them read what they did read. A plain
 * execution, which knows nothing of how the order was found: it is the proof of every valid verdict.
 */
export function* explains(n: Numbering, lists: Uint8Array, order: Int32Array, realTime: boolean): Generator<Judging, boolean> {
  const { columns, txns } = n;
  if (!(yield* isWhole(n, order)) || (realTime && !(yield* keepsTime(n, order)))) return false;
  const registers = new Int32Array(columns.keys.length).fill(NOTHING);
  const contents: number[][] = Array.from({ length: columns.keys.length }, () => []);
  // The read that a list was last equal to, while nothing is appended: a list that many read is compared once.
  const equal = new Int32Array(columns.keys.length).fill(-1);
  for (let i = 0; i < order.length; i++) {
    if ((i & 0xfff) === 0) yield { done: i, of: order.length };
    const row = n.row[order[i] as number] as number;
    const end = txns.from[row + 1] as number;
    for (let m = txns.from[row] as number; m < end; m++) {
      const key = txns.key[m] as number;
      const code = txns.value[m] as number;
      if (isUpdate(n, m)) {
        if (lists[key] === 1) (contents[key] as number[]).push(code);
        else registers[key] = code;
        equal[key] = -1;
      } else if (isRead(n, m)) {
        if (lists[key] === 0) {
          if (registers[key] !== code) return false;
        } else if (equal[key] !== code) {
          if (!same(contents[key] as number[], elementsOf(n, m))) return false;
          equal[key] = code;
        }
      }
    }
  }
  return true;
}

function same(content: readonly number[], read: Int32Array): boolean {
  if (content.length !== read.length) return false;
  for (let i = 0; i < read.length; i++) if (content[i] !== read[i]) return false;
  return true;
}

function* isWhole({ count, columns, row }: Numbering, order: Int32Array): Generator<Judging, boolean> {
  const seen = new Uint8Array(count);
  for (let i = 0; i < order.length; i++) {
    if ((i & 0xffff) === 0) yield { done: i, of: order.length };
    const t = order[i] as number;
    if (seen[t] !== 0) return false;
    seen[t] = 1;
  }
  for (let t = 0; t < count; t++) {
    if ((t & 0xffff) === 0) yield { done: t, of: count };
    if (seen[t] === 0 && columns.status[row[t] as number] === OK) return false;
  }
  return true;
}

/** From the end: nothing that stands later had ended before a transaction began. */
function* keepsTime({ call, ret }: Numbering, order: Int32Array): Generator<Judging, boolean> {
  let earliest = NEVER;
  for (let i = order.length - 1; i >= 0; i--) {
    if ((i & 0xffff) === 0) yield { done: order.length - i, of: order.length };
    const t = order[i] as number;
    if (earliest < (call[t] as number)) return false;
    if ((ret[t] as number) < earliest) earliest = ret[t] as number;
  }
  return true;
}
