import type { Asked, Judging, Model, Verdict } from './model.ts';
import { amountsOf } from './objects/counters.ts';
import { withOneNothing } from './reads-from.ts';
import { decideSequential } from './sequential/decide.ts';
import { reasonFor } from './sequential/reason.ts';
import { smallestStory } from './sequential/shrink.ts';
import { type Story, storyOf } from './sequential/story.ts';
import { isLinearizable } from './stronger.ts';
import type { DataType } from './types.ts';

/** Shrinking is worth at most so many steps for each operation, and no fewer than the least. */
const SHRINK_STEPS = 200;
const LEAST_SHRINK_STEPS = 2_000_000;

/**
 * Sequential consistency (Lamport 1979): one order of all operations of all objects that keeps the order of each process. Unlike linearizability it is not compositional:
 * each object alone may be sequentially consistent while all of them together are not, so keys cannot be judged one by one. Deciding it is NP-complete, even where
 * every value is written once (Gibbons & Korach 1997); what reads force is found in polynomial time and settles most histories, the rest is a search of at most
 * so many steps.
 */
export const sequential: Model = {
  name: 'sequential',
  aliases: ['sequential-consistency', 'sc'],
  says: 'all operations seem to happen one after the other, those of each process in its order; all objects share that one order',
  source:
    'Lamport, How to make a multiprocessor computer that correctly executes multiprocess programs, IEEE Trans. Computers C-28(9), 1979',
  implies: ['causal', 'causal-convergent'],
  judges: ['register', 'cas-register', 'kv', 'counter', 'set', 'list', 'queue'],
  *judge(recorded, asked): Generator<Judging, Verdict> {
    const { columns: given, types } = recorded;
    yield { done: 0, of: 1 };
    if (asked.order !== true && (yield* isLinearizable(recorded, asked))) return { valid: true };
    const columns = withOneNothing(given, types);
    const story = storyOf(
      columns,
      types,
      Int32Array.from({ length: columns.count }, (_, row) => row),
    );
    return verdictOn(story, types, asked);
  },
};

function verdictOn(story: Story, types: readonly DataType[], { steps, order = false, bare = false }: Asked): Verdict {
  const { columns, rows } = story;
  const strange = strangeIn(story);
  if (strange !== undefined)
    return {
      valid: 'undecided',
      reason: `#${columns.id[strange]} adds what cannot be added up exactly: only whole numbers below 2^53 can`,
    };
  const decision = decideSequential(story, { steps });
  const named = (ops: readonly number[] = []): readonly number[] => ops.map((i) => rows[i] as number);
  if (decision.valid === undefined) return { valid: 'undecided', reason: 'the budget of steps ran out' };
  if (decision.valid) return { valid: true, ...(order ? { order: named(decision.order) } : {}) };
  if (bare) return { valid: false };
  const shrinking = { steps: Math.max(LEAST_SHRINK_STEPS, SHRINK_STEPS * story.count) };
  const witness = smallestStory(columns, types, Array.from(rows), named(decision.proof), shrinking);
  return {
    valid: false,
    witness,
    reason: reasonFor(columns, witness),
  };
}

/** The row of an addition to a counter that is no whole number. */
function strangeIn({ objects, rows }: Story): number | undefined {
  for (const { type, deeds, ops } of objects) {
    if (type.name !== 'counter') continue;
    const { strange } = amountsOf(deeds);
    if (strange >= 0) return rows[ops[strange] as number];
  }
  return undefined;
}
