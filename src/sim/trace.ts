import type { Op, Proc } from '../core/ids.ts';
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

/**
 * What happened, in columns: row r is at[r], kind[r] … Rows are numbered from 1; `cause` is the row that caused it, always an earlier one, or 0.
 * `data` holds by kind: the message (REQUEST MESSAGE SENT BEAT REPLIED ANSWER), the request (CALLED), a Loss (LOST, cause is the SENT row), an Outcome
 * (FINISHED), a Because, a Need (AWAITS), a Fault. `ref` holds the timer kind (TIMED) or 0 refused / 1 reset (BROKEN_IN).
 */
export class Trace {
  readonly kind: number[] = [0];
  readonly atUs: number[] = [0];
  readonly proc: Proc[] = [-1];
  readonly peer: Proc[] = [-1];
  readonly cause: number[] = [0];
  readonly op: Op[] = [0];
  readonly ref: number[] = [0];
  readonly data: unknown[] = [undefined];

  /** The number of rows; the last row has this number. */
  get length(): number {
    return this.kind.length - 1;
  }

  add(kind: number, atUs: number, proc: Proc, peer: Proc, cause: number, op: Op, ref: number, data: unknown): number {
    this.kind.push(kind);
    this.atUs.push(atUs);
    this.proc.push(proc);
    this.peer.push(peer);
    this.cause.push(cause);
    this.op.push(op);
    this.ref.push(ref);
    return this.data.push(data) - 1;
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
