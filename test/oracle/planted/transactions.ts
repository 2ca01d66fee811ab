import { mistakes } from './mistake.ts';

const serializable = 'serializable';
const strict = 'strict-serializable';
const list = 'list-append';
const register = 'rw-register';

/** Serializability and strict serializability of transactions over lists and over registers. */
export const inTransactions = [
  ...mistakes({ model: strict, path: 'transactions/serializable.ts' }, [
    [
      'real time is forgotten in strict serializability',
      'judgeTransactions(recorded, asked, true)',
      'judgeTransactions(recorded, asked, false)',
    ],
  ]),
  ...mistakes({ model: serializable, path: 'transactions/serializable.ts' }, [
    [
      'an order that does not keep real time explains nothing',
      'judgeTransactions(recorded, asked, false)',
      'judgeTransactions(recorded, asked, true)',
    ],
  ]),
  ...mistakes({ model: strict, path: 'transactions/known.ts' }, [
    ['real time makes no edges', 'if (realTime) yield* edgesInTime(known, edges);', ''],
  ]),
  ...mistakes({ model: strict, path: 'transactions/real-time.ts' }, [
    ['a transaction comes after the first one that had ended, and not after the others', 'tick = next;', 'if (tick < 0) tick = next;'],
  ]),
  ...mistakes({ model: serializable, type: list, path: 'transactions/list-edges.ts' }, [
    ['anti-dependencies are no edges', 'if (next >= 0) edges.add(t, ownerOf(n, next), RW);', ''],
    [
      'what no read shows may come before who read the whole list',
      'joinAll(edges, owners(n, chain, full[key] as number), owners(n, chain, unseen[key] as number), RW);',
      '',
    ],
    ['an append need not come after the one before it', 'if (by >= 0) edges.add(ownerOf(n, by), t, WW);', ''],
    ['a read need not come after the append of what it read', 'edges.add(by, t, WR);', ''],
  ]),
  ...mistakes({ model: serializable, type: list, path: 'transactions/list-checks.ts' }, [
    [
      'what a transaction that failed appended may be read',
      'else if (writers.failed.get(key, codes[p] as number) >= 0) strangers.failed[key] = p;',
      'else if (writers.failed.get(key, codes[p] as number) >= 0) continue;',
    ],
    ['a list may be read in the middle of a transaction', 'if (next < 0) return;\n', 'return;\n'],
    ['an element may stand in a list twice', 'if (by === AGAIN) strangers.twice[key] = p;', 'if (by === AGAIN) continue;'],
  ]),
  ...mistakes({ model: serializable, type: register, path: 'transactions/register-edges.ts' }, [
    ['the beginning is no version', 'joinAll(edges, before, after, RW);', ''],
    ['who read a version may come after who wrote over it', 'joinAll(edges, readers, over, RW);', ''],
    ['a read need not come after the write of what it read', 'edges.add(ownerOf(n, from), ownerOf(n, m), WR);', ''],
  ]),
  ...mistakes({ model: serializable, type: register, path: 'transactions/registers.ts' }, [
    ['a transaction need not read its own writes', '} else if (known[key] !== code) {', '} else if (known[key] === -1) {'],
    ['nobody can have read the beginning', 'if (code === NOTHING) return INITIAL;', 'if (code === NOTHING) return NOWHERE;'],
    ['what a transaction wrote over itself may be read', 'if (next < 0) return by;', 'return by;'],
  ]),
  ...mistakes({ model: serializable, type: register, path: 'transactions/writers.ts' }, [
    [
      'no value is ever written twice',
      'if (value === NOTHING || of.get(key, value) >= 0) distinct[key] = 0;',
      'if (value === NOTHING) distinct[key] = 0;',
    ],
  ]),
  ...mistakes({ model: strict, type: register, path: 'transactions/numbering.ts' }, [
    [
      'a transaction of unknown outcome never happened',
      '(status[i] === OK || status[i] === UNKNOWN)) number[i] = count++;',
      'status[i] === OK) number[i] = count++;',
    ],
    ['a transaction that failed took effect', 'return columns.status[rowOf[m] as number] === FAIL;', 'return false;'],
    [
      'what a transaction of unknown outcome read counts',
      'return txns.f[m] === READ && columns.status[rowOf[m] as number] === OK;',
      'return txns.f[m] === READ;',
    ],
  ]),
];
