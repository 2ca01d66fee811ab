import { ExerciseRun } from '../../book/exercise-run.ts';
import type { ExerciseProgress } from '../../book/progress.ts';
import { runStatement } from '../../book/task.ts';
import type { Chapter, Exercise, Open, Ran, RunBlock, Task } from '../../book/types.ts';
import { SectionWorld } from '../../book/world.ts';
import { isProblem } from '../../core/problem.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { Overview, Reply, SessionApi } from '../../session/types.ts';
import { styled, text } from '../../view/block.ts';
import { problemBlocks } from '../../view/problem.ts';
import type { Completion } from '../terminal/completion.ts';
import { type Action, type Effect, type Entry, type LabRef, labKey, type Sign } from './book-state.ts';
import { Judge } from './judge.ts';

/** What takes the lab some time; done one after the other, in the order in which it was asked for. */
export type Work = Exclude<Effect, { readonly type: 'remember' | 'cancel' | 'suspend' }>;
type OfExercise = LabRef & { readonly exercise: Exercise };

/** How long a command may take before its progress is shown, and how often it then is. */
const PROGRESS_AFTER_MS = 300;
const PROGRESS_EVERY_MS = 100;

/**
 * The worlds behind the pages: one for each section and each exercise that was visited, made when it is needed. Work is done in slices from the event loop, so
 * keys are heard meanwhile; what comes of it is told as actions.
 */
export class Worlds {
  readonly #open: Open;
  readonly #known: (chapter: Chapter, exercise: Exercise) => ExerciseProgress;
  readonly #tell: (action: Action) => void;
  readonly #sections = new Map<string, SectionWorld>();
  readonly #runs = new Map<string, { readonly run: ExerciseRun; started: boolean }>();
  readonly #queue: Work[] = [];
  readonly #judge: Judge;
  #task: { readonly work: Work; readonly task: Task<unknown>; readonly beganMs: number; shownMs: number } | undefined;

  constructor(open: Open, known: (chapter: Chapter, exercise: Exercise) => ExerciseProgress, tell: (action: Action) => void) {
    this.#open = open;
    this.#known = known;
    this.#tell = tell;
    this.#judge = new Judge(tell);
  }

  overview(lab: LabRef): Overview {
    return this.#session(lab).overview();
  }

  complete(lab: LabRef, line: string, cursor: number): Completion {
    const { from, to, candidates } = this.#session(lab).complete(line, cursor);
    // A finished word brings its blank; an option's name waits for its value.
    return { from, to, candidates: candidates.map((word) => ({ text: word.endsWith('=') ? word : `${word} ` })) };
  }

  do(work: Work): void {
    this.#judge.stop();
    this.#queue.push(work);
    if (this.#task === undefined) this.#next();
  }

  /** Takes the running command back, and forgets what was to come after it. */
  cancel(): void {
    const now = this.#task;
    this.#queue.length = 0;
    if (now === undefined) return;
    this.#task = undefined;
    now.task.return(undefined);
    const { lab } = now.work;
    const run = this.#runs.get(labKey(lab));
    // A world that was only half made must be made again.
    if (run !== undefined && now.work.type !== 'lines') run.started = false;
    this.#say(lab, { blocks: [text([styled('interrupted', 'unknown'), '  taken back, as if it had not been begun'])] });
    this.#tell({ type: 'ended' });
  }

  #next(): void {
    for (let work = this.#queue.shift(); work !== undefined; work = this.#queue.shift()) {
      const task = this.#begun(work);
      if (task === undefined) continue;
      this.#task = { work, task, beganMs: performance.now(), shownMs: 0 };
      this.#tell({ type: 'began', what: nameOf(work) });
      this.#slice();
      return;
    }
  }

