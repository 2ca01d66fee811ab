import { Problem } from '../core/problem.ts';
import { formatStatement } from '../lang/format.ts';
import { parseLine } from '../lang/parse.ts';
import type { Statement } from '../lang/statement.ts';
import type { Reply, SessionApi } from '../session/types.ts';
import { type Decision, decide, gradeDo, rightChoice, scriptOf, type Verdict } from './grade.ts';
import { type ExerciseProgress, NOT_TRIED } from './progress.ts';
import { refusal, runLines, runStatement } from './task.ts';
import type { CommandLine, Exercise, Heard, Open, Ran, Task, Tried } from './types.ts';

/** What a front end draws. A new object after every step. */
export interface ExerciseState {
  readonly status: ExerciseProgress['state'];
  /** Hints shown so far, in order. */
  readonly hints: readonly string[];
  readonly moreHints: number;
  readonly attempts: number;
  /** The solution's lines, once they were asked for; for a prediction, the run itself. */
  readonly solution?: readonly string[];
  /** Predictions: what was chosen last, and how sure the reader was, in percent. */
  readonly choice?: number;
  readonly confidence?: number;
  /** Predictions: the choice that the run has borne out. Known when the answer is in. */
  readonly right?: number;
  /** What there is to say about the last attempt. Markdown. */
  readonly feedback?: string;
  /** Do: the goal's statements after the last command. */
  readonly goal?: readonly Tried[];
  /** Shown when the exercise is over. Markdown. */
  readonly lesson?: string;
  /** The exercise itself does not work; skipping is all that is left. */
  readonly problem?: Problem;
}

/** What the answer to a prediction brought: the run for the lab, and its reasons where the reader was wrong. */
export interface Answered {
  readonly ran: readonly Ran[];
  readonly why?: Reply;
}

/**
 * One exercise as it is played. It asks for no clock, no file and no terminal: whoever holds it drives the tasks and draws `state`. Hint, skip, solution and reset
 * work in every state, so nobody is ever stuck.
 */
export class ExerciseRun {
  readonly exercise: Exercise;
  readonly #open: Open;
  #session: SessionApi;
  #baseline: readonly string[] = [];
  #state: ExerciseState;
  #firstConfidence: number | undefined;

  /** `before`: what is known of earlier tries; hints that were seen stay seen. */
  constructor(exercise: Exercise, open: Open, before: ExerciseProgress = NOT_TRIED) {
    this.exercise = exercise;
    this.#open = open;
    this.#session = open({});
    this.#firstConfidence = before.confidence;
    const seen = exercise.hints.slice(0, before.hints);
    this.#state = { status: before.state, hints: seen, moreHints: exercise.hints.length - seen.length, attempts: before.attempts };
    if (before.state !== 'open') this.#end(before.state);
  }

  get state(): ExerciseState {
    return this.#state;
  }

  /** The lab of this exercise. Changes with `start`, `reset` and `answer`: do not keep it. */
  get session(): SessionApi {
    return this.#session;
  }

