import { NOTHING } from '../../history/texts.ts';
import type { Judging } from '../model.ts';
import type { Anomalies } from './anomalies.ts';
import { isRead, isUpdate, type Numbering, ownerOf } from './numbering.ts';
import { keyed, value, whose } from './words.ts';
import type { Writers } from './writers.ts';

/** What a read found that was there from the beginning, and one that says nothing about other transactions. */
export const INITIAL = -1;
export const NOWHERE = -2;

/**
 * Who read what from whom on registers with distinct values. The versions of a key are the last writes to it of each transaction that took part; in what order they
 * stand only some transactions tell.
 */
export interface Registers {
  /** 1 for the keys that hold registers, and on which all written values differ. */
  readonly holds: Uint8Array;
  /** The write that a transaction's first access to a key read from, by the micro-operation of the read; `INITIAL`, or `NOWHERE` for all other micro-operations. */
  readonly source: Int32Array;
  /** The last write to the same key of a transaction that had read it first, by the micro-operation of that read; else -1. */
  readonly wrote: Int32Array;
}

/** Reads tell who took part, so this comes before any edges. Also tells what is wrong without any cycle. */
export function* registersOf(n: Numbering, holds: Uint8Array, writers: Writers, found: Anomalies): Generator<Judging, Registers> {
  const { txns } = n;
  const moves = txns.f.length;
  const registers: Registers = {
    ...{ holds, source: new Int32Array(moves).fill(NOWHERE), wrote: new Int32Array(moves).fill(-1) },
  };
  // Of each key: the row that touched it last, what it knows to be there, and its first read of it if nothing came before.
  const stamp = new Int32Array(holds.length).fill(-1);
  const known = new Int32Array(holds.length);
  const first = new Int32Array(holds.length);
  for (let m = 0; m < moves; m++) {
    if ((m & 0x3fff) === 0) yield { done: m, of: moves };
    const key = txns.key[m] as number;
    if (holds[key] === 0 || ownerOf(n, m) < 0) continue;
    const code = txns.value[m] as number;
    const fresh = stamp[key] !== n.rowOf[m];
    if (isUpdate(n, m)) {
      if (fresh) first[key] = -1;
      else if ((first[key] as number) >= 0) registers.wrote[first[key] as number] = m;
    } else if (isRead(n, m)) {
      if (fresh) {
        first[key] = m;
        registers.source[m] = sourceOf(n, writers, found, m);
      } else if (known[key] !== code) {
        const had = known[key] as number;
        found.add('internal', () => ({
          rows: [n.rowOf[m] as number],
          reason: `${whose(n, m)} read ${value(n, m)} from ${keyed(n, m)}, where it had itself found or written ${n.columns.texts.text(had) ?? 'nil'}`,
        }));
        sourceOf(n, writers, found, m);
      }
    } else continue;
    stamp[key] = n.rowOf[m] as number;
    known[key] = code;
  }
  return registers;
}

/** The write that a read read from, where that is one that others may read from; tells what is wrong with it otherwise. */
function sourceOf(n: Numbering, writers: Writers, found: Anomalies, m: number): number {
  const key = n.txns.key[m] as number;
  const code = n.txns.value[m] as number;
  if (code === NOTHING) return INITIAL;
  const by = writers.of.get(key, code);
  const read = (): string => `${whose(n, m)} read ${value(n, m)} from ${keyed(n, m)}`;
  const own = n.rowOf[m] as number;
  if (by < 0) {
    const failed = writers.failed.get(key, code);
    if (failed < 0) found.add('garbage-read', () => ({ rows: [own], reason: `${read()}, which nobody had written` }));
    else
      found.add('G1a', () => ({ rows: [n.rowOf[failed] as number, own], reason: `${read()}, which ${whose(n, failed)} wrote and failed` }));
    return NOWHERE;
  }
  const row = n.rowOf[by] as number;
  if (row === own) {
    if (by > m) found.add('future-read', () => ({ rows: [own], reason: `${read()} before it wrote that itself` }));
    return NOWHERE;
  }
  n.part[ownerOf(n, by)] = 1;
  const next = writers.next[by] as number;
  if (next < 0) return by;
  found.add('G1b', () => ({ rows: [row, own], reason: `${read()}, over which ${whose(n, by)} itself wrote ${value(n, next)} after it` }));
  return NOWHERE;
}
