import { APPEND, CAS, NEVER, WRITE } from '../../history/columns.ts';
import { UNSEEN } from './growth.ts';
import { type Needs, sought } from './needs.ts';
import { type Part, REFUSED } from './part.ts';
import type { Room } from './room.ts';

/**
 * The operations of unknown outcome in classes of those that do the same: in any order that explains the history the oldest of a class may stand wherever another of it does, so how
 * many of each are used up says it all.
 */
export interface Unknowns {
  readonly classes: number;
  /** The moves of class c, in order of call, stand in `members` from `start[c]` up to `start[c + 1]`. */
  readonly start: Int32Array;
  readonly members: Int32Array;
  readonly used: Int32Array;
  /** Where the count of each class stands in packed words, with a guard bit above it: word, lowest bit; and the guards of all words. */
  readonly word: Int32Array;
  readonly shift: Int32Array;
  readonly guards: Int32Array;
}

/**
 * For each move the rank before which it must have happened; NEVER for one that need not. An unknown write whose value was read and that no other operation can have
 * brought certainly happened before the first of those reads returned.
 */
export function deadlines(part: Part, needs: Needs | undefined, room: Room): Int32Array {
  const { count, does, value, end, values } = part;
  const due = room.raw('due', count);
  for (let i = 0; i < count; i++) due[i] = end[i] as number;
  if (needs === undefined) return due;
  const firstEnd = room.filled('firstEnd', values, NEVER);
  for (let i = 0; i < count; i++) {
    const looks = sought(part, i);
    if (looks > 0 && (end[i] as number) < (firstEnd[looks] as number)) firstEnd[looks] = end[i] as number;
  }
  for (let i = 0; i < count; i++) {
    if (end[i] !== NEVER || (does[i] !== WRITE && does[i] !== CAS)) continue;
    const v = value[i] as number;
    if (v > 0 && needs.writers[v] === 1) due[i] = firstEnd[v] as number;
  }
  return due;
}

/** The moves that need not happen and may be of use, in classes. */
export function unknownsOf(part: Part, due: Int32Array, needs: Needs | undefined, room: Room): Unknowns {
  const { count, does, value, from } = part;
  let some = false;
  for (let i = 0; i < count && !some; i++) some = due[i] === NEVER;
  if (!some) return NONE;
  const useless = uselessOf(part, due, needs, room);
  const classOf = new Map<number, number>();
  const own = room.raw('class', count);
  const sizes: number[] = [];
  let members = 0;
  for (let i = 0; i < count; i++) {
    if (due[i] !== NEVER || useless[i] === 1) continue;
    // Three numbers as one: values and states are fewer than 2^24, and -3 is the least state.
    const name = ((value[i] as number) + 4) * 0x8000000 + ((does[i] === WRITE ? 0 : (from[i] as number)) + 4) * 8 + (does[i] as number);
    let c = classOf.get(name);
    if (c === undefined) {
      classOf.set(name, (c = sizes.length));
      sizes.push(0);
    }
    own[i] = c;
    sizes[c] = (sizes[c] as number) + 1;
    members++;
  }
  const packed = lanesOf(sizes, room);
  const list = room.raw('members', members);
  const at = Int32Array.from(packed.start);
  for (let i = 0; i < count; i++) {
    if (due[i] !== NEVER || useless[i] === 1) continue;
    const c = own[i] as number;
    const place = at[c] as number;
    list[place] = i;
    at[c] = place + 1;
  }
  return { ...packed, members: list };
}

const EMPTY = new Int32Array(0);
const NONE: Unknowns = { classes: 0, start: EMPTY, members: EMPTY, used: EMPTY, word: EMPTY, shift: EMPTY, guards: EMPTY };

/** Where the members and the counts of classes of these sizes stand. */
function lanesOf(sizes: readonly number[], room: Room): Omit<Unknowns, 'members'> {
  const classes = sizes.length;
  const start = room.filled('start', classes + 1);
  const word = room.raw('word', classes);
  const shift = room.raw('shift', classes);
  const guards: number[] = [];
  let bit = 32;
  for (let c = 0; c < classes; c++) {
    const size = sizes[c] as number;
    start[c + 1] = (start[c] as number) + size;
    const bits = 32 - Math.clz32(size);
    if (bit + bits + 1 > 32) {
      guards.push(0);
      bit = 0;
    }
    word[c] = guards.length - 1;
    shift[c] = bit;
    bit += bits + 1;
    guards[guards.length - 1] = (guards.at(-1) as number) | (1 << (bit - 1));
  }
  return { classes, start, word, shift, used: room.filled('used', classes), guards: Int32Array.from(guards) };
}

/**
 * What nobody looks for can be left out of any order that has it: what follows up to the next write did not look. Only a comparison that found "another value" might need it. With an
 * unknown comparison goes one that looks for a value.
 */
function uselessOf({ count, does, value, from, growth }: Part, due: Int32Array, needs: Needs | undefined, room: Room): Int32Array {
  const useless = room.filled('useless', count);
  if (needs?.refused ?? does.subarray(0, count).includes(REFUSED)) return useless;
  for (let again = true; again; ) {
    again = false;
    for (let i = 0; i < count; i++) {
      if (due[i] !== NEVER || useless[i] === 1) continue;
      const v = value[i] as number;
      if (growth !== undefined) useless[i] = (does[i] === APPEND ? from[i] : v) === UNSEEN ? 1 : 0;
      else if (needs?.isDone(v) === true) {
        useless[i] = 1;
        needs.take(does[i] as number, v, from[i] as number, true, 1);
        if (does[i] === CAS) again = true;
      }
    }
  }
  return useless;
}
