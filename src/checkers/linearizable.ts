import type { Model, Operation, Verdict } from '../history/operation.ts';
import { reasonFor } from './reason.ts';
import { type Budget, isLinearizable } from './register.ts';
import { shrink } from './shrink.ts';

/** What every key may use before any may use more, and by how much that grows: an easy key that is wrong is then found even beside a hard one. */
const FIRST_STEPS = 2_000;
const GROWTH = 8;
/** Shrinking is worth at most so many steps; what it has reached then is the witness. */
const SHRINK_STEPS = 1_000_000;

/**
 * Linearizability of registers with write, read, compare-and-set, delete and appending to a text. Keys are judged one by one, which loses nothing: a history is linearizable
 * if and only if its part on each object is (Herlihy & Wing 1990, theorem 1).
 */
export const linearizable: Model = {
  name: 'linearizable',
  says: 'every operation seems to happen at one moment between its call and its return',
  check(operations, steps) {
    const keys = byKey(operations);
    if (keys.some((part) => part.some(isForeign) || mixes(part))) return { valid: 'undecided' };
    const budget: Budget = { steps };
    let open = keys;
    for (let share = FIRST_STEPS; open.length > 0 && budget.steps > 0; share *= GROWTH) {
      const undecided: (readonly Operation[])[] = [];
      for (const part of open) {
        const own: Budget = { steps: Math.min(share, budget.steps) };
        const before = own.steps;
        const valid = isLinearizable(part, own);
        budget.steps -= before - Math.max(0, own.steps);
        if (valid === false) return violated(part);
        if (valid === undefined) undecided.push(part);
      }
      open = undecided;
    }
    return { valid: open.length === 0 ? true : 'undecided' };
  },
};

/** The smallest counterexample that one key's operations can be shrunk to, and one sentence about it. */
export function violated(part: readonly Operation[]): Verdict {
  const witness = [...shrink(part, { steps: SHRINK_STEPS })].sort((a, b) => a.callRank - b.callRank);
  return { valid: false, witness: witness.map((op) => op.id), reason: reasonFor(witness) };
}

/** Counters, sets and siblings are no registers; their history cannot be judged here. */
function isForeign(operation: Operation): boolean {
  return operation.siblings === true || !['read', 'write', 'cas', 'append'].includes(operation.effect);
}

/** What is appended to must be a text: lists are another thing. */
function mixes(part: readonly Operation[]): boolean {
  return part.some((op) => op.effect === 'append') && part.some((op) => op.value !== null && typeof op.value !== 'string');
}

function byKey(operations: readonly Operation[]): readonly (readonly Operation[])[] {
  const keys = new Map<string, Operation[]>();
  for (const operation of operations) {
    const part = keys.get(operation.key);
    if (part === undefined) keys.set(operation.key, [operation]);
    else part.push(operation);
  }
  return [...keys.values()];
}
