import type { Problem } from '../../core/problem.ts';
import { isProblem } from '../../core/problem.ts';
import type { Statement } from '../../lang/statement.ts';
import type { SessionApi } from '../../session/types.ts';
import type { Origin } from '../diagnose.ts';

/** A statement and the line that it stands in. */
export interface Placed {
  readonly statement: Statement;
  readonly origin: Origin;
}

export interface Reading {
  readonly statements: readonly Placed[];
  readonly problems: readonly { readonly problem: Problem; readonly origin: Origin }[];
}

/** A whole script as the session's system understands it, line by line through every `use`. With problems it must not run at all. */
export function readScript(session: SessionApi, text: string, file: string): Reading {
  const statements: Placed[] = [];
  const problems: { problem: Problem; origin: Origin }[] = [];
  const scope = { system: session.system };
  text.split('\n').forEach((raw, i) => {
    const source = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const origin = { file, line: i + 1, source };
    const found = session.read(source, scope, { file, line: i + 1 });
    if (isProblem(found)) problems.push({ problem: found, origin });
    else for (const statement of found) statements.push({ statement, origin });
  });
  return { statements, problems };
}
