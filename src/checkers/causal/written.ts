import { type Columns, OK } from '../../history/columns.ts';
import { Pairs } from '../pairs.ts';
import { isWrite } from '../reads-from.ts';
import { Groups } from './groups.ts';
import { NONE } from './members.ts';

/** The ok writes of each key, and those of each value of a key; and the unknown ones of each value. */
export class Written {
  readonly byKey: Groups;
  readonly byValue: Groups;
  readonly unknown: readonly (readonly number[] | undefined)[];
  private readonly values = new Pairs();

  /** `byLine`: all rows, line after line. */
  constructor(columns: Columns, byLine: Int32Array, line: Int32Array) {
    const keys = new Int32Array(columns.count).fill(NONE);
    const chains = new Int32Array(columns.count).fill(NONE);
    const unknown: number[][] = [];
    for (let i = 0; i < columns.count; i++) {
      if (!isWrite(columns, i)) continue;
      const key = columns.key[i] as number;
      const chain = this.values.add(key, columns.value[i] as number);
      if (columns.status[i] === OK) {
        keys[i] = key;
        chains[i] = chain;
      } else (unknown[chain] ??= []).push(i);
    }
    this.unknown = unknown;
    this.byKey = new Groups(keys, columns.keys.length, byLine, line);
    this.byValue = new Groups(chains, this.values.size, byLine, line);
  }

  /** The number of a value of a key, or NONE where nobody wrote it. */
  chain(key: number, value: number): number {
    return this.values.find(key, value);
  }
}
