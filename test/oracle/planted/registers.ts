import { mistakes } from './mistake.ts';

const model = 'linearizable';

/** Linearizability of registers: by zones where every value is written once, by search elsewhere. */
export const inRegisters = [
  ...mistakes({ model, type: 'register', path: 'registers/zones.ts' }, [
    ['a write of unknown outcome never happened', '} else if (status[i] !== FAIL) {', '} else if (status[i] === OK) {'],
    ['a read of unknown outcome found nothing there', 'if (status[i] !== OK) continue;\n        if (v === NOTHING', 'if (v === NOTHING'],
    ['zones that overlap in part do no harm', 'if (first < (end[k] as number)) this.breaks', 'if (last < (end[k] as number)) this.breaks'],
    ['the beginning is no version', 'const end = this.emptyLast.slice();', 'const end = new Int32Array(this.emptyLast.length);'],
    [
      'a value is certainly there once its write has returned, and not when somebody has read it',
      'if ((ret[i] as number) < first) places[at + FIRST] = ret[i] as number;',
      '',
    ],
    ['a read may return what was written only after it had ended', 'if (read < now) this.breaks(k, [read, now]);', ''],
    ['a read may return what nobody ever wrote', 'if (this.promised > 0) this.breakPromises();', ''],
    ['reads may stand before the write that they read from', 'of [true, false]) {', 'of [false, true]) {'],
  ]),
  ...mistakes({ model, type: 'cas-register', path: 'registers/part.ts' }, [
    [
      'what failed took effect',
      'if (outcome === FAIL || (what === READ && outcome !== OK)) continue;',
      'if (what === READ && outcome !== OK) continue;',
    ],
    [
      'what is of unknown outcome never happened',
      'if (outcome === FAIL || (what === READ && outcome !== OK)) continue;',
      'if (outcome === FAIL || outcome === UNKNOWN || (what === READ && outcome !== OK)) continue;',
    ],
    [
      'a compare-and-set that found another value changes it all the same',
      'does[count] = outcome === UNEQUAL ? REFUSED : what;',
      'does[count] = what;',
    ],
  ]),
  ...mistakes({ model, type: 'cas-register', path: 'registers/search.ts' }, [
    [
      'a compare-and-set may have found another value wherever it stands',
      '(does[i] === REFUSED && from[i] !== this.value)',
      'does[i] === REFUSED',
    ],
    [
      'a compare-and-set need not find what it compared with',
      'if (does === CAS) return from === this.value;',
      'if (does === CAS) return true;',
    ],
    [
      'of operations that do the same each waits for the other',
      'if (due < 0 || (returnOf[o] as number) < due) return true;',
      'return true;',
    ],
    ['what is taken says already what the register holds', 'row[1] = this.value;', ''],
  ]),
  ...mistakes({ model, type: 'cas-register', path: 'registers/unknowns.ts' }, [
    [
      'an unknown write must have happened before its value is read, even where another one wrote the same',
      'needs.writers[v] === 1',
      '(needs.writers[v] as number) >= 1',
    ],
    [
      'nobody needs a write that is not read, not even a comparison that found another value',
      'if (needs?.refused ?? does.subarray(0, count).includes(REFUSED)) return useless;',
      '',
    ],
  ]),
  ...mistakes({ model, type: 'cas-register', path: 'registers/needs.ts' }, [
    ['a value that nobody looks for must not be overwritten', 'if (seekers === 0) return false;', ''],
  ]),
  ...mistakes({ model, type: 'cas-register', path: 'registers/sequential.ts' }, [
    [
      'where operations follow one another a comparison always comes out as it should',
      'if (effect[row] === CAS && (plain(expected[row] as number) === now) !== (status[row] === OK)) return false;',
      '',
    ],
  ]),
  ...mistakes({ model, type: 'kv', path: 'registers/search.ts' }, [
    [
      'appending begins the text anew',
      'growth.states.after(this.value, growth.words[value] as string)',
      'growth.states.after(0, growth.words[value] as string)',
    ],
  ]),
  ...mistakes({ model, type: 'kv', path: 'registers/part.ts' }, [
    [
      'the empty text is not "no value"',
      'value[count] = values[i] === empty ? NOTHING : (values[i] as number);',
      'value[count] = values[i] as number;',
    ],
  ]),
];
