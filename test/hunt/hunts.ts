import { expectations } from '../../src/commands/hunt-expect.ts';
import { openSession } from '../../src/commands/index.ts';
import { isProblem, type Problem } from '../../src/core/problem.ts';
import type { Bounds } from '../../src/hunt/bounds.ts';
import { prepare } from '../../src/hunt/hunting.ts';
import { type Found, type Hunt, runDrawn, runScript, scriptOf } from '../../src/hunt/run.ts';
import { Phrases } from '../../src/hunt/trial.ts';
import type { Session } from '../../src/session/session.ts';
import type { Reply } from '../../src/session/types.ts';
import { toTheEnd } from '../harness/transcripts.ts';

/** A hunt, or what was wrong with its words. */
export function tryHunt(property: string, cluster = 'etcd', bounds: Partial<Bounds> = {}): Hunt | Problem {
  const [system = 'etcd'] = cluster.split(' ');
  return prepare({ property, cluster, bounds }, new Phrases(openSession(), system), expectations);
}

export function huntFor(property: string, cluster = 'etcd', bounds: Partial<Bounds> = {}): Hunt {
  const hunt = tryHunt(property, cluster, bounds);
  if (isProblem(hunt)) throw new Error(hunt.toString());
  return hunt;
}

/** The first run of so many that has what is hunted, by its number from 0. */
export function firstOf(hunt: Hunt, runs: number): { readonly run: number; readonly found: Found } {
  for (let run = 0; run < runs; run++) {
    const { found } = runDrawn(hunt, run);
    if (found !== undefined) return { run, found };
  }
  throw new Error(`none of ${runs} runs has ${hunt.goal.says}`);
}

/** What a script shows behind its lines, or, if it is watched closely, already within one. */
export function again(hunt: Hunt, { setup, lines }: Found, how: 'closely' | 'plainly' = 'plainly'): Found | undefined {
  return runScript(hunt, setup, lines, how === 'plainly').found;
}

/** The lines in a session, as a reader would type them. */
export function typed(lines: readonly string[]): { readonly session: Session; readonly replies: readonly Reply[] } {
  const session = openSession();
  const replies: Reply[] = [];
  const scope = { system: session.system };
  for (const line of lines) {
    const statements = session.read(line, scope);
    if (isProblem(statements)) throw new Error(`${line}: ${statements}`);
    for (const statement of statements) {
      const reply = toTheEnd(session.execute(statement));
      if (reply.problem !== undefined) throw new Error(`${line}: ${reply.problem}`);
      replies.push(reply);
    }
  }
  return { session, replies };
}

export { scriptOf };
