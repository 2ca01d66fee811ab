import { misfit, modelNamed, typed } from '../checkers/index.ts';
import type { Model, Recorded } from '../checkers/model.ts';
import { columnsOf } from '../history/of-operations.ts';
import type { Operation } from '../history/operation.ts';
import type { ModelVerdict, SessionApi, Verdicts } from '../session/types.ts';

/**
 * The models of the line, strongest first. Once a history of a cluster breaks one, nothing that follows mends it: only a read of what is written later could be explained later, and no
 * cluster can answer with that.
 */
const SHOWN = [
  ...['linearizable', 'sequential', 'causal', 'pram'],
  ...['read-your-writes', 'monotonic-reads', 'monotonic-writes', 'writes-follow-reads'],
];
/** Enough for hundreds of operations; beyond that the line says that it does not know, and `check` goes further. */
const STEPS = 50_000;

/** Verdicts, and of which history they are. */
export interface Known extends Verdicts {
  readonly operations: readonly Operation[];
}

/**
 * Which models the history so far satisfies, in slices. What is `known` of a beginning of it is not judged again: the beginning's violations stay. Where nothing happened
 * since, that is the answer.
 */
export function* verdictsOf(session: SessionApi, known?: Known): Generator<void, Known> {
  const operations = session.operations();
  const before = known !== undefined && continues(operations, known.operations) ? known : undefined;
  if (before !== undefined && unchanged(operations, before.operations)) return before;
  const unavailable = unavailableAt(session, operations, before);
  if (operations.length === 0 || operations.some((op) => op.siblings === true)) return { operations, models: [], unavailable };
  const recorded = typed(columnsOf(operations));
  const models: ModelVerdict[] = [];
  for (const name of 'strange' in recorded ? [] : SHOWN) {
    const model = modelNamed(name);
    if (model === undefined || 'strange' in recorded || misfit(model, recorded) !== undefined) continue;
    const broken = before?.models.find((one) => one.name === name && one.valid === false);
    models.push(broken ?? (yield* judged(model, recorded, operations)));
  }
  return { operations, models, unavailable };
}

function* judged(model: Model, recorded: Recorded, operations: readonly Operation[]): Generator<void, ModelVerdict> {
  const valid = yield* validity(model, recorded);
  if (valid !== false) return { name: model.name, valid };
  const op = yield* breaker(model, operations);
  return { name: model.name, valid, ...(op === undefined ? {} : { op }) };
}

/** The operation with whose end the history stopped being valid: all beginnings before it are, none behind it is, so it is found by halving. */
function* breaker(model: Model, operations: readonly Operation[]): Generator<void, number | undefined> {
  const ends = operations.filter((op) => Number.isFinite(op.returnRank)).sort((a, b) => a.returnRank - b.returnRank);
  let lo = 0;
  let hi = ends.length - 1;
  while (lo < hi) {
    const middle = (lo + hi) >> 1;
    const recorded = typed(columnsOf(beginning(operations, (ends[middle] as Operation).returnRank)));
    const valid = 'strange' in recorded ? true : yield* validity(model, recorded);
    if (valid === 'undecided') return undefined;
    if (valid) lo = middle + 1;
    else hi = middle;
  }
  return ends[lo]?.id;
}

/** The history as it was when an event had just happened: what returned later was still open. */
function beginning(operations: readonly Operation[], rank: number): readonly Operation[] {
  return operations
    .filter((op) => op.callRank <= rank)
    .map((op) =>
      op.returnRank <= rank ? op : { ...op, status: 'unknown', returnRank: Number.POSITIVE_INFINITY, returnUs: Number.POSITIVE_INFINITY },
    );
}

function* validity(model: Model, recorded: Recorded): Generator<void, ModelVerdict['valid']> {
  const judgement = model.judge(recorded, { steps: STEPS });
  for (;;) {
    const step = judgement.next();
    if (step.done === true) return step.value.valid;
    yield;
  }
}

/** Nodes that run and nevertheless left a client without an answer: what the A of CAP means. A comparison that failed is an answer; what is still open may yet get one. */
function unavailableAt(session: SessionApi, operations: readonly Operation[], before: Known | undefined): readonly string[] {
  const { nodes } = session.overview();
  const judgedBefore = new Set(before?.operations.flatMap((op) => (op.pending === true ? [] : [op.id])));
  const fresh = operations.filter((op) => op.status !== 'ok' && op.compared !== true && !judgedBefore.has(op.id) && op.pending !== true);
  const names = fresh.flatMap((op) => {
    const node = nodes[op.node];
    return node?.condition === 'up' ? [node.name] : [];
  });
  return nodes.map(({ name }) => name).filter((name) => names.includes(name) || before?.unavailable.includes(name) === true);
}

/** Whether one history goes on from another: what had ended there stands here as well. */
function continues(now: readonly Operation[], before: readonly Operation[]): boolean {
  return before.every((op, i) => now[i]?.id === op.id && (op.status === 'unknown' || now[i]?.returnRank === op.returnRank));
}

function unchanged(now: readonly Operation[], before: readonly Operation[]): boolean {
  return now.length === before.length && now.every((op, i) => op.status === before[i]?.status && op.returnRank === before[i]?.returnRank);
}
