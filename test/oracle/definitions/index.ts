import type { Valid } from '../../../src/checkers/model.ts';
import { APPEND, FAIL } from '../../../src/history/columns.ts';
import type { History, Op } from '../history.ts';
import { SEARCHED } from '../searched.ts';
import { anomalies, type Shown } from './anomalies.ts';
import { keysOf, ofKey } from './common.ts';
import { plainestCycle } from './cycles.ts';
import { idFigures, setFullFigures, setFullOf, uniqueIds } from './elements.ts';
import { convergence, lostFigures, noLostWrite } from './endings.ts';
import { explainsLinearizable, explainsSequential, linearizable, sequential } from './orders.ts';
import { monotonicReads, monotonicWrites, readYourWrites, writesFollowReads } from './sessions.ts';
import { kFigures, kStaleness, regular, tFigures, tStaleness } from './staleness.ts';
import { explainsSerializable, explainsStrictSerializable, serializable, strictSerializable } from './transactions.ts';
import { causal, causalConvergent, pram, weakCausal } from './views.ts';

/** What a model means, told by its definition alone. */
export interface Definition {
  /** The name of the model. */
  readonly name: string;
  /** Whether a history satisfies it; `undecided` where the definition itself leaves that open. */
  valid(history: History): Valid;
  /** Whether keys are judged one by one, each by `valid` on its own operations. */
  readonly byKey: boolean;
  /** Whether the definition says when a history is undecided, so that a checker may not give up. */
  readonly exact?: true;
  /** Whether an order of operations explains a history. */
  explains?(history: History, order: readonly Op[]): boolean;
  /** Which anomalies the verdict names, beside others. */
  anomalies?(history: History): Shown;
  /** Where there are none of these: the plainest cycle that there is, if it can be read off the history. */
  cycle?(history: History): string | undefined;
  /** The figures that the model measures, by name. */
  figures?(history: History): ReadonlyMap<string, number>;
}

/**
 * Models of values that were written, each by one operation. Of texts that were appended to they say what linearizability says, which implies them: that all is well. What is wrong without
 * these is wrong.
 */
function ofValues(valid: (history: History) => Valid): (history: History) => Valid {
  return (history) => {
    const grown = new Set(history.ops.filter(({ effect, status }) => effect === APPEND && status !== FAIL).map(({ key }) => key));
    if (grown.size === 0) return valid(history);
    if (keysOf(history).every((key) => linearizable(ofKey(history, key)) === true)) return true;
    return valid({ ...history, ops: history.ops.filter(({ key }) => !grown.has(key)) }) === false ? false : 'undecided';
  };
}

export const definitions: readonly Definition[] = [
  { name: 'linearizable', valid: linearizable, byKey: true, explains: explainsLinearizable },
  { name: SEARCHED, valid: linearizable, byKey: true, explains: explainsLinearizable },
  { name: 'sequential', valid: sequential, byKey: false, explains: explainsSequential },
  {
    ...{ name: 'strict-serializable', valid: strictSerializable, byKey: false, explains: explainsStrictSerializable },
    ...{ anomalies, cycle: (history: History) => plainestCycle(history, true) },
  },
  {
    ...{ name: 'serializable', valid: serializable, byKey: false, explains: explainsSerializable },
    ...{ anomalies, cycle: (history: History) => plainestCycle(history, false) },
  },
  { name: 'causal', valid: ofValues(causal), byKey: false },
  { name: 'causal-convergent', valid: ofValues(causalConvergent), byKey: false },
  { name: 'weak-causal', valid: ofValues(weakCausal), byKey: false },
  { name: 'pram', valid: ofValues(pram), byKey: false },
  { name: 'read-your-writes', valid: ofValues(readYourWrites), byKey: false },
  { name: 'monotonic-reads', valid: ofValues(monotonicReads), byKey: false },
  { name: 'monotonic-writes', valid: ofValues(monotonicWrites), byKey: false },
  { name: 'writes-follow-reads', valid: ofValues(writesFollowReads), byKey: false },
  { name: 'regular', valid: regular, byKey: true },
  { name: 'k-staleness', valid: kStaleness, byKey: true, figures: kFigures },
  { name: 't-staleness', valid: tStaleness, byKey: true, figures: tFigures },
  { name: 'convergence', valid: convergence, byKey: true },
  { name: 'no-lost-write', valid: noLostWrite, byKey: true, figures: lostFigures },
  { name: 'set-full', valid: setFullOf, byKey: true, exact: true, figures: setFullFigures },
  { name: 'unique-ids', valid: uniqueIds, byKey: false, figures: idFigures },
];

export const definitionOf = (name: string): Definition | undefined => definitions.find((one) => one.name === name);
