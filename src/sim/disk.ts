import type { Copyable } from '../core/copy.ts';

/**
 * A node's disk: a log of records, as the write-ahead log, commit log or transaction log of every system modelled here. Records never change.
 * A crash of the process keeps all of them (the operating system still has them); a power loss keeps only what was flushed.
 * Memory is rebuilt from the records at `boot`.
 */
export class Disk<R> implements Copyable {
  records: R[];
  /** How many records, from the first, survive a power loss. */
  durable: number;
  /** Counts rewrites, so that a flush begun before one does not mark what came after it. */
  generation: number;

  constructor(records: R[] = [], durable = 0, generation = 0) {
    this.records = records;
    this.durable = durable;
    this.generation = generation;
  }

  get length(): number {
    return this.records.length;
  }

  /** Appends a record: in the operating system's cache, not yet on stable storage. */
  write(record: R): void {
    this.records.push(record);
  }

  /** Replaces the whole log by a compacted one that is durable at once (a snapshot file, written aside, flushed and renamed). */
  rewrite(records: R[]): void {
    this.records = records;
    this.durable = records.length;
    this.generation++;
  }

  /** What a power loss does. */
  loseUnflushed(): void {
    this.records.length = Math.min(this.records.length, this.durable);
  }

  copy(): this {
    return new Disk(this.records.slice(), this.durable, this.generation) as this;
  }
}
