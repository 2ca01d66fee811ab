import { ENQUEUE, NEVER } from '../../history/columns.ts';
import { NOTHING } from '../../history/texts.ts';
import { type Answer, type Part, wrong } from './part.ts';
import { orderOfQueue } from './queue-order.ts';

/** The items of a queue, one index each: who brought it and who took it, and what of those four moments binds. */
export interface Items {
  readonly count: number;
  readonly enqueue: readonly number[];
  /** -1: nobody took it. */
  readonly dequeue: number[];
  readonly enqueueCall: readonly number[];
  readonly enqueueReturn: readonly number[];
  readonly dequeueCall: number[];
  readonly dequeueReturn: number[];
}

/** The return of a dequeue of unknown outcome that must have happened: before never, after everything else. */
const AT_LAST = NEVER - 1;

/**
 * Queues, as far as it is clear who took what. With items that are told apart a queue is linearizable if and only if no item is taken before it is brought or by two, no
 * item overtakes one that was brought before it (in real time) and taken after it or never, and every dequeue that found nothing has a moment at which no item was
 * certainly inside: the bad patterns of Henzinger, Sezgin & Vafeiadis (CONCUR 2013) and Bouajjani et al. (ICALP 2015). Longer cycles of two interval orders always hold one of
 * two, since of a before b and c before d follows a before d or c before b; and an interval is first cut to what binds (an item is brought before it is taken). All is
 * linear sweeps over the events. Items of which nobody saw the end go to dequeues of unknown outcome, by deadline. Undefined where that is not clear or a value was
 * enqueued twice.
 */
export function judgeQueues(part: Part, wanted: boolean): Answer | undefined {
  const paired = pair(part);
  if (paired === undefined || 'valid' in paired) return paired;
  const { items, empty, lost } = paired;
  const gaps = new Int32Array(empty.length);
  const answer = refused(part, items, empty, lost, gaps);
  if (answer === undefined) return wanted ? { valid: true, order: orderOfQueue(items, empty, gaps) } : { valid: true };
  return answer === 'unclear' ? undefined : answer;
}

interface Paired {
  readonly items: Items;
  /** Dequeues that found nothing, and those of unknown outcome. */
  readonly empty: readonly number[];
  readonly lost: readonly number[];
}

/** Says who took what; undefined where a value was enqueued twice. A value that nobody enqueued, or not as often as it was taken, refuses either way. */
function pair(part: Part): Paired | Answer | undefined {
  const { count, effect, value, ret, call } = part;
  const brought = new Map<number, number[]>();
  const taken = new Map<number, number[]>();
  const empty: number[] = [];
  const lost: number[] = [];
  for (let i = 0; i < count; i++) {
    const code = value[i] as number;
    if (effect[i] === ENQUEUE) push(brought, code, i);
    else if (ret[i] === NEVER) lost.push(i);
    else if (code === NOTHING) empty.push(i);
    else push(taken, code, i);
  }
  for (const [code, takers] of taken) {
    const twins = brought.get(code);
    if (twins === undefined) return wrong(takers[0] as number);
    if (takers.length > twins.length) return { valid: false, proof: [...twins, ...takers.slice(0, twins.length + 1)] };
  }
  const enqueue: number[] = [];
  const dequeue: number[] = [];
  for (const [code, [i = 0, twin]] of brought) {
    if (twin !== undefined) return undefined;
    const by = taken.get(code)?.[0];
    // What may never have been brought, and nobody saw, is left out.
    if (by === undefined && ret[i] === NEVER) continue;
    enqueue.push(i);
    dequeue.push(by ?? -1);
  }
  const rankOf = (ranks: Int32Array, i: number): number => (i < 0 ? NEVER : (ranks[i] as number));
  const items = {
    count: enqueue.length,
    enqueue,
    dequeue,
    enqueueCall: enqueue.map((i) => rankOf(call, i)),
    enqueueReturn: enqueue.map((i, n) => Math.min(rankOf(ret, i), rankOf(ret, dequeue[n] as number))),
    dequeueCall: dequeue.map((i, n) => Math.max(rankOf(call, i), rankOf(call, enqueue[n] as number))),
    dequeueReturn: dequeue.map((i) => rankOf(ret, i)),
  };
  return { items, empty, lost };
}

function push(lists: Map<number, number[]>, code: number, i: number): void {
  const known = lists.get(code);
  if (known === undefined) lists.set(code, [i]);
  else known.push(i);
}

