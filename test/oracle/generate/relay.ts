import { OK, READ, WRITE } from '../../../src/history/columns.ts';
import type { History, Op, Value } from '../history.ts';
import type { Random } from '../random.ts';
import type { Size } from './history.ts';
import { mutated } from './mutate.ts';
import { Requests } from './requests.ts';

/** Types whose values one process can hand on to another. */
export const relays = (type: string): boolean => ['register', 'cas-register', 'kv'].includes(type);

/**
 * News that goes from hand to hand: one process writes, each after it reads what was written last and then writes something else, or looks what has become of what was there before.
 * Nothing overlaps. Histories in which a third process hears of the first only through the second hardly ever come about otherwise.
 */
export function relayed(type: string, random: Random, size: Size): History {
  const ops: Op[] = [];
  const nothing = type === 'kv' ? '' : null;
  const add = (process: number, effect: number, key: number, value: Value): void => {
    const call = 2 * ops.length + 1;
    const base = { id: ops.length + 1, process, key, value, expected: null, micro: [] };
    ops.push({ ...base, effect, status: OK, call, ret: call + 1 });
  };
  const news: { readonly key: number; readonly value: Value }[] = [];
  const write = (process: number, key: number): void => {
    const value = type === 'kv' ? `x${news.length + 1}y` : String(news.length + 1);
    news.push({ key, value });
    add(process, WRITE, key, value);
  };
  for (let process = random.below(size.processes); ops.length < size.operations; process = (process + 1) % size.processes) {
    const last = news.at(-1);
    if (last !== undefined) add(process, READ, last.key, last.value);
    const writes = last === undefined || random.chance(50);
    // Who looks, looks at one key again and again.
    const looked = random.below(2);
    for (let left = random.range(1, 4); left > 0 && ops.length < size.operations; left--) {
      const key = writes ? random.below(2) : looked;
      if (writes) write(process, key);
      else add(process, READ, key, random.pick([nothing, ...news.filter((one) => one.key === key).map(({ value }) => value)]));
    }
  }
  const history = { type, ops: ops.slice(0, size.operations), correct: false };
  return mutated(history, random, random.pick([0, 0, 0, 1, 2]), new Requests(type, random, 2, false));
}
