import { raftRules } from '../../protocols/raft/rules.ts';
import { program } from '../../sim/process.ts';
import type { System } from '../system.ts';
import { describe } from './describe.ts';
import { driver } from './driver.ts';
import { inspect, logOf, pulse } from './inspect.ts';
import { configure, operations, options } from './options.ts';
import { alternatives, request } from './request.ts';
import { etcdRules } from './rules.ts';
import { replica } from './server.ts';
import { timers } from './types.ts';

/** etcd 3.6: one Raft group, every server has every key. */
export const etcd: System = {
  name: 'etcd',
  title: 'etcd',
  version: '3.6',
  tagline: 'a small store that agrees on everything (Raft): consistent, or no answer',
  models: [
    'Modelled after etcd 3.6 and its Raft library: elections with pre-vote and check-quorum, randomised timeouts of 10 to 19 ticks of 100 ms, log replication, repair and truncation, commits of entries of the own term only, snapshots for followers more than 5000 entries behind, ReadIndex and serializable reads, one revision counter for all keys, the write-ahead log with its flushes, request timeouts and error texts.',
    'A new cluster starts warm: the first node (or `leader=`) has won the first election, in term 2, and the log holds one entry for each member and the empty entry of that leader. `boot=cold` starts before the first election.',
    "The client is etcd's Go client on one connection. `driver=server` waits for the server's answer; a server that is silent altogether is given up by the keepalive of the connection (10 s, then 6 s for the answer; these are etcdctl's), and the outcome of a write is unknown; later requests pass that server over until it is heard again. A read is repeated only on `leader changed`, or elsewhere when a connection breaks.",
    "Not modelled: changes of membership, learners, leases, watches, users, transactions over several keys, old revisions and their compaction, transfer of leadership, the faster first election after a restart (`--initial-election-tick-advance`). Applying an entry takes no time, so `etcdserver: too many requests` does not come up. A write that found no leader for all of its 7 s ends with the server's bare `context deadline exceeded`, as in etcd 3.6: it was never proposed, but neither the client nor its history can know that, so its outcome is unknown.",
  ],
  hasLeader: true,
  options,
  operations,
  rules: [...Object.values(raftRules), ...Object.values(etcdRules)],
  program: program({ replica, driver, timers, periodUs: 1_000_000, describe }),
  configure: (chosen) => configure(chosen),
  request: (call) => request(call),
  inspect: (memory, disk) => inspect(memory, disk),
  pulse,
  log: (memory, disk) => logOf(memory, disk),
  alternatives,
};
