import { ACQUIRE, ADD, APPEND, ENQUEUE, NEVER, READ } from '../../history/columns.ts';
import { NOTHING } from '../../history/texts.ts';
import type { Amounts } from './counters.ts';
import { matches, outranks } from './locks.ts';
import { CANNOT, type Machine } from './machine.ts';
import type { Deeds } from './part.ts';
import { Sequences } from './sequences.ts';
import { Elements, found } from './sets.ts';
import type { Slack } from './slack.ts';
import { SumsLeft } from './sums.ts';
import { Tries } from './tries.ts';

/** Numbers for things that are told apart by a text or a number. */
export class Numbers<T> {
  readonly all: T[] = [];
  private readonly numbers = new Map<T, number>();

  of(thing: T): number {
    const known = this.numbers.get(thing);
    if (known !== undefined) return known;
    this.numbers.set(thing, this.all.length);
    return this.all.push(thing) - 1;
  }
}

/** Sums. All additions commute, so before a read come only such as make its sum. `slack`: what reads bear, where real time counts. */
export function counterMachine(part: Deeds, { amount }: Amounts, slack?: Slack): Machine {
  const { count, effect } = part;
  const sums = new Numbers<number>();
  sums.of(0);
  const kinds = new Numbers<number>();
  const observes = Uint8Array.from(effect, (one) => (one === READ ? 1 : 0));
  const kind = Int32Array.from(effect, (one, i) => (one === READ ? -1 - i : kinds.of(amount[i] as number)));
  let [raises, lowers] = [false, false];
  for (let i = 0; i < count; i++) {
    if (observes[i] === 1) continue;
    if ((amount[i] as number) > 0) raises = true;
    if ((amount[i] as number) < 0) lowers = true;
  }
  const sign = raises && lowers ? 0 : lowers ? -1 : 1;
  // Where the sum only goes one way it must not go past a read that is left.
  const reads = Array.from(effect.keys()).filter((i) => observes[i] === 1);
  reads.sort((a, b) => sign * ((amount[a] as number) - (amount[b] as number)));
  const place = new Int32Array(count);
  reads.forEach((i, at) => {
    place[i] = at;
  });
  const gone = new Uint8Array(count);
  let lowest = 0;
  const sumsLeft = new SumsLeft(amount);
  return {
    observes,
    kind,
    step(state, i) {
      const sum = sums.all[state] as number;
      if (observes[i] === 1) return amount[i] === sum ? state : CANNOT;
      const after = sum + (amount[i] as number);
      const nearest = reads[lowest];
      if (sign !== 0 && nearest !== undefined && sign * after > sign * (amount[nearest] as number)) return CANNOT;
      return slack?.bears(i) === false ? CANNOT : sums.of(after);
    },
    took(i) {
      slack?.took(i);
      gone[i] = 1;
      while (lowest < reads.length && gone[reads[lowest] as number] === 1) lowest++;
    },
    gaveBack(i) {
      slack?.gaveBack(i);
      if (observes[i] === 0) return;
      gone[i] = 0;
      lowest = Math.min(lowest, place[i] as number);
    },
    goals: {
      distance: (state, goal) => Math.abs((sums.all[state] as number) - (amount[goal] as number)),
      aim: (state, goal, some) => sumsLeft.of(some, (amount[goal] as number) - (sums.all[state] as number)),
      leads: (state, goal, i) => sumsLeft.has((amount[goal] as number) - (sums.all[state] as number) - (amount[i] as number), i),
    },
  };
}