/** What is wrong, or undefined and the gaps in which the empty dequeues stand. */
function refused(
  part: Part,
  items: Items,
  empty: readonly number[],
  lost: readonly number[],
  gaps: Int32Array,
): Answer | 'unclear' | undefined {
  for (let n = 0; n < items.count; n++) {
    if ((items.dequeueReturn[n] as number) < (items.enqueueCall[n] as number)) return operations(items, n);
  }
  const overtaken = overtaking(part, items, true);
  if (overtaken !== undefined) return overtaken;
  // With every item that nobody took out of the way: what is wrong now is wrong.
  const strict = emptyGaps(part, items, lost.length > 0, empty, gaps);
  if (strict !== undefined) return strict;
  if (lost.length > 0) {
    const handed = handOut(part, items, lost, empty, gaps);
    if (handed !== undefined) return handed;
  }
  const answer = overtaking(part, items, false) ?? emptyGaps(part, items, false, empty, gaps);
  // Other dequeues of unknown outcome may have taken the items.
  return answer !== undefined && lost.length > 0 ? 'unclear' : answer;
}

/** An item that was brought after another and taken before it. `mild`: what nobody took may have been taken. */
function overtaking(part: Part, items: Items, mild: boolean): Answer | undefined {
  const { returnsAt, callsAt } = byRank(part, items);
  let last = 0;
  let holder = -1;
  for (let rank = 1; rank < part.events.length; rank++) {
    const ended = (returnsAt[rank] as number) - 1;
    const call = ended < 0 ? 0 : (items.dequeueCall[ended] as number);
    if (call > last && (call !== NEVER || !mild)) {
      last = call;
      holder = ended;
    }
    const begun = (callsAt[rank] as number) - 1;
    if (begun >= 0 && (items.dequeueReturn[begun] as number) < last) return operations(items, holder, begun);
  }
  return undefined;
}

/** Items by the rank at which they are called to be brought, and at which they certainly have been: index + 1. */
function byRank(part: Part, items: Items): { readonly callsAt: Int32Array; readonly returnsAt: Int32Array } {
  const callsAt = new Int32Array(part.events.length);
  const returnsAt = new Int32Array(part.events.length);
  for (let n = 0; n < items.count; n++) {
    callsAt[items.enqueueCall[n] as number] = n + 1;
    const returned = items.enqueueReturn[n] as number;
    if (returned !== NEVER) returnsAt[returned] = n + 1;
  }
  return { callsAt, returnsAt };
}

/** Finds for every empty dequeue its first gap between two events at which no item is certainly inside. */
function emptyGaps(part: Part, items: Items, mild: boolean, empty: readonly number[], gaps: Int32Array): Answer | undefined {
  if (empty.length === 0) return undefined;
  const ranks = part.events.length;
  const change = new Int32Array(ranks + 1);
  const last = (n: number): number => Math.min(items.dequeueCall[n] as number, ranks);
  for (let n = 0; n < items.count; n++) {
    const from = items.enqueueReturn[n] as number;
    if (from >= last(n) || (mild && items.dequeueCall[n] === NEVER)) continue;
    change[from] = (change[from] as number) + 1;
    change[last(n)] = (change[last(n)] as number) - 1;
  }
  // next[g]: the first gap from g on with nothing inside; gap g follows event g.
  const next = new Int32Array(ranks + 1).fill(ranks);
  let inside = 0;
  for (let rank = 0; rank < ranks; rank++) {
    inside += change[rank] as number;
    next[rank] = inside === 0 ? rank : ranks;
  }
  for (let rank = ranks - 1; rank >= 0; rank--) if (next[rank] === ranks) next[rank] = next[rank + 1] as number;
  for (let e = 0; e < empty.length; e++) {
    const i = empty[e] as number;
    gaps[e] = next[part.call[i] as number] as number;
    if ((gaps[e] as number) >= (part.ret[i] as number)) return { valid: false, proof: [i, ...cover(part, items, i)] };
  }
  return undefined;
}

/** Items that fill the time of an empty dequeue between them: always the one that reaches furthest. */
function cover(part: Part, items: Items, i: number): readonly number[] {
  const chosen: number[] = [];
  for (let at = part.call[i] as number; at < (part.ret[i] as number); ) {
    let best = -1;
    for (let n = 0; n < items.count; n++) {
      if ((items.enqueueReturn[n] as number) > at) continue;
      if (best < 0 || (items.dequeueCall[n] as number) > (items.dequeueCall[best] as number)) best = n;
    }
    if (best < 0 || (items.dequeueCall[best] as number) <= at) return chosen;
    chosen.push(items.enqueue[best] as number, ...taker(items, best));
    at = items.dequeueCall[best] as number;
  }
  return chosen;
}

/**
 * Gives items that must have gone to the dequeues of unknown outcome: they are all the same but for their calls, so the item that must be gone first goes to the one called
 * first. An item must be gone before the first return of a dequeue whose item was brought after it, and before the gap of an empty dequeue after it.
 */
