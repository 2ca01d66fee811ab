import { APPEND, CAS, NEVER, READ } from '../../history/columns.ts';
import { rawText } from '../../history/texts.ts';
import { CANNOT, type Machine } from '../objects/machine.ts';
import { Numbers } from '../objects/machines.ts';
import type { Deeds } from '../objects/part.ts';

/** What operations on a register do. */
export interface RegisterDeeds extends Deeds {
  /** What a `cas` compares with. */
  readonly expected: Int32Array;
  /** Whether a `cas` compared and found another value. */
  readonly unequal: Uint8Array;
}

/** One value, which is replaced. A value that some operation left must still find, and nothing left can bring back, must not be replaced. */
export function registerMachine({ count, effect, value, expected, unequal, ret }: RegisterDeeds): Machine {
  const codes = new Numbers<number>();
  codes.of(0);
  const own = value.map((code) => codes.of(code));
  const compared = expected.map((code, i) => (effect[i] === CAS ? codes.of(code) : -1));
  const observes = Uint8Array.from(effect, (one, i) => (one === READ || unequal[i] === 1 ? 1 : 0));
  const kinds = new Numbers<string>();
  const finders = new Int32Array(codes.all.length);
  const writers = new Int32Array(codes.all.length);
  /** The value that an operation certainly finds, or -1. */
  const finds = own.map((code, i) => {
    if (effect[i] === READ) return code;
    return effect[i] === CAS && unequal[i] === 0 && ret[i] !== NEVER ? (compared[i] as number) : -1;
  });
  const change = (i: number, by: number): void => {
    const found = finds[i] as number;
    if (found >= 0) finders[found] = (finders[found] as number) + by;
    if (observes[i] === 0) writers[own[i] as number] = (writers[own[i] as number] as number) + by;
  };
  for (let i = 0; i < count; i++) change(i, 1);
  return {
    observes,
    kind: Int32Array.from(effect, (one, i) => kinds.of(`${one} ${own[i]} ${compared[i]} ${unequal[i]}`)),
    step(state, i) {
      if (effect[i] === READ) return own[i] === state ? state : CANNOT;
      if (unequal[i] === 1) return compared[i] !== state ? state : CANNOT;
      if (effect[i] === CAS && compared[i] !== state) return CANNOT;
      const after = own[i] as number;
      if (after === state || (writers[state] as number) > 0) return after;
      return (finders[state] as number) - (finds[i] === state ? 1 : 0) > 0 ? CANNOT : after;
    },
    took: (i) => change(i, -1),
    gaveBack: (i) => change(i, 1),
  };
}

/** One text, which is replaced and appended to. */
export function textMachine({ effect, value, expected, unequal, texts }: RegisterDeeds): Machine {
  const states = new Numbers<string>();
  states.of('');
  const raw = (code: number): string => rawText(texts.text(code) ?? '');
  const own = Array.from(value, raw);
  const whole = own.map((text, i) => (effect[i] === APPEND ? -1 : states.of(text)));
  const compared = Array.from(expected, (code, i) => (effect[i] === CAS ? states.of(raw(code)) : -1));
  // Where nothing is replaced every state is a beginning of all reads to come; a longer one than any read is as good as any other.
  const longest = own.reduce((most, text, i) => (effect[i] === READ ? Math.max(most, text.length) : most), 0);
  const grows = !effect.some((one, i) => one !== READ && one !== APPEND && unequal[i] === 0) && !unequal.includes(1);
  const kinds = new Numbers<string>();
  return {
    observes: Uint8Array.from(effect, (one, i) => (one === READ || unequal[i] === 1 ? 1 : 0)),
    kind: Int32Array.from(effect, (one, i) => kinds.of(`${one} ${value[i]} ${compared[i]} ${unequal[i]}`)),
    step(state, i) {
      if (effect[i] === READ) return whole[i] === state ? state : CANNOT;
      if (unequal[i] === 1) return compared[i] !== state ? state : CANNOT;
      if (effect[i] === CAS && compared[i] !== state) return CANNOT;
      if (effect[i] !== APPEND) return whole[i] as number;
      const text = `${states.all[state]}${own[i]}`;
      return states.of(grows && text.length > longest ? text.slice(0, longest + 1) : text);
    },
    took: () => undefined,
    gaveBack: () => undefined,
  };
}
