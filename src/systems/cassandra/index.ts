import { program } from '../../sim/process.ts';
import type { Alternative, Call, System } from '../system.ts';
import { type Config, configure, options } from './config.ts';
import { driver } from './driver.ts';
import { inspect, logOf } from './inspect.ts';
import { describe } from './messages.ts';
import { replica } from './replica.ts';
import { operations, request } from './request.ts';
import { rule } from './rules.ts';

/** Indexes are the timer kinds of memory.ts. */
const timers = [
  { name: 'gossip', background: true },
  { name: 'commit log sync', background: true },
  { name: 'hints', background: true },
  { name: 'write timer', background: false },
  { name: 'read timer', background: false },
  { name: 'paxos timer', background: false },
  { name: 'contention back-off', background: false },
  { name: 'counter timer', background: false },
  { name: 'repair timer', background: false },
  { name: 'client timeout', background: false },
  { name: 'verdict', background: true },
];

/** Apache Cassandra 4.1 and 5.0: no leader, a level for each operation, the last write wins. */
export const cassandra: System = {
  name: 'cassandra',
  title: 'Cassandra',
  version: '4.1/5.0',
  tagline: 'any node answers, each operation chooses its consistency level, the last write wins',
  models: [
    'Modelled after Apache Cassandra 4.1 and 5.0, one data centre, one table `kv (k text PRIMARY KEY, v text)`: any node coordinates; a write goes to every live replica, the level only says how many acknowledgements it waits for; reads fetch one row and digests, mend what differs before they answer (`read_repair=BLOCKING`), and ask one replica more when an answer is late (`speculative_retry=99p`, first 2.5 s, later measured).',
    'One token for each node, evenly spaced, in the order of `use`; keys are placed by Murmur3 as the real partitioner does. The nearest replica is the coordinator itself, then replicas that came back and have not been measured since, then the order of the ring.',
    'Gossip is modelled for each pair of nodes: once a second everybody greets everybody, and a phi accrual detector for each pair convicts after 18.4 s of silence (phi 8, mean 1 s). Real gossip tells three nodes a second and hears of the others through them, so a cut between two nodes that both reach a third would not make them convict each other. A cluster starts with everybody up; a restarted node holds everybody for up until it has been silent.',
    'Hints wait in memory for up to 10 s, then in files; every 10 s they are handed to peers that are up. `max_hint_window`, gc_grace_seconds, tombstones, `compact`, `repair` (full, with Merkle trees of 64 leaves for each range; it waits some seconds for neighbours that have only just come back) and the commit log (`commitlog_sync=periodic`, 10 s, or `batch`) are as in the real system; compaction happens only when asked for, and the commit log is replaced by tables after some thousand records.',
    'Lightweight transactions are Paxos v1: prepare, read, propose, commit. `level=SERIAL` or LOCAL_SERIAL on `cas` is that of the rounds, `commit-level` (default QUORUM) that of the write at their end. Paxos state is kept in the commit log like everything else.',
    "The client is cqlsh or a driver connected to one node: timestamps in microseconds from the clock of the machine beside which it sits, 10 s of patience, the next node in order if the connection is refused (unless `@n` names the node), nothing sent again after an error. The drivers' one retry on another host after `Unavailable` is left out.",
    'Not modelled: several data centres and racks, vnodes, range reads, secondary indexes, batches, TTLs, additional repair reads and writes, dropped mutations, replicas that fail a write (`WriteFailure`), incremental repair, Paxos v2, changes of membership. A key is used as a register, a counter or a set; CQL would give each a table of its own.',
  ],
  hasLeader: false,
  // Syn, ack and ack2; slow ways are not waited for.
  greetingUs: 5000,
  options,
  operations,
  rules: Object.values(rule),
  program: program({ replica, driver, timers, periodUs: 10_000_000, describe }),
  configure,
  request,
  inspect: (memory, disk, _config, self) => inspect(memory, disk, self),
  log: (_memory, disk) => logOf(disk),
  owners: (key, config) => (config as Config).ring.replicas(key),
  alternatives,
};

/** Other levels for the same operation. */
function alternatives(call: Call): readonly Alternative[] {
  const level = call.options['level'] ?? 'LOCAL_ONE';
  const key = call.key ?? '';
  switch (call.kind) {
    case 'read':
      return ['QUORUM', 'ALL', 'ONE'].filter((other) => other !== level).map((other) => option(`read ${key}`, other));
    case 'write':
      return ['QUORUM', 'ONE', 'ANY'].filter((other) => other !== level).map((other) => option(`set ${key} ${quoted(call.value)}`, other));
    case 'delete':
      return ['QUORUM', 'ONE'].filter((other) => other !== level).map((other) => option(`delete ${key}`, other));
    default:
      return [];
  }
}

function option(command: string, level: string): Alternative {
  const text = `${command} level=${level.toLowerCase()}`;
  if (level === 'ONE') return { command: text, caveat: 'one replica alone, which may be behind' };
  return level === 'ANY' ? { command: text, caveat: 'a hint may be all there is of it' } : { command: text };
}

function quoted(value: string | undefined): string {
  return /^[A-Za-z0-9_.-]+$/.test(value ?? '') ? (value ?? '') : JSON.stringify(value ?? '');
}
