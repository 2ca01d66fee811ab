import { ACQUIRE, CAS, DEQUEUE, FAIL, GENERATE, NEVER, OK, READ, RELEASE, TXN, UNEQUAL, UNKNOWN } from '../../../src/history/columns.ts';
import { type History, type Micro, type Op, ranked, same, type Value } from '../history.ts';
import type { Random } from '../random.ts';
import { shuffled } from './machine.ts';
import type { Requests } from './requests.ts';

/** The history with some results changed: stale, lost, repeated, exchanged, in another order. */
export function mutated(history: History, random: Random, times: number, requests: Requests): History {
  let ops = history.ops;
  for (let i = 0; i < times; i++) {
    const kind = random.below(10);
    if (kind < 6) ops = resultChanged(history.type, ops, random, requests);
    else if (kind === 6) ops = exchanged(ops, random);
    else if (kind === 7) ops = statusChanged(ops, random);
    else ops = moved(ops, random);
    if (kind >= 7) ops = ranked(ops);
  }
  return { type: history.type, ops, correct: history.correct && times === 0 };
}

const hasResult = ({ effect, status }: Op): boolean =>
  status === OK &&
  (effect === READ || effect === DEQUEUE || effect === ACQUIRE || effect === RELEASE || effect === GENERATE || effect === TXN);

function resultChanged(type: string, ops: readonly Op[], random: Random, requests: Requests): readonly Op[] {
  const candidates = ops.filter(hasResult);
  if (candidates.length === 0) return ops;
  const chosen = random.pick(candidates);
  const lists = type === 'set' || type === 'list' || type === 'list-append';
  const fresh = (key: number, now: Value): Value => otherValue(type, ops, key, lists ? (now ?? []) : now, random, requests);
  const change = (op: Op): Op => {
    if (op.effect !== TXN) return { ...op, value: fresh(op.key, op.value) };
    const reads = op.micro.filter(({ f }) => f === READ);
    if (reads.length === 0) return op;
    const read = random.pick(reads);
    return { ...op, micro: op.micro.map((one) => (one === read ? { ...one, value: fresh(one.key, one.value) } : one)) };
  };
  return ops.map((op) => (op === chosen ? change(op) : op));
}

/** Another result for an operation on a key: mostly one that makes some sense. */
function otherValue(type: string, ops: readonly Op[], key: number, now: Value, random: Random, requests: Requests): Value {
  const seen = ops.flatMap((op): Value[] => [
    ...(op.effect !== TXN && op.key === key && op.status !== FAIL ? [op.value] : []),
    ...op.micro.filter((one: Micro) => one.key === key && Array.isArray(one.value) === Array.isArray(now)).map(({ value }) => value),
  ]);
  const ofKind = seen.filter((value) => Array.isArray(value) === Array.isArray(now) && !same(value, now));
  const known = (): string => requests.known(key);
  if (Array.isArray(now)) return otherCollection(now as readonly string[], ofKind, random, known);
  if (type === 'kv') return otherText(String(now ?? ''), ofKind, random, known);
  if (type === 'counter') return String(Math.max(0, Number(now) + random.pick([-2, -1, 1, 2])));
  if (type === 'lock') return random.chance(30) ? null : String(Math.max(0, Number(now ?? 1) + random.pick([-1, -1, 1, 2])));
  if (random.chance(5)) return '99';
  if (random.chance(12)) return null;
  return ofKind.length > 0 ? random.pick(ofKind) : known();
}

function otherCollection(now: readonly string[], seen: readonly Value[], random: Random, known: () => string): Value {
  switch (random.below(5)) {
    case 0:
      return shuffled(now, random);
    case 1:
      return now.toSpliced(random.below(now.length + 1), 1);
    case 2:
      return now.slice(0, random.below(now.length + 1));
    case 3:
      return now.toSpliced(random.below(now.length + 1), 0, known());
    default:
      return seen.length > 0 ? random.pick(seen) : [known()];
  }
}

function otherText(now: string, seen: readonly Value[], random: Random, known: () => string): Value {
  switch (random.below(4)) {
    case 0:
      return now.slice(0, random.below(now.length + 1));
    case 1:
      return `${now}${known()}`;
    case 2:
      return `${known()}${now}`;
    default:
      return seen.length > 0 ? (random.pick(seen) ?? '') : known();
  }
}

/** Two operations of one kind get each other's values: a result, or what they wrote. */
function exchanged(ops: readonly Op[], random: Random): readonly Op[] {
  const a = random.pick(ops);
  const others = ops.filter((op) => op !== a && op.effect === a.effect && op.key === a.key && a.status === OK && op.status === OK);
  if (others.length === 0) return ops;
  const b = random.pick(others);
  const with_ = (op: Op, { value, micro }: Op): Op => ({ ...op, value, micro });
  return ops.map((op) => (op === a ? with_(a, b) : op === b ? with_(b, a) : op));
}

function statusChanged(ops: readonly Op[], random: Random): readonly Op[] {
  const chosen = random.pick(ops);
  const to = random.pick(chosen.effect === CAS ? [OK, FAIL, UNKNOWN, UNEQUAL, UNEQUAL] : [FAIL, UNKNOWN, UNKNOWN]);
  if (chosen.status === UNKNOWN || (to === OK && chosen.effect !== CAS)) return ops;
  const micro = to === OK ? chosen.micro : chosen.micro.map((one) => (one.f === READ ? { ...one, value: null } : one));
  const isResult = chosen.effect === READ || chosen.effect === DEQUEUE || chosen.effect === ACQUIRE || chosen.effect === GENERATE;
  const value = isResult && to !== OK ? null : chosen.value;
  return ops.map((op) => (op === chosen ? { ...op, status: to, value, micro, ret: to === UNKNOWN ? NEVER : op.ret } : op));
}

/** An operation is called later or returns sooner, so that more is ordered; no process ever does two things at once. */
function moved(ops: readonly Op[], random: Random): readonly Op[] {
  const chosen = random.pick(ops);
  if (chosen.ret === NEVER) return ops;
  const shorter = random.chance(50) ? { call: chosen.ret - 0.5 } : { ret: chosen.call + 0.5 };
  return ops.map((op) => (op === chosen ? { ...op, ...shorter } : op));
}
