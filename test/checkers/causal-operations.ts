import { causal, causalConvergent, pram, weakCausal } from '../../src/checkers/causal.ts';
import { judgeOperations } from '../../src/checkers/index.ts';
import type { Model, Verdict } from '../../src/checkers/model.ts';
import type { Operation } from '../../src/history/operation.ts';
import type { recordStore } from '../bench/causal-store.ts';

export const STEPS = 10_000_000;

export function check(model: Model, history: readonly Operation[], steps = STEPS): Verdict {
  return judgeOperations(model, history, { steps, order: true });
}

/** Operations one after the other. */
export function ids(history: readonly Operation[]): readonly Operation[] {
  return history.map((op, i) => ({
    ...op,
    id: i + 1,
    callRank: 2 * i + 1,
    returnRank: op.status === 'unknown' ? Number.POSITIVE_INFINITY : 2 * i + 2,
  }));
}

export function one(process: string, effect: Operation['effect'], key: string, value: string | null): Operation {
  return { id: 0, process, client: process, node: 0, effect, key, value, status: 'ok', callRank: 0, returnRank: 0, callUs: 0, returnUs: 0 };
}

export function writer(): (process: string, key: string, value: string) => Operation {
  return (process, key, value) => one(process, 'write', key, value);
}

export function reader(): (process: string, key: string, value: string | null) => Operation {
  return (process, key, value) => one(process, 'read', key, value);
}

export function operations({ count, process, key, write, value }: ReturnType<typeof recordStore>): readonly Operation[] {
  const all = Array.from({ length: count }, (_, i) =>
    one(`p${process[i]}`, write[i] === 1 ? 'write' : 'read', `k${key[i]}`, value[i] === 0 ? null : `v${value[i]}`),
  );
  return ids(all);
}

/** What each causal model says, strongest first. */
export function named(history: readonly Operation[]): (readonly [string, Verdict])[] {
  return [causalConvergent, weakCausal, causal, pram].map((model) => [model.name, check(model, ids(history))] as const);
}
