import { toMs } from '../core/units.ts';
import type { Effect, Operation } from './operation.ts';

/** The words of commands for what an operation does. */
const VERBS: Readonly<Partial<Record<Effect, string>>> = { write: 'set' };

/**
 * Operations as JSON Lines, a row each, with the keys of `cap-tutor run --json` that a history needs, in the order in which the operations were invoked: `HistoryReader` makes the same
 * columns of them as `columnsOf` of the operations. `expected`, `compared` and `process` stand at the end, where they say something.
 */
export function jsonHistory(operations: readonly Operation[], nameOf: (node: Operation['node']) => string): readonly string[] {
  return operations.map((operation) => {
    const { id, effect, status, client, process, key, value, callUs, returnUs, callRank, returnRank } = operation;
    const ended = Number.isFinite(returnRank);
    return JSON.stringify({
      n: id,
      kind: effect === 'write' && value === null ? 'delete' : (VERBS[effect] ?? effect),
      at: toMs(callUs),
      took: ended ? toMs(returnUs - callUs) : undefined,
      outcome: status,
      client,
      node: nameOf(operation.node),
      key,
      value: effect === 'read' && status !== 'ok' ? undefined : value,
      call: callRank,
      return: ended ? returnRank : undefined,
      expected: operation.expected,
      compared: operation.compared,
      process: process === client ? undefined : process,
    });
  });
}

interface Event {
  readonly rank: number;
  readonly us: number;
  readonly type: ':invoke' | ':ok' | ':fail' | ':info';
  readonly operation: Operation;
}

/**
 * Operations as a history of Jepsen in EDN: a plain map a line (Knossos and Elle refuse tagged records), with `:index :time :type :process :f :value` first, times in nanoseconds. Values stand
 * in pairs with their keys, as `jepsen.independent` has them. Numbers stand for the processes, whose names are no EDN that these tools know; a process that
 * got no answer is never heard of again, as it must be: the operations after it are those of another one. What never returned has no completion.
 */
export function ednHistory(operations: readonly Operation[]): readonly string[] {
  const events: Event[] = [];
  for (const operation of operations) {
    events.push({ rank: operation.callRank, us: operation.callUs, type: ':invoke', operation });
    if (!Number.isFinite(operation.returnRank)) continue;
    events.push({ rank: operation.returnRank, us: operation.returnUs, type: operation.status === 'ok' ? ':ok' : ':fail', operation });
  }
  events.sort((a, b) => a.rank - b.rank);
  const numbers = new Map<string, number>();
  const open = new Map<string, Operation>();
  let processes = 0;
  return events.map(({ us, type, operation }, index) => {
    const { process } = operation;
    const before = open.get(process);
    // Never answered, and so lost to whoever goes on under its name.
    if (type === ':invoke' && (before !== undefined || !numbers.has(process))) numbers.set(process, processes++);
    if (type === ':invoke') open.set(process, operation);
    else open.delete(process);
    const value = told(operation, type);
    const f = operation.effect;
    return `{:index ${index}, :time ${us * 1000}, :type ${type}, :process ${numbers.get(process)}, :f :${f}, :value [${printed(operation.key)} ${value}]${type === ':fail' && operation.compared === true ? ', :compared true' : ''}}`;
  });
}

function told(operation: Operation, type: Event['type']): string {
  const { effect, value, expected = null } = operation;
  if (effect === 'cas') return `[${printed(expected)} ${printed(value)}]`;
  if (effect === 'read' && type !== ':ok') return 'nil';
  return printed(value);
}

/** A value in EDN. What reads as a whole number is one; all other words of a run are strings there, so that nothing is taken for a symbol or a keyword. */
function printed(value: Operation['value']): string {
  if (value === null) return 'nil';
  if (typeof value === 'string' && /^(0|-?[1-9]\d{0,8})$/.test(value)) return value;
  if (typeof value === 'string') return JSON.stringify(value).replace(/\u007f/g, '\\u007f');
  if (typeof value === 'number') return String(value);
  return `[${value.map(printed).join(' ')}]`;
}
