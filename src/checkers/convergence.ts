import { textKeys } from './appends.ts';
import { elementsAgree } from './convergence/collections.ts';
import { type Ending, endingsOf } from './convergence/final-reads.ts';
import { sumsAgree } from './convergence/sums.ts';
import { valuesAgree } from './convergence/values.ts';
import { type Finding, type KeyFinding, type Model, verdictOf } from './model.ts';
import { withOneNothing } from './reads-from.ts';

/**
 * Eventual convergence, as far as a history with an end can show it, key by key. A change is an operation that is no read, did not fail,
 * and is no compare-and-set that found another value. D are the ok changes of a key, U those of unknown outcome. The last reads are, for
 * each process, the ok read of the key that it called last among those called after every change in D had returned. A key without last
 * reads is valid, for there is nothing to compare. Else it is invalid exactly in these cases:
 * - Registers, also with compare-and-set, and maps of texts. A value is settled if a change in D wrote it after whose return no change in D
 *   was called; where D is empty "no value" is. It is floating if a change in U wrote it. Invalid: a last read of a value that is neither;
 *   two last reads of different values neither of which is floating. Where something was appended to a text of a key: two last reads that
 *   differ, unless U has something.
 * - Counters. Invalid: two last reads that differ, where U is empty; a last read that is not the sum of D and of some of U (where these
 *   make more than 4096 different sums: that does not lie between the least and the greatest).
 * - Sets and lists. Invalid: a last read that shows an element that no change in D or U added; one that does not show an element that a
 *   change in D added and no remove in D or U names; two last reads that differ after the elements that a change in U names are left out,
 *   as sets or, for lists, as sequences.
 *
 * It does not see whether what was removed is gone for good, nor what happened before the last reads.
 */
export const convergence: Model = {
  name: 'convergence',
  aliases: ['convergent', 'eventual'],
  says: 'once nothing is written any more all processes read the same, and it is what was written',
  source:
    'Vogels, Eventually consistent, CACM 52(1), 2009; Shapiro, Preguica, Baquero & Zawirski, Conflict-free replicated data types, SSS 2011 (eventual delivery and convergence)',
  implies: [],
  mendable: true,
  judges: ['register', 'cas-register', 'kv', 'counter', 'set', 'list'],
  *judge({ columns: recorded, types }) {
    const columns = withOneNothing(recorded, types);
    yield { done: 0, of: columns.count };
    const texts = textKeys(columns, types);
    const findings: KeyFinding[] = [];
    for (const ending of endingsOf(columns)) {
      const { key, operations } = ending;
      findings.push({ key, operations, ...judged(ending) });
      if ((key & 0xff) === 0) yield { done: key, of: columns.keys.length };
    }
    const verdict = verdictOf(findings);
    if (verdict.valid !== true || findings.some(({ reason }) => reason === undefined)) return verdict;
    return { ...verdict, reason: 'there is nothing to compare: no read began after all writes had ended' };

    function judged(ending: Ending): Finding {
      if (ending.reads.length === 0)
        return { valid: true, reason: 'there is nothing to compare: no read began after all writes had ended' };
      const name = types[ending.key]?.name;
      if (name === 'counter') return sumsAgree(columns, ending);
      if (name === 'set' || name === 'list') return elementsAgree(columns, ending, name === 'list');
      return valuesAgree(columns, ending, texts[ending.key] === 1);
    }
  },
};
