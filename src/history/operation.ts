import type { Op, Proc } from '../core/ids.ts';
import type { Value } from '../sim/process.ts';

/** What an operation does to a key. */
export type Effect =
  | ('read' | 'write' | 'cas' | 'add' | 'append' | 'remove')
  | ('enqueue' | 'dequeue' | 'acquire' | 'release' | 'generate' | 'txn');

/**
 * One operation as Jepsen sees it. Order is by rank: every invocation and every return in a session has its own, and a
 * checker orders by ranks, never by times. An operation that never returned has `unknown` and an infinite return rank.
 */
export interface Operation {
  readonly id: Op;
  /** A history process does one thing at a time: `you`, `you#2`, … */
  readonly process: string;
  readonly client: string;
  readonly node: Proc;
  readonly effect: Effect;
  readonly key: string;
  /** Written value, or what an ok read returned (`null`: no value). A delete writes `null`. */
  readonly value: Value;
  /** `cas`: the value that had to be there. */
  readonly expected?: string;
  /**
   * A failed `cas` whose failure is an answer: the system compared and found another value, at one moment between call and return. Without it a failed
   * `cas` says nothing about the value (it may have been refused before anybody looked).
   */
  readonly compared?: boolean;
  readonly siblings?: boolean;
  readonly status: 'ok' | 'fail' | 'unknown';
  /** It is still running: `unknown` for now. */
  readonly pending?: true;
  readonly callRank: number;
  readonly returnRank: number;
  readonly callUs: number;
  /** Virtual microseconds; `Infinity` while it is open. */
  readonly returnUs: number;
}
