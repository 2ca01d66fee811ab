import type { Columns } from '../../src/history/columns.ts';
import { columnsOf } from '../../src/history/of-operations.ts';
import type { Effect, Operation } from '../../src/history/operation.ts';

export const OBJECT_TYPES = ['counter', 'set', 'list', 'queue', 'lock'] as const;
export type ObjectType = (typeof OBJECT_TYPES)[number] | 'register' | 'cas-register';

/** Numbers that look random and are the same in every run. */
export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = (seed * 0x9e3779b9) | 0;
  }

  /** A whole number from 0 up to `limit`, without it. */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(some: readonly T[]): T {
    return some[this.below(some.length)] as T;
  }
}

/** What an object holds, as plainly as can be. */
export type State = readonly (string | null)[];

export const emptyState = (type: string): State =>
  type === 'counter' ? ['0'] : type === 'lock' ? [null, null, null] : type.endsWith('register') ? [null] : [];

/** The definition of each object: the state after an operation that returned what this one did, or undefined. What an unknown one returned nobody knows. */
export function afterwards(type: string, op: Operation, state: State): State | undefined {
  const known = op.status !== 'unknown';
  const value = Array.isArray(op.value) ? null : op.value === null ? null : String(op.value);
  switch (op.effect) {
    case 'read': {
      const read = Array.isArray(op.value) ? op.value : [];
      if (type === 'list') return same(read, state) ? state : undefined;
      if (type === 'set') return same([...read].sort(), [...state].sort()) ? state : undefined;
      return (value ?? (type === 'counter' ? '0' : null)) === state[0] ? state : undefined;
    }
    case 'write':
      return [value];
    case 'cas':
      if (op.status === 'fail') return op.expected === state[0] ? undefined : state;
      return op.expected === state[0] ? [value] : known ? undefined : state;
    case 'add':
      if (type === 'counter') return [String(Number(state[0]) + Number(value))];
      return state.includes(value) ? state : [...state, value];
    case 'remove':
      return state.filter((one) => one !== value);
    case 'append':
    case 'enqueue':
      return [...state, value];
    case 'dequeue':
      if (!known) return state.slice(1);
      return value === (state[0] ?? null) ? state.slice(1) : undefined;
    case 'acquire': {
      const token = known ? value : null;
      if (state[0] !== null || (token !== null && state[2] !== null && Number(token) <= Number(state[2]))) return undefined;
      return [op.process, token, token ?? (state[2] as string | null)];
    }
    case 'release':
      if (state[0] !== op.process || (value !== null && state[1] !== null && value !== state[1])) return undefined;
      return [null, null, state[2] as string | null];
    default:
      return undefined;
  }
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}

const counts = (op: Operation): boolean =>
  (op.status !== 'fail' || op.compared === true) && !(op.effect === 'read' && op.status === 'unknown');

/** Whether some order of what happened for certain and some of what is unknown keeps `before` and fits: every order is tried, and nothing is remembered. */
export function someOrder(
  type: (key: string) => string,
  operations: readonly Operation[],
  before: (a: Operation, b: Operation) => boolean,
): boolean {
  const from = (left: readonly Operation[], states: Readonly<Record<string, State>>): boolean => {
    if (left.every((op) => op.status === 'unknown')) return true;
    return left.some((op) => {
      if (left.some((other) => other !== op && other.status !== 'unknown' && before(other, op))) return false;
      const after = afterwards(type(op.key), op, states[op.key] ?? emptyState(type(op.key)));
      return (
        after !== undefined &&
        from(
          left.filter((other) => other !== op),
          { ...states, [op.key]: after },
        )
      );
    });
  };
  return from(operations.filter(counts), {});
}

export const realTime = (a: Operation, b: Operation): boolean => a.returnRank < b.callRank;
export const sessions = (a: Operation, b: Operation): boolean => a.process === b.process && a.callRank < b.callRank;

