import { APPEND, CAS, NEVER, READ, WRITE } from '../../history/columns.ts';
import { UNSEEN } from './growth.ts';
import type { Needs } from './needs.ts';
import { type Part, REFUSED } from './part.ts';

/**
 * The operations of unknown outcome in classes of those that do the same: in any order that explains the history the oldest of a class may stand wherever another of it does, so how
 * many of each are used up says it all.
 */
export interface Unknowns {
  readonly classes: number;
  readonly does: Uint8Array;
  readonly value: Int32Array;
  readonly from: Int32Array;
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
export function deadlines({ count, does, value, from, end }: Part, needs: Needs | undefined): Int32Array {
  const due = end.slice(0, count);
  if (needs === undefined) return due;
  const firstEnd = new Int32Array(needs.writers.length).fill(NEVER);
  for (let i = 0; i < count; i++) {
    const looks = does[i] === READ ? (value[i] as number) : does[i] === CAS && end[i] !== NEVER ? (from[i] as number) : -1;
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
export function unknownsOf(part: Part, due: Int32Array, needs: Needs | undefined): Unknowns {
  const { count, does, value, from } = part;
  const useless = uselessOf(part, due, needs);
  const classOf = new Map<string, number>();
  const list: number[][] = [];
  for (let i = 0; i < count; i++) {
    if (due[i] !== NEVER || useless[i] === 1) continue;
    const name = `${does[i]} ${value[i]} ${does[i] === WRITE ? 0 : from[i]}`;
    const known = classOf.get(name);
    if (known === undefined) {
      classOf.set(name, list.length);
      list.push([i]);
    } else (list[known] as number[]).push(i);
  }
  return packed(part, list);
}

/**
 * What nobody looks for can be left out of any order that has it: what follows up to the next write did not look. Only a comparison that found "another value" might need it. With an
 * unknown comparison goes one that looks for a value.
 */
function uselessOf({ count, does, value, from, growth }: Part, due: Int32Array, needs: Needs | undefined): Uint8Array {
  const useless = new Uint8Array(count);
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

function packed({ does, value, from }: Part, list: readonly (readonly number[])[]): Unknowns {
  const classes = list.length;
  const start = new Int32Array(classes + 1);
  const [word, shift] = [new Int32Array(classes), new Int32Array(classes)];
  const guards: number[] = [];
  let bit = 32;
  list.forEach((members, c) => {
    start[c + 1] = (start[c] as number) + members.length;
    const bits = 32 - Math.clz32(members.length);
    if (bit + bits + 1 > 32) {
      guards.push(0);
      bit = 0;
    }
    word[c] = guards.length - 1;
    shift[c] = bit;
    bit += bits + 1;
    guards[guards.length - 1] = (guards.at(-1) as number) | (1 << (bit - 1));
  });
  const first = (column: Int32Array | Uint8Array): number[] => list.map(([i]) => column[i as number] as number);
  return {
    classes,
    does: Uint8Array.from(first(does)),
    value: Int32Array.from(first(value)),
    from: Int32Array.from(first(from)),
    start,
    members: Int32Array.from(list.flat()),
    used: new Int32Array(classes),
    word,
    shift,
    guards: Int32Array.from(guards),
  };
}
