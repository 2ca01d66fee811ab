import type { Op, Proc } from '../../core/ids.ts';
import { newestTs, type Row } from '../../protocols/lww.ts';
import { type Ask, type Env, HINTS_US, type Memory, T_HINTS } from './memory.ts';
import type { Hint } from './messages.ts';
import { rule } from './rules.ts';

/** Hinted handoff (hints/HintsService): a coordinator keeps what a replica misses, in memory first, in files within 10 s. */
export function storeHint(env: Env, m: Memory, ask: Ask, target: Proc, key: string, row: Row, op: Op, why: string): boolean {
  const refused = refusal(env, m, target);
  if (refused !== undefined) {
    if (ask.tracing) ask.because(rule.hintRefused, { coordinator: env.self, target, why: refused });
    return false;
  }
  const id = m.nextHint++;
  m.hints.set(id, { id, target, key, row, atUs: env.clockUs(), op });
  if (ask.tracing) ask.because(rule.hintStored, { coordinator: env.self, target, why });
  return true;
}

function refusal(env: Env, m: Memory, target: Proc): string | undefined {
  if (!env.config.hints) return 'hinted_handoff_enabled=false';
  const downSinceUs = m.peers.downSinceUs[target] as number;
  const over = downSinceUs !== -1 && env.monotonicUs() - downSinceUs > env.config.maxHintWindowUs;
  return over ? 'it has been down for longer than max_hint_window' : undefined;
}

/** Every 10 s: what is only in memory goes to the files, and hints for peers that are up are sent. Unanswered ones are sent again the next time. */
export function onHintsTimer(env: Env, m: Memory, ask: Ask): void {
  ask.timer(T_HINTS, 0, HINTS_US, HINTS_US);
  if (m.hints.size === 0) return;
  const clockUs = env.clockUs();
  for (const hint of [...m.hints.map.values()]) {
    if (hint.id > m.hintsFlushed) env.disk.write({ kind: 'hint stored', hint });
    if (!m.peers.isUp(hint.target)) continue;
    ask.serving(hint.op);
    const ageUs = clockUs - hint.atUs;
    if (ageUs > env.config.gcGraceUs) {
      // An old deletion handed over after its tombstones are gone elsewhere would do no harm, an old value would rise from the dead.
      if (ask.tracing) ask.because(rule.hintExpired, { key: hint.key, target: hint.target, age: ageUs });
      forget(env, m, hint.id);
    } else send(ask, env, hint);
  }
  m.hintsFlushed = m.nextHint - 1;
}

function send(ask: Ask, env: Env, hint: Hint): void {
  if (ask.tracing) ask.because(rule.hintSent, { coordinator: env.self, target: hint.target, key: hint.key, ts: newestTs(hint.row) });
  ask.send(hint.target, { kind: 'hint', id: hint.id, key: hint.key, row: hint.row });
}

export function onHinted(env: Env, m: Memory, ask: Ask, from: Proc, id: number): void {
  const hint = m.hints.get(id);
  if (hint === undefined) return;
  if (ask.tracing) ask.because(rule.hintDelivered, { target: from, key: hint.key });
  forget(env, m, id);
}

function forget(env: Env, m: Memory, id: number): void {
  m.hints.delete(id);
  if (id <= m.hintsFlushed) env.disk.write({ kind: 'hint gone', id });
}