/** Whether rows of a history, in this order, are all that happened and fit. */
export function explains(
  type: (key: string) => string,
  operations: readonly Operation[],
  order: readonly number[],
  before: (a: Operation, b: Operation) => boolean,
): boolean {
  const ordered = order.map((row) => operations[row] as Operation);
  const states: Record<string, State> = {};
  if (new Set(order).size !== order.length) return false;
  if (operations.some((op, row) => counts(op) && op.status !== 'unknown' && !order.includes(row))) return false;
  return ordered.every((op, at) => {
    const after = afterwards(type(op.key), op, states[op.key] ?? emptyState(type(op.key)));
    if (after !== undefined) states[op.key] = after;
    return counts(op) && after !== undefined && !ordered.slice(at + 1).some((later) => later.status !== 'unknown' && before(later, op));
  });
}

export interface Shape {
  readonly operations: number;
  readonly processes: number;
  readonly keys: number;
  /** Percent of operations of unknown outcome, and of histories with a result that was changed. */
  readonly unknown: number;
  readonly mutated: number;
  /** How many values there are to choose from; 0: every one is new. */
  readonly values: number;
  /** Percent of histories in which processes are moved in time, so that only the order of each of them is left. */
  readonly reordered?: number;
  /** Percent of operations that are reads, where not as usual; and whether counters only count. */
  readonly reading?: number;
  readonly plain?: boolean;
}

/** A history of objects that work, as they are used by some processes at once; and mostly some result is changed afterwards. */
export function history(types: readonly string[], dice: Dice, shape: Shape): Operation[] {
  const done: Operation[] = [];
  const open = new Map<string, { op: Mutable; at: 'called' | 'happened' }>();
  const states: Record<string, State> = {};
  const serial = Array.from({ length: shape.processes }, () => 0);
  const typeOf = (key: string): string => types[Number(key.slice(1))] as string;
  let rank = 0;
  let fresh = 0;
  const value = (): string => String(shape.values === 0 ? ++fresh : 1 + dice.below(shape.values));
  while (done.length < shape.operations || open.size > 0) {
    const who = dice.below(shape.processes);
    const process = `p${who}#${serial[who]}`;
    const mine = open.get(process);
    if (mine === undefined) {
      if (done.length >= shape.operations) continue;
      const key = `k${dice.below(shape.keys)}`;
      const op = request(typeOf(key), process, key, ++rank, dice, value, shape);
      op.id = done.push(op);
      open.set(process, { op, at: 'called' });
    } else if (mine.at === 'called') {
      if (dice.chance(50)) mine.at = happen(mine.op, typeOf(mine.op.key), states, dice, shape, () => ++fresh);
    } else if (dice.chance(50)) {
      open.delete(process);
      if (mine.op.status !== 'unknown') mine.op.returnRank = ++rank;
      if (mine.op.status === 'unknown') serial[who] = (serial[who] as number) + 1;
    }
  }
  for (let n = dice.below(3); n > 0 && dice.chance(shape.mutated); n--) mutate(done, dice, typeOf);
  if (dice.chance(shape.reordered ?? 0)) moveProcesses(done, dice);
  return done.map((op) => ({ ...op, callUs: op.callRank, returnUs: op.returnRank }));
}

type Mutable = { -readonly [K in keyof Operation]: Operation[K] };

function request(type: string, process: string, key: string, callRank: number, dice: Dice, value: () => string, shape: Shape): Mutable {
  const words: Record<string, readonly Effect[]> = {
    counter: ['add', 'add', 'read'],
    set: ['add', 'add', 'remove', 'read', 'read'],
    list: ['append', 'append', 'read'],
    queue: ['enqueue', 'enqueue', 'dequeue', 'dequeue'],
    lock: ['acquire', 'release'],
    register: ['write', 'read'],
    'cas-register': ['write', 'read', 'cas'],
  };
  const some = words[type] as readonly Effect[];
  const rarely = shape.reading !== undefined && some.includes('read');
  const change = shape.plain === true ? some.filter((one) => one !== 'read' && one !== 'remove') : some;
  const effect = rarely ? (dice.chance(shape.reading ?? 0) ? 'read' : dice.pick(change)) : dice.pick(some);
  const looks = ['read', 'dequeue', 'acquire', 'release'].includes(effect);
  return {
    ...{
      id: 0 as Operation['id'],
      process,
      client: process,
      node: 0 as Operation['node'],
      effect,
      key,
      status: 'ok',
      callUs: 0,
      returnUs: 0,
    },
    value: looks ? null : type !== 'counter' ? value() : shape.plain === true ? '1' : dice.chance(30) ? `-${value()}` : value(),
    ...(effect === 'cas' ? { expected: value() } : {}),
    callRank,
    returnRank: Number.POSITIVE_INFINITY,
  };
}