  /** Makes the exercise's world. Call it before the reader types, and again after `reset`. */
  *start(heard?: Heard): Task<readonly Ran[]> {
    this.#session = this.#open({});
    const ran = yield* runLines(this.#session, this.exercise.setup, heard);
    this.#baseline = scriptOf(this.#session).map(formatStatement);
    this.#note(refusal(ran));
    return ran;
  }

  /**
   * The answer to a prediction: the number of the choice, and how sure the reader is in percent. The world is made anew first, so what the reader tried meanwhile
   * does not count. Answering again is allowed; the first answer's confidence is the one that is kept.
   */
  *answer(choice: number, confidence?: number, heard?: Heard): Task<Answered> {
    const { exercise } = this;
    if (exercise.kind !== 'predict') throw new Error('broken guarantee: only predictions are answered');
    const chosen = exercise.choices[choice];
    if (chosen === undefined) throw new Error(`broken guarantee: the choice is one of the exercise's ${exercise.choices.length}`);
    const decision = yield* decide(exercise, this.#open);
    yield* this.start(heard);
    const ran = yield* runLines(this.#session, exercise.command, heard);
    this.#note(decision.problem);
    const won = decision.right.includes(choice);
    const why = won ? undefined : yield* this.#why();
    this.#firstConfidence ??= confidence;
    this.#judge(choice, decision, won);
    if (confidence !== undefined) this.#set({ confidence });
    return why === undefined ? { ran } : { ran, why };
  }

  /** After each command that the reader typed into the session of a `do`. */
  *grade(): Task<Verdict> {
    const { exercise } = this;
    if (exercise.kind !== 'do') throw new Error('broken guarantee: only do exercises are graded by their world');
    const verdict = yield* gradeDo(exercise, this.#session, this.#typed());
    const { feedback: _, ...rest } = this.#state;
    this.#state = { ...rest, goal: verdict.goal, ...(verdict.near === undefined ? {} : { feedback: verdict.near.feedback }) };
    if (verdict.solved) this.#end('solved');
    else if (this.#state.status === 'open') this.#set({ attempts: this.#state.attempts + 1 });
    return verdict;
  }

  /** The next hint, if there is one left. */
  hint(): string | undefined {
    const next = this.exercise.hints[this.#state.hints.length];
    if (next === undefined) return undefined;
    this.#set({ hints: [...this.#state.hints, next], moreHints: this.#state.moreHints - 1 });
    return next;
  }

  skip(): void {
    if (this.#state.status === 'open') this.#end('skipped');
  }

  /** What one could type. An exercise whose solution was seen can still be solved; the record says that it was seen. */
  solution(): readonly string[] {
    const { exercise } = this;
    const lines = sources(exercise.kind === 'do' ? exercise.solution : exercise.command);
    this.#set({ solution: lines });
    return lines;
  }

  /** For a prediction, the solution is the run: the machine decides, and nothing is counted for or against the reader. */
  *reveal(heard?: Heard): Task<readonly Ran[]> {
    const { exercise } = this;
    if (exercise.kind !== 'predict') throw new Error('broken guarantee: only the outcome of a prediction is revealed');
    this.solution();
    const decision = yield* decide(exercise, this.#open);
    yield* this.start(heard);
    const ran = yield* runLines(this.#session, exercise.command, heard);
    this.#note(decision.problem);
    const { choice: _, feedback: __, ...rest } = this.#state;
    const right = decision.right[0];
    this.#state = right === undefined ? rest : { ...rest, right };
    if (this.#state.status === 'open') this.#end('skipped');
    return ran;
  }

  /** Back to the beginning, to play it again: follow it with `start`. What was learned of hints stays on the record. */
  reset(): void {
    const { hints, moreHints, attempts, solution } = this.#state;
    this.#session = this.#open({});
    this.#baseline = [];
    this.#state = { status: 'open', hints, moreHints, attempts, ...(solution === undefined ? {} : { solution }) };
  }

  /** For the reader's record. */
  get progress(): ExerciseProgress {
    const { status, attempts, hints, solution } = this.#state;
    const confidence = this.#firstConfidence;
    const base = { state: status, attempts, hints: hints.length, sawSolution: solution !== undefined };
    return confidence === undefined ? base : { ...base, confidence };
  }

  #judge(choice: number, decision: Decision, won: boolean): void {
    const { exercise } = this;
    if (exercise.kind !== 'predict') return;
    const { feedback: _, right: __, ...rest } = this.#state;
    const feedback = won
      ? undefined
      : (exercise.choices[choice]?.feedback ?? `It was: ${rightChoice(exercise, decision)?.text ?? 'none of these'}`);
    const right = decision.right[0];
    this.#state = { ...rest, choice, ...(feedback === undefined ? {} : { feedback }), ...(right === undefined ? {} : { right }) };
    if (won) this.#end('solved');
    else {
      this.#set({ attempts: this.#state.attempts + 1 });
      if (this.#state.status !== 'solved') this.#end('missed');
    }
  }

  *#why(): Task<Reply | undefined> {
    const why = parseLine('why');
    const statement = why instanceof Problem ? undefined : why[0];
    if (statement === undefined) return undefined;
    const reply = yield* runStatement(this.#session, statement);
    return reply.problem === undefined ? reply : undefined;
  }

  /** What the reader did after the setup; all of it where the world was begun anew. */
  #typed(): readonly Statement[] {
    const script = scriptOf(this.#session);
    const continued = this.#baseline.every((line, i) => script[i] !== undefined && formatStatement(script[i]) === line);
    return continued ? script.slice(this.#baseline.length) : script;
  }

  #end(status: 'skipped' | 'missed' | 'solved'): void {
    const { lesson } = this.exercise;
    this.#set({ status, ...(lesson === undefined ? {} : { lesson }) });
  }

  #note(problem: Problem | undefined): void {
    if (problem !== undefined) this.#set({ problem });
  }

  #set(change: Partial<ExerciseState>): void {
    this.#state = { ...this.#state, ...change };
  }
}

const sources = (lines: readonly CommandLine[]): readonly string[] => lines.map(({ source }) => source);

/** Plays some lines as a reader would, with a grade after each command. For the gate and for tests. */
export function* play(run: ExerciseRun, lines: readonly CommandLine[]): Task<{ readonly ran: readonly Ran[]; readonly verdict: Verdict }> {
  const ran: Ran[] = [];
  let verdict = yield* run.grade();
  for (const line of lines) {
    ran.push(...(yield* runLines(run.session, [line])));
    verdict = yield* run.grade();
    if (verdict.solved) break;
  }
  return { ran, verdict };
}
