import { READ } from '../../history/columns.ts';
import { type Members, NONE } from './members.ts';

/** The writes of each key by line, in the order of each line. */
export class Groups {
  private readonly rows: Int32Array;
  /** For each key its first group, for each group its first place in `rows`; each with one more at the end. */
  private readonly groupsFrom: Int32Array;
  private readonly rowsFrom: Int32Array;
  private readonly lines: Int32Array;

  constructor(members: Members) {
    const { columns, line, next, first } = members;
    const keys = columns.keys.length;
    const from = new Int32Array(keys + 1);
    let writes = 0;
    for (let i = 0; i < columns.count; i++) {
      if (line[i] === NONE || columns.effect[i] === READ) continue;
      const after = (columns.key[i] as number) + 1;
      from[after] = (from[after] as number) + 1;
      writes++;
    }
    for (let k = 0; k < keys; k++) from[k + 1] = (from[k + 1] as number) + (from[k] as number);
    this.rows = new Int32Array(writes);
    const filled = from.slice();
    // Line by line, so that each key has its writes in order of lines.
    for (let own = 0; own < first.length; own++) {
      for (let i = first[own] as number; i !== NONE; i = next[i] as number) {
        if (columns.effect[i] === READ) continue;
        const k = columns.key[i] as number;
        const place = filled[k] as number;
        this.rows[place] = i;
        filled[k] = place + 1;
      }
    }
    this.groupsFrom = new Int32Array(keys + 1);
    this.rowsFrom = new Int32Array(writes + 1);
    this.lines = new Int32Array(writes);
    let groups = 0;
    for (let k = 0; k < keys; k++) {
      this.groupsFrom[k] = groups;
      for (let place = from[k] as number; place < (from[k + 1] as number); place++) {
        const own = line[this.rows[place] as number] as number;
        if (place > (from[k] as number) && this.lines[groups - 1] === own) continue;
        this.lines[groups] = own;
        this.rowsFrom[groups++] = place;
      }
    }
    this.groupsFrom[keys] = groups;
    this.rowsFrom[groups] = writes;
  }

  begin(key: number): number {
    return this.groupsFrom[key] as number;
  }

  end(key: number): number {
    return this.groupsFrom[key + 1] as number;
  }

  line(group: number): number {
    return this.lines[group] as number;
  }

  /** The last write of a group whose position in its line is at most that, or NONE. */
  upTo(group: number, position: Int32Array, most: number): number {
    const first = this.rowsFrom[group] as number;
    let low = first;
    let high = this.rowsFrom[group + 1] as number;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((position[this.rows[middle] as number] as number) <= most) low = middle + 1;
      else high = middle;
    }
    return low === first ? NONE : (this.rows[low - 1] as number);
  }

  /** The last write of a group before a row of the same line, or NONE. Rows of a line ascend. */
  before(group: number, row: number): number {
    const first = this.rowsFrom[group] as number;
    let low = first;
    let high = this.rowsFrom[group + 1] as number;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.rows[middle] as number) < row) low = middle + 1;
      else high = middle;
    }
    return low === first ? NONE : (this.rows[low - 1] as number);
  }
}
