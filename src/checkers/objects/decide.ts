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

/** Those of which some need a search. */
export type Searched = Exclude<ObjectName, 'list'>;

/**
 * Whether the operations of one object are linearizable. What the specialised judgements leave open goes to the searches, which are complete; only their steps count, and
 * where they run out `valid` is undefined.
 */
export function decide(part: Part, type: ObjectName, budget: Budget, wanted = false): Answer {
  if (type === 'list') return judgeLists(part, wanted);
  return decideAtOnce(part, type, wanted) ?? decideBySearch(part, type, budget, wanted);
}

/** What needs no search; undefined where it does. */
function decideAtOnce(part: Part, type: Searched, wanted: boolean): Answer | undefined {
  switch (type) {
    case 'counter':
      return judgeCounters(part, amountsOf(part), wanted);
    case 'set':
      return judgeSets(part, wanted);
    case 'queue':
      return judgeQueues(part, wanted);
    default:
      return judgeLocks(part, wanted);
  }
}

/** The same, whatever the operations are, by nothing but a search. */
export function decideBySearch(part: Part, type: Searched, budget: Budget, wanted = false): Answer {
  switch (type) {
    case 'counter': {
      const amounts = amountsOf(part);
      return bySearch(part, counterMachine(part, amounts, new Slack(part, amounts)), budget, wanted);
    }
    case 'set':
      return setBySearch(part, budget, wanted);
    case 'queue':
      return queueBySearch(part, budget, wanted);
    default:
      return bySearch(part, lockMachine(part), budget, wanted);
  }
}
