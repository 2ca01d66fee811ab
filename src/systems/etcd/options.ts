import { isProblem, Problem } from '../../core/problem.ts';
import { formatDuration, parseDuration } from '../../core/units.ts';
import type { Bug } from '../../protocols/raft/types.ts';
import type { OperationSpec, OptionSpec, Options } from '../system.ts';
import type { EtcdConfig } from './types.ts';

const OPERATIONS = ['set', 'read', 'delete', 'cas'] as const;
const BUGS: readonly Bug[] = ['vote-twice', 'forget-vote', 'commit-old-term', 'local-read', 'skip-log-check'];

/** What etcdctl gives a command (--command-timeout). */
export const ETCDCTL_TIMEOUT_US = 5_000_000;
/** etcd 3.6, server/embed/config.go: maxElectionMs. */
const MAX_ELECTION_US = 50_000_000;

export const options: readonly OptionSpec[] = [
  {
    name: 'level',
    aliases: ['consistency'],
    on: ['use', 'config', 'read'],
    values: ['linearizable', 'serializable'],
    valueAliases: { l: 'linearizable', s: 'serializable' },
    default: 'linearizable',
    help: 'linearizable: the leader confirms that it still leads (ReadIndex). serializable: the copy of the server asked, perhaps stale',
  },
  {
    name: 'timeout',
    on: ['use', 'config', ...OPERATIONS],
    values: 'duration',
    help: 'when the client gives up; without it only the server does (after 7 s)',
  },
  {
    name: 'driver',
    on: ['use', 'config', ...OPERATIONS],
    values: ['server', 'etcdctl'],
    default: 'server',
    help: "server: the client waits for the server's answer. etcdctl: it gives up after 5 s",
  },
  {
    name: 'pre-vote',
    on: ['use'],
    values: 'boolean',
    default: 'true',
    help: 'ask whether an election could be won before starting one (--pre-vote)',
  },
  {
    name: 'read',
    on: ['use'],
    values: ['safe', 'lease'],
    default: 'safe',
    help: 'safe: ReadIndex asks a majority. lease: the leader trusts its own clock (ReadOnlyLeaseBased, which etcd does not offer)',
  },
  { name: 'heartbeat-interval', on: ['use'], values: 'duration', default: '100ms', help: 'one tick (--heartbeat-interval)' },
  {
    name: 'election-timeout',
    on: ['use'],
    values: 'duration',
    default: '1s',
    help: 'the least time without a leader before an election (--election-timeout)',
  },
  {
    name: 'snapshot-count',
    on: ['use'],
    values: 'integer',
    range: [1, 1_000_000_000],
    default: '10000',
    help: 'applied entries between two snapshots on disk (--snapshot-count)',
  },
  {
    name: 'snapshot-catchup-entries',
    on: ['use'],
    values: 'integer',
    range: [1, 1_000_000_000],
    default: '5000',
    help: 'entries kept for slow followers; one further behind gets a snapshot (--snapshot-catchup-entries)',
  },
  {
    name: 'max-request-bytes',
    on: ['use'],
    values: 'integer',
    range: [128, 1_000_000_000],
    default: '1572864',
    help: 'the largest write that is taken: 1.5 MiB (--max-request-bytes)',
  },
  {
    name: 'bug',
    on: ['use'],
    values: ['none', ...BUGS],
    default: 'none',
    help: 'for exercises: breaks one decision of Raft on purpose',
    hidden: true,
  },
];

export const operations: readonly OperationSpec[] = [
  { verb: 'set', kind: 'write', words: ['key', 'value'], help: 'put a value (etcdctl put)', example: 'set x apple' },
  { verb: 'read', kind: 'read', words: ['key'], help: 'get a value (etcdctl get)', example: 'read x@c level=serializable' },
  { verb: 'delete', kind: 'delete', words: ['key'], help: 'remove a key (etcdctl del)', example: 'delete x' },
  {
    verb: 'cas',
    kind: 'cas',
    words: ['key', 'expected|none', 'value'],
    help: 'put a value if the old one is as expected, or if there is none (etcdctl txn)',
    example: 'cas x apple banana',
  },
];

/** The cluster's configuration. Option values have been checked one by one; here is what must hold between them. */
export function configure(chosen: Options): EtcdConfig | Problem {
  const tickUs = parseDuration(chosen['heartbeat-interval'] ?? '100ms');
  const electionUs = parseDuration(chosen['election-timeout'] ?? '1s');
  if (isProblem(tickUs)) return tickUs;
  if (isProblem(electionUs)) return electionUs;
  const timeoutUs = timeoutOf(chosen);
  if (isProblem(timeoutUs)) return timeoutUs;
  if (tickUs < 1000) return new Problem('--heartbeat-interval must be at least 1 ms', 'write for example heartbeat-interval=100ms');
  if (electionUs < 5 * tickUs) {
    return new Problem(
      `--election-timeout[${ms(electionUs)}ms] should be at least as 5 times as --heartbeat-interval[${ms(tickUs)}ms]`,
      `choose election-timeout=${ms(10 * tickUs)}ms, ten times the heartbeat interval`,
    );
  }
  if (electionUs > MAX_ELECTION_US) {
    return new Problem(
      `--election-timeout[${ms(electionUs)}ms] is too long, and should be set less than ${ms(MAX_ELECTION_US)}ms`,
      `choose at most ${formatDuration(MAX_ELECTION_US)}`,
    );
  }
  const electionTicks = Math.floor(electionUs / tickUs);
  return {
    preVote: (chosen['pre-vote'] ?? 'true') === 'true',
    electionTicks,
    tickUs,
    leaseReads: chosen['read'] === 'lease',
    bug: BUGS.find((bug) => bug === chosen['bug']) ?? 'none',
    requestTimeoutUs: 5_000_000 + 2 * electionTicks * tickUs,
    maxRequestBytes: Number(chosen['max-request-bytes'] ?? '1572864'),
    snapshotCount: Number(chosen['snapshot-count'] ?? '10000'),
    catchUp: Number(chosen['snapshot-catchup-entries'] ?? '5000'),
  };
}

function ms(us: number): number {
  return us / 1000;
}

/** When the client gives up, in microseconds; 0: never. */
export function timeoutOf(chosen: Options): number | Problem {
  const own = chosen['timeout'];
  if (own !== undefined) {
    const us = parseDuration(own);
    return isProblem(us) || us > 0 ? us : new Problem('a timeout must be longer than 0', 'write for example timeout=2s');
  }
  return chosen['driver'] === 'etcdctl' ? ETCDCTL_TIMEOUT_US : 0;
}
