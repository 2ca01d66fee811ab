import { mistakes } from './mistake.ts';

const sequential = 'sequential';
const causal = 'causal';
const convergent = 'causal-convergent';
const weak = 'weak-causal';
const pram = 'pram';

/** Sequential consistency. */
const inSequential = [
  ...mistakes({ model: sequential, path: 'sequential/story.ts' }, [
    [
      'what failed took effect',
      'if (status[row] === FAIL || (effect[row] === READ && status[row] !== OK)) continue;',
      'if (effect[row] === READ && status[row] !== OK) continue;',
    ],
    ['what is of unknown outcome happened before its process went on', 'if (status[row] !== UNKNOWN) {', 'if (status[row] !== FAIL) {'],
    ['what one process did need not keep its order', 'const name = columns.process[row] as number;', 'const name = row;'],
  ]),
  ...mistakes({ model: sequential, type: 'cas-register', path: 'sequential/rules.ts' }, [
    ['no value is ever written twice', 'writer.set(code, writer.has(code) ? SEVERAL : i);', 'writer.set(code, i);'],
    ['nobody can have read the beginning', 'new Map<number, number>([[NOTHING, -1]])', 'new Map<number, number>()'],
  ]),
  ...mistakes({ model: sequential, type: 'register', path: 'sequential/search.ts' }, [
    [
      'a write may come at once although others still look for what it replaces',
      'if (!observes && (this.looks[object[i] as number] as number) > 0) continue;',
      '',
    ],
  ]),
  ...mistakes({ model: sequential, type: 'cas-register', path: 'sequential/registers.ts' }, [
    [
      'what somebody still has to find must not be replaced even if it is written again',
      'if (after === state || (writers[state] as number) > 0) return after;',
      'if (after === state) return after;',
    ],
  ]),
  ...mistakes({ model: sequential, type: 'counter', path: 'objects/machines.ts' }, [
    ['a counter goes one way only', 'const sign = raises && lowers ? 0 : lowers ? -1 : 1;', 'const sign = lowers ? -1 : 1;'],
  ]),
  ...mistakes({ model: sequential, type: 'set', path: 'objects/machines.ts' }, [
    ['who adds what is there takes it away', 'if (sets.has(state, one) === adds) return state;', ''],
  ]),
  ...mistakes({ model: sequential, type: 'list', path: 'objects/machines.ts' }, [
    ['a list holds one element at a time', 'state = sequences.push(state, code);', 'state = sequences.push(0, code);'],
  ]),
  ...mistakes({ model: sequential, type: 'queue', path: 'objects/machines.ts' }, [
    [
      'dequeues need not be in order',
      'return known[i] === 1 && sequences.oldest(state) !== value[i] ? CANNOT : sequences.shift(state);',
      'return sequences.shift(state);',
    ],
    [
      'a queue with items in it may be found empty',
      'if (observes[i] === 1) return state === 0 ? state : CANNOT;',
      'if (observes[i] === 1) return state;',
    ],
  ]),
];

/** Causal memory, causal convergence, weak causal consistency and PRAM. */
const inCausal = [
  ...mistakes({ model: causal, path: 'causal.ts' }, [
    ['what others had read before they wrote is no cause', "checkViews('all')", "checkViews('own')"],
  ]),
  ...mistakes({ model: pram, path: 'causal.ts' }, [
    ['who reads a write has seen all that its writer had seen', "checkViews('own')", "checkViews('all')"],
  ]),
  ...mistakes({ model: convergent, path: 'causal.ts' }, [
    ['two processes may disagree for ever on which write came last', '  checkConvergent,\n  {', '  checkWeak,\n  {'],
  ]),
  ...mistakes({ model: weak, path: 'causal.ts' }, [
    ['who has no order of all writes breaks causality', '  checkWeak,\n  {', '  checkConvergent,\n  {'],
  ]),
  ...mistakes({ model: causal, path: 'causal/views.ts' }, [
    ['who has seen a write may find the beginning again', 'this.beginning ??= { read, write: newest };', ''],
  ]),
  ...mistakes({ model: pram, path: 'causal/views.ts' }, [
    ['the beginning is no version', 'if (read >= INITIAL && newest[k] !== read)', 'if (read > INITIAL && newest[k] !== read)'],
    ['a write that a read must come after need not come before it', 'this.edges.add(write, source, read);', ''],
  ]),
  ...mistakes({ model: causal, path: 'causal/members.ts' }, [
    [
      'what is of unknown outcome comes before what its process did next',
      'if (status[i] === UNKNOWN && end[session] !== i) {',
      'if (status[i] === UNKNOWN && end[session] === NONE) {',
    ],
  ]),
  ...mistakes({ model: causal, path: 'reads-from.ts' }, [
    [
      'a write of unknown outcome never happened',
      'if (effect[i] === READ || status[i] === FAIL || status[i] === UNEQUAL) continue;',
      'if (effect[i] === READ || status[i] !== OK) continue;',
    ],
  ]),
  ...mistakes({ model: pram, path: 'causal/checks.ts' }, [
    [
      'anybody may read what nobody wrote',
      'if (source[i] === THIN_AIR && line[i] !== NONE) return',
      'if (source[i] === THIN_AIR && line[i] === NONE) return',
    ],
  ]),
  ...mistakes({ model: weak, path: 'causal/clocks.ts' }, [
    ['who reads a write does not learn what its writer knew', 'if (other > (entries[at + j] as number)) entries[at + j] = other;', ''],
    ['nobody knows what he did himself', 'if (line === this.line[row]) return true;', 'if (line === this.line[row]) return false;'],
  ]),
  ...mistakes({ model: weak, path: 'causal/members.ts' }, [
    [
      'what is of unknown outcome comes before what its process did next',
      'if (status[i] === UNKNOWN && end[session] !== i) {',
      'if (status[i] === UNKNOWN && end[session] === NONE) {',
    ],
  ]),
  ...mistakes({ model: weak, path: 'causal/compare.ts' }, [
    ['what was read comes after what the read knows as well', 'this.clocks.knows(write, source)', 'this.clocks.knows(source, write)'],
    [
      'who knows a write may find the beginning',
      'if (source === INITIAL || this.clocks.knows(write, source)) {',
      'if (source !== INITIAL && this.clocks.knows(write, source)) {',
    ],
  ]),
  ...mistakes({ model: convergent, path: 'causal/compare.ts' }, [
    [
      'the last write for all is the one that a read missed',
      'this.found.add(write, source, read);',
      'this.found.add(source, write, read);',
    ],
  ]),
  ...mistakes({ model: convergent, path: 'causal/members.ts' }, [
    [
      'what failed took effect',
      'if (status[i] !== OK) continue;\n    effective[i] = 1;',
      'if (status[i] === UNKNOWN) continue;\n    effective[i] = 1;',
    ],
  ]),
];

export const inOrders = [...inSequential, ...inCausal];
