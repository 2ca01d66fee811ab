import { isProblem } from '../core/problem.ts';
import type { Expectations } from '../hunt/goal.ts';
import { judge } from './claims.ts';
import type { Expectation } from './expect.ts';

/** `expect` lines as a hunt judges them: without the explanation that a reader gets, which costs more than the whole run. */
export const expectations: Expectations = {
  about: (args) => ('op' in (args as Expectation).claim ? 'result' : 'cluster'),
  judge: (stage, args) => {
    const { claim, negated } = args as Expectation;
    const finding = judge(stage, claim);
    if (isProblem(finding)) return finding;
    return { held: finding.undefined === true ? undefined : finding.holds !== negated, actual: finding.actual };
  },
};
