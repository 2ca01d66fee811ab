import { type Columns, OK, UNKNOWN } from '../../history/columns.ts';
import type { Sessions } from '../reads-from.ts';

export const NONE = -1;

/**
 * The operations that took effect, given what each read read from, and the lines in which they stand. A line is what one process did, in order. An unknown write that nobody read from
 * need not have happened: no model here can break by leaving it out. An unknown operation comes after what its process did before and before nothing; where its process went on, it
 * therefore stands in a line of its own that branches off (`parent`).
 */
export interface Members {
  readonly columns: Columns;
  readonly source: Int32Array;
  readonly count: number;
  /** For each row its line, or NONE where it took no effect. */
  readonly line: Int32Array;
  /** For each row the next one of its line, and the one before it (the first of a branch: its parent). */
  readonly next: Int32Array;
  readonly before: Int32Array;
  /** For each line its first row, and the row that it branches off from. */
  readonly first: readonly number[];
  readonly parent: readonly number[];
  /** The lines that branch off after a row, or at the very beginning (`NONE`). */
  readonly branches: ReadonlyMap<number, readonly number[]>;
  /** For each row a number, from 1, that ascends along its line. */
  readonly position: Int32Array;
  /** For each line its column in vector clocks; NONE for lines that no other line reads from or branches off from. */
  readonly column: Int32Array;
  readonly width: number;
}

export function membersOf(columns: Columns, source: Int32Array, sessions: Sessions): Members {
  const { count: rows, status } = columns;
  const effective = tookEffect(columns, source);
  const line = new Int32Array(rows).fill(NONE);
  const next = new Int32Array(rows).fill(NONE);
  const before = new Int32Array(rows).fill(NONE);
  const position = new Int32Array(rows);
  const first: number[] = Array.from({ length: sessions.count }, () => NONE);
  const parent: number[] = Array.from({ length: sessions.count }, () => NONE);
  const last = new Int32Array(sessions.count).fill(NONE);
  const branches = new Map<number, number[]>();
  const end = new Int32Array(sessions.count).fill(NONE);
  for (let i = 0; i < rows; i++) if (effective[i] === 1) end[sessions.of[i] as number] = i;
  let count = 0;
  for (let i = 0; i < rows; i++) {
    if (effective[i] === 0) continue;
    count++;
    const session = sessions.of[i] as number;
    const previous = last[session] as number;
    before[i] = previous;
    let own = session;
    if (status[i] === UNKNOWN && end[session] !== i) {
      own = first.length;
      first.push(i);
      parent.push(previous);
      const others = branches.get(previous);
      if (others === undefined) branches.set(previous, [own]);
      else others.push(own);
    } else {
      if (previous === NONE) first[session] = i;
      else next[previous] = i;
      last[session] = i;
    }
    line[i] = own;
    position[i] = previous === NONE ? 1 : (position[previous] as number) + 1;
  }
  const { column, width } = columnsFor(line, source, parent);
  return { columns, source, count, line, next, before, first, parent, branches, position, column, width };
}

function columnsFor(
  line: Int32Array,
  source: Int32Array,
  parent: readonly number[],
): { readonly column: Int32Array; readonly width: number } {
  const needed = new Uint8Array(parent.length);
  for (let i = 0; i < line.length; i++) {
    const own = line[i] as number;
    if (own === NONE) continue;
    const from = source[i] as number;
    if (from >= 0) {
      const other = line[from] as number;
      if (other !== own) needed[other] = 1;
    }
  }
  for (const row of parent) if (row !== NONE) needed[line[row] as number] = 1;
  let width = 0;
  return { column: Int32Array.from(needed, (one) => (one === 0 ? NONE : width++)), width };
}

/** What is known to have happened, and the unknown writes that some of it read from, at one remove or more. */
function tookEffect({ count, status }: Columns, source: Int32Array): Uint8Array {
  const effective = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    if (status[i] !== OK) continue;
    effective[i] = 1;
    for (let at = source[i] as number; at >= 0 && status[at] === UNKNOWN && effective[at] === 0; at = source[at] as number) {
      effective[at] = 1;
    }
  }
  return effective;
}
