import { isProblem } from '../core/problem.ts';
import type { Session } from '../session/session.ts';
import type { Row } from '../session/types.ts';

/** Runs one line on a branch to its end. Its last row, or undefined if it was refused, understood as nothing, or not done after so many events. */
export function run(branch: Session, line: string, events = Number.POSITIVE_INFINITY): Row | undefined {
  const statements = branch.read(line);
  if (isProblem(statements)) return undefined;
  let last: Row | undefined;
  for (const statement of statements) {
    const job = branch.execute(statement);
    const end = job.step(events);
    if (!end.done || end.reply.problem !== undefined) return undefined;
    last = end.reply.rows.at(-1);
  }
  return last;
}