  #slice(): void {
    const now = this.#task;
    if (now === undefined) return;
    const step = now.task.next();
    // Telling what came of it may have led to a cancel.
    if (this.#task !== now) return;
    if (step.done === true) {
      this.#task = undefined;
      this.#tell({ type: 'ended' });
      this.#next();
      if (this.#task === undefined) this.#judge.begin(now.work.lab, this.#session(now.work.lab));
      return;
    }
    const nowMs = performance.now();
    if (step.value !== undefined && nowMs - now.beganMs > PROGRESS_AFTER_MS && nowMs - now.shownMs > PROGRESS_EVERY_MS) {
      now.shownMs = nowMs;
      this.#tell({ type: 'progress', progress: step.value });
    }
    setImmediate(() => this.#slice());
  }

  /** What is done at once is done here; what takes a while is a task. */
  #begun(work: Work): Task<unknown> | undefined {
    switch (work.type) {
      case 'visit':
        if (!this.#sections.has(labKey(work.lab))) this.#made(work.lab, false);
        return undefined;
      case 'block':
        return this.#block(work.lab, work.block);
      case 'lines':
        return this.#lines(work.lab, work.lines);
      case 'start':
        return this.#start(work.lab);
      case 'answer':
        return this.#answer(work.lab, work.choice, work.confidence);
      case 'hint':
      case 'skip':
      case 'solution':
        if (work.type === 'solution' && work.lab.exercise.kind === 'predict') return this.#reveal(work.lab);
        this.#help(work.lab, work.type, work.aloud);
        return undefined;
      case 'reset':
        return this.#reset(work.lab);
      default:
        return unreachable(work);
    }
  }

  *#block(lab: LabRef, block: RunBlock): Task<void> {
    const world = this.#section(lab);
    if (world.hasRun(block)) {
      // It was written for the state before it: the section's world begins anew.
      world.reset();
      this.#made(lab, true);
      this.#note(lab, 'run again, in a new world');
    }
    yield* world.run(block, (ran) => this.#heard(lab, ran));
  }

  *#lines(lab: LabRef, lines: readonly string[]): Task<void> {
    for (const source of lines) {
      const session = this.#session(lab);
      const statements = session.read(source);
      if (isProblem(statements)) {
        this.#say(lab, { command: source, blocks: problemBlocks(statements, source) });
        continue;
      }
      for (const statement of statements) {
        const before = session.script();
        const reply = yield* runStatement(session, statement);
        this.#say(lab, { command: statement.text, blocks: blocksOf(reply, source) });
        if (reply.quit === true) this.#tell({ type: 'quit', code: 0 });
        // Looking round is no attempt.
        if (lab.exercise?.kind === 'do' && this.#session(lab).script() !== before) yield* this.#grade({ ...lab, exercise: lab.exercise });
      }
    }
  }

  *#grade(lab: OfExercise): Task<void> {
    const { run } = this.#run(lab);
    const before = run.state.status;
    yield* run.grade();
    this.#exercise(lab);
    if (run.state.status === 'solved' && before !== 'solved') {
      this.#say(lab, { blocks: [text([styled('✓ solved', 'ok'), '  Esc goes back to the page'])] });
    } else if (run.state.feedback !== undefined)
      this.#tell({ type: 'notice', text: 'not there yet; the page has something to say about it' });
  }

  *#start(lab: OfExercise): Task<void> {
    const entry = this.#run(lab);
    if (!entry.started) yield* this.#anew(lab);
  }

  *#anew(lab: OfExercise): Task<void> {
    const entry = this.#run(lab);
    entry.started = true;
    this.#made(lab, true);
    this.#note(lab, `the world of exercise ${lab.exercise.slug}`);
    yield* entry.run.start((ran) => this.#heard(lab, ran));
    this.#exercise(lab);
  }

  *#answer(lab: OfExercise, choice: number, confidence?: number): Task<void> {
    const entry = this.#run(lab);
    entry.started = true;
    this.#note(lab, 'the machine decides');
    const { why } = yield* entry.run.answer(choice, confidence, (ran) => this.#heard(lab, ran));
    if (why !== undefined) this.#say(lab, { command: 'why', blocks: why.blocks });
    this.#exercise(lab);
  }

