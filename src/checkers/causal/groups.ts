const NONE = -1;

/** Rows in groups (of a key, of a value of a key), and those of each group by line, in the order of each line: its runs. */
export class Groups {
  private readonly rows: Int32Array;
  /** For each group its first run, for each run its first place in `rows`; each with one more at the end. */
  private readonly runsFrom: Int32Array;
  private readonly rowsFrom: Int32Array;
  private readonly lines: Int32Array;

  /** Rows of group -1 are left out. `byLine`: all rows, line after line. */
  constructor(groupOf: Int32Array, groups: number, byLine: Int32Array, line: Int32Array) {
    const from = new Int32Array(groups + 1);
    let all = 0;
    for (let i = 0; i < byLine.length; i++) {
      const group = groupOf[byLine[i] as number] as number;
      if (group === NONE) continue;
      from[group + 1] = (from[group + 1] as number) + 1;
      all++;
    }
    for (let g = 0; g < groups; g++) from[g + 1] = (from[g + 1] as number) + (from[g] as number);
    this.rows = new Int32Array(all);
    const filled = from.slice();
    for (let i = 0; i < byLine.length; i++) {
      const row = byLine[i] as number;
      const group = groupOf[row] as number;
      if (group === NONE) continue;
      const place = filled[group] as number;
      this.rows[place] = row;
      filled[group] = place + 1;
    }
    this.runsFrom = new Int32Array(groups + 1);
    this.rowsFrom = new Int32Array(all + 1);
    this.lines = new Int32Array(all);
    let runs = 0;
    for (let g = 0; g < groups; g++) {
      this.runsFrom[g] = runs;
      for (let place = from[g] as number; place < (from[g + 1] as number); place++) {
        const own = line[this.rows[place] as number] as number;
        if (place > (from[g] as number) && this.lines[runs - 1] === own) continue;
        this.lines[runs] = own;
        this.rowsFrom[runs++] = place;
      }
    }
    this.runsFrom[groups] = runs;
    this.rowsFrom[runs] = all;
  }

  begin(group: number): number {
    return this.runsFrom[group] as number;
  }

  end(group: number): number {
    return this.runsFrom[group + 1] as number;
  }

  line(run: number): number {
    return this.lines[run] as number;
  }

  /** The last row of a run whose number (its position in its line, or itself: both ascend) is at most that, or NONE. */
  upTo(run: number, number: Int32Array | undefined, most: number): number {
    const place = this.above(run, number, most);
    return place === this.rowsFrom[run] ? NONE : (this.rows[place - 1] as number);
  }

  /** The first row of a run whose number is more than that, or NONE. */
  after(run: number, number: Int32Array | undefined, most: number): number {
    const place = this.above(run, number, most);
    return place === this.rowsFrom[run + 1] ? NONE : (this.rows[place] as number);
  }

  private above(run: number, number: Int32Array | undefined, most: number): number {
    let low = this.rowsFrom[run] as number;
    let high = this.rowsFrom[run + 1] as number;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = this.rows[middle] as number;
      if ((number === undefined ? row : (number[row] as number)) <= most) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
