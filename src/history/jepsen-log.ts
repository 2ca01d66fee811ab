import { Problem } from '../core/problem.ts';
import { clip } from '../core/units.ts';
import type { Operation } from './operation.ts';

// `INFO  jepsen.util - <process>  :<type>  :<f>  <value>`, with tabs or runs of spaces between the fields.
const LINE = /^INFO\s+jepsen\.util\s+-\s+(\d+)\s+:(invoke|ok|fail|info)\s+:(read|write|cas)\s+(\S.*?)\s*$/;

type Draft = { -readonly [K in keyof Operation]: Operation[K] };

/**
 * Reads a log that Jepsen wrote of one register (the format of the etcd logs in Porcupine's tests): one event a line, in real-time order, without times; an event's
 * rank is its line. A failed read is dropped by checkers as any failed read is; a failed `cas` was compared and found another value; `:info` leaves an operation open.
 */
export function readJepsenLog(text: string, file: string): readonly Operation[] | Problem {
  const done: Draft[] = [];
  const open = new Map<string, Draft>();
  const lines = text.split(/\r?\n/);
  for (const [i, source] of lines.entries()) {
    const rank = i + 1;
    const match = LINE.exec(source);
    if (match === null) {
      if (!source.includes(':invoke') && !source.startsWith('INFO  jepsen.util - ')) continue;
      return wrong('this line is no Jepsen event', source, file, rank);
    }
    const [, process = '', type = '', effect = '', value = ''] = match;
    if (type === 'invoke') {
      if (open.has(process)) return wrong(`process ${process} begins a second operation before its first ended`, source, file, rank);
      const draft = begin(process, effect, value, rank, done.length + 1);
      if (draft === undefined) return wrong(`"${clip(value)}" is no value of a ${effect}`, source, file, rank);
      done.push(draft);
      open.set(process, draft);
      continue;
    }
    const draft = open.get(process);
    if (draft === undefined || draft.effect !== effect)
      return wrong(`process ${process} ends an operation that it had not begun`, source, file, rank);
    open.delete(process);
    if (type === 'info') continue;
    draft.status = type === 'ok' ? 'ok' : 'fail';
    draft.returnRank = rank;
    draft.returnUs = rank;
    if (type === 'ok' && effect === 'read') draft.value = value === 'nil' ? null : value;
    if (type === 'fail' && effect === 'cas') draft.compared = true;
  }
  return done;
}

function begin(process: string, effect: string, value: string, rank: number, id: number): Draft | undefined {
  const pair = /^\[(\S+) (\S+)\]$/.exec(value);
  if (effect === 'cas' && pair === null) return undefined;
  return {
    id,
    process,
    client: process,
    node: -1,
    effect: effect as Draft['effect'],
    key: 'register',
    value: effect === 'read' ? null : effect === 'cas' ? (pair?.[2] ?? '') : value,
    ...(pair === null || effect !== 'cas' ? {} : { expected: pair[1] ?? '' }),
    status: 'unknown',
    callRank: rank,
    returnRank: Number.POSITIVE_INFINITY,
    callUs: rank,
    returnUs: Number.POSITIVE_INFINITY,
  };
}

function wrong(what: string, source: string, file: string, line: number): Problem {
  return new Problem(what, 'a line reads: INFO  jepsen.util - 4  :invoke  :write  1', {
    from: 0,
    to: Math.max(1, source.length),
    file,
    line,
  });
}
