import { ADD, APPEND, OK, READ, REMOVE } from '../../../src/history/columns.ts';
import { type History, type Op, same, type Value } from '../history.ts';
import { effective, keysOf, ofKey, realTime } from './common.ts';
import { processesOf, subsets } from './views.ts';

const nothing = (value: Value): boolean => value === null || value === '';
const equal = (a: Value, b: Value): boolean => same(a, b) || (nothing(a) && nothing(b));
const isOkRead = (op: Op): boolean => op.effect === READ && op.status === OK;
const isAdd = ({ effect }: Op): boolean => effect === ADD || effect === APPEND;
const shown = ({ value }: Op): readonly string[] => (Array.isArray(value) ? (value as readonly string[]) : []);
const pairs = (ops: readonly Op[]): readonly (readonly [Op, Op])[] => ops.flatMap((a) => ops.map((b) => [a, b] as const));

/** Eventual convergence of one key, after the words of `convergence`. */
export function convergence(history: History): boolean {
  const ops = effective(history);
  const changes = ops.filter(({ effect }) => effect !== READ);
  const done = changes.filter(({ status }) => status === OK);
  const perhaps = changes.filter(({ status }) => status !== OK);
  const late = ops.filter((op) => isOkRead(op) && done.every((change) => realTime(change, op)));
  const last = processesOf(late).map((process) => late.findLast((op) => op.process === process) as Op);
  if (last.length === 0) return true;
  if (history.type === 'counter') return sumsAgree(done, perhaps, last);
  if (history.type === 'set' || history.type === 'list') return elementsAgree(history.type, done, perhaps, last);
  if (history.ops.some(({ effect }) => effect === APPEND))
    return perhaps.length > 0 || pairs(last).every(([a, b]) => equal(a.value, b.value));
  return valuesAgree(done, perhaps, last);
}

function valuesAgree(done: readonly Op[], perhaps: readonly Op[], last: readonly Op[]): boolean {
  const settled = ({ value }: Op): boolean =>
    done.length === 0 ? nothing(value) : done.some((w) => equal(w.value, value) && !done.some((other) => realTime(w, other)));
  const floating = ({ value }: Op): boolean => perhaps.some((w) => equal(w.value, value));
  if (last.some((read) => !settled(read) && !floating(read))) return false;
  return pairs(last).every(([a, b]) => equal(a.value, b.value) || floating(a) || floating(b));
}

function sumsAgree(done: readonly Op[], perhaps: readonly Op[], last: readonly Op[]): boolean {
  const sum = (ops: readonly Op[]): number => ops.reduce((total, { value }) => total + Number(value), 0);
  const possible = subsets(perhaps).map((some) => sum(done) + sum(some));
  if (perhaps.length === 0 && pairs(last).some(([a, b]) => Number(a.value) !== Number(b.value))) return false;
  return last.every(({ value }) => possible.includes(Number(value)));
}

function elementsAgree(type: string, done: readonly Op[], perhaps: readonly Op[], last: readonly Op[]): boolean {
  const all = [...done, ...perhaps];
  const added = (element: string): boolean => all.some((op) => isAdd(op) && op.value === element);
  const removed = (element: Value): boolean => all.some((op) => op.effect === REMOVE && op.value === element);
  if (last.some((read) => shown(read).some((element) => !added(element)))) return false;
  const must = done.filter((op) => isAdd(op) && !removed(op.value)).map(({ value }) => value as string);
  if (last.some((read) => must.some((element) => !shown(read).includes(element)))) return false;
  const sure = (read: Op): readonly string[] => shown(read).filter((element) => !perhaps.some(({ value }) => value === element));
  const form = (read: Op): string => (type === 'list' ? sure(read) : [...new Set(sure(read))].sort()).join(' ');
  return new Set(last.map(form)).size === 1;
}

/** How many acknowledged writes, or elements, of one key are lost for good, after the words of `no-lost-write`. */
export function lostWrites(history: History): number {
  const ops = effective(history);
  return history.type === 'set' || history.type === 'list' ? lostElements(ops) : lostValues(ops);
}

function lostValues(ops: readonly Op[]): number {
  const writes = ops.filter(({ effect }) => effect !== READ);
  const reads = ops.filter(isOkRead);
  const latest = reads.at(-1);
  if (latest === undefined) return 0;
  const tail = reads.filter((read) => read.ret > latest.call);
  const shows = (read: Op, w: Op): boolean => writes.some((v) => equal(v.value, read.value) && v.call < read.ret && !realTime(v, w));
  return writes.filter((w) => w.status === OK && realTime(w, latest) && !tail.some((read) => shows(read, w))).length;
}

function lostElements(ops: readonly Op[]): number {
  const reads = ops.filter(isOkRead);
  const removed = (element: Value): boolean => ops.some((op) => op.effect === REMOVE && op.value === element);
  const added = ops.filter((op) => isAdd(op) && op.status === OK && !removed(op.value));
  const lost = (element: string): boolean => {
    const known = Math.min(...added.filter(({ value }) => value === element).map(({ ret }) => ret));
    const later = (read: Op): boolean => reads.some((other) => other.call > read.call && shown(other).includes(element));
    return reads.some((read) => read.call > known && !shown(read).includes(element) && !later(read));
  };
  return [...new Set(added.map(({ value }) => value as string))].filter(lost).length;
}

export const noLostWrite = (history: History): boolean => lostWrites(history) === 0;

export function lostFigures(history: History): ReadonlyMap<string, number> {
  return new Map([['lost', keysOf(history).reduce((sum, key) => sum + lostWrites(ofKey(history, key)), 0)]]);
}
