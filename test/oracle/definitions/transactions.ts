import { APPEND, READ, UNKNOWN } from '../../../src/history/columns.ts';
import { type History, type Micro, type Op, same, type Value } from '../history.ts';
import { type Before, certain, realTime, someOrder, telling } from './common.ts';

type Store = ReadonlyMap<number, Value>;

const asList = (value: Value | undefined): readonly string[] => (Array.isArray(value) ? (value as readonly string[]) : []);

/** What a transaction leaves behind; nothing where it cannot have read what it read. */
function transaction(type: string, store: Store, op: Op): readonly Store[] {
  let now = store;
  for (const one of op.micro) {
    if (one.f === READ && op.status !== UNKNOWN && !finds(type, now.get(one.key) ?? null, one)) return [];
    if (one.f === READ) continue;
    const after = one.f === APPEND ? [...asList(now.get(one.key)), one.value as string] : one.value;
    now = new Map([...now, [one.key, after]]);
  }
  return [now];
}

const finds = (type: string, there: Value, { value }: Micro): boolean =>
  type === 'list-append' ? same(asList(there), asList(value)) : same(there, value);

const inSomeOrder = (history: History, before: Before): boolean =>
  someOrder<Store>(telling(history), before, new Map(), (store, op) => transaction(history.type, store, op));

/** Some order of the transactions, run one after the other, explains everything that was read. */
export const serializable = (history: History): boolean => inSomeOrder(history, () => false);

/** Some such order keeps real time. */
export const strictSerializable = (history: History): boolean => inSomeOrder(history, realTime);

/** Whether these transactions, in this order, are all that took effect and found what they found. */
function explains(history: History, order: readonly Op[], before: Before): boolean {
  const all = telling(history);
  if (new Set(order).size !== order.length || order.some((op) => !all.includes(op))) return false;
  if (all.some((op) => certain(op) && !order.includes(op))) return false;
  if (order.some((op, i) => order.slice(i + 1).some((later) => before(later, op)))) return false;
  let stores: readonly Store[] = [new Map()];
  for (const op of order) stores = stores.flatMap((store) => transaction(history.type, store, op));
  return stores.length > 0;
}

export const explainsSerializable = (history: History, order: readonly Op[]): boolean => explains(history, order, () => false);
export const explainsStrictSerializable = (history: History, order: readonly Op[]): boolean => explains(history, order, realTime);
