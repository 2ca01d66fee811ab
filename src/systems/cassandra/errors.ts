import type { Level } from './levels.ts';
import type { Result } from './messages.ts';

/** Errors as cqlsh prints them: code, name, the server's message and its fields (native protocol v4, section 9). */
const TIMED_OUT = "[Coordinator node timed out waiting for replica nodes' responses]";

/** Nothing was sent: a definite failure. */
export function unavailable(level: Level, required: number, alive: number): Result {
  const info = `info={'consistency': '${level}', 'required_replicas': ${required}, 'alive_replicas': ${alive}}`;
  return { kind: 'result', status: 'fail', error: `code=1000 [Unavailable exception] message="Cannot achieve consistency level ${level}" ${info}` };
}

/** The write may be on some replicas, and may spread: unknown. */
export function writeTimeout(level: Level, required: number, received: number, type: 'SIMPLE' | 'COUNTER'): Result {
  const info = `info={'consistency': '${level}', 'required_responses': ${required}, 'received_responses': ${received}, 'write_type': '${type}'}`;
  return { kind: 'result', status: 'unknown', error: `code=1100 ${TIMED_OUT} message="Operation timed out - received only ${received} responses." ${info}` };
}

/** The client gave up waiting for an answer; a read changes nothing either way. */
export function readTimeout(level: Level, required: number, received: number, dataCame: boolean): Result {
  const info = `info={'consistency': '${level}', 'required_responses': ${required}, 'received_responses': ${received}, 'data_retrieved': ${dataCame ? 'True' : 'False'}}`;
  return { kind: 'result', status: 'unknown', error: `code=1200 ${TIMED_OUT} message="Operation timed out - received only ${received} responses." ${info}` };
}

export function casTimeout(level: Level, required: number, received: number, contentions: number): Result {
  const message = `CAS operation timed out: received ${received} of ${required} required responses after ${contentions} contention retries`;
  const info = `info={'consistency': '${level}', 'required_responses': ${required}, 'received_responses': ${received}, 'write_type': 'CAS'}`;
  return { kind: 'result', status: 'unknown', error: `code=1100 ${TIMED_OUT} message="${message}" ${info}` };
}

export function casUnknown(accepts: number): Result {
  return { kind: 'result', status: 'unknown', error: `code=1700 [CAS write unknown] message="CAS operation result is unknown - proposal accepted by ${accepts} but not a quorum."` };
}

export const OK: Result = { kind: 'result', status: 'ok' };
