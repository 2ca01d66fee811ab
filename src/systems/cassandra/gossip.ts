import type { Proc } from '../../core/ids.ts';
import { type Ask, type Env, GOSSIP_US, type Memory, T_GOSSIP, T_VERDICT } from './memory.ts';
import type { Message } from './messages.ts';
import { rule } from './rules.ts';

/** Gossip that was heard so recently is acknowledged by the next gossip the other way. */
const HEARS_US = 5_000_000;

const HEARS: Message = { kind: 'gossip', hears: true };
const DEAF: Message = { kind: 'gossip', hears: false };

/**
 * Gossip, modelled for each pair: once a second every node tells every other that it lives, and whether it hears the other. Only who hears us counts as alive, as
 * real gossip needs its three messages (syn, ack, ack2) to get through: a cut in one direction makes both ends convict each other.
 */
export function onGossipTimer(env: Env, m: Memory, ask: Ask): void {
  ask.timer(T_GOSSIP, 0, GOSSIP_US, GOSSIP_US);
  const nowUs = env.monotonicUs();
  for (let peer = 0; peer < env.size; peer++) if (peer !== env.self) greet(m, ask, peer, nowUs);
  judge(env, m, ask, nowUs);
}

/** A real node judges once a second; here a verdict falls when it is due, so that its time does not hang on the phase of that second. */
export function judge(env: Env, m: Memory, ask: Ask, nowUs: number): void {
  const convicted = m.peers.convict(env.self, env.config.phiThreshold, nowUs);
  const leftUs = m.peers.dueUs - nowUs;
  if (leftUs <= GOSSIP_US) ask.timer(T_VERDICT, 0, leftUs, leftUs);
  for (const peer of convicted) {
    m.unscored.add(peer);
    if (ask.tracing) {
      const silence = nowUs - (m.peers.heardUs[peer] as number);
      ask.because(rule.convicted, { node: env.self, peer, silence, phi: m.peers.phi(peer, nowUs).toFixed(1) });
    }
  }
}

function greet(m: Memory, ask: Ask, peer: Proc, nowUs: number): void {
  ask.beat(peer, nowUs - (m.gossipUs[peer] as number) < HEARS_US ? HEARS : DEAF);
}

export function onGossip(env: Env, m: Memory, ask: Ask, from: Proc, hears: boolean): void {
  const nowUs = env.monotonicUs();
  const wasDeaf = nowUs - (m.gossipUs[from] as number) >= HEARS_US;
  m.gossipUs[from] = nowUs;
  // The other side should not have to wait a second to learn that it is heard again.
  if (wasDeaf) greet(m, ask, from, nowUs);
  if (!hears) return;
  const downSinceUs = m.peers.downSinceUs[from] as number;
  if (m.peers.heard(from, nowUs) && ask.tracing) ask.because(rule.seenAgain, { node: env.self, peer: from, down: nowUs - downSinceUs });
}
