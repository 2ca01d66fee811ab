import { isProblem, Problem } from '../../core/problem.ts';
import { parseDuration, US_PER_S } from '../../core/units.ts';
import { Ring } from '../../protocols/ring.ts';
import type { OptionSpec, Options } from '../system.ts';
import { LEVELS } from './levels.ts';

/** A cluster's configuration: cassandra.yaml and the options of the keyspace and its one table. Times are microseconds. */
export interface Config {
  readonly ring: Ring;
  readonly commitlogSync: 'periodic' | 'batch';
  readonly readRepair: 'BLOCKING' | 'NONE';
  readonly speculativeRetry: '99p' | 'ALWAYS' | 'NONE';
  readonly gcGraceUs: number;
  readonly hints: boolean;
  readonly maxHintWindowUs: number;
  readonly phiThreshold: number;
  readonly writeTimeoutUs: number;
  readonly readTimeoutUs: number;
  readonly counterTimeoutUs: number;
  readonly casContentionUs: number;
}

const CLUSTER: OptionSpec['on'] = ['use', 'config'];

export const options: readonly OptionSpec[] = [
  {
    name: 'level',
    aliases: ['cl', 'consistency'],
    on: [...CLUSTER, 'set', 'read', 'delete', 'cas', 'add', 'append', 'remove'],
    values: LEVELS,
    valueAliases: { any: 'ANY', one: 'ONE' },
    default: 'LOCAL_ONE',
    help: 'how many replicas must answer before the client hears',
  },
  {
    name: 'commit-level',
    on: [...CLUSTER, 'cas'],
    values: LEVELS,
    default: 'QUORUM',
    help: 'how many replicas must have applied a lightweight transaction before the client hears',
  },
  {
    name: 'ts',
    on: ['set', 'delete', 'append', 'remove'],
    values: 'integer',
    range: [-9_000_000_000_000_000, 9_000_000_000_000_000],
    help: 'the write timestamp, in microseconds (USING TIMESTAMP)',
  },
  {
    name: 'timeout',
    on: [...CLUSTER, 'set', 'read', 'delete', 'cas', 'add', 'append', 'remove'],
    values: 'duration',
    default: '10s',
    help: "the client's own patience (cqlsh --request-timeout)",
  },
  {
    name: 'rf',
    aliases: ['replication_factor'],
    on: CLUSTER,
    values: 'integer',
    range: [1, 1000],
    help: 'copies of each key; default min(3, nodes)',
  },
  {
    name: 'read_repair',
    aliases: ['read-repair'],
    on: CLUSTER,
    values: ['BLOCKING', 'NONE'],
    default: 'BLOCKING',
    help: 'whether a read that finds differences mends them before it answers',
  },
  {
    name: 'speculative_retry',
    aliases: ['speculative-retry'],
    on: CLUSTER,
    values: ['99p', 'ALWAYS', 'NONE'],
    default: '99p',
    help: 'when a read asks one replica more than it needs',
  },
  {
    name: 'gc_grace_seconds',
    aliases: ['gc_grace'],
    on: CLUSTER,
    values: 'integer',
    range: [0, 3_000_000_000],
    default: '864000',
    help: 'how long compaction must keep a tombstone',
  },
  {
    name: 'commitlog_sync',
    on: CLUSTER,
    values: ['periodic', 'batch'],
    default: 'periodic',
    help: 'periodic: fsync every 10 s; batch: fsync before each acknowledgement',
  },
  {
    name: 'hinted_handoff_enabled',
    aliases: ['hinted_handoff', 'hinted-handoff', 'hints'],
    on: CLUSTER,
    values: 'boolean',
    default: 'true',
    help: 'whether coordinators keep writes for replicas that miss them',
  },
  {
    name: 'max_hint_window',
    on: CLUSTER,
    values: 'duration',
    default: '3h',
    help: 'how long a node may be down before no more hints are kept for it',
  },
  { name: 'phi_convict_threshold', on: CLUSTER, values: 'number', default: '8', help: 'how sure the failure detector must be (5 to 16)' },
  {
    name: 'write_request_timeout',
    on: CLUSTER,
    values: 'duration',
    default: '2s',
    help: 'how long a coordinator waits for replicas to write',
  },
  {
    name: 'read_request_timeout',
    on: CLUSTER,
    values: 'duration',
    default: '5s',
    help: 'how long a coordinator waits for replicas to read',
  },
  { name: 'counter_write_request_timeout', on: CLUSTER, values: 'duration', default: '5s', help: 'the same for counters' },
  {
    name: 'cas_contention_timeout',
    on: CLUSTER,
    values: 'duration',
    default: '1s',
    help: 'how long a lightweight transaction tries again after others got in its way',
  },
];

/** The configuration, or the first thing that is wrong with the options. */
export function configure(given: Options, size: number): Config | Problem {
  const rf = given['rf'] === undefined ? Math.min(3, size) : Number(given['rf']);
  if (rf > size) return new Problem(`rf=${rf} needs ${rf} nodes, and there are ${size}`, `write rf=${size} or less`);
  const times: number[] = [];
  for (const name of [
    'max_hint_window',
    'write_request_timeout',
    'read_request_timeout',
    'counter_write_request_timeout',
    'cas_contention_timeout',
  ]) {
    const us = parseDuration(given[name] ?? '');
    if (isProblem(us)) return us;
    if (us < 1000) return new Problem(`${name} must be at least 1ms`, `write for example ${name}=2s`);
    times.push(us);
  }
  const phiThreshold = Number(given['phi_convict_threshold']);
  if (!(phiThreshold >= 5 && phiThreshold <= 16))
    return new Problem('phi_convict_threshold must be between 5 and 16', 'write for example phi_convict_threshold=8');
  const [maxHintWindowUs, writeTimeoutUs, readTimeoutUs, counterTimeoutUs, casContentionUs] = times as [
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    ring: new Ring(size, rf),
    commitlogSync: given['commitlog_sync'] === 'batch' ? 'batch' : 'periodic',
    readRepair: given['read_repair'] === 'NONE' ? 'NONE' : 'BLOCKING',
    speculativeRetry: given['speculative_retry'] === 'NONE' ? 'NONE' : given['speculative_retry'] === 'ALWAYS' ? 'ALWAYS' : '99p',
    gcGraceUs: Number(given['gc_grace_seconds']) * US_PER_S,
    hints: given['hinted_handoff_enabled'] !== 'false',
    maxHintWindowUs,
    phiThreshold,
    writeTimeoutUs,
    readTimeoutUs,
    counterTimeoutUs,
    casContentionUs,
  };
}
