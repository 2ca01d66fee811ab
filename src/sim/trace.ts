import { NO_PROC, type Op, type Proc } from '../core/ids.ts';
import type { Facts, Need, Rule } from './rules.ts';

/** Rows of the trace. Those up to `BROKEN_IN` are events (a handler was called); the others are what happened in consequence. */
export const BOOT = 0;
export const REQUEST = 1;
export const MESSAGE = 2;
export const TIMED = 3;
export const CALLED = 4;
export const ANSWER = 5;
export const BROKEN_IN = 6;
export const SENT = 7;
export const BEAT = 8;
export const LOST = 9;
export const REPLIED = 10;
export const FINISHED = 11;
export const BECAUSE = 12;
export const AWAITS = 13;
export const FLUSH_DONE = 14;
export const FAULT = 15;

/** Why a message did not arrive; `command` laid the fault (0: no command did). */
export interface Loss {
  readonly why: 'cut' | 'loss' | 'reconnecting' | 'down' | 'off' | 'old-connection';
  readonly command: number;
}

export interface Because {
  readonly rule: Rule;
  readonly facts: Facts;
}

export interface Fault {
  readonly command: number;
  readonly what: 'crash' | 'power loss' | 'restart' | 'pause' | 'resume' | 'slow' | 'skew' | 'drift' | 'network' | 'config';
  readonly nodes: readonly Proc[];
}

/** Rows that a new trace has room for; it doubles when they are used up. */
const ROOM = 256;

/**
 * What happened, in columns: row r is at[r], kind[r] … Rows are numbered from 1 to `length`; the columns are longer than that. `cause` is the row that
 * caused it, always an earlier one, or 0.
 * `data` holds by kind: the message (REQUEST MESSAGE SENT BEAT REPLIED ANSWER), the request (CALLED), a Loss (LOST, cause is the SENT row), an Outcome
 * (FINISHED), a Because, a Need (AWAITS), a Fault. `ref` holds the timer kind (TIMED) or 0 refused / 1 reset / 2 unreachable (BROKEN_IN).
 */
export class Trace {
  kind = new Uint8Array(ROOM);
  atUs = new Float64Array(ROOM);
  proc = new Int32Array(ROOM);
  peer = new Int32Array(ROOM);
  cause = new Int32Array(ROOM);
  op = new Int32Array(ROOM);
  ref = new Int32Array(ROOM);
  readonly data: unknown[] = [undefined];
  #last = 0;

  constructor() {
    this.proc[0] = NO_PROC;
    this.peer[0] = NO_PROC;
  }

  /** The number of rows; the last row has this number. */
  get length(): number {
    return this.#last;
  }

  add(kind: number, atUs: number, proc: Proc, peer: Proc, cause: number, op: Op, ref: number, data: unknown): number {
    const row = ++this.#last;
    if (row === this.kind.length) this.#grow();
    this.kind[row] = kind;
    this.atUs[row] = atUs;
    this.proc[row] = proc;
    this.peer[row] = peer;
    this.cause[row] = cause;
    this.op[row] = op;
    this.ref[row] = ref;
    this.data.push(data);
    return row;
  }

  #grow(): void {
    const room = 2 * this.kind.length;
    const wider = <T extends Uint8Array | Int32Array | Float64Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.kind = wider(this.kind, new Uint8Array(room));
    this.atUs = wider(this.atUs, new Float64Array(room));
    this.proc = wider(this.proc, new Int32Array(room));
    this.peer = wider(this.peer, new Int32Array(room));
    this.cause = wider(this.cause, new Int32Array(room));
    this.op = wider(this.op, new Int32Array(room));
    this.ref = wider(this.ref, new Int32Array(room));
  }

  loss(row: number): Loss {
    return this.data[row] as Loss;
  }
  because(row: number): Because {
    return this.data[row] as Because;
  }
  need(row: number): Need {
    return this.data[row] as Need;
  }
  fault(row: number): Fault {
    return this.data[row] as Fault;
  }
}
