import { amountsOf, judgeCounters } from './counters.ts';
import { judgeLists } from './lists.ts';
import { judgeLocks } from './locks.ts';
import { counterMachine, lockMachine } from './machines.ts';
import type { Answer, Budget, Part } from './part.ts';
import { queueBySearch } from './queue-search.ts';
import { judgeQueues } from './queues.ts';
import { bySearch } from './search.ts';
import { setBySearch } from './set-search.ts';
import { judgeSets } from './sets.ts';
import { Slack } from './slack.ts';

/** The types whose linearizability is judged here. */
export const OBJECTS = ['counter', 'set', 'list', 'queue', 'lock'] as const;
export type ObjectName = (typeof OBJECTS)[number];

export function isObject(name: string): name is ObjectName {
  return (OBJECTS as readonly string[]).includes(name);
}

/**
 * Whether the operations of one object are linearizable. What the specialised judgements leave open goes to the search, which is complete; only its steps count, and
 * where they run out `valid` is undefined.
 */
export function decide(part: Part, type: ObjectName, budget: Budget, wanted = false): Answer {
  switch (type) {
    case 'list':
      return judgeLists(part, wanted);
    case 'counter': {
      const amounts = amountsOf(part);
      if (amounts.strange >= 0) return { valid: undefined };
      return (
        judgeCounters(part, amounts, wanted) ?? bySearch(part, counterMachine(part, amounts, new Slack(part, amounts)), budget, wanted)
      );
    }
    case 'set':
      return judgeSets(part, wanted) ?? setBySearch(part, budget, wanted);
    case 'queue':
      return judgeQueues(part, wanted) ?? queueBySearch(part, budget, wanted);
    default:
      return judgeLocks(part, wanted) ?? bySearch(part, lockMachine(part), budget, wanted);
  }
}
