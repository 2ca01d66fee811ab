import { isProblem, Problem } from '../../core/problem.ts';
import type { Outcome } from '../../sim/process.ts';
import type { Alternative, Call } from '../system.ts';
import { timeoutOf } from './options.ts';
import type { EtcdRequest } from './types.ts';

/** The driver's request for one command. */
export function request(call: Call): EtcdRequest | Problem {
  const timeoutUs = timeoutOf(call.options);
  if (isProblem(timeoutUs)) return timeoutUs;
  const key = call.key ?? '';
  if (key === '') return new Problem('etcdserver: key is not provided', 'write for example set x apple');
  switch (call.kind) {
    case 'write':
      return { kind: 'put', key, value: call.value ?? '', timeoutUs };
    case 'delete':
      return { kind: 'delete', key, timeoutUs };
    case 'cas':
      return { kind: 'cas', key, expected: call.expected ?? null, value: call.value ?? '', timeoutUs };
    case 'read':
      return { kind: 'range', key, serializable: call.options['level'] === 'serializable', timeoutUs };
    default:
      return new Problem(`etcd has no ${call.verb}`, 'it has set, read, delete and cas');
  }
}

/** Commands in its place that might end otherwise: the other level, the other servers. */
export function alternatives(call: Call, outcome: Outcome, nodes: readonly string[]): readonly Alternative[] {
  const words = [call.verb, `${call.key ?? ''}@`];
  const old = call.kind !== 'cas' ? [] : [call.expected === undefined ? 'none' : quoted(call.expected)];
  const tail = [...old, ...(call.value === undefined ? [] : [quoted(call.value)])];
  const at = (node: string, ...more: string[]): string =>
    [...words.slice(0, -1), `${words[words.length - 1]}${node}`, ...tail, ...more].join(' ');
  const asked = outcome.node === undefined ? undefined : nodes[outcome.node];
  const others = nodes.filter((node) => node !== asked).map((node): Alternative => ({ command: at(node) }));
  if (call.kind !== 'read' || asked === undefined) return others;
  const serializable = call.options['level'] === 'serializable';
  return serializable
    ? [{ command: at(asked, 'level=linearizable') }, ...others.map((o) => ({ command: `${o.command} level=linearizable` }))]
    : [{ command: at(asked, 'level=serializable'), caveat: 'may be stale' }, ...others];
}

/** A value as the language reads it back. */
function quoted(word: string): string {
  return /^[A-Za-z0-9_./-]+$/.test(word) && word !== 'none' ? word : JSON.stringify(word);
}
