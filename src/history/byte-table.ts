const FIRST_ROOM = 32;

/** Stretches of bytes, each kept once, by the order in which they came. */
export class ByteTable {
  count = 0;
  /** By hash: the number of the entry, from 1. Never more than half full. */
  private slots = new Int32Array(FIRST_ROOM * 2);
  private hashes = new Int32Array(FIRST_ROOM);
  private starts = new Int32Array(FIRST_ROOM + 1);
  private bytes = new Uint8Array(FIRST_ROOM * 8);
  /** By entry: 1 where no slot leads to it. */
  private hidden = new Uint8Array(FIRST_ROOM);

  /** The entry of those bytes, which is a new one if they were never met. */
  intern(data: Uint8Array, from: number, to: number): number {
    const hash = hashOf(data, from, to);
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    for (; ; slot = (slot + 1) & mask) {
      const entry = (this.slots[slot] as number) - 1;
      if (entry < 0) break;
      if (this.hashes[entry] === hash && this.same(entry, data, from, to)) return entry;
    }
    if (this.count * 2 + 2 > this.slots.length) {
      this.grow();
      slot = this.free(hash);
    }
    this.slots[slot] = this.count + 1;
    this.hashes[this.count] = hash;
    return this.keep(data, from, to);
  }

  /** The entry of those bytes, or -1. */
  find(data: Uint8Array, from: number, to: number): number {
    const hash = hashOf(data, from, to);
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = (this.slots[slot] as number) - 1;
      if (entry < 0 || (this.hashes[entry] === hash && this.same(entry, data, from, to))) return entry;
    }
  }

  /** An entry that is found by nothing but its number. */
  reserve(): number {
    if (this.count * 2 + 2 > this.slots.length) this.grow();
    this.starts[this.count + 1] = this.starts[this.count] as number;
    this.hidden[this.count] = 1;
    return this.count++;
  }

  /** The bytes of an entry; not to be kept, since they move when others come. */
  at(entry: number): Uint8Array {
    return this.bytes.subarray(this.starts[entry] as number, this.starts[entry + 1] as number);
  }

  private keep(data: Uint8Array, from: number, to: number): number {
    const start = this.starts[this.count] as number;
    const end = start + to - from;
    if (end > this.bytes.length) {
      const wider = new Uint8Array(Math.max(end, this.bytes.length * 2));
      wider.set(this.bytes);
      this.bytes = wider;
    }
    for (let i = from, at = start; i < to; i++, at++) this.bytes[at] = data[i] as number;
    this.starts[this.count + 1] = end;
    return this.count++;
  }

  private same(entry: number, data: Uint8Array, from: number, to: number): boolean {
    const start = this.starts[entry] as number;
    const { bytes } = this;
    if ((this.starts[entry + 1] as number) - start !== to - from) return false;
    for (let i = from, at = start; i < to; i++, at++) if (bytes[at] !== data[i]) return false;
    return true;
  }

  private free(hash: number): number {
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const size = this.slots.length;
    const hashes = new Int32Array(size);
    hashes.set(this.hashes);
    this.hashes = hashes;
    const starts = new Int32Array(size + 1);
    starts.set(this.starts);
    this.starts = starts;
    const hidden = new Uint8Array(size);
    hidden.set(this.hidden);
    this.hidden = hidden;
    this.slots = new Int32Array(size * 2);
    for (let entry = 0; entry < this.count; entry++) {
      if (hidden[entry] === 0) this.slots[this.free(this.hashes[entry] as number)] = entry + 1;
    }
  }
}

/** FNV-1a, and its high bits mixed into the low ones, which choose the slot. */
function hashOf(data: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ (data[i] as number), 0x01000193);
  return hash ^ (hash >>> 15);
}
