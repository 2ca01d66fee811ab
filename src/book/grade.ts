import { Problem } from '../core/problem.ts';
import { formatStatement } from '../lang/format.ts';
import { parseLine } from '../lang/parse.ts';
import type { Statement } from '../lang/statement.ts';
import type { SessionApi } from '../session/types.ts';
import { allHold, refusal, runLines, tryAll } from './task.ts';
import type { Choice, CommandLine, Do, NearMiss, Open, Predict, Task, Tried } from './types.ts';

/** What the simulator says to a prediction. */
export interface Decision {
  /** For each choice, its statements after the run. */
  readonly tries: readonly (readonly Tried[])[];
  /** The choices all of whose statements held. The gate sees to it that there is exactly one. */
  readonly right: readonly number[];
  /** The setup or the command was refused: the exercise itself is broken. */
  readonly problem?: Problem;
}

/** Runs a prediction on a world of its own. */
export function* decide(exercise: Predict, open: Open): Task<Decision> {
  const session = open({});
  const ran = yield* runLines(session, [...exercise.setup, ...exercise.command]);
  const tries: (readonly Tried[])[] = [];
  for (const { expects } of exercise.choices) tries.push(yield* tryAll(session, expects));
  const right = tries.flatMap((one, i) => (allHold(one) ? [i] : []));
  const problem = refusal(ran);
  return problem === undefined ? { tries, right } : { tries, right, problem };
}

export function isRight(decision: Decision, choice: number): boolean {
  return decision.right.includes(choice);
}

/** The choice that was right, if there was one: for telling whoever chose another. */
export function rightChoice(exercise: Predict, decision: Decision): Choice | undefined {
  const first = decision.right[0];
  return first === undefined ? undefined : exercise.choices[first];
}

/** How far a reader's world is from the goal. */
export interface Verdict {
  readonly solved: boolean;
  readonly goal: readonly Tried[];
  /** The near miss that was recognised, if the goal was not reached. */
  readonly near?: NearMiss;
}

/**
 * Judges a world without touching it: the statements of the goal are tried on a fork that nobody sees. `typed` is what the reader did after the setup.
 */
export function* gradeDo(exercise: Do, session: SessionApi, typed: readonly Statement[]): Task<Verdict> {
  const copy = session.fork();
  const goal = yield* tryAll(copy, exercise.goal);
  if (allHold(goal)) return { solved: true, goal };
  for (const near of exercise.near) {
    const seen = near.when.length > 0 ? allHold(yield* tryAll(copy, near.when)) : wasTyped(near.commands, typed);
    if (seen) return { solved: false, goal, near };
  }
  return { solved: false, goal };
}

/** A session's script as statements. The program wrote it, so a line that cannot be read is a fault of ours. */
export function scriptOf(session: SessionApi): readonly Statement[] {
  return session
    .script()
    .split('\n')
    .flatMap((line) => {
      const read = parseLine(line);
      if (read instanceof Problem) throw new Error(`broken guarantee: a saved script can be read back: ${read.what}`);
      return read;
    });
}

/**
 * Whether some commands were typed in this order, perhaps with others between them, and the last of them just now: what one says about a mistake is about the
 * last thing that was done.
 */
function wasTyped(commands: readonly CommandLine[], typed: readonly Statement[]): boolean {
  const wanted = commands.flatMap(({ statements }) => statements.map(formatStatement));
  const done = typed.map(formatStatement);
  if (wanted.at(-1) !== done.at(-1)) return false;
  let next = 0;
  for (const one of done) if (one === wanted[next]) next++;
  return next === wanted.length;
}
