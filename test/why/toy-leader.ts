import type { Proc } from '../../src/core/ids.ts';
import { program } from '../../src/sim/process.ts';
import { ruleBook } from '../../src/sim/rules.ts';

/** Leadership alone: heartbeats, elections by majority, a leader that steps down when too few answer. Writes are refused but by the leader. */
export const leaderRules = ruleBook({
  silence: { says: '{node:node} heard nothing for {waited:time} and asks for votes in term {term}', effect: 'detected' },
  elected: { says: '{node:node} leads term {term}', effect: 'elected' },
  alone: { says: '{node:node} stepped down: within {waited:time} only {heard:nodes} answered', effect: 'stepped-down' },
  notLeader: { says: '{node:node} does not lead', effect: 'refused' },
});

interface Memory {
  term: number;
  leads: boolean;
  votes: Proc[];
  heard: Proc[];
}

type Message =
  | { readonly kind: 'write' | 'ok' | 'not leader' }
  | { readonly kind: 'beat' | 'ack' | 'ask vote' | 'vote'; readonly term: number };

const SILENCE_US: readonly [number, number] = [300_000, 600_000];

export const leadership = program<Memory, never, Message, unknown, undefined, object>({
  replica: {
    boot(env, ask, start) {
      const leads = start?.leader === env.self;
      ask.timer(0, 0, 100_000, 100_000);
      ask.timer(1, 0, ...SILENCE_US);
      return { term: 1, leads, votes: [], heard: [] };
    },
    onRequest(env, memory, ask, op) {
      if (memory.leads) ask.reply(op, { kind: 'ok' });
      else {
        ask.because(leaderRules.notLeader, { node: env.self });
        ask.reply(op, { kind: 'not leader' });
      }
    },
    onMessage(env, memory, ask, from, message) {
      if (!('term' in message)) return;
      if (message.term > memory.term || (message.kind === 'beat' && message.term === memory.term)) {
        memory.leads = memory.leads && message.term === memory.term;
        memory.term = message.term;
        if (!memory.leads) ask.timer(1, 0, ...SILENCE_US);
        if (message.kind === 'ask vote') ask.send(from, { kind: 'vote', term: message.term });
        else ask.beat(from, { kind: 'ack', term: message.term });
        return;
      }
      if (message.kind === 'ack') memory.heard.push(from);
      if (message.kind !== 'vote' || message.term !== memory.term || memory.leads) return;
      memory.votes.push(from);
      ask.awaits(0, {
        need: (env.size >> 1) + 1,
        of: all(env.size),
        have: memory.votes.slice(),
        what: 'votes for {node:node}',
        facts: { node: env.self },
      });
      if (memory.votes.length !== (env.size >> 1) + 1) return;
      memory.leads = true;
      ask.because(leaderRules.elected, { node: env.self, term: memory.term });
    },
    onTimer(env, memory, ask, kind) {
      if (kind === 0) {
        ask.timer(0, 0, 100_000, 100_000);
        if (memory.leads) for (const to of all(env.size)) if (to !== env.self) ask.beat(to, { kind: 'beat', term: memory.term });
        return;
      }
      ask.timer(1, 0, ...SILENCE_US);
      if (memory.leads) {
        const heard = [...new Set(memory.heard)];
        memory.heard = [];
        if (heard.length >= env.size >> 1) return;
        memory.leads = false;
        ask.because(leaderRules.alone, { node: env.self, heard, waited: SILENCE_US[1] });
        return;
      }
      memory.term++;
      memory.votes = [env.self];
      ask.because(leaderRules.silence, { node: env.self, waited: SILENCE_US[0], term: memory.term });
      ask.awaits(0, {
        need: (env.size >> 1) + 1,
        of: all(env.size),
        have: [env.self],
        what: 'votes for {node:node}',
        facts: { node: env.self },
      });
      for (const to of all(env.size)) if (to !== env.self) ask.send(to, { kind: 'ask vote', term: memory.term });
    },
    unsettled: () => undefined,
    shift: () => true,
  },
  driver: {
    boot: () => undefined,
    onCall(_env, _memory, ask, _op, _request, home) {
      ask.send(home, { kind: 'write' });
    },
    onMessage(_env, _memory, ask, from, op, message) {
      ask.finish(op, message.kind === 'ok' ? { status: 'ok', node: from } : { status: 'fail', error: 'not leader', node: from });
    },
    onTimer() {},
    onBroken(_env, _memory, ask, from, op) {
      ask.finish(op, { status: 'fail', error: 'connection refused', node: from });
    },
  },
  timers: [
    { name: 'heartbeat', background: true },
    { name: 'silence', background: true },
  ],
  periodUs: 100_000,
  describe: (message) => message.kind,
});

function all(size: number): readonly Proc[] {
  return Array.from({ length: size }, (_, i) => i);
}
