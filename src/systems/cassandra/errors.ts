import type { Level } from './levels.ts';
import type { Result } from './messages.ts';

/** Errors as cqlsh prints them: code, name and the server's message (native protocol v4, section 9), with the fields where the message alone does not say it. */
const TIMED_OUT = "[Coordinator node timed out waiting for replica nodes' responses]";

/** Nothing was sent: a definite failure. */
export function unavailable(level: Level, required: number, alive: number): Result {
  const info = `info={'consistency': '${level}', 'required_replicas': ${required}, 'alive_replicas': ${alive}}`;
  return {
    kind: 'result',
    status: 'fail',
    error: `code=1000 [Unavailable exception] message="Cannot achieve consistency level ${level}" ${info}`,
  };
}

/** The write may be on some replicas, and may spread: unknown. */
export function writeTimeout(received: number): Result {
  return {
    kind: 'result',
    status: 'unknown',
    error: `code=1100 ${TIMED_OUT} message="Operation timed out - received only ${received} responses."`,
  };
}

/** The client gave up waiting for an answer; a read changes nothing either way. */
export function readTimeout(received: number): Result {
  return {
    kind: 'result',
    status: 'unknown',
    error: `code=1200 ${TIMED_OUT} message="Operation timed out - received only ${received} responses."`,
  };
}

export function casTimeout(required: number, received: number, contentions: number): Result {
  const message = `CAS operation timed out: received ${received} of ${required} required responses after ${contentions} contention retries`;
  return { kind: 'result', status: 'unknown', error: `code=1100 ${TIMED_OUT} message="${message}"` };
}

export function casUnknown(accepts: number): Result {
  const message = `CAS operation result is unknown - proposal accepted by ${accepts} but not a quorum.`;
  return { kind: 'result', status: 'unknown', error: `code=1700 [CAS write unknown] message="${message}"` };
}

export const OK: Result = { kind: 'result', status: 'ok' };
