import type { Copyable } from '../core/copy.ts';

/**
 * Last write wins, cell by cell, as Cassandra's storage engine reconciles (db/rows/Cells.java): the larger timestamp wins; at equal timestamps a
 * tombstone beats a live cell, and of two live cells the one with the larger value bytes wins. Merging is associative, commutative and idempotent,
 * so replicas that have seen the same writes hold the same rows, whatever the order.
 */
export const NEVER = Number.NEGATIVE_INFINITY;

/** One cell of a collection or a counter. A `null` value is a tombstone, written at `atUs` by the writer's wall clock. */
export interface Cell {
  readonly path: string;
  readonly value: string | null;
  readonly ts: number;
  readonly atUs: number;
}

const NO_CELLS: readonly Cell[] = [];

/**
 * A partition, or a mutation of one (they merge alike): a register, a deletion of the whole, and the cells of a collection in the order of their paths.
 * Rows never change, so replicas, messages, disks and checkpoints share them.
 */
export class Row implements Copyable {
  /** The register; null where none was written or the deletion covers it. */
  readonly value: string | null;
  /** Microseconds; NEVER without a register. */
  readonly ts: number;
  /** The newest deletion, NEVER without one. It covers everything that is not newer. */
  readonly deletedTs: number;
  /** The wall clock of the one who deleted, in microseconds: from then on gc_grace_seconds counts. */
  readonly deletedAtUs: number;
  readonly cells: readonly Cell[];

  constructor(value: string | null, ts: number, deletedTs = NEVER, deletedAtUs = NEVER, cells = NO_CELLS) {
    this.value = value;
    this.ts = ts;
    this.deletedTs = deletedTs;
    this.deletedAtUs = deletedAtUs;
    this.cells = cells;
  }

  copy(): this {
    return this;
  }
}

export const EMPTY = new Row(null, NEVER);

export function registerWrite(value: string, ts: number): Row {
  return new Row(value, ts);
}

export function deletion(ts: number, atUs: number): Row {
  return new Row(null, NEVER, ts, atUs);
}

export function cellWrite(path: string, value: string | null, ts: number, atUs: number): Row {
  return new Row(null, NEVER, NEVER, NEVER, [{ path, value, ts, atUs }]);
}

/** The row that both make. Returns `a` or `b` itself where it holds all of the other, so that equal rows stay one object. */
export function merge(a: Row, b: Row): Row {
  if (a === b) return a;
  const register = a.ts === b.ts ? (compareBytes(a.value, b.value) >= 0 ? a : b) : a.ts > b.ts ? a : b;
  if (a.deletedTs === NEVER && b.deletedTs === NEVER && a.cells === NO_CELLS && b.cells === NO_CELLS) return register;
  const deleted = a.deletedTs === b.deletedTs ? (a.deletedAtUs >= b.deletedAtUs ? a : b) : a.deletedTs > b.deletedTs ? a : b;
  // At equal timestamps the tombstone wins.
  const covered = register.ts <= deleted.deletedTs;
  const merged = new Row(
    covered ? null : register.value,
    covered ? NEVER : register.ts,
    deleted.deletedTs,
    deleted.deletedAtUs,
    mergeCells(a.cells, b.cells, deleted.deletedTs),
  );
  return sameRow(merged, a) ? a : sameRow(merged, b) ? b : merged;
}

function mergeCells(a: readonly Cell[], b: readonly Cell[], deletedTs: number): readonly Cell[] {
  const out: Cell[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = a[i];
    const right = b[j];
    let cell: Cell;
    if (right === undefined || (left !== undefined && left.path < right.path)) {
      cell = left as Cell;
      i++;
    } else if (left === undefined || right.path < left.path) {
      cell = right;
      j++;
    } else {
      cell = newerCell(left, right);
      i++;
      j++;
    }
    if (cell.ts > deletedTs) out.push(cell);
  }
  return out.length === 0 ? NO_CELLS : out;
}

function newerCell(a: Cell, b: Cell): Cell {
  if (a.ts !== b.ts) return a.ts > b.ts ? a : b;
  if ((a.value === null) !== (b.value === null)) return a.value === null ? a : b;
  if (a.value === null) return a.atUs >= b.atUs ? a : b;
  return compareBytes(a.value, b.value) >= 0 ? a : b;
}

/** Whether two rows would have the same digest. */
export function sameRow(a: Row, b: Row): boolean {
  if (a === b) return true;
  if (a.ts !== b.ts || a.value !== b.value || a.deletedTs !== b.deletedTs || a.cells.length !== b.cells.length) return false;
  return a.deletedAtUs === b.deletedAtUs && a.cells.every((cell, i) => sameCell(cell, b.cells[i] as Cell));
}

function sameCell(a: Cell, b: Cell): boolean {
  return a === b || (a.path === b.path && a.value === b.value && a.ts === b.ts && a.atUs === b.atUs);
}

/** The row without the tombstones that were written before `beforeUs` (wall clock): what compaction keeps after gc_grace_seconds. */
export function purge(row: Row, beforeUs: number): Row {
  if (row.deletedTs === NEVER && row.cells === NO_CELLS) return row;
  const dropDeletion = row.deletedTs !== NEVER && row.deletedAtUs < beforeUs;
  const cells = row.cells.filter((cell) => cell.value !== null || cell.atUs >= beforeUs);
  if (!dropDeletion && cells.length === row.cells.length) return row;
  const kept = cells.length === 0 ? NO_CELLS : cells;
  return new Row(row.value, row.ts, dropDeletion ? NEVER : row.deletedTs, dropDeletion ? NEVER : row.deletedAtUs, kept);
}

export function isEmpty(row: Row): boolean {
  return row.ts === NEVER && row.deletedTs === NEVER && row.cells.length === 0;
}

/** The newest timestamp in the row, for people: NEVER in an empty one. */
export function newestTs(row: Row): number {
  return row.cells.reduce((newest, cell) => Math.max(newest, cell.ts), Math.max(row.ts, row.deletedTs));
}

/** Orders texts as their UTF-8 bytes are ordered, unsigned; no value comes before every value. */
export function compareBytes(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return byteRank(x) - byteRank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above U+FFFF, whose UTF-8 is larger than that of U+E000 to U+FFFF. */
function byteRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
