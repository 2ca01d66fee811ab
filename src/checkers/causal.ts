import { checkConvergent, checkViews, checkWeak } from './causal/checks.ts';
import { causalModel } from './causal/judge.ts';
import type { Model } from './model.ts';

const patterns = 'Bouajjani, Enea, Guerraoui & Hamza, On verifying causal consistency, POPL 2017';

/** Causal memory. Who sees what another did sees all that the other had seen; everybody for themselves, so that two processes may disagree for ever on which of two unrelated writes came last. */
export const causal: Model = causalModel(
  {
    name: 'causal',
    aliases: ['cm', 'causal-memory'],
    says: 'each process sees all writes in some order of its own that puts every cause before its effects, and its reads return the last write there',
    source: `Ahamad, Neiger, Burns, Kohli & Hutto, Causal memory: definitions, implementation, and programming, Distributed Computing 9(1), 1995; CM in ${patterns}`,
    implies: ['weak-causal', 'pram', 'writes-follow-reads'],
  },
  checkViews('all'),
  { learns: 'pasts', finds: 'last learned' },
);

/**
 * Causal convergence. Everybody agrees which of two writes is the later one, and so replicas converge; but a read looks only at what is in its own past, and a process may learn of the
 * earlier write after the later one. So it does not imply PRAM: let p write z = 1, x = 1, y = 1, and let q write x = 2, read z as nothing, y = 1 and x = 2. With x = 1 agreed to be the
 * earlier one all of that is well; but in a view of q, z = 1 comes after q read nothing, x = 1 after that, and so after x = 2, and before q read y = 1: q would have to read x = 1.
 */
export const causalConvergent: Model = causalModel(
  {
    name: 'causal-convergent',
    aliases: ['causal+', 'ccv'],
    says: 'all agree on one order of all writes that puts every cause before its effects, and a read returns the last one there of those in its causal past',
    source: `CCv in ${patterns}; Perrin, Mostefaoui & Jard, Causal consistency: beyond memory, PPoPP 2016`,
    implies: ['weak-causal'],
  },
  checkConvergent,
  { learns: 'pasts', finds: 'last for all' },
);

export const weakCausal: Model = causalModel(
  {
    name: 'weak-causal',
    aliases: ['cc', 'weak-causal-consistency'],
    says: 'no read returns what something in its causal past had overwritten',
    source: `CC in ${patterns}; Perrin, Mostefaoui & Jard, Causal consistency: beyond memory, PPoPP 2016`,
    implies: [],
  },
  checkWeak,
  { learns: 'pasts', finds: 'any' },
);

export const pram: Model = causalModel(
  {
    name: 'pram',
    aliases: ['fifo'],
    says: 'each process sees all writes in some order of its own that keeps the order of every process, and its reads return the last write there',
    source: 'Lipton & Sandberg, PRAM: a scalable shared memory, Princeton CS-TR-180-88, 1988',
    implies: ['read-your-writes', 'monotonic-reads', 'monotonic-writes'],
  },
  checkViews('own'),
  { learns: 'writers', finds: 'last learned' },
);
