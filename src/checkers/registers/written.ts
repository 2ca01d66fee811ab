import { type Columns, FAIL, WRITE } from '../../history/columns.ts';

/** Room for so many times the number of operations is taken for a table in which neighbouring values are neighbours. */
const ROOMY = 6;
const EMPTY = new Int32Array(0);

export const NEW = 0;
export const TWICE = 1;
export const CLASH = 2;

/**
 * Which row wrote a value of a key, where each is written once. Codes of values are small where histories count upwards or name values as they appear: then they are places in an array, of
 * all keys together if no two write the same, else each key's beside the other's, and operations that follow each other look at places that do, which in long histories
 * decides the time. Else they are hashed.
 */
export class Written {
  private readonly columns: Columns;
  /** Rows + 1. */
  private table: Int32Array;
  /** Where the values of each key begin; undefined where they are hashed. */
  private base: Int32Array | undefined;

  constructor(columns: Columns) {
    this.columns = columns;
    this.base = new Int32Array(columns.keys.length);
    const largest = this.largest();
    this.table = EMPTY;
    if (largest < columns.count * ROOMY + 64) this.table = new Int32Array(largest + 1);
    else this.part();
  }

  /** Remembers a write: NEW, TWICE where the value of its key was written before, or CLASH where room for all keys together will not do; then `part` makes other, empty room. */
  put(row: number): number {
    const key = this.columns.key[row] as number;
    const value = this.columns.value[row] as number;
    const at = this.base === undefined ? this.find(key, value) : (this.base[key] as number) + value;
    const known = (this.table[at] as number) - 1;
    if (known < 0) {
      this.table[at] = row + 1;
      return NEW;
    }
    return this.columns.key[known] === key ? TWICE : CLASH;
  }

  /** Gives the keys room of their own. */
  part(): void {
    const size = this.sideBySide();
    let slots = 16;
    while (slots < this.columns.count * 2) slots *= 2;
    this.table = new Int32Array(this.base === undefined ? slots : size);
  }

  /** The row that wrote a value of a key, or -1. */
  row(key: number, value: number): number {
    const at = this.base === undefined ? this.find(key, value) : (this.base[key] as number) + value;
    const row = at < this.table.length ? (this.table[at] as number) - 1 : -1;
    return row >= 0 && this.columns.value[row] === value && this.columns.key[row] === key ? row : -1;
  }

  /** The slot of a value that is hashed. */
  private find(key: number, value: number): number {
    const { table, columns } = this;
    const mask = table.length - 1;
    let at = (Math.imul(Math.imul(value, 0x9e3779b1) ^ Math.imul(key, 0x85ebca6b), 0x27d4eb2f) >>> 5) & mask;
    for (;;) {
      const row = (table[at] as number) - 1;
      if (row < 0 || (columns.value[row] === value && columns.key[row] === key)) return at;
      at = (at + 1) & mask;
    }
  }

  private largest(): number {
    const { count, effect, status, value } = this.columns;
    let largest = 0;
    for (let i = 0; i < count; i++)
      if (effect[i] === WRITE && status[i] !== FAIL && (value[i] as number) > largest) largest = value[i] as number;
    return largest;
  }

  /** Gives each key as much room as its values span, and says how much that is in all; where it is too much, none. */
  private sideBySide(): number {
    const { count, effect, status, value, key, keys } = this.columns;
    const base = new Int32Array(keys.length);
    const [least, most] = [new Int32Array(keys.length).fill(0x7fffffff), new Int32Array(keys.length)];
    for (let i = 0; i < count; i++) {
      if (effect[i] !== WRITE || status[i] === FAIL) continue;
      const [k, v] = [key[i] as number, value[i] as number];
      if (v < (least[k] as number)) least[k] = v;
      if (v > (most[k] as number)) most[k] = v;
    }
    let size = 0;
    for (let k = 0; k < keys.length; k++) {
      if (least[k] === 0x7fffffff) continue;
      base[k] = size - (least[k] as number);
      size += (most[k] as number) - (least[k] as number) + 1;
      if (size > count * ROOMY + 64) {
        this.base = undefined;
        return 0;
      }
    }
    this.base = base;
    return size;
  }
}
