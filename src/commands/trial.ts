import { isProblem } from '../core/problem.ts';
import type { Session } from '../session/session.ts';
import type { Row } from '../session/types.ts';

/** Runs one line on a branch to its end. Its last row, or undefined if it was refused or understood as nothing. */
export function run(branch: Session, line: string): Row | undefined {
  const statements = branch.read(line);
  if (isProblem(statements)) return undefined;
  let last: Row | undefined;
  for (const statement of statements) {
    const job = branch.execute(statement);
    const end = job.step(Number.POSITIVE_INFINITY);
    if (!end.done || end.reply.problem !== undefined) return undefined;
    last = end.reply.rows.at(-1);
  }
  return last;
}
