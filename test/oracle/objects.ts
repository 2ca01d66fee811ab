import {
  ACQUIRE,
  ADD,
  APPEND,
  CAS,
  DEQUEUE,
  ENQUEUE,
  OK,
  READ,
  RELEASE,
  REMOVE,
  UNEQUAL,
  UNKNOWN,
  WRITE,
} from '../../src/history/columns.ts';
import { type Op, same, type Value } from './history.ts';

/** What an object holds. Of a lock: who holds it, with which token, and the largest token ever given out. */
export type State = Value | Held;

export interface Held {
  readonly holder: number | undefined;
  readonly token: string | null;
  readonly largest: number;
}

/** What an object of a type holds at the beginning. */
export function initial(type: string): State {
  if (type === 'kv') return '';
  if (type === 'counter') return '0';
  if (type === 'lock') return { holder: undefined, token: null, largest: -1 };
  return type === 'set' || type === 'list' || type === 'queue' ? [] : null;
}

/**
 * The states that an operation may leave behind: none where it cannot have happened with the outcome that is recorded. Of an operation of unknown outcome, all that it
 * may have done by happening.
 */
export function steps(type: string, state: State, op: Op): readonly State[] {
  if (type === 'lock') return lockSteps(state as Held, op);
  const value = state as Value;
  const found = type === 'kv' && op.value === null ? '' : op.value;
  switch (op.effect) {
    case READ:
      return op.status === UNKNOWN || finds(type, value, found) ? [state] : [];
    case WRITE:
      return [found];
    case CAS: {
      const equal = same(type === 'kv' && op.expected === null ? '' : op.expected, value);
      if (op.status === UNEQUAL) return equal ? [] : [state];
      return equal ? [found] : op.status === UNKNOWN ? [state] : [];
    }
    case APPEND:
      return type === 'kv' ? [`${value}${found}`] : [[...listOf(value), op.value as string]];
    case ADD:
      return type === 'counter' ? [String(Number(value) + Number(op.value))] : [sorted([...listOf(value), op.value as string])];
    case REMOVE:
      return [listOf(value).filter((one) => one !== op.value)];
    case ENQUEUE:
      return [[...listOf(value), op.value as string]];
    case DEQUEUE:
      return dequeued(listOf(value), op);
    default:
      throw new Error(`a ${type} has no operation ${op.effect}`);
  }
}

const listOf = (value: Value): readonly string[] => value as readonly string[];

/** Whether a read shows what is there. "No value" stands for an empty collection and for 0; a set shows each element once, in any order. */
function finds(type: string, there: Value, found: Value): boolean {
  if (type === 'counter') return (found ?? '0') === there;
  if (type !== 'list' && type !== 'set') return same(there, found);
  const shown = found === null ? [] : listOf(found);
  return type === 'list' ? same(there, shown) : same(there, sorted(shown)) && new Set(shown).size === shown.length;
}

/** A set knows no order and no repetition. */
const sorted = (value: Value): readonly string[] => [...new Set(value === null ? [] : listOf(value))].sort();

function dequeued([head, ...rest]: readonly string[], op: Op): readonly State[] {
  const after = head === undefined ? [] : rest;
  if (op.status === UNKNOWN) return [after];
  return (head ?? null) === op.value ? [after] : [];
}

function lockSteps(state: Held, op: Op): readonly State[] {
  const { holder, token, largest } = state;
  if (op.effect === ACQUIRE) {
    if (holder !== undefined) return [];
    if (op.value === null || op.status !== OK) return [{ holder: op.process, token: null, largest }];
    return Number(op.value) > largest ? [{ holder: op.process, token: op.value as string, largest: Number(op.value) }] : [];
  }
  if (op.effect !== RELEASE) throw new Error('a lock is acquired and released');
  if (holder !== op.process) return [];
  if (op.value !== null && token !== null && op.value !== token) return [];
  return [{ holder: undefined, token: null, largest }];
}
