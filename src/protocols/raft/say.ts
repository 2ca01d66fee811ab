import type { Op } from '../../core/ids.ts';
import type { Facts, Rule } from '../../sim/rules.ts';
import type { RaftAsk } from './types.ts';

/** States a reason about another operation than the one being served. For tracing only: what follows is served as before. */
export function sayFor(ask: RaftAsk, op: Op, rule: Rule, facts: Facts): void {
  const served = ask.op;
  ask.serving(op);
  ask.because(rule, facts);
  ask.serving(served);
}
