import type { Copyable } from '../core/copy.ts';
import type { Proc } from '../core/ids.ts';

const MASK = (1n << 64n) - 1n;
const C1 = 0x87c37b91114253d5n;
const C2 = 0x4cf5ad432745937fn;

/**
 * The token of a key: the first half of MurmurHash3 x64 128 over its bytes, signed, as Cassandra's Murmur3Partitioner computes it (keys here are ASCII, so
 * its sign extension of tail bytes never shows). `token(x)` is what `SELECT token(k)` prints for a text key.
 */
export function token(bytes: readonly number[]): bigint {
  let h1 = 0n;
  let h2 = 0n;
  const blocks = bytes.length >> 4;
  for (let i = 0; i < blocks; i++) {
    h1 ^= mix1(word(bytes, i * 16, 8));
    h1 = (((rotate(h1, 27n) + h2) & MASK) * 5n + 0x52dce729n) & MASK;
    h2 ^= mix2(word(bytes, i * 16 + 8, 8));
    h2 = (((rotate(h2, 31n) + h1) & MASK) * 5n + 0x38495ab5n) & MASK;
  }
  const tail = bytes.length & 15;
  if (tail > 8) h2 ^= mix2(word(bytes, blocks * 16 + 8, tail - 8));
  if (tail > 0) h1 ^= mix1(word(bytes, blocks * 16, Math.min(tail, 8)));
  const length = BigInt(bytes.length);
  h1 ^= length;
  h2 ^= length;
  h1 = (h1 + h2) & MASK;
  h2 = (h2 + h1) & MASK;
  return BigInt.asIntN(64, finish(h1) + finish(h2));
}

function word(bytes: readonly number[], from: number, length: number): bigint {
  let out = 0n;
  for (let i = length - 1; i >= 0; i--) out = (out << 8n) | BigInt(bytes[from + i] ?? 0);
  return out;
}

function rotate(x: bigint, by: bigint): bigint {
  return ((x << by) | (x >> (64n - by))) & MASK;
}

function mix1(k: bigint): bigint {
  return (rotate((k * C1) & MASK, 31n) * C2) & MASK;
}

function mix2(k: bigint): bigint {
  return (rotate((k * C2) & MASK, 33n) * C1) & MASK;
}

function finish(k: bigint): bigint {
  let h = k ^ (k >> 33n);
  h = (h * 0xff51afd7ed558ccdn) & MASK;
  h ^= h >> 33n;
  h = (h * 0xc4ceb9fe1a85ec53n) & MASK;
  return (h ^ (h >> 33n)) & MASK;
}

/**
 * A ring with one token for each node, evenly spaced from the least token up in the order of the nodes (`initial_token` as an administrator without
 * vnodes would compute it). A node owns the range that ends with its token; the replicas of a key are the owner and the nodes after it.
 * It never changes but for a memory of the keys it was asked for, so checkpoints share it.
 */
export class Ring implements Copyable {
  readonly size: number;
  readonly rf: number;
  readonly #known = new Map<string, readonly Proc[]>();
  readonly #near = new Map<number, readonly Proc[]>();

  constructor(size: number, rf: number) {
    this.size = size;
    this.rf = Math.min(rf, size);
  }

  copy(): this {
    return this;
  }

  tokenOf(node: Proc): bigint {
    return -(1n << 63n) + (BigInt(node) << 64n) / BigInt(this.size);
  }

  /** The index of the range that holds the key, which is the index of its owner. */
  rangeOf(key: string): number {
    return this.replicas(key)[0] as number;
  }

  /** The replicas of a key in the order of the ring, the owner first. */
  replicas(key: string): readonly Proc[] {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const at = token([...key].map((c) => c.codePointAt(0) ?? 0).flatMap(utf8));
    let owner = 0;
    for (let node = this.size - 1; node >= 0; node--) if (this.tokenOf(node) >= at) owner = node;
    const replicas = this.replicasOfRange(owner);
    this.#known.set(key, replicas);
    return replicas;
  }

  /** The replicas of a key with `self` first if it is one, the others in the order of the ring. */
  nearest(key: string, self: Proc): readonly Proc[] {
    const replicas = this.replicas(key);
    const at = replicas.indexOf(self);
    if (at <= 0) return replicas;
    const name = (replicas[0] as Proc) * this.size + self;
    let near = this.#near.get(name);
    if (near === undefined) {
      near = [self, ...replicas.slice(0, at), ...replicas.slice(at + 1)];
      this.#near.set(name, near);
    }
    return near;
  }

  replicasOfRange(range: number): readonly Proc[] {
    return Array.from({ length: this.rf }, (_, i) => (range + i) % this.size);
  }
}

function utf8(point: number): number[] {
  if (point < 0x80) return [point];
  if (point < 0x800) return [0xc0 | (point >> 6), 0x80 | (point & 63)];
  if (point < 0x10000) return [0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63)];
  return [0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63)];
}
