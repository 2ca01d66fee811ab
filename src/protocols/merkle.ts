import type { Copyable } from '../core/copy.ts';
import { NEVER, type Row } from './lww.ts';

/** Leaves of one tree. A real tree has up to 2^15; what they are for, narrowing a difference down, needs no more here. */
const LEAVES = 64;

/**
 * A Merkle tree over the rows of one token range, for anti-entropy repair (Dynamo, section 4.7). Two 32-bit lanes for each node, the root at index 1,
 * the leaves in the second half. Rows that are equal make equal trees in whatever order they were added.
 */
export class MerkleTree implements Copyable {
  readonly lanes = new Uint32Array(4 * LEAVES);
  #sealed = false;

  add(key: string, row: Row): void {
    const at = 2 * (LEAVES + leafOf(key));
    // A sum does not depend on the order of the rows.
    this.lanes[at] = (this.lanes[at] as number) + hashRow(key, row, 0x811c9dc5);
    this.lanes[at + 1] = (this.lanes[at + 1] as number) + hashRow(key, row, 0x9747b28c);
  }

  seal(): this {
    for (let node = LEAVES - 1; node >= 1; node--) {
      for (let lane = 0; lane < 2; lane++) {
        this.lanes[2 * node + lane] = mix(mix(this.lanes[4 * node + lane] as number) ^ (this.lanes[4 * node + 2 + lane] as number));
      }
    }
    this.#sealed = true;
    return this;
  }

  /** Sealed trees never change. */
  copy(): this {
    return this;
  }

  /** The leaves whose rows differ, found from the root down. */
  differingLeaves(other: MerkleTree): readonly number[] {
    if (!this.#sealed || !other.#sealed) throw new Error('a Merkle tree was compared before it was sealed');
    const out: number[] = [];
    const walk = (node: number): void => {
      if (this.lanes[2 * node] === other.lanes[2 * node] && this.lanes[2 * node + 1] === other.lanes[2 * node + 1]) return;
      if (node >= LEAVES) {
        out.push(node - LEAVES);
        return;
      }
      walk(2 * node);
      walk(2 * node + 1);
    };
    walk(1);
    return out;
  }
}

/** The leaf that a key belongs to. */
export function leafOf(key: string): number {
  return hashText(key, 0x2545f491) & (LEAVES - 1);
}

function hashRow(key: string, row: Row, seed: number): number {
  let h = hashText(row.value ?? '', hashNumber(row.ts, hashText(key, seed)));
  h = hashNumber(row.deletedAtUs, hashNumber(row.deletedTs, h));
  for (const cell of row.cells) h = hashNumber(cell.atUs, hashNumber(cell.ts, hashText(cell.value ?? '\u0000', hashText(cell.path, h))));
  return mix(h);
}

function hashText(text: string, seed: number): number {
  let h = seed ^ text.length;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h);
}

/** Timestamps are integers below 2^53, or NEVER. */
function hashNumber(n: number, seed: number): number {
  if (n === NEVER) return mix(seed ^ 0x5bd1e995);
  const high = Math.floor(n / 4294967296);
  return mix(mix(seed ^ (n - high * 4294967296)) ^ high);
}

function mix(h: number): number {
  let x = h | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
