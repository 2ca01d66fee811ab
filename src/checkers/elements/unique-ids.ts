import { GENERATE, OK } from '../../history/columns.ts';
import type { Model } from '../model.ts';
import { Pairs } from '../pairs.ts';

/**
 * No id is handed out twice: of all ok operations that generate one, whatever their key, no two return the same. An operation that failed
 * or whose outcome nobody knows handed out nothing that anybody saw. Nothing is asked of the order of the ids.
 */
export const uniqueIds: Model = {
  name: 'unique-ids',
  aliases: ['unique'],
  says: 'no id is handed out twice',
  source: 'the workload unique-ids of Maelstrom; Jepsen, checker/unique-ids',
  implies: [],
  judges: ['ids'],
  *judge({ columns }) {
    const { count, effect, status, value, id, texts } = columns;
    const handed = new Pairs();
    const firstOf = new Int32Array(count);
    let duplicated = 0;
    let witness: readonly number[] | undefined;
    for (let i = 0; i < count; i++) {
      if ((i & 0xffff) === 0xffff) yield { done: i, of: count };
      if (effect[i] !== GENERATE || status[i] !== OK) continue;
      const known = handed.size;
      const place = handed.add(value[i] as number, 0);
      if (place === known) firstOf[place] = i;
      else {
        duplicated++;
        witness ??= [firstOf[place] as number, i];
      }
    }
    const figures = [{ name: 'duplicated', value: duplicated }];
    if (witness === undefined) return { valid: true, figures };
    const [a, b] = witness as [number, number];
    const reason = `#${id[a]} and #${id[b]} were both given the id ${texts.text(value[a] as number) ?? 'nil'}`;
    return { valid: false, witness, reason, figures };
  },
};
