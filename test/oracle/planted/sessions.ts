import { mistakes } from './mistake.ts';

const own = 'read-your-writes';
const reads = 'monotonic-reads';
const writes = 'monotonic-writes';
const follow = 'writes-follow-reads';

/** The four session guarantees. */
export const inSessions = [
  ...mistakes({ model: own, path: 'sessions/read-your-writes.ts' }, [
    ['who has written may find the beginning', 'if (source === INITIAL) continue;', 'if (source === INITIAL) return true;'],
    ['a process finds its own last write, and never what others wrote', 'if (process[source] !== process[row] || ', 'if ('],
    [
      'a write of unknown outcome comes before what its process did next',
      'if (status[row] === OK && isWrite(columns, row)) own[k] = row;',
      'if (isWrite(columns, row)) own[k] = row;',
    ],
    ['any of its own writes is what a process finds', 'source >= last || status[source] !== OK) return true;', 'source >= 0) return true;'],
  ]),
  ...mistakes({ model: reads, path: 'sessions/monotonic-reads.ts' }, [
    ['what was overwritten may come back', 'if (again !== NONE && this.lastSource[k] !== source) {', 'if (again < NONE) {'],
    ['a key may be empty again', 'if (before === NONE) return undefined;', 'return undefined;'],
    [
      'a write of unknown outcome comes before what its process did next',
      'if (newer > source && status[source] === OK) {',
      'if (newer > source) {',
    ],
    [
      'versions of one key are older or newer than those of another',
      'this.writers.add(key[row] as number, sessions.of[source] as number)',
      'this.writers.add(0, sessions.of[source] as number)',
    ],
  ]),
  ...mistakes({ model: writes, path: 'sessions/monotonic-writes.ts' }, [
    [
      'what a process wrote to several keys has no order',
      'if (over !== NONE && over < seen) return this.missed(row, over, seen, this.latestRead[writer] as number, [source]);',
      '',
    ],
    ['the beginning is no version', 'if (first < seen) return this.missed(row, first, seen, this.latestRead[writer] as number, []);', ''],
  ]),
  ...mistakes({ model: writes, type: 'cas-register', path: 'sessions/monotonic-writes.ts' }, [
    ['a write of unknown outcome comes before what its process did next', 'if (status[source] === OK) {', 'if (source >= 0) {'],
  ]),
  ...mistakes({ model: writes, path: 'sessions/observations.ts' }, [
    [
      'a write of unknown outcome overwrote what its process had written',
      'if (columns.status[row] === OK) seen[k] = row;',
      'seen[k] = row;',
    ],
    ['a read of unknown outcome found something', 'return status[row] === OK && (effect', 'return (effect'],
  ]),
  ...mistakes({ model: follow, path: 'sessions/past.ts' }, [
    ['who reads a write does not learn what its writer had learned', 'if (lies > (now[into + x] as number)) now[into + x] = lies;', ''],
    ['who writes hands on what he learned, and not what he read himself', 'now[into + process] = row;', ''],
  ]),
  ...mistakes({ model: follow, path: 'sessions/writes-follow-reads.ts' }, [
    ['the beginning is no version', 'if (source === INITIAL || past.overwrittenAt', 'if (source !== INITIAL && past.overwrittenAt'],
    ['what goes round in a circle is no matter of reading and writing', ' ?? this.circle();', ';'],
    [
      'what a process read itself was not overwritten before it read it',
      'if (before >= 0 && past.overwrittenAt(before, source)) return this.older(row, source);',
      '',
    ],
  ]),
];
