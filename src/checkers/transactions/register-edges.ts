import type { Judging } from '../model.ts';
import { type Edges, joinAll, RW, WR, WW } from './graph.ts';
import { isUpdate, type Numbering, ownerOf } from './numbering.ts';
import { INITIAL, type Registers } from './registers.ts';
import type { Writers } from './writers.ts';

/** The versions of all keys and who read them. */
export interface Versions {
  /** The last micro-operation of each key that is a version, and for each version the one before it in no order that means anything; -1 ends it. */
  readonly last: Int32Array;
  readonly other: Int32Array;
  /** For each version, and for each key at its beginning, the first read of it; for each read the next one. */
  readonly reads: Int32Array;
  readonly readsOfNothing: Int32Array;
  readonly nextRead: Int32Array;
}

export function* versionsOf(n: Numbering, { holds, source }: Registers, writers: Writers): Generator<Judging, Versions> {
  const { txns } = n;
  const moves = txns.f.length;
  const last = new Int32Array(holds.length).fill(-1);
  const other = new Int32Array(moves).fill(-1);
  const reads = new Int32Array(moves).fill(-1);
  const readsOfNothing = new Int32Array(holds.length).fill(-1);
  const nextRead = new Int32Array(moves).fill(-1);
  // From the end, so that the chains run forward.
  for (let m = moves - 1; m >= 0; m--) {
    if ((m & 0x7fff) === 0) yield { done: moves - m, of: moves };
    const key = txns.key[m] as number;
    if (holds[key] === 0 || ownerOf(n, m) < 0) continue;
    const from = source[m] as number;
    if (isUpdate(n, m)) {
      if ((writers.next[m] as number) >= 0) continue;
      other[m] = last[key] as number;
      last[key] = m;
    } else if (from >= 0) {
      nextRead[m] = reads[from] as number;
      reads[from] = m;
    } else if (from === INITIAL) {
      nextRead[m] = readsOfNothing[key] as number;
      readsOfNothing[key] = m;
    }
  }
  return { last, other, reads, readsOfNothing, nextRead };
}

/**
 * Dependencies that hold in every order of registers. A read comes after the write that it read from (wr). The beginning comes before every version: who read it comes before
 * who wrote (rw). Who read a version and then wrote the key put its own right behind it (ww): all others that read it come before (rw). Elle calls the last "writes follow
 * reads" (Kingsbury & Alvaro, section 5.2); where transactions are serial it is no assumption.
 */
export function* registerEdges(n: Numbering, registers: Registers, versions: Versions, edges: Edges): Generator<Judging, void> {
  const { holds, source, wrote } = registers;
  const { last, other, readsOfNothing, nextRead } = versions;
  const before: number[] = [];
  const after: number[] = [];
  for (let key = 0; key < holds.length; key++) {
    if ((key & 0xff) === 0) yield { done: key, of: holds.length };
    before.length = 0;
    after.length = 0;
    for (let r = readsOfNothing[key] as number; r >= 0; r = nextRead[r] as number) before.push(ownerOf(n, r));
    for (let v = last[key] as number, i = 0; v >= 0; v = other[v] as number, i++) {
      if ((i & 0xfff) === 0) yield { done: key, of: holds.length };
      if (before.length > 0) after.push(ownerOf(n, v));
      overwritten(n, registers, versions, edges, v);
    }
    joinAll(edges, before, after, RW);
  }
  for (let m = 0; m < source.length; m++) {
    if ((m & 0x7fff) === 0) yield { done: m, of: source.length };
    const from = source[m] as number;
    if (from < 0) continue;
    edges.add(ownerOf(n, from), ownerOf(n, m), WR);
    if ((wrote[m] as number) >= 0) edges.add(ownerOf(n, from), ownerOf(n, m), WW);
  }
}

/** Those that read a version, before those that wrote over it after reading it. */
function overwritten(n: Numbering, { wrote }: Registers, { reads, nextRead }: Versions, edges: Edges, version: number): void {
  const readers: number[] = [];
  const over: number[] = [];
  for (let r = reads[version] as number; r >= 0; r = nextRead[r] as number) {
    readers.push(ownerOf(n, r));
    if ((wrote[r] as number) >= 0) over.push(ownerOf(n, r));
  }
  joinAll(edges, readers, over, RW);
}
