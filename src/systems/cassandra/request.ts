import type { Proc } from '../../core/ids.ts';
import { isProblem, Problem } from '../../core/problem.ts';
import { parseDuration } from '../../core/units.ts';
import type { Call, OperationSpec } from '../system.ts';
import type { Config } from './config.ts';
import { isSerial, type Level } from './levels.ts';

/** What the driver gets. Timestamps of writes are the driver's to make unless the user gives one. */
export type DriverRequest = { readonly timeoutUs: number } & (
  | { readonly kind: 'set'; readonly key: string; readonly value: string; readonly level: Level; readonly ts: number | undefined }
  | { readonly kind: 'delete'; readonly key: string; readonly level: Level; readonly ts: number | undefined }
  | {
      readonly kind: 'element';
      readonly key: string;
      readonly element: string;
      readonly present: boolean;
      readonly level: Level;
      readonly ts: number | undefined;
    }
  | { readonly kind: 'read'; readonly key: string; readonly level: Level }
  | { readonly kind: 'add'; readonly key: string; readonly delta: number; readonly level: Level }
  | {
      readonly kind: 'cas';
      readonly key: string;
      readonly expected: string | null;
      readonly value: string;
      readonly serial: Level;
      readonly commit: Level;
    }
  | { readonly kind: 'compact' | 'flush' | 'repair'; readonly nodes: readonly Proc[] }
);

export const operations: readonly OperationSpec[] = [
  {
    verb: 'set',
    kind: 'write',
    words: ['key', 'value'],
    help: 'UPDATE kv SET v = value WHERE k = key',
    example: 'set x apple level=quorum',
  },
  { verb: 'read', kind: 'read', words: ['key'], help: 'SELECT v FROM kv WHERE k = key', example: 'read x level=quorum' },
  { verb: 'delete', kind: 'delete', words: ['key'], help: 'DELETE FROM kv WHERE k = key: writes a tombstone', example: 'delete x' },
  {
    verb: 'cas',
    kind: 'cas',
    words: ['key', 'expected|none', 'value'],
    help: 'a lightweight transaction: UPDATE kv SET v = value WHERE k = key IF v = expected; `none` is IF NOT EXISTS',
    example: 'cas x apple banana',
  },
  { verb: 'add', kind: 'add', words: ['key', 'value'], help: 'UPDATE counters SET n = n + value WHERE k = key', example: 'add x 3' },
  {
    verb: 'append',
    kind: 'append',
    words: ['key', 'value'],
    help: 'UPDATE sets SET s = s + {value} WHERE k = key: each element is a cell of its own',
    example: 'append x milk',
  },
  {
    verb: 'remove',
    kind: 'remove',
    words: ['key', 'value'],
    help: 'UPDATE sets SET s = s - {value} WHERE k = key',
    example: 'remove x milk',
  },
  {
    verb: 'repair',
    kind: 'admin',
    words: ['nodes?'],
    help: 'nodetool repair --full: compares Merkle trees and streams what differs, among all nodes or those named',
    example: 'repair a b',
  },
  {
    verb: 'compact',
    kind: 'admin',
    words: ['nodes?'],
    help: 'nodetool compact: rewrites the tables without tombstones older than gc_grace_seconds',
    example: 'compact a b',
  },
  {
    verb: 'flush',
    kind: 'admin',
    words: ['nodes?'],
    help: 'nodetool flush: writes the memtables out, so that nothing hangs on the commit log',
    example: 'flush a',
  },
];

/** The driver's request, or what CQL would refuse at once. */
export function request(call: Call, config: object): DriverRequest | Problem {
  const { ring } = config as Config;
  const patience = call.options['timeout'] ?? '10s';
  const timeoutUs = patience === '10s' ? 10_000_000 : parseDuration(patience);
  if (isProblem(timeoutUs)) return timeoutUs;
  if (call.kind === 'admin') return adminRequest(call, ring.size, timeoutUs);
  const level = (call.options['level'] ?? 'LOCAL_ONE') as Level;
  const key = call.key ?? '';
  const ts = call.options['ts'] === undefined ? undefined : Number(call.options['ts']);
  const value = call.value ?? '';
  switch (call.kind) {
    case 'read':
      if (level === 'ANY') return new Problem('ANY ConsistencyLevel is only supported for writes', 'read for example with level=ONE');
      return { kind: 'read', key, level, timeoutUs };
    case 'cas':
      return casRequest(call, key, value, level, timeoutUs);
    case 'add':
      return addRequest(key, value, level, timeoutUs);
  }
  if (isSerial(level))
    return new Problem('You must use conditional updates for serializable writes', `write for example cas ${key} none ${value || 'apple'}`);
  switch (call.kind) {
    case 'write':
      return { kind: 'set', key, value, level, ts, timeoutUs };
    case 'delete':
      return { kind: 'delete', key, level, ts, timeoutUs };
    case 'append':
    case 'remove':
      return { kind: 'element', key, element: value, present: call.kind === 'append', level, ts, timeoutUs };
  }
  throw new Error(`the verb ${call.verb} has a kind that Cassandra does not have`);
}

function adminRequest(call: Call, size: number, timeoutUs: number): DriverRequest {
  const kind = call.verb === 'repair' ? 'repair' : call.verb === 'flush' ? 'flush' : 'compact';
  const named = call.nodes ?? [];
  const nodes = named.length > 0 ? [...new Set(named)] : Array.from({ length: size }, (_, i) => i);
  return { kind, nodes, timeoutUs: Math.max(timeoutUs, ADMIN_US) };
}

/** nodetool waits longer than any session of a repair lasts here. */
const ADMIN_US = 70_000_000;

function addRequest(key: string, value: string, level: Level, timeoutUs: number): DriverRequest | Problem {
  const delta = Number(value);
  if (!/^[+-]?\d{1,15}$/.test(value))
    return new Problem(`a counter grows by a whole number, not by "${value}"`, `write for example add ${key} 3`);
  if (level === 'ANY')
    return new Problem('Consistency level ANY is not yet supported for counter table counters', 'write for example level=ONE');
  if (isSerial(level)) return new Problem('Counter operations are inherently non-serializable', 'write for example level=QUORUM');
  return { kind: 'add', key, delta, level, timeoutUs };
}

/** Two levels: `level=SERIAL` or LOCAL_SERIAL is that of the Paxos rounds, `commit-level` that of the write at their end. */
function casRequest(call: Call, key: string, value: string, level: Level, timeoutUs: number): DriverRequest | Problem {
  const commit = (call.options['commit-level'] ?? 'QUORUM') as Level;
  if (isSerial(commit)) {
    return new Problem(
      `${commit} is not supported as conditional update commit consistency`,
      'write for example commit-level=QUORUM, or ANY if it need only be decided',
    );
  }
  return { kind: 'cas', key, expected: call.expected ?? null, value, serial: isSerial(level) ? level : 'SERIAL', commit, timeoutUs };
}
