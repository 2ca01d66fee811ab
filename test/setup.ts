import fc from 'fast-check';

/**
 * Laws run over random scripts; which ones is fixed, so that a run says the same today and tomorrow, here and there. `LAWS_SEED=7 npm test` tries others,
 * `LAWS_SEED=random` new ones each time; a failure prints the seed and the smallest counterexample.
 */
const wanted = process.env['LAWS_SEED'] ?? '20260101';
if (wanted !== 'random') fc.configureGlobal({ seed: Number(wanted) });
