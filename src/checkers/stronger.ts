import { linearizable } from './linearizable.ts';
import type { Asked, Judging, Model, Recorded } from './model.ts';

/** Steps for each operation, and for all of them: what is linearizable without much ado shows it within so many. */
const EACH = 4;
const LEAST = 10_000;

/** Whether a history is easily seen to be linearizable, and then satisfies all that linearizability implies: a process does one thing at a time, so that real time contains its order. */
export function* isLinearizable(recorded: Recorded, { steps }: Asked): Generator<Judging, boolean> {
  const { valid } = yield* linearizable.judge(recorded, { bare: true, steps: Math.min(steps, EACH * recorded.columns.count + LEAST) });
  return valid === true;
}

/** A model that linearizability implies, which is asked where the model itself leaves open what holds: most long histories come from systems that promise more than is asked of them. */
export function orStronger(model: Model): Model {
  return {
    ...model,
    *judge(recorded, asked) {
      const verdict = yield* model.judge(recorded, asked);
      if (verdict.valid !== 'undecided') return verdict;
      return (yield* isLinearizable(recorded, asked)) ? { valid: true } : verdict;
    },
  };
}
