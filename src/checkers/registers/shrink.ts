import type { Operation } from '../../history/operation.ts';
import { type Budget, isLinearizable } from './search.ts';

/**
 * A small part of one key's operations that already cannot be linearized. Only such operations are dropped as a linearizable history can spare: what ends after some
 * moment (every beginning of a linearizable history is one), reads, and writes whose value no operation that stays has seen. So the part proves the
 * whole wrong, and a read in it still has its write beside it.
 */
export function shrink(operations: readonly Operation[], budget: Budget): readonly Operation[] {
  // Looking at a part at all costs its length, however few steps the search then takes.
  const invalid = (part: readonly Operation[]): boolean => {
    budget.steps -= part.length;
    return budget.steps > 0 && isLinearizable(part, budget) === false;
  };
  const alone = neverWritten(operations).find((read) => invalid([read]));
  if (alone !== undefined) return [alone];
  const beginning = dropMost(shortestBeginning(operations, invalid), invalid, budget);
  // What had not returned by then may have returned later, which only narrows its place: with its return it proves the same, perhaps with less beside it.
  const ids = new Set(beginning.map((op) => op.id));
  return dropMost(
    operations.filter((op) => ids.has(op.id)),
    invalid,
    budget,
  );
}

/** Reads of what no operation wrote: each is a counterexample by itself. */
function neverWritten(operations: readonly Operation[]): readonly Operation[] {
  // A text that grew was never written as a whole.
  if (operations.some((op) => op.effect === 'append')) return [];
  const written = new Set<Operation['value']>([null]);
  for (const op of operations) if (!isRead(op)) written.add(op.value);
  return operations.filter((op) => op.effect === 'read' && op.status === 'ok' && !written.has(op.value)).slice(0, 1);
}

/** Drops ever smaller stretches until no single operation can go. */
function dropMost(
  operations: readonly Operation[],
  invalid: (part: readonly Operation[]) => boolean,
  budget: Budget,
): readonly Operation[] {
  let part = operations;
  for (let size = Math.max(1, part.length >> 1); ; ) {
    let dropped = false;
    // From the end, so that the earliest of several counterexamples stays.
    for (let from = part.length - size; from > -size && budget.steps > 0; from -= size) {
      budget.steps -= (size * part.length) >> 8;
      const smaller = without(part, Math.max(0, from), from + size);
      if (smaller.length === part.length || !invalid(smaller)) continue;
      part = smaller;
      dropped = true;
    }
    if ((size === 1 && !dropped) || budget.steps <= 0) return part;
    size = Math.max(1, size >> 1);
  }
}

/** The history up to the first moment at which it is wrong. What is open then counts as unknown. */
function shortestBeginning(operations: readonly Operation[], invalid: (part: readonly Operation[]) => boolean): readonly Operation[] {
  const returns = operations.filter((op) => op.status === 'ok' || op.compared === true).map((op) => op.returnRank);
  returns.sort((a, b) => a - b);
  const upTo = (rank: number): readonly Operation[] =>
    operations.filter((op) => op.callRank <= rank).map((op) => (op.returnRank <= rank ? op : stillOpen(op)));
  let lo = 0;
  let hi = returns.length - 1;
  while (lo < hi) {
    const middle = (lo + hi) >> 1;
    if (invalid(upTo(returns[middle] as number))) hi = middle;
    else lo = middle + 1;
  }
  const part = upTo(returns[lo] ?? Number.POSITIVE_INFINITY);
  // Where the budget ended the search early the beginning found may prove nothing: then the whole stands.
  return invalid(part) ? part : operations;
}

/** What certainly did not happen stays so. */
function stillOpen(operation: Operation): Operation {
  if (operation.status === 'fail' && operation.compared !== true) return operation;
  return { ...operation, status: 'unknown', returnRank: Number.POSITIVE_INFINITY, returnUs: Number.POSITIVE_INFINITY };
}

/**
 * The part without those of the operations `from` up to `to` that a linearizable history could spare: if the part is linearizable, so is what is left.
 */
export function without(part: readonly Operation[], from: number, to: number): readonly Operation[] {
  const inside = (i: number): boolean => i >= from && i < to;
  const spared = new Set(part.flatMap((op, i) => (inside(i) && isRead(op) ? [i] : [])));
  const stays = part.filter((_, i) => !spared.has(i));
  // A comparison that found another value may need any write.
  if (stays.some((op) => op.compared === true)) return stays;
  const grows = part.some((op) => op.effect === 'append');
  // Writes go one after the other: what one of them compared with is then no longer seen.
  for (let i = to - 1; i >= from; i--) {
    const op = part[i];
    if (op === undefined || spared.has(i) || part.some((other, j) => j !== i && !spared.has(j) && sees(other, op.value, grows))) continue;
    spared.add(i);
  }
  return part.filter((_, i) => !spared.has(i));
}

function isRead(operation: Operation): boolean {
  return operation.effect === 'read' || operation.status === 'fail';
}

/** Where texts are appended to, whoever sees a value may see it inside a longer one. */
function sees(operation: Operation, value: Operation['value'], grows: boolean): boolean {
  const found =
    operation.effect === 'read' && operation.status === 'ok'
      ? operation.value
      : operation.effect === 'cas'
        ? (operation.expected ?? null)
        : undefined;
  if (found === undefined) return false;
  return grows ? String(found ?? '').includes(String(value ?? '')) : found === value;
}
