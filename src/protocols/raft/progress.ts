import type { Proc } from '../../core/ids.ts';
import { lastIndex } from './log.ts';
import type { Progress, Raft } from './types.ts';

/**
 * How many entries may be on their way to one follower. etcd bounds messages (512), not entries; every message carries at least one, so this bound
 * is never looser.
 */
export const MAX_INFLIGHT = 512;

export function newProgress(next: number): Progress {
  return { match: 0, next, state: 'probe', paused: false, active: false, sentCommit: 0, pending: 0, pendingTicks: 0 };
}

export function becomeProbe(p: Progress): void {
  p.next = p.state === 'snapshot' ? Math.max(p.match + 1, p.pending + 1) : p.match + 1;
  p.state = 'probe';
  p.paused = false;
  p.pending = 0;
  p.sentCommit = Math.min(p.sentCommit, p.next - 1);
}

export function becomeReplicate(p: Progress): void {
  p.state = 'replicate';
  p.paused = false;
  p.pending = 0;
  p.next = p.match + 1;
}

export function becomeSnapshot(p: Progress, index: number): void {
  p.state = 'snapshot';
  p.paused = true;
  p.pending = index;
  p.pendingTicks = 0;
  p.next = index + 1;
  p.sentCommit = index;
}

/** Whether nothing may be sent now: a probe is out, or a snapshot. */
export function isPaused(p: Progress): boolean {
  return p.paused || p.state === 'snapshot';
}

/** An acknowledgement; false if it says nothing new. */
export function acknowledge(p: Progress, index: number): boolean {
  if (index <= p.match) return false;
  p.match = index;
  p.next = Math.max(p.next, index + 1);
  if (p.state !== 'snapshot') p.paused = false;
  return true;
}

/** A refusal of what follows `rejected`; false if it is stale. */
export function backUp(p: Progress, rejected: number, hint: number): boolean {
  if (p.state === 'replicate') {
    if (rejected <= p.match) return false;
    p.next = p.match + 1;
  } else {
    if (p.next - 1 !== rejected) return false;
    p.next = Math.max(Math.min(rejected, hint + 1), p.match + 1);
    p.paused = false;
  }
  p.sentCommit = Math.min(p.sentCommit, p.next - 1);
  return true;
}

export function quorumOf(size: number): number {
  return (size >> 1) + 1;
}

/**
 * The highest index that a majority has on disk, the leader among it: a leader that writes its disk in parallel with sending could in theory commit
 * before its own flush (dissertation, section 10.2.1), but etcd hands out no entry that is not on its own disk.
 */
export function majorityIndex(raft: Raft, self: Proc, quorum: number): number {
  const { progress } = raft;
  const own = progress[self]?.match ?? 0;
  let best = raft.commit;
  // The greatest of the match indexes, the own one at most, that a quorum has reached. Clusters are small: no sorting.
  for (let i = 0; i < progress.length; i++) {
    const index = Math.min((progress[i] as Progress).match, own);
    if (index <= best) continue;
    let reached = 0;
    for (let k = 0; k < progress.length; k++) if ((progress[k] as Progress).match >= index) reached++;
    if (reached >= quorum) best = index;
  }
  return best;
}

/** Who is known to have `index` on disk. */
export function holders(raft: Raft, index: number): Proc[] {
  const { progress } = raft;
  let count = 0;
  for (let proc = 0; proc < progress.length; proc++) if ((progress[proc] as Progress).match >= index) count++;
  // As long as it will be: reasons are stated for every copy of every entry, and `push` would make room for seventeen.
  const out = new Array<Proc>(count);
  let at = 0;
  for (let proc = 0; proc < progress.length; proc++) if ((progress[proc] as Progress).match >= index) out[at++] = proc;
  return out;
}

export function resetProgress(raft: Raft, size: number): void {
  const next = lastIndex(raft.log) + 1;
  raft.progress = Array.from({ length: size }, () => newProgress(next));
}

export function others(size: number, self: Proc): Proc[] {
  const out: Proc[] = [];
  for (let proc = 0; proc < size; proc++) if (proc !== self) out.push(proc);
  return out;
}

const everybodyOf: (readonly Proc[])[][] = [];

/** A server and then all others, for facts. Nobody changes it, so it is made once. */
export function everybody(size: number, self: Proc): readonly Proc[] {
  everybodyOf[size] ??= [];
  const lists = everybodyOf[size] as (readonly Proc[])[];
  lists[self] ??= [self, ...others(size, self)];
  return lists[self] as readonly Proc[];
}
