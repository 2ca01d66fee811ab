import { mistakes } from './mistake.ts';

/** Convergence, lost writes, sets and lists in full, unique ids. */
export const inEndings = [
  ...mistakes({ model: 'convergence', path: 'convergence/final-reads.ts' }, [
    ['reads are last reads even if something was written after them', ' && (call[row] as number) > quiet)', ')'],
    ['what failed was done', ' || status[row] === FAIL || status[row] === UNEQUAL) continue;', ') continue;'],
  ]),
  ...mistakes({ model: 'convergence', type: 'register', path: 'convergence/values.ts' }, [
    [
      'of writes that ran at once the one called last stays',
      'const last = done.filter((row) => (ret[row] as number) > (call[newest as number] as number));',
      'const last = done.slice(-1);',
    ],
    [
      'a write of unknown outcome cannot arrive late',
      'const firm = reads.filter((read) => !mayCome.has(value[read] as number));',
      'const firm = reads;',
    ],
    [
      'two processes may go on reading different values',
      'const other = firm.find((read) => value[read] !== value[one as number]);',
      'const other = undefined;',
    ],
  ]),
  ...mistakes({ model: 'convergence', type: 'kv', path: 'convergence/values.ts' }, [
    ['what may still be appended to a text cannot tell its reads apart', 'if (grows && unknown.length > 0) return { valid: true };', ''],
  ]),
  ...mistakes({ model: 'convergence', type: 'counter', path: 'convergence/sums.ts' }, [
    ['an addition of unknown outcome never happened', 'sums.add(one + more);', 'sums.add(one);'],
  ]),
  ...mistakes({ model: 'convergence', type: 'set', path: 'convergence/collections.ts' }, [
    ['what was added stays, though somebody removed it', 'if (!there.has(code) && !removed.has(code))', 'if (!there.has(code))'],
    ['what is of unknown outcome was not added', 'if (!acked.has(code) && !mayAdd.has(code))', 'if (!acked.has(code))'],
  ]),
  ...mistakes({ model: 'convergence', type: 'list', path: 'convergence/collections.ts' }, [
    ['it does not matter in what order a list shows its elements', 'if (!ordered) return undefined;', 'return undefined;'],
  ]),
  ...mistakes({ model: 'no-lost-write', type: 'register', path: 'elements/no-lost-write.ts' }, [
    [
      'where something that was written is read nothing is lost',
      'if (best >= 0 && (ret[best] as number) > (call[i] as number)) continue;',
      'if (best >= 0) continue;',
    ],
    [
      'a read that had ended before the last one began shows that nothing is lost',
      ' || (ret[i] as number) < (call[last[k] as number] as number)) continue;',
      ') continue;',
    ],
  ]),
  ...mistakes({ model: 'no-lost-write', type: 'set', path: 'elements/no-lost-write.ts' }, [
    ['what was removed is lost', 'row === -1 || seen.removed[e] === 1 ? NEVER', 'row === -1 ? NEVER'],
    [
      'what one stale read does not show is lost',
      'if ((missed[e] as number) <= (seen.last[e] as number)) continue;',
      'if ((missed[e] as number) < 0) continue;',
    ],
  ]),
  ...mistakes({ model: 'set-full', type: 'set', path: 'elements/set-full.ts' }, [
    ['what one stale read does not show is lost', 'if (gone > shown) {', 'if (gone !== -1) {'],
    [
      'that somebody has read an element makes it known to nobody',
      'for (const row of [acked[e] as number, first[e] as number])',
      'for (const row of [acked[e] as number])',
    ],
    ['every element that is shown in the end was stale', 'if (gone !== -1) tally.stale++;', 'tally.stale++;'],
  ]),
  ...mistakes({ model: 'set-full', type: 'list', path: 'elements/seen.ts' }, [
    ['a list may hold an element only once', 'most[e] = does === APPEND ? (most[e] as number) + 1 : 1;', 'most[e] = 1;'],
    [
      'an element may be read before anybody begins to append it',
      'if (e < 0 || (call[seen.added[e] as number] as number) > (ret[row] as number)) {',
      'if (e < 0) {',
    ],
    ['what failed was appended', 'if (does === READ || status[i] === FAIL) continue;', 'if (does === READ) continue;'],
  ]),
  ...mistakes({ model: 'unique-ids', path: 'elements/unique-ids.ts' }, [
    ['an operation that failed handed out an id', ' || status[i] !== OK) continue;', ') continue;'],
    ['two keys may have the same ids', 'handed.add(value[i] as number, 0)', 'handed.add(value[i] as number, columns.key[i] as number)'],
    ['an id that was handed out three times was handed out twice once', 'duplicated++;', 'duplicated = 1;'],
    ['the first operation of all got the id first', 'witness ??= [firstOf[place] as number, i];', 'witness ??= [0, i];'],
  ]),
];
