import { ADD, APPEND, GENERATE, OK, READ, REMOVE } from '../../../src/history/columns.ts';
import type { History, Op } from '../history.ts';
import { keysOf, ofKey, telling } from './common.ts';

/** What became of the elements of one key, or of all. */
export interface Fates {
  readonly elements: number;
  readonly lost: number;
  readonly stable: number;
  readonly stale: number;
  readonly neverRead: number;
  readonly duplicated: number;
  readonly unexpected: number;
}

const isAdd = (op: Op): boolean => op.effect === ADD || op.effect === APPEND;
const shown = (op: Op): readonly string[] => (Array.isArray(op.value) ? (op.value as readonly string[]) : []);
const latest = (ops: readonly Op[]): Op | undefined => ops.toSorted((a, b) => a.call - b.call).at(-1);

type Fate = 'lost' | 'stable' | 'stale' | 'never read' | 'unknown to all';

/** What became of one element. */
function fateOf(element: string, adds: readonly Op[], reads: readonly Op[]): Fate {
  const showing = reads.filter((read) => shown(read).includes(element));
  const acknowledged = adds.filter((op) => op.status === OK && op.value === element);
  const known = Math.min(...[...acknowledged, ...showing].map(({ ret }) => ret));
  const missed = latest(reads.filter((read) => read.call > known && !showing.includes(read)));
  const last = latest(showing);
  if (missed !== undefined && (last === undefined || last.call < missed.call)) return 'lost';
  if (last === undefined) return 'never read';
  return missed === undefined ? 'stable' : 'stale';
}

/** The fates of the elements of one key, after the words of `set-full`. */
export function fatesOf(history: History): Fates {
  const ops = telling(history);
  const adds = ops.filter(isAdd);
  const reads = ops.filter((op) => op.effect === READ && op.status === OK);
  const removed = new Set(ops.filter(({ effect }) => effect === REMOVE).map(({ value }) => value));
  const elements = [...new Set(adds.map(({ value }) => value as string))];
  const fates = elements.filter((element) => !removed.has(element)).map((element) => fateOf(element, adds, reads));
  const count = (...of: Fate[]): number => fates.filter((fate) => of.includes(fate)).length;
  // A list may be appended the same element again, and then shows it as often.
  const often = (element: string): number => (history.type === 'list' ? adds.filter(({ value }) => value === element).length : 1);
  const twice = (element: string): boolean => reads.some((read) => shown(read).filter((one) => one === element).length > often(element));
  const strange = (read: Op): readonly string[] =>
    [...new Set(shown(read))].filter((element) => !adds.some((op) => op.value === element && op.call < read.ret));
  return {
    elements: fates.length,
    lost: count('lost'),
    stable: count('stable', 'stale'),
    stale: count('stale'),
    neverRead: count('never read'),
    duplicated: elements.filter(twice).length,
    unexpected: reads.flatMap(strange).length,
  };
}

/** Of one key: whether nothing was lost, repeated or made up; undecided where no element is known to have stayed. */
export function setFullOf(history: History): boolean | 'undecided' {
  const { lost, duplicated, unexpected, elements, stable } = fatesOf(history);
  if (lost + duplicated + unexpected > 0) return false;
  return elements > 0 && stable === 0 ? 'undecided' : true;
}

export function setFullFigures(history: History): ReadonlyMap<string, number> {
  const all = keysOf(history).map((key) => fatesOf(ofKey(history, key)));
  const total = (of: keyof Fates): number => all.reduce((sum, fates) => sum + fates[of], 0);
  const names = ['lost', 'stale', 'stable', 'duplicated', 'unexpected'] as const;
  return new Map([...names.map((name) => [name, total(name)] as const), ['never-read', total('neverRead')]]);
}

/** How many ok operations return an id that another one before had returned. */
function duplicated({ ops }: History): number {
  const ids = ops.filter((op) => op.effect === GENERATE && op.status === OK).map(({ value }) => value);
  return ids.length - new Set(ids).size;
}

/** No two ok operations return the same id. */
export const uniqueIds = (history: History): boolean => duplicated(history) === 0;
export const idFigures = (history: History): ReadonlyMap<string, number> => new Map([['duplicated', duplicated(history)]]);
