import {
  ACQUIRE,
  ADD,
  APPEND,
  CAS,
  DEQUEUE,
  ENQUEUE,
  FAIL,
  GENERATE,
  OK,
  READ,
  RELEASE,
  REMOVE,
  TXN,
  UNEQUAL,
  WRITE,
} from '../../../src/history/columns.ts';
import type { Micro, Value } from '../history.ts';
import type { Random } from '../random.ts';

/** What somebody asks of an object. */
export interface Request {
  readonly process: number;
  readonly effect: number;
  readonly key: number;
  readonly value: Value;
  readonly expected: Value;
  readonly micro: readonly Micro[];
}

/** What the object answers. */
export interface Answer {
  readonly status: number;
  readonly value: Value;
  readonly micro: readonly Micro[];
}

/** What an object holds, key by key. */
export type Store = Map<number, Value>;

/** Runs a request on what is there and changes it: how a correct object behaves. */
export function run(type: string, store: Store, request: Request, random: Random): Answer {
  if (request.effect === TXN) return { status: OK, value: null, micro: request.micro.map((one) => microStep(store, one)) };
  const { key, value, expected, process } = request;
  const now = store.get(key) ?? null;
  const list = Array.isArray(now) ? (now as readonly string[]) : [];
  const answer = (after: Value, found: Value = value, status: number = OK): Answer => {
    store.set(key, after);
    return { status, value: found, micro: [] };
  };
  switch (request.effect) {
    case READ:
      return answer(now, type === 'set' ? shuffled(list, random) : (now ?? empty(type, random)));
    case WRITE:
      return answer(value);
    case CAS:
      return same(type, now, expected) ? answer(value) : answer(now, value, random.chance(80) ? UNEQUAL : FAIL);
    case APPEND:
      return type === 'kv' ? answer(`${now ?? ''}${value}`) : answer([...list, value as string]);
    case ADD:
      return type === 'counter' ? answer(String(Number(now ?? 0) + Number(value))) : answer([...new Set([...list, value as string])]);
    case REMOVE:
      return answer(list.filter((one) => one !== value));
    case ENQUEUE:
      return answer([...list, value as string]);
    case DEQUEUE:
      return answer(list.slice(1), list[0] ?? null);
    case ACQUIRE:
      return acquire(now as string | null, process, answer);
    case RELEASE:
      return release(now as string | null, process, answer);
    default:
      return request.effect === GENERATE ? answer(value) : answer(null, null, FAIL);
  }
}

const same = (type: string, now: Value, expected: Value): boolean => (now ?? (type === 'kv' ? '' : null)) === expected;

/** What a read finds where nothing was put. */
function empty(type: string, random: Random): Value {
  if (type === 'kv') return '';
  if (type === 'counter') return random.chance(70) ? '0' : null;
  return type === 'list' ? (random.chance(50) ? [] : null) : null;
}

type Reply = (after: Value, found?: Value, status?: number) => Answer;

/** A lock is `holder token largest` as a text; nobody holds it as -1. */
function acquire(now: string | null, process: number, answer: Reply): Answer {
  const [holder = -1, , largest = 0] = (now ?? '-1 0 0').split(' ').map(Number);
  if (holder !== -1) return answer(now, null, FAIL);
  return answer(`${process} ${largest + 1} ${largest + 1}`, String(largest + 1));
}

function release(now: string | null, process: number, answer: Reply): Answer {
  const [holder = -1, token = 0, largest = 0] = (now ?? '-1 0 0').split(' ').map(Number);
  if (holder !== process) return answer(now, null, FAIL);
  return answer(`-1 0 ${largest}`, String(token));
}

function microStep(store: Store, one: Micro): Micro {
  const now = store.get(one.key) ?? null;
  if (one.f === READ) return { ...one, value: now };
  if (one.f === WRITE) store.set(one.key, one.value);
  else store.set(one.key, [...((now ?? []) as readonly string[]), one.value as string]);
  return one;
}

export function shuffled<T>(list: readonly T[], random: Random): T[] {
  const rest = [...list];
  return list.map(() => rest.splice(random.below(rest.length), 1)[0] as T);
}