/** An operation takes effect, or does not; what cannot be done fails. */
function happen(
  op: Mutable,
  type: string,
  states: Record<string, State>,
  dice: Dice,
  shape: Shape,
  token: () => number,
): 'called' | 'happened' {
  const state = states[op.key] ?? emptyState(type);
  const unknown = dice.chance(shape.unknown);
  if (unknown) op.status = 'unknown';
  if (op.effect === 'read') op.value = type === 'set' || type === 'list' ? (state as string[]) : (state[0] ?? null);
  if (op.effect === 'dequeue' && !unknown) op.value = state[0] ?? null;
  if (op.effect === 'acquire' && !unknown && dice.chance(70)) op.value = String(token());
  if (op.effect === 'release' && dice.chance(50)) op.value = state[1] ?? null;
  const after = afterwards(type, op, state);
  if (after === undefined) {
    // A lock that another holds can be waited for.
    if (op.effect === 'acquire' && dice.chance(60)) {
      op.status = 'ok';
      op.value = null;
      return 'called';
    }
    op.status = unknown ? 'unknown' : 'fail';
    if (op.effect === 'cas' && !unknown && dice.chance(50)) op.compared = true;
    if (op.effect === 'acquire') op.value = null;
  } else if (!unknown || dice.chance(60)) states[op.key] = after;
  return 'happened';
}

function mutate(all: Operation[], dice: Dice, typeOf: (key: string) => string): void {
  const op = dice.pick(all) as Mutable;
  const type = typeOf(op.key);
  if (op.effect === 'read' && (type === 'set' || type === 'list')) {
    const elements = [...(Array.isArray(op.value) ? op.value : [])];
    if (dice.chance(50)) elements.splice(dice.below(elements.length + 1), 1);
    else elements.splice(dice.below(elements.length + 1), 0, String(1 + dice.below(4)));
    op.value = elements;
  } else if (op.effect === 'read' || op.effect === 'dequeue' || op.effect === 'acquire') {
    op.value = op.effect !== 'read' && dice.chance(30) ? null : String(1 + dice.below(5));
  } else if (op.status === 'ok' && dice.chance(40)) op.status = 'fail';
  else if (op.status === 'fail') {
    op.status = 'ok';
    delete op.compared;
  }
}

/** Gives the calls and returns of each process other places among those of the others. */
function moveProcesses(all: Mutable[], dice: Dice): void {
  const events = all.flatMap((op) => [
    { op, call: true, rank: op.callRank },
    ...(op.status === 'unknown' ? [] : [{ op, call: false, rank: op.returnRank }]),
  ]);
  const queues = new Map<string, typeof events>();
  for (const event of events.sort((a, b) => a.rank - b.rank))
    queues.set(event.op.process, [...(queues.get(event.op.process) ?? []), event]);
  for (let rank = 1; queues.size > 0; rank++) {
    const process = dice.pick([...queues.keys()]);
    const [event, ...rest] = queues.get(process) ?? [];
    if (event?.call === true) event.op.callRank = rank;
    else if (event !== undefined) event.op.returnRank = rank;
    if (rest.length === 0) queues.delete(process);
    else queues.set(process, rest);
  }
  all.sort((a, b) => a.callRank - b.callRank);
}

export const columnsOfHistory = (operations: readonly Operation[]): Columns => columnsOf(operations);
