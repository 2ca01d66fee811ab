import { expectations } from '../../commands/hunt-expect.ts';
import { openSession } from '../../commands/index.ts';
import { isProblem, type Problem } from '../../core/problem.ts';
import { prepare, type Quest } from '../../hunt/hunting.ts';
import { type Hunt, setupOf } from '../../hunt/run.ts';
import { Phrases } from '../../hunt/trial.ts';

/** Understands the words of a hunt in a session of its own; the program and each of its workers do. */
export function understand(quest: Quest): Hunt | Problem {
  const host = openSession();
  const setup = setupOf(new Phrases(host, host.system), quest.cluster);
  return isProblem(setup) ? setup : prepare(quest, new Phrases(host, setup.system.name), expectations);
}
