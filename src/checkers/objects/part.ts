import { ACQUIRE, type Columns, DEQUEUE, FAIL, NEVER, OK, READ, UNEQUAL } from '../../history/columns.ts';
import { NOTHING, type Texts } from '../../history/texts.ts';

/** What operations of one object do, whenever they do it. */
export interface Deeds {
  readonly count: number;
  readonly texts: Texts;
  readonly effect: Uint8Array;
  readonly value: Int32Array;
  readonly process: Int32Array;
  /** `NEVER` for those of unknown outcome. */
  readonly ret: Int32Array;
}

/**
 * Those operations of one object that count, in order of call, and their events by local rank: 1, 2, … without holes. What failed is left out, and so are reads of which
 * nobody saw the end; everything else of unknown outcome may have happened once, any time after its call, or never, and has `NEVER` as its return.
 */
export interface Part extends Deeds {
  /** The row of each operation in the columns. */
  readonly rows: Int32Array;
  readonly call: Int32Array;
  /** By local rank, from 1: the operation + 1 where it is called, -(operation + 1) where it returns. */
  readonly events: Int32Array;
}

/** What counts of some rows, which stand in order of call, up to the event of rank `upTo`: what had not returned by then is of unknown outcome. */
export function partOf(columns: Columns, rows: ArrayLike<number>, upTo: number = NEVER): Part {
  const { status, effect, call, ret } = columns;
  const returned = (row: number): boolean => status[row] === OK && (ret[row] as number) <= upTo;
  // That it failed nobody knew before it returned.
  const failed = (row: number): boolean => (status[row] === FAIL || status[row] === UNEQUAL) && (ret[row] as number) <= upTo;
  const kept = new Int32Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    if (failed(row) || (call[row] as number) > upTo) continue;
    if (effect[row] !== READ || returned(row)) kept[count++] = row;
  }
  const part = {
    count,
    texts: columns.texts,
    rows: kept.slice(0, count),
    effect: new Uint8Array(count),
    value: new Int32Array(count),
    process: new Int32Array(count),
  };
  const ends = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const row = kept[i] as number;
    part.effect[i] = effect[row] as number;
    part.process[i] = columns.process[row] as number;
    // What an operation of unknown outcome would have returned nobody saw.
    const answers = effect[row] === DEQUEUE || effect[row] === ACQUIRE;
    part.value[i] = answers && !returned(row) ? NOTHING : (columns.value[row] as number);
    ends[i] = returned(row) ? (ret[row] as number) : NEVER;
  }
  return { ...part, ...ranked(columns, part.rows, ends) };
}

/** Local ranks: calls stand in order already, returns are sorted, and the two are merged. */
function ranked({ call }: Columns, rows: Int32Array, ends: Float64Array): Pick<Part, 'call' | 'ret' | 'events'> {
  const count = rows.length;
  const scale = 0x400000;
  if (count >= scale) throw new Error('one object has more operations than its returns can be sorted with; sort them another way');
  // A return and its operation in one number of at most 53 bits, so that they are sorted without a comparison in our own code.
  const sorted = Float64Array.from(ends, (end, i) => end * scale + i).sort();
  const local = { call: new Int32Array(count), ret: new Int32Array(count).fill(NEVER), events: new Int32Array(2 * count + 1) };
  let rank = 0;
  let next = 0;
  const returnsBefore = (limit: number): void => {
    for (; next < count; next++) {
      const i = (sorted[next] as number) % scale;
      if ((ends[i] as number) >= limit) return;
      local.ret[i] = ++rank;
      local.events[rank] = -(i + 1);
    }
  };
  for (let i = 0; i < count; i++) {
    returnsBefore(call[rows[i] as number] as number);
    local.call[i] = ++rank;
    local.events[rank] = i + 1;
  }
  returnsBefore(NEVER);
  return { ...local, events: local.events.slice(0, rank + 1) };
}

/** What a judgement of one object says. `undefined`: the budget ended first. */
export interface Answer {
  readonly valid: boolean | undefined;
  /** Valid, where it was asked for: operations of the part in an order that explains what was seen. */
  readonly order?: readonly number[];
  /** Invalid: operations of the part that are a counterexample already. */
  readonly proof?: readonly number[];
}

/** How much work is left. A step is one attempt to put an operation next. */
export interface Budget {
  steps: number;
}

export const VALID: Answer = { valid: true };
export const wrong = (...proof: readonly number[]): Answer => ({ valid: false, proof });
