import type { Op, Proc } from '../../core/ids.ts';
import { cellWrite } from '../../protocols/lww.ts';
import { unavailable, writeTimeout } from './errors.ts';
import { blockFor, type Level } from './levels.ts';
import { type Ask, type CountWork, type Env, type Memory, T_COUNT, type WriteThen } from './memory.ts';
import type { Mutate, Result } from './messages.ts';
import { rule } from './rules.ts';
import { apply } from './storage.ts';
import { SHARE } from './values.ts';
import { liveReplicas, refuse, startWrite } from './write.ts';

/**
 * Counters (db/context/CounterContext): each replica has a share of its own with a clock of its own, and only it changes that share. A coordinator hands the
 * update to a leader, itself if it is a replica; the leader reads its share, writes the sum under the next clock and sends it to the others. Shares merge by
 * their clocks, which is last-write-wins with the clock for a timestamp; their sum is the counter.
 */
export function onAdd(env: Env, m: Memory, ask: Ask, op: Op, key: string, delta: number, level: Level): void {
  const live = liveReplicas(env, m, key);
  const need = blockFor(level, env.config.ring.rf);
  if (live.length < need) {
    ask.reply(op, refuse(env, m, ask, key, level, need, live.length));
    return;
  }
  if (live.includes(env.self)) {
    lead(env, m, ask, op, key, delta, level, live, { to: 'client' });
    return;
  }
  const leader = live[0] as Proc;
  const work: CountWork = { kind: 'count', id: m.nextWork++, op, leader, level };
  m.works.set(work.id, work);
  ask.timer(T_COUNT, work.id, env.config.counterTimeoutUs, env.config.counterTimeoutUs);
  if (ask.tracing) ask.awaits(op, { need: 1, of: [leader], have: [], what: 'answer of the leader of the update' });
  ask.send(leader, { kind: 'count', id: work.id, op, key, delta, level });
}

/** The leader's part, for a client of its own or for another coordinator. */
export function onCount(
  env: Env,
  m: Memory,
  ask: Ask,
  from: Proc,
  message: { id: number; op: Op; key: string; delta: number; level: Level },
): void {
  const { id, op, key, delta, level } = message;
  const live = liveReplicas(env, m, key);
  const need = blockFor(level, env.config.ring.rf);
  if (live.length < need) ask.send(from, { kind: 'counted', id, result: unavailable(level, need, live.length) });
  else lead(env, m, ask, op, key, delta, level, live, { to: 'coordinator', peer: from, id });
}

function lead(
  env: Env,
  m: Memory,
  ask: Ask,
  op: Op,
  key: string,
  delta: number,
  level: Level,
  live: readonly Proc[],
  then: WriteThen,
): void {
  const path = `${SHARE}${String(env.self).padStart(4, '0')}`;
  const own = m.table.get(key)?.cells.find((cell) => cell.path === path);
  const share = String(Number(own?.value ?? 0) + delta);
  const row = cellWrite(path, share, (own?.ts ?? 0) + 1, 0);
  const message: Mutate = { kind: 'mutate', id: m.nextWork++, key, row, why: 'counter' };
  apply(env, m, ask, key, row, message);
  if (ask.tracing) ask.because(rule.counterLeader, { leader: env.self, key, share });
  startWrite(env, m, ask, op, message, level, live, blockFor(level, env.config.ring.rf), then);
}

export function onCounted(_env: Env, m: Memory, ask: Ask, id: number, result: Result): void {
  const work = m.works.get(id);
  if (work === undefined || work.kind !== 'count') return;
  m.works.delete(id);
  ask.cancel(T_COUNT, id);
  ask.reply(work.op, result);
}

/** The leader was silent: it may have counted, so nobody may simply count again. */
export function onCountTimer(env: Env, m: Memory, ask: Ask, work: CountWork): void {
  m.works.delete(work.id);
  const need = blockFor(work.level, env.config.ring.rf);
  if (ask.tracing) {
    const facts = { level: work.level, need, received: 0, timeout: env.config.counterTimeoutUs, missing: [work.leader] };
    ask.because(rule.writeUnanswered, facts);
  }
  ask.reply(work.op, writeTimeout(0));
}
