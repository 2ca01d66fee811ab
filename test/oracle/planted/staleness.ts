import { mistakes } from './mistake.ts';

const regular = 'regular';
const versions = 'k-staleness';
const time = 't-staleness';

/** Regularity, k-atomicity and delta-atomicity. */
export const inStaleness = [
  ...mistakes({ model: regular, path: 'staleness/regular.ts' }, [
    ['the beginning may be read at any time', 'if (over < 0 && value[i] === NOTHING) continue;', 'if (value[i] === NOTHING) continue;'],
    [
      'a read may see what was overwritten before it was called',
      'if (source < 0 || (ret[source] as number) < (call[over] as number)) stale[k] = i;',
      'if (source < 0) stale[k] = i;',
    ],
    [
      'a read sees nothing of a write that begins beside it',
      'writes.latestBefore(k, value[i] as number, ret[i] as number);',
      'writes.latestBefore(k, value[i] as number, call[i] as number);',
    ],
  ]),
  ...mistakes({ model: regular, path: 'staleness/writes.ts' }, [
    ['what failed overwrote what was there', 'if (status[i] !== 0) continue;', ''],
    [
      'what is of unknown outcome was never written',
      '!== READ && status[row] !== FAIL && status[row] !== UNEQUAL;',
      '!== READ && status[row] === 0;',
    ],
  ]),
  ...mistakes({ model: regular, type: 'cas-register', path: 'staleness/writes.ts' }, [
    [
      'a compare-and-set that found another value wrote its own',
      'status[row] !== FAIL && status[row] !== UNEQUAL;',
      'status[row] !== FAIL;',
    ],
  ]),
  ...mistakes({ model: regular, type: 'kv', path: 'staleness/regular.ts' }, [
    [
      'a text is made by other operations than its own writes',
      'const some = distinct([...writes, read]);',
      'const some = distinct([read]);',
    ],
  ]),
  ...mistakes({ model: versions, path: 'staleness/versions.ts' }, [
    ['k is one too small', 'if (two === true) return { least: 2, most: 2 };', 'if (two === true) return { least: 1, most: 1 };'],
    [
      'a version does not count itself among those that are behind',
      'most = Math.max(most, passed - at);',
      'most = Math.max(most, passed - at - 1);',
    ],
    [
      'what is not 1-atomic is 2-atomic',
      'const two = most > 2 ? yield* isTwoAtomic(columns, clusters, budget) : true;',
      'const two = true;',
    ],
  ]),
  ...mistakes({ model: versions, path: 'staleness/window-search.ts' }, [
    ['a read may return one more than the newest values', '.slice(0, this.k);', '.slice(0, this.k + 1);'],
    ['the beginning is no version', 'private window: readonly number[] = [NOTHING];', 'private window: readonly number[] = [];'],
  ]),
  ...mistakes({ model: versions, path: 'staleness/two-atomic.ts' }, [
    ['the reads that a write leaves behind may have found several values', 'if (forced !== NONE && forced !== cluster) return -2;', ''],
    ['any write may be the last one', 'if (!this.mayBeLast(next)) return this.takeBack(mark);', ''],
  ]),
  ...mistakes({ model: versions, path: 'staleness/zones.ts' }, [
    [
      'a value must be there only until its write was called',
      'if (last[c] !== -1) until[c] = Math.max(until[c] as number, call[last[c] as number] as number);',
      '',
    ],
  ]),
  ...mistakes({ model: time, path: 'staleness/t-staleness.ts' }, [
    [
      'the smallest delta is the greatest that does not do',
      'return { least: low + 1, most: high };',
      'return { least: low, most: high - 1 };',
    ],
    ['writes too may have begun earlier', '(callUs[last[c] as number] as number) - us);', '(callUs[last[c] as number] as number)) - us;'],
    ['a read is excused by having ended earlier', '- (move.read ? us : 0),', ','],
    [
      'what touches does not overlap',
      '(returns[order[next] as number] as number) < until',
      '(returns[order[next] as number] as number) <= until',
    ],
  ]),
];
