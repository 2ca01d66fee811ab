import type { History, Op } from '../history.ts';
import { initial, type State, steps } from '../objects.ts';
import { type Before, certain, realTime, session, someOrder, telling } from './common.ts';

/** Linearizability of one object (Herlihy & Wing 1990): it has an order of its operations that keeps real time and in which each finds what it found. */
export function linearizable(history: History): boolean {
  return someOrder<State>(telling(history), realTime, initial(history.type), (state, op) => steps(history.type, state, op));
}

/** Sequential consistency (Lamport 1979): one order of all operations that keeps the order of each process. */
export function sequential(history: History): boolean {
  const states: readonly State[] = [0, 1, 2].map(() => initial(history.type));
  return someOrder(telling(history), session, states, (state, op) => stepAt(history.type, state, op));
}

function stepAt(type: string, states: readonly State[], op: Op): readonly (readonly State[])[] {
  return steps(type, states[op.key] as State, op).map((after) => states.with(op.key, after));
}

/** Whether these operations, in this order, are all that took effect, keep an order and find what they found. */
export function explains(history: History, order: readonly Op[], before: Before): boolean {
  const all = telling(history);
  if (new Set(order).size !== order.length || order.some((op) => !all.includes(op))) return false;
  if (all.some((op) => certain(op) && !order.includes(op))) return false;
  if (order.some((op, i) => order.slice(i + 1).some((later) => before(later, op)))) return false;
  let states: readonly (readonly State[])[] = [[0, 1, 2].map(() => initial(history.type))];
  for (const op of order) states = states.flatMap((state) => stepAt(history.type, state, op));
  return states.length > 0;
}

export const explainsLinearizable = (history: History, order: readonly Op[]): boolean => explains(history, order, realTime);
export const explainsSequential = (history: History, order: readonly Op[]): boolean => explains(history, order, session);
