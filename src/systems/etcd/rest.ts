import { NO_PROC, type Proc } from '../../core/ids.ts';
import { lastIndex } from '../../protocols/raft/log.ts';
import { quorumOf } from '../../protocols/raft/progress.ts';
import type { EtcdEnv, EtcdMemory } from './types.ts';

type Reach = (peer: Proc) => boolean;

/** After so many elections in which nobody was heard, a server that reaches a majority but not all only repeats itself: the others have a leader. */
const LONELY_ROUNDS = 3;

/** What this server still expects to happen by itself. */
export function unsettled(env: EtcdEnv, memory: EtcdMemory, reach: Reach): string | undefined {
  const { raft } = memory;
  let reached = 1;
  for (let peer = 0; peer < env.size; peer++) if (peer !== env.self && reach(peer)) reached++;
  if (raft.role === 'leader') return reached < quorumOf(env.size) ? 'step-down' : unsettledLeader(env, memory, reach);
  if (raft.lead !== NO_PROC) {
    // Silence of two ticks from a leader that can be reached: it leads no more.
    return !reach(raft.lead) || raft.elapsed > 2 ? 'election' : undefined;
  }
  if (reached < quorumOf(env.size)) return undefined;
  return reached === env.size || raft.lonelyRounds < LONELY_ROUNDS ? 'election' : undefined;
}

function unsettledLeader(env: EtcdEnv, memory: EtcdMemory, reach: Reach): string | undefined {
  const { raft } = memory;
  const last = lastIndex(raft.log);
  if (raft.commit < last) return 'commit';
  const nowUs = env.monotonicUs();
  for (let peer = 0; peer < env.size; peer++) {
    const p = raft.progress[peer];
    if (peer === env.self || p === undefined || !reach(peer)) continue;
    if (p.match < last || p.sentCommit < raft.commit || nowUs - (memory.heardUs[peer] ?? 0) > 2 * env.config.tickUs) return 'replication';
  }
  return undefined;
}

/**
 * The state of a settled cluster repeats once in an election timeout; only times on its oscillator have to be moved. A server that asks for pre-votes in vain
 * is as far after a leap as before, because pre-votes leave no trace in it; without them its term would have grown.
 */
export function shift(env: EtcdEnv, memory: EtcdMemory, deltaUs: number): boolean {
  const { raft, reads } = memory;
  const periodUs = env.config.electionTicks * env.config.tickUs;
  if (deltaUs % periodUs !== 0) return false;
  if (
    (raft.lead === NO_PROC && !env.config.preVote) ||
    memory.waiting.size > 0 ||
    reads.stage !== 'idle' ||
    raft.reads.length > 0 ||
    raft.postponed.length > 0
  )
    return false;
  for (let i = 0; i < memory.heardUs.length; i++) memory.heardUs[i] = (memory.heardUs[i] ?? 0) + (isTalking(env, memory, i) ? deltaUs : 0);
  return true;
}

/** Whether that server's silence would be noticed here: its heartbeats, or answers to them, come all the time. */
function isTalking(env: EtcdEnv, memory: EtcdMemory, peer: Proc): boolean {
  const { raft } = memory;
  const quietUs = env.monotonicUs() - (memory.heardUs[peer] ?? 0);
  return (raft.role === 'leader' || raft.lead === peer) && quietUs <= 2 * env.config.tickUs;
}
