import type { Effect, Operation } from '../history/operation.ts';
import type { Judgement } from '../history/stale.ts';
import type { Value } from '../sim/process.ts';
import type { FinishedOp } from '../sim/world.ts';
import type { Live, Pending } from './live.ts';
import type { Row } from './types.ts';

const EFFECTS: Readonly<Record<string, Effect>> = {
  read: 'read',
  write: 'write',
  delete: 'write',
  cas: 'cas',
  add: 'add',
  append: 'append',
  remove: 'remove',
};

/** What the history keeps of an operation; administrator commands are no part of it. */
export function operationOf(live: Live, pending: Pending, done: FinishedOp | undefined): Operation | undefined {
  const effect = EFFECTS[pending.call.kind];
  const open = live.world.open.get(pending.op);
  const from = done ?? open;
  if (effect === undefined || pending.call.key === undefined || from === undefined) return undefined;
  const { outcome } = done ?? { outcome: undefined };
  const status = outcome?.status ?? 'unknown';
  const returned = done !== undefined && status !== 'unknown';
  return {
    id: pending.op,
    process: pending.process,
    client: pending.client,
    node: outcome?.node ?? from.at,
    effect,
    key: pending.call.key,
    value: effect === 'read' ? (outcome?.value ?? null) : (pending.call.value ?? null),
    ...(pending.call.expected === undefined ? {} : { expected: pending.call.expected }),
    ...(outcome?.siblings === true ? { siblings: true } : {}),
    status,
    ...(done === undefined ? { pending: true as const } : {}),
    ...(outcome?.compared === true ? { compared: true } : {}),
    callRank: from.callRank,
    returnRank: returned ? (done?.returnRank as number) : Number.POSITIVE_INFINITY,
    callUs: from.callUs,
    returnUs: returned ? (done?.returnUs as number) : Number.POSITIVE_INFINITY,
  };
}

/** The history so far, operations that are still open included, in order of invocation. */
export function operationsOf(live: Live): readonly Operation[] {
  const open = [...live.open.values()].flatMap((pending) => operationOf(live, pending, undefined) ?? []);
  return [...live.history.items, ...open].sort((a, b) => a.callRank - b.callRank);
}

/** Whether an ok read was stale; undefined where that is not defined. */
function judged(live: Live, done: FinishedOp, operation: Operation | undefined, later: readonly FinishedOp[]): Judgement | undefined {
  const { outcome } = done;
  if (operation?.effect !== 'read' || outcome.status !== 'ok' || outcome.siblings === true || Array.isArray(outcome.value))
    return undefined;
  // What ended after this read, though nobody has looked since, was open when it returned.
  const open = [...live.open.values()].flatMap(
    (other) =>
      operationOf(
        live,
        other,
        later.find(({ op }) => op === other.op),
      ) ?? [],
  );
  return live.reads.judge(operation, open);
}

/** What a write sends; counters count in numbers. */
function sent({ call }: Pending): Value | undefined {
  return call.kind === 'add' && call.value !== undefined ? Number(call.value) : call.value;
}

/** The row of an operation that has ended. The history already holds it, but not yet those that ended `later` and wait for their own rows. */
export function rowOfFinished(
  live: Live,
  pending: Pending,
  done: FinishedOp,
  operation: Operation | undefined,
  later: readonly FinishedOp[],
): Row {
  const { outcome } = done;
  const read = pending.call.kind === 'read';
  const value = read ? outcome.value : sent(pending);
  const verdict = judged(live, done, operation, later);
  return {
    n: done.op,
    ...(pending.line === undefined ? {} : { line: pending.line }),
    command: pending.text,
    kind: pending.call.verb,
    atUs: done.callUs,
    tookUs: done.returnUs - done.callUs,
    outcome: outcome.status,
    client: pending.client,
    node: live.name(outcome.node ?? done.at),
    ...(pending.call.key === undefined ? {} : { key: pending.call.key }),
    ...(value === undefined || (read && outcome.status !== 'ok') ? {} : { value }),
    ...(verdict === undefined ? {} : { stale: verdict.stale, latest: verdict.latest }),
    ...(outcome.error === undefined ? {} : { error: outcome.error }),
    call: done.callRank,
    return: done.returnRank,
    ...historyOf(pending),
    ...(outcome.compared === true ? { compared: true } : {}),
    ...(verdict?.stale === true && verdict.agoUs !== undefined ? { staleAgoUs: verdict.agoUs } : {}),
    ...notesOf(live, done),
  };
}

/** What a reader of histories needs to know beside what the row says to people. */
function historyOf({ call, client, process }: Pending): Pick<Row, 'expected' | 'process'> {
  return {
    ...(call.expected === undefined ? {} : { expected: call.expected }),
    ...(process === client ? {} : { process }),
  };
}

/** What the driver remarks, and that it failed over: the node beside which the client sits is down. */
function notesOf(live: Live, { at, outcome }: FinishedOp): Pick<Row, 'notes'> {
  const via =
    outcome.node !== undefined && outcome.node !== at && live.world.nodes[at]?.up === false ? [`via ${live.name(outcome.node)}`] : [];
  const notes = [...via, ...(outcome.note === undefined ? [] : [outcome.note])];
  return notes.length === 0 ? {} : { notes };
}

/** The row of an operation that is still open when the script ends. */
export function rowOfOpen(live: Live, pending: Pending): Row {
  const open = live.world.open.get(pending.op);
  return {
    n: pending.op,
    ...(pending.line === undefined ? {} : { line: pending.line }),
    command: pending.text,
    kind: pending.call.verb,
    atUs: open?.callUs ?? live.world.nowUs,
    tookUs: live.world.nowUs - (open?.callUs ?? live.world.nowUs),
    outcome: 'unknown',
    client: pending.client,
    node: live.name(open?.at ?? 0),
    ...(pending.call.key === undefined ? {} : { key: pending.call.key }),
    ...(pending.call.kind === 'read' || pending.call.value === undefined ? {} : { value: sent(pending) as Value }),
    ...(open === undefined ? {} : { call: open.callRank }),
    pending: true,
    ...historyOf(pending),
  };
}
