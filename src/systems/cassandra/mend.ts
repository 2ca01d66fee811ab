import type { Proc } from '../../core/ids.ts';
import { merge, NEVER, newestTs, type Row, sameRow } from '../../protocols/lww.ts';
import { type Ask, type Env, type Memory, type ReadWork, T_READ } from './memory.ts';
import { endRead, explainAnswer, nextRound } from './read.ts';
import { rule } from './rules.ts';
import { acknowledge, apply } from './storage.ts';

/**
 * Blocking read repair (service/reads/repair/BlockingReadRepair). The full rows are merged; before the read answers, so many replicas hold the result as its level
 * needs. That is what makes quorum reads monotonic: whoever reads next meets one of them. With read_repair=NONE the answer goes out at once.
 */
export function mend(env: Env, m: Memory, ask: Ask, work: ReadWork): void {
  const merged = work.rows.reduce(merge);
  const stale = work.from.filter((_, i) => !sameRow(work.rows[i] as Row, merged));
  const fresh = work.from.filter((_, i) => sameRow(work.rows[i] as Row, merged));
  work.merged = merged;
  if (ask.tracing) explain(ask, work, stale, fresh);
  if (stale.length === 0 || env.config.readRepair === 'NONE') {
    if (stale.length > 0 && ask.tracing) ask.because(rule.repairOff, { stale });
    finish(env, m, ask, work);
    return;
  }
  nextRound(env, m, ask, work, 'repair');
  if (ask.tracing) ask.because(rule.repairSent, { stale });
  const message = { kind: 'mutate', id: work.id, key: work.key, row: merged, why: 'read repair' } as const;
  for (const peer of stale) if (peer !== env.self) ask.send(peer, message);
  work.from = fresh.slice();
  if (stale.includes(env.self)) {
    apply(env, m, ask, work.key, merged, message);
    if (env.config.commitlogSync === 'batch') acknowledge(env, ask, env.self, { kind: 'acked', id: work.id });
    else work.from.push(env.self);
  }
  awaitRepair(env, m, ask, work);
}

function explain(ask: Ask, work: ReadWork, stale: readonly Proc[], fresh: readonly Proc[]): void {
  const old = work.rows.filter((_, i) => stale.includes(work.from[i] as Proc)).map(newestTs);
  if (old.length === 0) return;
  const newest = Math.max(...old);
  ask.because(rule.reconciled, {
    winners: fresh,
    losers: stale,
    ts: newestTs(work.merged),
    old: newest === NEVER ? 'nothing' : `timestamp ${newest}`,
  });
}

/** A repaired replica has answered. */
export function onMended(env: Env, m: Memory, ask: Ask, work: ReadWork, from: Proc): void {
  if (work.round !== 'repair') return;
  work.from.push(from);
  if (ask.tracing) ask.because(rule.repairAcked, { peer: from });
  awaitRepair(env, m, ask, work);
}

function awaitRepair(env: Env, m: Memory, ask: Ask, work: ReadWork): void {
  if (ask.tracing) {
    ask.awaits(work.op, {
      need: work.need,
      of: work.order.slice(0, work.asked),
      have: work.from.slice(),
      what: 'acknowledgement of the read repair',
    });
  }
  if (work.from.length >= work.need) finish(env, m, ask, work);
}

function finish(env: Env, m: Memory, ask: Ask, work: ReadWork): void {
  m.works.delete(work.id);
  ask.cancel(T_READ, work.id);
  if (ask.tracing) explainAnswer(ask, work.from.slice(), work.level, work.key, work.merged);
  endRead(env, m, ask, work, work.merged);
}