  /** The solution of a prediction is what the machine says. */
  *#reveal(lab: OfExercise): Task<void> {
    const entry = this.#run(lab);
    entry.started = true;
    this.#note(lab, 'the machine decides');
    yield* entry.run.reveal((ran) => this.#heard(lab, ran));
    this.#exercise(lab);
  }

  #help(lab: OfExercise, what: 'hint' | 'skip' | 'solution', aloud: boolean): void {
    const { run } = this.#run(lab);
    const noMore = what === 'hint' && run.state.moreHints === 0;
    const lines = noMore ? ['there are no more hints; the solution is left'] : helped(run, what);
    this.#exercise(lab);
    if (aloud) this.#say(lab, { command: what, blocks: [text(...lines.map((line) => [line]))] });
    else if (noMore) this.#tell({ type: 'notice', text: lines.join('') });
  }

  *#reset(lab: LabRef): Task<void> {
    if (lab.exercise !== undefined) {
      const of = { ...lab, exercise: lab.exercise };
      this.#run(of).run.reset();
      yield* this.#anew(of);
      return;
    }
    this.#section(lab).reset();
    this.#made(lab, true);
    this.#note(lab, 'the world of this section begins anew');
  }

  #heard(lab: LabRef, { line, statement, reply }: Ran): void {
    const entry = { command: statement.text, blocks: blocksOf(reply, line.source) };
    this.#tell({ type: 'said', lab, entry, overview: this.overview(lab), line, sign: signOf(reply) });
  }

  #say(lab: LabRef, entry: Entry): void {
    this.#tell({ type: 'said', lab, entry, overview: this.overview(lab) });
  }

  #note(lab: LabRef, sentence: string): void {
    this.#say(lab, { blocks: [text([styled(`— ${sentence} —`, 'dim')])] });
  }

  #made(lab: LabRef, fresh: boolean): void {
    this.#tell({ type: 'lab', lab, overview: this.overview(lab), fresh });
  }

  #exercise(lab: OfExercise): void {
    const { run } = this.#run(lab);
    this.#tell({ type: 'exercise', lab, state: run.state, progress: run.progress });
  }

  #session(lab: LabRef): SessionApi {
    return lab.exercise === undefined ? this.#section(lab).session : this.#run({ ...lab, exercise: lab.exercise }).run.session;
  }

  #section(lab: LabRef): SectionWorld {
    const key = labKey({ chapter: lab.chapter, section: lab.section });
    const world = this.#sections.get(key) ?? new SectionWorld(lab.section, this.#open);
    this.#sections.set(key, world);
    return world;
  }

  #run(lab: OfExercise): { readonly run: ExerciseRun; started: boolean } {
    const key = labKey(lab);
    const entry = this.#runs.get(key) ?? {
      run: new ExerciseRun(lab.exercise, this.#open, this.#known(lab.chapter, lab.exercise)),
      started: false,
    };
    this.#runs.set(key, entry);
    return entry;
  }
}

function blocksOf(reply: Reply, source: string): Entry['blocks'] {
  return reply.problem === undefined ? reply.blocks : [...reply.blocks, ...problemBlocks(reply.problem, source)];
}

/** What stands beside a line of a block that was run: a claim that did not hold is a failure. */
function signOf(reply: Reply): Sign {
  if (reply.problem !== undefined) return 'invalid';
  const own = reply.rows.find(({ n }) => n === reply.n);
  if (own?.held !== undefined) return own.held ? 'ok' : 'fail';
  return own?.outcome ?? 'done';
}

function helped(run: ExerciseRun, what: 'hint' | 'skip' | 'solution'): readonly string[] {
  switch (what) {
    case 'hint':
      return [run.hint() ?? ''];
    case 'solution':
      return run.solution();
    case 'skip':
      run.skip();
      return ['skipped; it can still be solved'];
    default:
      return unreachable(what);
  }
}

function nameOf(work: Work): string {
  switch (work.type) {
    case 'lines':
      return work.lines.join('; ');
    case 'block':
      return 'running the block';
    case 'answer':
      return 'the machine decides';
    default:
      return 'making the world';
  }
}
