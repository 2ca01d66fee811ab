/** Beyond so many numbers in one array room is kept for the next judgement only while nobody else needs the memory. */
const MOST_KEPT = 1 << 16;
const LEAST = 128;

/**
 * Arrays of numbers that are used again and again, by name: small searches would else take longer to find room than to search. What is taken under a name ends what was taken under it
 * before, so one room serves one search at a time. Arrays may be longer than asked for.
 */
export class Room {
  private readonly arrays = new Map<string, Int32Array>();
  private large = false;

  /** What stands in it is left from before. */
  raw(name: string, length: number): Int32Array {
    const known = this.arrays.get(name);
    if (known !== undefined && known.length >= length) return known;
    const made = new Int32Array(length < LEAST ? LEAST : length + (length >> 2));
    if (length > MOST_KEPT) this.large = true;
    this.arrays.set(name, made);
    return made;
  }

  /** With `value` in the first `length` places. New memory is written too, though nought stands in it: to read it first, and write it then, has the system look for it twice. */
  filled(name: string, length: number, value = 0): Int32Array {
    return this.raw(name, length).fill(value, 0, length);
  }

  /** One that nobody uses. */
  static borrow(): Room {
    const room = free ?? large?.deref() ?? new Room();
    free = large = undefined;
    return room;
  }

  /** Whoever borrowed it needs it no more; not to give it back does no harm. */
  giveBack(): void {
    if (this.large) large = new WeakRef(this);
    else free = this;
  }
}

/** They hold nothing that anybody looks at again: only room. To have it again saves what the system takes for giving memory out, which for long histories is more than to judge them. */
let free: Room | undefined;
let large: WeakRef<Room> | undefined;
