import { SEARCHED } from '../searched.ts';
import { mistakes } from './mistake.ts';

const model = 'linearizable';

/** Linearizability of counters, sets, lists, queues and locks. */
export const inObjects = [
  ...mistakes({ model, type: 'counter', path: 'objects/counters.ts' }, [
    [
      'an addition that lowers a counter does so once it has returned, and not before',
      '(least[i] as number) + lowered;',
      '(least[i] as number) + loweredReturned;',
    ],
    ['a counter only grows', 'if (raises && lowers) return undefined;', ''],
    ['whatever is added counts as one', 'if (amount[i] !== unit) return undefined;', ''],
  ]),
  ...mistakes({ model, type: 'counter', path: 'objects/part.ts' }, [
    [
      'what failed may have happened all the same',
      'if (failed(row) || (call[row] as number) > upTo) continue;',
      'if ((call[row] as number) > upTo) continue;',
    ],
  ]),
  ...mistakes({ model, type: 'set', path: 'objects/sets.ts' }, [
    [
      'a set may show an element twice',
      'if (add === undefined || seen[element] === i) return wrong(i);',
      'if (add === undefined) return wrong(i);',
    ],
    ['of two reads each may show what the other does not', 'if (old !== least) return { apart: [before, i] };', ''],
    ['each of several additions of an element must be the one that counted', 'if (seen > 0 && first[element] !== i) how[i] = FROM;', ''],
  ]),
  ...mistakes({ model, type: 'list', path: 'objects/lists.ts' }, [
    [
      'of two reads of a list neither has to be the beginning of the other',
      'if (!known.has(value[i] as number) && !begins(seen, whole)) return { apart: [longest, i] };',
      '',
    ],
  ]),
  ...mistakes({ model, type: 'list', path: 'objects/growing.ts' }, [
    ['behind what no read shows a list may still become what a read shows', 'this.length = word.length + 1;', ''],
    [
      'of appends of the same element the one that returns last comes first',
      'if ((ret[i] as number) < (ret[best] as number)) best = i;',
      'if ((ret[i] as number) > (ret[best] as number)) best = i;',
    ],
    [
      'a read may show a list that had already grown further',
      'return length > this.length && this.grow(length);',
      'return this.grow(length);',
    ],
  ]),
  ...mistakes({ model, type: 'queue', path: 'objects/queues.ts' }, [
    [
      'items need not come out in the order in which they were brought',
      'if (begun >= 0 && (items.dequeueReturn[begun] as number) < last) return operations(items, holder, begun);',
      '',
    ],
    ['an item that nobody took may stay in front of others for ever', '(call !== NEVER || !mild)', 'call !== NEVER'],
    [
      'an item may be taken twice',
      'if (takers.length > twins.length) return { valid: false, proof: [...twins, ...takers.slice(0, twins.length + 1)] };',
      '',
    ],
    ['a queue with items in it may be found empty', 'next[rank] = inside === 0 ? rank : ranks;', 'next[rank] = rank;'],
  ]),
  ...mistakes({ model, type: 'lock', path: 'objects/locks.ts' }, [
    ['a token may be given out twice', ': newer > older;', ': newer >= older;'],
    [
      'a lock may be let go with another token',
      'return release === NOTHING || acquire === NOTHING || release === acquire;',
      'return true;',
    ],
    [
      'somebody may get a lock that another never lets go',
      'if (freed < 0 && next !== undefined) return wrong(got, acquire[next] as number);',
      '',
    ],
    ['who holds nothing may let go', '} else if (!unknown) return before < 0 ? wrong(i) : wrong(...whole(holds, before), before, i);', '}'],
    ['an acquire of unknown outcome got the lock', 'if (unknown) continue;', ''],
  ]),
  ...mistakes({ model: SEARCHED, type: 'lock', path: 'objects/machines.ts' }, [
    ['anybody may let go of a lock, whoever holds it', 'return holder[state] === process[i] && matches(', 'return matches('],
  ]),
  ...mistakes({ model: SEARCHED, type: 'queue', path: 'objects/queue-search.ts' }, [
    ['enqueues need not keep real time', 'if (first >= ends || last >= takes) return;', 'if (last >= takes) return;'],
  ]),
  ...mistakes({ model: SEARCHED, type: 'lock', path: 'objects/search.ts' }, [
    ['what is of unknown outcome may take effect before it is called', 'if ((part.call[i] as number) > before) return false;', ''],
  ]),
];
