import { NO_OP, type Op, type Proc } from '../core/ids.ts';
import { ANSWER, AWAITS, BEAT, BECAUSE, BROKEN_IN, FAULT, LOST, MESSAGE, REPLIED, REQUEST, SENT, type Trace } from '../sim/trace.ts';

/**
 * A trace with the indexes that explaining needs, built in one pass. Rows after `until` do not exist for it: an explanation of a
 * read knows only what had happened when the read ended.
 */
export class Reading {
  readonly trace: Trace;
  readonly until: number;
  /** By message row: the row in which it was handled, minus the row of its loss, or 0 while it is on its way. */
  readonly #end: Int32Array;
  /** By row: the event (a handler's call) in which it happened; 0 for what came from outside the trace. */
  readonly #handler: Int32Array;
  readonly #byOp = new Map<Op, number[]>();
  readonly #because: number[] = [];
  readonly #faults: number[] = [];
  readonly #lost: number[] = [];
  /** What each handler did, as chains: the first row of a handler and the next row of the same handler. */
  readonly #first: Int32Array;
  readonly #next: Int32Array;

  constructor(trace: Trace, until = trace.length) {
    this.trace = trace;
    this.until = Math.min(until, trace.length);
    const n = this.until + 1;
    this.#end = new Int32Array(n);
    this.#handler = new Int32Array(n);
    this.#first = new Int32Array(n);
    this.#next = new Int32Array(n);
    const last = new Int32Array(n);
    for (let row = 1; row < n; row++) this.#index(row, last);
  }

  #index(row: number, last: Int32Array): void {
    const { kind, cause, op } = this.trace;
    const what = kind[row] as number;
    const by = cause[row] as number;
    if (what === REQUEST || what === MESSAGE || what === ANSWER) this.#end[by] = row;
    else if (what === LOST) {
      this.#end[by] = -row;
      this.#lost.push(row);
    } else if (what === BECAUSE || what === AWAITS) this.#because.push(row);
    else if (what === FAULT) this.#faults.push(row);
    const isEvent = what <= BROKEN_IN || what === FAULT;
    const handler = isEvent ? row : (this.#handler[by] as number);
    this.#handler[row] = handler;
    if (!isEvent && handler !== 0) {
      const before = last[handler] as number;
      if (before === 0) this.#first[handler] = row;
      else this.#next[before] = row;
      last[handler] = row;
    }
    const serves = op[row] as Op;
    if (serves === NO_OP) return;
    const rows = this.#byOp.get(serves);
    if (rows === undefined) this.#byOp.set(serves, [row]);
    else rows.push(row);
  }

  /** >0: handled in that row; <0: lost in row -n; 0: on its way. */
  end(message: number): number {
    return message === 0 ? 0 : (this.#end[message] as number);
  }

  /** The event in which a row happened, through the flush that it waited for. */
  handler(row: number): number {
    return this.#handler[row] as number;
  }

  /** What a handler did, in order (messages, losses at once, reasons, flushes and what waited behind them). */
  consequences(handler: number): readonly number[] {
    const out: number[] = [];
    for (let row = this.#first[handler] as number; row !== 0; row = this.#next[row] as number) out.push(row);
    return out;
  }

  ofOp(op: Op): readonly number[] {
    return this.#byOp.get(op) ?? [];
  }

  /** All reasons and needs, in order. */
  get reasons(): readonly number[] {
    return this.#because;
  }

  get faults(): readonly number[] {
    return this.#faults;
  }

  get losses(): readonly number[] {
    return this.#lost;
  }

  isMessage(row: number): boolean {
    const kind = this.trace.kind[row];
    return kind === SENT || kind === BEAT || kind === REPLIED;
  }

  /** The row and its causes, newest first; ends where the trace does. */
  chain(row: number): readonly number[] {
    const out: number[] = [];
    for (let at = row; at !== 0; at = this.trace.cause[at] as number) out.push(at);
    return out;
  }

  /** The row that ended an operation, 0 if none did. */
  finishOf(op: Op, kind: number): number {
    const rows = this.ofOp(op);
    for (let i = rows.length - 1; i >= 0; i--) if (this.trace.kind[rows[i] as number] === kind) return rows[i] as number;
    return 0;
  }

  /** Messages from one process to another between two rows (both included), whatever they served. */
  between(from: Proc, to: Proc, first: number, last = this.until): readonly number[] {
    const { proc, peer } = this.trace;
    const out: number[] = [];
    for (let row = Math.max(1, first); row <= Math.min(last, this.until); row++) {
      if (proc[row] === from && peer[row] === to && this.isMessage(row)) out.push(row);
    }
    return out;
  }

  /** The first row at or after a time. */
  rowAt(us: number): number {
    const { atUs } = this.trace;
    let lo = 1;
    let hi = this.until + 1;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if ((atUs[mid] as number) < us) lo = mid + 1;
      else hi = mid;
    }
    return lo;
  }
}
