import { NOTHING } from '../../history/texts.ts';
import type { Judging } from '../model.ts';
import { isFailed, isUpdate, type Numbering } from './numbering.ts';
import { Pairs } from './pairs.ts';

/** Who wrote or appended what. */
export interface Writers {
  /** The micro-operation that wrote a value to a key, by key and code; -1 for none. */
  readonly of: Pairs;
  /** The same among transactions that failed. */
  readonly failed: Pairs;
  /** The next and the previous update of the same key in the same transaction, or -1. */
  readonly next: Int32Array;
  readonly previous: Int32Array;
  /** 0 for keys on which some value was written more than once, or nothing; else 1. */
  readonly distinct: Uint8Array;
}

export function* writersOf(n: Numbering): Generator<Judging, Writers> {
  const { txns, columns } = n;
  const moves = txns.f.length;
  let updates = 0;
  for (let m = 0; m < moves; m++) {
    if ((m & 0xffff) === 0) yield { done: 0, of: moves };
    if (isUpdate(n, m)) updates++;
  }
  const of = new Pairs(updates);
  const failed = new Pairs(updates);
  const next = new Int32Array(moves).fill(-1);
  const previous = new Int32Array(moves).fill(-1);
  const distinct = new Uint8Array(columns.keys.length).fill(1);
  const last = new Int32Array(columns.keys.length).fill(-1);
  for (let m = 0; m < moves; m++) {
    if ((m & 0x3fff) === 0) yield { done: m, of: moves };
    if (!isUpdate(n, m)) continue;
    const key = txns.key[m] as number;
    const value = txns.value[m] as number;
    if (isFailed(n, m)) {
      failed.set(key, value, m);
      continue;
    }
    const before = last[key] as number;
    if (before >= 0 && n.rowOf[before] === n.rowOf[m]) {
      previous[m] = before;
      next[before] = m;
    }
    last[key] = m;
    // What writes nothing cannot be told from the beginning.
    if (value === NOTHING || of.get(key, value) >= 0) distinct[key] = 0;
    else of.set(key, value, m);
  }
  return { of, failed, next, previous, distinct };
}