function handOut(
  part: Part,
  items: Items,
  lost: readonly number[],
  empty: readonly number[],
  gaps: Int32Array,
): Answer | 'unclear' | undefined {
  const { deadline, because } = deadlines(part, items);
  const late = firstLate(part, lost, deadline);
  if (late !== undefined) {
    const { due, at } = late;
    const some = due.slice(0, at + 1).flatMap((n) => [n, because[n] as number]);
    return { valid: false, proof: [...(operations(items, ...some).proof ?? []), ...lost.slice(0, at)] };
  }
  if (!chooseGaps(part, items, lost, empty, gaps, deadline) || firstLate(part, lost, deadline) !== undefined) return 'unclear';
  for (const [k, n] of dueOf(deadline).entries()) {
    const by = lost[k] as number;
    items.dequeue[n] = by;
    items.dequeueCall[n] = Math.max(part.call[by] as number, items.enqueueCall[n] as number);
    items.dequeueReturn[n] = AT_LAST;
  }
  return undefined;
}

/** Items that must be gone, by deadline. */
function dueOf(deadline: readonly number[]): readonly number[] {
  return deadline.flatMap((rank, n) => (rank < NEVER ? [n] : [])).sort((a, b) => (deadline[a] as number) - (deadline[b] as number));
}

/** The first item that no dequeue of unknown outcome can have taken in time. */
function firstLate(
  part: Part,
  lost: readonly number[],
  deadline: readonly number[],
): { readonly due: readonly number[]; readonly at: number } | undefined {
  const due = dueOf(deadline);
  const at = due.findIndex((n, k) => {
    const by = lost[k];
    return by === undefined || (part.call[by] as number) > (deadline[n] as number);
  });
  return at < 0 ? undefined : { due, at };
}

/** For each item that nobody took the rank before which a later item was taken, and that item; `NEVER` for the others. */
function deadlines(part: Part, items: Items): { readonly deadline: number[]; readonly because: Int32Array } {
  const { callsAt, returnsAt } = byRank(part, items);
  const deadline = new Array<number>(items.count).fill(NEVER);
  const because = new Int32Array(items.count);
  let soonest: number = NEVER;
  let taken = -1;
  for (let rank = part.events.length - 1; rank > 0; rank--) {
    const begun = (callsAt[rank] as number) - 1;
    if (begun >= 0 && (items.dequeueReturn[begun] as number) < soonest) {
      soonest = items.dequeueReturn[begun] as number;
      taken = begun;
    }
    const ended = (returnsAt[rank] as number) - 1;
    if (ended < 0 || items.dequeue[ended] !== -1) continue;
    deadline[ended] = soonest;
    because[ended] = taken;
  }
  return { deadline, because };
}

/** Puts each empty dequeue into the first gap that leaves no more items inside than dequeues of unknown outcome could have taken; false where there is none. */
function chooseGaps(
  part: Part,
  items: Items,
  lost: readonly number[],
  empty: readonly number[],
  gaps: Int32Array,
  deadline: number[],
): boolean {
  if (empty.length === 0) return true;
  const ranks = part.events.length;
  const left = new Int32Array(ranks + 1);
  const inside = new Int32Array(ranks + 1);
  const orphans: number[] = [];
  for (let n = 0; n < items.count; n++) {
    const from = items.enqueueReturn[n] as number;
    if (items.dequeue[n] === -1) {
      orphans.push(n);
      left[from] = (left[from] as number) - 1;
    } else if (from < (items.dequeueCall[n] as number)) {
      inside[from] = (inside[from] as number) + 1;
      const to = items.dequeueCall[n] as number;
      inside[to] = (inside[to] as number) - 1;
    }
  }
  for (const i of lost) left[part.call[i] as number] = (left[part.call[i] as number] as number) + 1;
  for (let rank = 1; rank < ranks; rank++) {
    left[rank] = (left[rank] as number) + (left[rank - 1] as number);
    inside[rank] = (inside[rank] as number) + (inside[rank - 1] as number);
  }
  for (let e = 0; e < empty.length; e++) {
    const i = empty[e] as number;
    let gap = part.call[i] as number;
    while (gap < (part.ret[i] as number) && (inside[gap] !== 0 || (left[gap] as number) < 0)) gap++;
    if (gap >= (part.ret[i] as number)) return false;
    gaps[e] = gap;
  }
  const sorted = gaps.slice().sort();
  let next = 0;
  orphans.sort((a, b) => (items.enqueueReturn[a] as number) - (items.enqueueReturn[b] as number));
  for (const n of orphans) {
    while (next < sorted.length && (sorted[next] as number) < (items.enqueueReturn[n] as number)) next++;
    if (next < sorted.length) deadline[n] = Math.min(deadline[n] as number, sorted[next] as number);
  }
  return true;
}

function operations(items: Items, ...some: readonly number[]): Answer {
  return { valid: false, proof: some.flatMap((n) => [items.enqueue[n] as number, ...taker(items, n)]) };
}

function taker(items: Items, n: number): readonly number[] {
  return items.dequeue[n] === -1 ? [] : [items.dequeue[n] as number];
}
