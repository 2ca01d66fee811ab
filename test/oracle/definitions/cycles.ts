import { OK, READ } from '../../../src/history/columns.ts';
import type { History, Op, Value } from '../history.ts';
import { type Before, certain, closure, realTime, telling } from './common.ts';

/** Which transaction comes before which, and why: Adya's direct dependencies (Weak Consistency, MIT 1999, section 4.4.1), as far as reads show them. */
interface Edges {
  readonly ww: Set<string>;
  readonly wr: Set<string>;
  readonly rw: Set<string>;
}

const listOf = (value: Value): readonly string[] => (Array.isArray(value) ? (value as readonly string[]) : []);
const step = (a: Op, b: Op): string => `${a.id} ${b.id}`;

/**
 * The plainest name of a cycle in a history of transactions that has nothing wrong without one; undefined where dependencies that were read off it make none, or where
 * somebody wrote a value twice. With real time, registers have versions in orders that are told elsewhere: only their other cycles are named here.
 */
export function plainestCycle(history: History, inTime: boolean): string | undefined {
  const lists = history.type === 'list-append';
  const edges: Edges = { ww: new Set(), wr: new Set(), rw: new Set() };
  const ops = tookPart(history);
  for (const key of [0, 1, 2]) {
    const written = telling(history).flatMap(({ micro }) =>
      micro.filter((one) => one.key === key && one.f !== READ).map(({ value }) => value),
    );
    if (written.includes(null) || new Set(written).size < written.length) return undefined;
    (lists ? ofLists : ofRegisters)(ops, key, edges);
  }
  const named = nameOf(ops, edges, () => false);
  if (named !== undefined || !inTime || !lists) return named;
  const timed = nameOf(ops, edges, realTime);
  return timed === undefined ? undefined : `${timed}-realtime`;
}

function nameOf(ops: readonly Op[], { ww, wr, rw }: Edges, before: Before): string | undefined {
  const cyclic = (...kinds: readonly ReadonlySet<string>[]): boolean => {
    const after = closure(ops, (a, b) => before(a, b) || kinds.some((kind) => kind.has(step(a, b))));
    return ops.some((op) => after(op, op));
  };
  if (cyclic(ww)) return 'G0';
  if (cyclic(ww, wr)) return 'G1c';
  if ([...rw].some((one) => cyclic(ww, wr, new Set([one])))) return 'G-single';
  return cyclic(ww, wr, rw) ? 'G2-item' : undefined;
}

/** What is ok, and what others have read from. */
function tookPart(history: History): readonly Op[] {
  const ops = telling(history);
  const isSeen = (key: number, value: Value): boolean =>
    ops.some(
      (op) =>
        op.status === OK &&
        op.micro.some(
          (one) => one.f === READ && one.key === key && (Array.isArray(one.value) ? one.value : [one.value]).includes(value as string),
        ),
    );
  return ops.filter((op) => certain(op) || op.micro.some(({ f, key, value }) => f !== READ && isSeen(key, value)));
}

function put(kind: Set<string>, a: Op | undefined, b: Op | undefined): void {
  if (a !== undefined && b !== undefined && a !== b) kind.add(step(a, b));
}

function ofLists(ops: readonly Op[], key: number, { ww, wr, rw }: Edges): void {
  const all = ops.flatMap((op) => op.micro.filter((one) => one.key === key).map((one) => ({ ...one, op })));
  const reads = all.filter(({ f, op }) => f === READ && op.status === OK);
  const appends = all.filter(({ f }) => f !== READ);
  const longest = reads.map(({ value }) => listOf(value)).reduce((best, one) => (one.length > best.length ? one : best), []);
  const by = (element: string | undefined): Op | undefined => appends.find(({ value }) => value === element)?.op;
  const unseen = appends.filter(({ value }) => !longest.includes(value as string)).map(({ op }) => op);
  for (const [i, element] of longest.entries()) put(ww, by(longest[i - 1]), by(element));
  for (const op of unseen) put(ww, by(longest.at(-1)), op);
  for (const { op, value } of reads) {
    const list = listOf(value);
    put(wr, by(list.at(-1)), op);
    // What it appended itself it reads too: what comes next comes behind that.
    if (by(list.at(-1)) === op) continue;
    for (const next of list.length < longest.length ? [by(longest[list.length])] : unseen) put(rw, op, next);
  }
}

function ofRegisters(ops: readonly Op[], key: number, { ww, wr, rw }: Edges): void {
  const firsts = ops.filter(certain).flatMap((op) => {
    const mine = op.micro.filter((one) => one.key === key);
    return mine[0]?.f === READ ? [{ op, value: mine[0].value, writes: mine.some(({ f }) => f !== READ) }] : [];
  });
  const writers = ops.filter(({ micro }) => micro.some((one) => one.key === key && one.f !== READ));
  const by = (value: Value): Op | undefined =>
    writers.find(({ micro }) => micro.some((one) => one.key === key && one.f !== READ && one.value === value));
  for (const { op, value, writes } of firsts) {
    if (value === null) for (const writer of writers) put(rw, op, writer);
    else {
      put(wr, by(value), op);
      if (writes) put(ww, by(value), op);
      for (const other of firsts) if (other.writes && other.value === value) put(rw, op, other.op);
    }
  }
}
