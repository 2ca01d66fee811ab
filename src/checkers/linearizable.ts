import { type KeyFinding, type Model, verdictOf } from './model.ts';
import { isObject, OBJECTS } from './objects/decide.ts';
import { judgeObjects } from './objects/judge.ts';
import { judgeRegisters } from './registers/judge.ts';
import { merged } from './registers/merge.ts';

/**
 * Linearizability (Herlihy & Wing 1990). Keys are judged one by one, which loses nothing: a history is linearizable if and only if its part on each object is (theorem 1 there).
 */
export const linearizable: Model = {
  name: 'linearizable',
  aliases: ['linearizability', 'atomic'],
  says: 'every operation seems to happen at one moment between its call and its return',
  source: 'Herlihy & Wing, Linearizability: a correctness condition for concurrent objects, TOPLAS 12(3), 1990',
  implies: ['sequential', 'regular', 'convergence', 'no-lost-write', 'set-full'],
  judges: ['register', 'cas-register', 'kv', ...OBJECTS],
  *judge({ columns, types }, asked) {
    const findings: KeyFinding[] = [];
    for (const type of new Set(types)) {
      const keys = types.flatMap((own, key) => (own === type ? [key] : []));
      const { name } = type;
      findings.push(...(yield* isObject(name) ? judgeObjects(columns, keys, name, asked) : judgeRegisters(columns, keys, type, asked)));
    }
    const verdict = verdictOf(findings.sort((a, b) => a.key - b.key));
    const orders = findings.flatMap(({ order }) => (order === undefined ? [] : [order]));
    const explained = asked.order === true && verdict.valid === true && orders.length === findings.length;
    return explained ? { ...verdict, order: merged(columns, orders) } : verdict;
  },
};