/** Sets of elements. What is done to different elements commutes; what is done to one element is held together. */
export function setMachine(part: Deeds): Machine {
  const { count, effect, value } = part;
  const elements = new Elements();
  const element = Int32Array.from(value, (code, i) => (effect[i] === READ ? -1 : elements.of(code)));
  const parts = Array.from({ length: count }, (_, i) =>
    effect[i] === READ ? Array.from(found(part, i), (code) => elements.of(code)) : undefined,
  );
  const sets = new Tries(elements.size);
  const seen = Int32Array.from({ length: count }, (_, i) => {
    const own = parts[i];
    return own === undefined ? 0 : sets.of(own);
  });
  const observes = Uint8Array.from(effect, (one) => (one === READ ? 1 : 0));
  const kind = Int32Array.from(effect, (one, i) => (one === READ ? -1 - i : 2 * (element[i] as number) + (one === ADD ? 1 : 0)));
  // What is left: reads, reads that found each element, and operations of each kind.
  let reads = 0;
  const finds = new Int32Array(elements.size);
  const left = new Int32Array(2 * elements.size);
  const change = (i: number, by: number): void => {
    const own = parts[i];
    if (own === undefined) {
      left[kind[i] as number] = (left[kind[i] as number] as number) + by;
      return;
    }
    reads += by;
    for (const one of own) finds[one] = (finds[one] as number) + by;
  };
  for (let i = 0; i < count; i++) change(i, 1);
  return {
    observes,
    kind,
    step(state, i) {
      if (observes[i] === 1) return seen[i] === state ? state : CANNOT;
      const one = element[i] as number;
      const adds = effect[i] === ADD;
      if (sets.has(state, one) === adds) return state;
      const opposite = left[2 * one + (adds ? 0 : 1)] as number;
      const bears = adds ? reads - (finds[one] as number) : (finds[one] as number);
      // Nothing left takes it back, and some read that is left found it otherwise.
      return opposite === 0 && bears > 0 ? CANNOT : sets.flip(state, one);
    },
    took: (i) => change(i, -1),
    gaveBack: (i) => change(i, 1),
  };
}

const nothing = (): void => undefined;

/** Sequences of values: lists, whose reads show all of it, and queues. */
export function sequenceMachine({ effect, value, texts, ret }: Deeds): Machine {
  const sequences = new Sequences();
  const kinds = new Numbers<string>();
  const observes = Uint8Array.from(effect, (one, i) => {
    if (one === READ) return 1;
    return one !== APPEND && one !== ENQUEUE && value[i] === NOTHING && ret[i] !== NEVER ? 1 : 0;
  });
  const known = Uint8Array.from(ret, (end) => (end === NEVER ? 0 : 1));
  const kind = Int32Array.from(effect, (one, i) => kinds.of(`${one} ${value[i]} ${one === APPEND || one === ENQUEUE ? 1 : known[i]}`));
  const shown = Int32Array.from(effect, (one, i) => {
    let state = 0;
    if (one === READ) for (const code of texts.elements(value[i] as number) ?? []) state = sequences.push(state, code);
    return state;
  });
  return {
    observes,
    kind,
    step(state, i) {
      const one = effect[i];
      if (one === READ) return shown[i] === state ? state : CANNOT;
      if (one === APPEND || one === ENQUEUE) return sequences.push(state, value[i] as number);
      if (observes[i] === 1) return state === 0 ? state : CANNOT;
      if (state === 0) return CANNOT;
      return known[i] === 1 && sequences.oldest(state) !== value[i] ? CANNOT : sequences.shift(state);
    },
    took: nothing,
    gaveBack: nothing,
  };
}

/** Who holds the lock, with which token, and the last token that was given out. */
export function lockMachine({ effect, value, process, texts }: Deeds): Machine {
  const states = new Numbers<string>();
  const holder: number[] = [];
  const token: number[] = [];
  const newest: number[] = [];
  const of = (by: number, own: number, last: number): number => {
    const state = states.of(`${by} ${own} ${last}`);
    [holder[state], token[state], newest[state]] = [by, own, last];
    return state;
  };
  const FREE = -1;
  of(FREE, NOTHING, NOTHING);
  const kinds = new Numbers<string>();
  return {
    observes: new Uint8Array(effect.length),
    kind: Int32Array.from(effect, (one, i) => kinds.of(`${one} ${value[i]} ${process[i]}`)),
    step(state, i) {
      const own = value[i] as number;
      const last = newest[state] as number;
      if (effect[i] !== ACQUIRE) {
        return holder[state] === process[i] && matches(own, token[state] as number) ? of(FREE, NOTHING, last) : CANNOT;
      }
      if (holder[state] !== FREE || !outranks(texts, own, last)) return CANNOT;
      return of(process[i] as number, own, own === NOTHING ? last : own);
    },
    took: nothing,
    gaveBack: nothing,
  };
}
