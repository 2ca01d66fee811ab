import { type Place, Problem } from '../core/problem.ts';
import { formatStatement } from '../lang/format.ts';
import { ExerciseRun, play } from './exercise-run.ts';
import { decide } from './grade.ts';
import { finish, refusal } from './task.ts';
import type { Chapter, CommandLine, Do, Exercise, NearMiss, Open, Predict, Ran, Section } from './types.ts';
import { runBlocks, SectionWorld } from './world.ts';

/**
 * The author's gate: what must hold of a chapter before a reader sees it. It runs every block and plays every exercise as a reader would, in right ways and in
 * wrong ones, and says what does not come out. A chapter that passes cannot leave its reader stuck, graded wrongly, or in front of a claim that is not so.
 */
export function gateChapter(chapter: Chapter, open: Open): readonly Problem[] {
  const problems = chapter.sections.flatMap((section) => [
    ...gateRuns(section, open),
    ...gateClaims(section),
    ...section.blocks.flatMap((block) => (block.kind === 'exercise' ? gateExercise(block.exercise, open) : [])),
  ]);
  return problems.map(({ what, remedy, at }) => new Problem(what, remedy, at === undefined ? at : { ...at, file: chapter.file }));
}

/** Every block runs on its section's world, nothing in it is refused, and every `expect` in it holds. */
export function gateRuns(section: Section, open: Open): readonly Problem[] {
  const world = new SectionWorld(section, open);
  return runBlocks(section).flatMap((block) => finish(world.run(block)).flatMap(wrong));
}

function wrong({ line, statement, reply }: Ran): readonly Problem[] {
  const at: Place = { from: line.column, to: line.column + line.source.length, line: line.line };
  if (reply.problem !== undefined) return [new Problem(`this is refused: ${reply.problem.what}`, reply.problem.remedy, at)];
  const failed = reply.rows.find(({ held }) => held === false);
  if (failed === undefined) return [];
  return [new Problem(`${statement.text} does not hold: ${failed.actual ?? 'it is otherwise'}`, 'correct the claim, or the run', at)];
}

/** A claim stands beside a run in its own section, and the run is judged by an `expect`: otherwise nothing would notice if it stopped being so. */
export function gateClaims(section: Section): readonly Problem[] {
  const judged = runBlocks(section).some(({ lines }) => lines.some(({ statements }) => statements.some(({ verb }) => verb === 'expect')));
  if (judged) return [];
  return section.claims.map(
    ({ id, at }) => new Problem(`the claim ${id} has no run with an expect in its section`, 'add a cap block that shows it', at),
  );
}

export function gateExercise(exercise: Exercise, open: Open): readonly Problem[] {
  const found = exercise.kind === 'predict' ? gatePredict(exercise, open) : gateDo(exercise, open);
  const hints = exercise.hints.length >= 2 ? [] : ['it has fewer than two hints: give a nudge, and nearly the answer'];
  return [...hints, ...found].map((what) => new Problem(`exercise ${exercise.slug}: ${what}`, undefined, exercise.at));
}

/** The run decides exactly one right choice, and every other has something to say to whoever takes it. */
function gatePredict(exercise: Predict, open: Open): readonly string[] {
  const { right, tries, problem } = finish(decide(exercise, open));
  if (problem !== undefined) return [`its setup or command is refused: ${problem.toString()}`];
  const refused = tries.flat().find((one) => one.problem !== undefined);
  if (refused !== undefined) return [`${refused.text} is refused: ${refused.problem?.toString()}`];
  const silent = exercise.choices.filter((choice, i) => !right.includes(i) && choice.feedback === undefined);
  const found = silent.map(({ text }) => `the wrong choice "${text}" has no feedback`);
  if (right.length === 1) return found;
  const came = right.length === 0 ? `none is right (${tries[0]?.[0]?.actual ?? 'nothing came'})` : `${right.length} are right`;
  return [`the run must decide one choice, and ${came}`, ...found];
}

function gateDo(exercise: Do, open: Open): readonly string[] {
  const run = new ExerciseRun(exercise, open);
  const refused = refusal(finish(run.start()));
  if (refused !== undefined) return [`its setup is refused: ${refused.toString()}`];
  const start = finish(run.grade());
  const badGoal = start.goal.find(({ problem }) => problem !== undefined);
  if (badGoal !== undefined) return [`the goal's ${badGoal.text} is refused: ${badGoal.problem?.toString()}`];
  if (start.solved) return ['its start already satisfies the goal'];
  const found = [...gateWay(exercise, exercise.solution, 'the solution', open)];
  exercise.also.forEach((way, i) => {
    found.push(...gateWay(exercise, way, `the other solution ${i + 1}`, open));
    if (same(way, exercise.solution)) found.push(`the other solution ${i + 1} is the solution again`);
  });
  if (exercise.also.length === 0) found.push('it has no other solution (also:), so it may accept one way only');
  return [...found, ...gateNear(exercise, open)];
}

function gateWay(exercise: Do, way: readonly CommandLine[], name: string, open: Open): readonly string[] {
  const { ran, verdict } = playFresh(exercise, way, open);
  const refused = refusal(ran);
  if (refused !== undefined) return [`${name} is refused: ${refused.toString()}`];
  if (verdict.solved) return [];
  const missing = verdict.goal.filter(({ held }) => !held).map(({ text, actual }) => `${text} (${actual ?? 'otherwise'})`);
  return [`${name} does not reach the goal: ${missing.join(', ')}`];
}

/** At least two near misses; each does something, fails, and is answered with its own words when a reader does it. */
function gateNear(exercise: Do, open: Open): readonly string[] {
  const found: string[] = [];
  if (exercise.near.length < 2) found.push('it has fewer than two near misses');
  const said = new Map<string, number>();
  exercise.near.forEach((near, i) => {
    const name = `near miss ${i + 1}`;
    found.push(...gateOneNear(exercise, near, name, open));
    const twin = said.get(near.feedback);
    if (twin !== undefined) found.push(`${name} says what near miss ${twin + 1} says`);
    said.set(near.feedback, i);
    if (exercise.near.slice(0, i).some((other) => same(other.commands, near.commands))) found.push(`${name} does what an earlier one does`);
  });
  return found;
}

function gateOneNear(exercise: Do, near: NearMiss, name: string, open: Open): readonly string[] {
  const { ran, verdict, changed } = playFresh(exercise, near.commands, open);
  const refused = refusal(ran);
  if (refused !== undefined) return [`${name} is refused: ${refused.toString()}`];
  if (verdict.solved) return [`${name} reaches the goal`];
  if (!changed) return [`${name} changes nothing`];
  if (verdict.near === near) return [];
  return [
    verdict.near === undefined ? `${name} is not recognised` : `${name} is answered with the words of another: ${verdict.near.feedback}`,
  ];
}

function playFresh(exercise: Do, lines: readonly CommandLine[], open: Open) {
  const run = new ExerciseRun(exercise, open);
  finish(run.start());
  const before = run.session.script();
  const played = finish(play(run, lines));
  return { ...played, changed: run.session.script() !== before };
}

const canonical = (lines: readonly CommandLine[]): string => lines.flatMap(({ statements }) => statements.map(formatStatement)).join('\n');
const same = (a: readonly CommandLine[], b: readonly CommandLine[]): boolean => canonical(a) === canonical(b);
