import { type Columns, FAIL, WRITE } from '../../history/columns.ts';

/** Room for so many times the number of operations is taken for a table in which neighbouring values are neighbours. */
const ROOMY = 6;

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
    this.table = new Int32Array(largest < columns.count * ROOMY + 64 ? largest + 1 : 0);
    if (this.table.length > 0 && !this.clash()) {
      this.table.fill(0);
      return;
    }
    const size = this.sideBySide();
    if (this.base !== undefined) this.table = new Int32Array(size);
    else {
      let slots = 16;
      while (slots < columns.count * 2) slots *= 2;
      this.table = new Int32Array(slots);
    }
  }

  /** Remembers a write; false where the value of its key was written before. */
  put(row: number): boolean {
    const at = this.find(this.columns.key[row] as number, this.columns.value[row] as number);
    if (this.table[at] !== 0) return false;
    this.table[at] = row + 1;
    return true;
  }

  /** The row that wrote a value of a key, or -1. */
  row(key: number, value: number): number {
    const at = this.find(key, value);
    const row = at < this.table.length ? (this.table[at] as number) - 1 : -1;
    return row >= 0 && this.columns.value[row] === value && this.columns.key[row] === key ? row : -1;
  }

  private find(key: number, value: number): number {
    const { base, table, columns } = this;
    if (base !== undefined) return (base[key] as number) + value;
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

  /** Whether two keys write the same value. */
  private clash(): boolean {
    const { count, effect, status, value, key, keys } = this.columns;
    if (keys.length === 1) return false;
    for (let i = 0; i < count; i++) {
      if (effect[i] !== WRITE || status[i] === FAIL) continue;
      const other = this.table[value[i] as number] as number;
      if (other !== 0 && other !== (key[i] as number) + 1) return true;
      this.table[value[i] as number] = (key[i] as number) + 1;
    }
    return false;
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
