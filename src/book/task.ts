import type { Problem } from '../core/problem.ts';
import type { Statement } from '../lang/statement.ts';
import type { Reply, SessionApi } from '../session/types.ts';
import type { CommandLine, Heard, Ran, Task, Tried } from './types.ts';

/** Handler calls in one slice: about ten milliseconds, so that keys and Ctrl-C get through between two. */
const SLICE_EVENTS = 10_000;

/** Runs a task to its end, for tests and for front ends that may block. */
export function finish<T>(task: Task<T>): T {
  for (;;) {
    const step = task.next();
    if (step.done === true) return step.value;
  }
}

/** One statement on a session. If the task is dropped half-way (`return()`), the command is taken back and leaves no trace. */
export function* runStatement(session: SessionApi, statement: Statement, line?: number): Task<Reply> {
  const job = session.execute(statement, line);
  let ended = false;
  try {
    for (;;) {
      const step = job.step(SLICE_EVENTS);
      if (step.done) {
        ended = true;
        return step.reply;
      }
      yield step;
    }
  } finally {
    if (!ended) job.cancel();
  }
}

/** Every statement of some lines, in order; refused ones too, as a script does. */
export function* runLines(session: SessionApi, lines: readonly CommandLine[], heard?: Heard): Task<readonly Ran[]> {
  const all: Ran[] = [];
  for (const line of lines) {
    for (const statement of line.statements) {
      const ran = { line, statement, reply: yield* runStatement(session, statement, line.line) };
      all.push(ran);
      if (heard === undefined) continue;
      heard(ran);
      // Whoever listens wants to draw it before the next begins.
      yield undefined;
    }
  }
  return all;
}

/** The first command that was refused, if any. */
export function refusal(ran: readonly Ran[]): Problem | undefined {
  for (const { reply } of ran) if (reply.problem !== undefined) return reply.problem;
  return undefined;
}

/** Tries `expect` statements. They judge the last client result, which they do not change: any number may follow each other. */
export function* tryAll(session: SessionApi, expects: readonly CommandLine[]): Task<readonly Tried[]> {
  return (yield* runLines(session, expects)).map(({ statement, reply }) => tried(statement, reply));
}

function tried(statement: Statement, reply: Reply): Tried {
  const text = statement.text;
  if (reply.problem !== undefined) return { text, held: false, problem: reply.problem };
  const row = reply.rows.at(-1);
  return { text, held: row?.held === true, ...(row?.actual === undefined ? {} : { actual: row.actual }) };
}

export const allHold = (tries: readonly Tried[]): boolean => tries.length > 0 && tries.every(({ held }) => held);
