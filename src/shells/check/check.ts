import type { Asked, Recorded } from '../../checkers/model.ts';
import { modelsFor, readModels, STEPS, typesFor } from '../../checkers/wanted.ts';
import { judgeWish, type Wish } from '../../checkers/wish.ts';
import { isProblem, Problem } from '../../core/problem.ts';
import { clip, printable } from '../../core/units.ts';
import type { Columns } from '../../history/columns.ts';
import { HistoryProblem } from '../../history/cursor.ts';
import type { HistoryFormat } from '../../history/read.ts';
import { render } from '../../view/render.ts';
import { complaint, diagnosis } from '../diagnose.ts';
import { breathe } from '../drive.ts';
import { EXIT, worst } from '../exit.ts';
import { drained, lookOf } from '../output.ts';
import { Signals } from '../signals.ts';
import { readInput } from './input.ts';
import { type Judged, judgedOf } from './judged.ts';
import { Meter } from './meter.ts';
import { verdictBlocks } from './report.ts';
import { verdictRows } from './rows.ts';

export interface CheckOptions {
  /** A path; `-` is standard input. */
  readonly history: string;
  readonly model?: string;
  readonly format?: HistoryFormat;
  readonly json: boolean;
  /** Whether a valid history should come with an order that explains it. */
  readonly order: boolean;
  /** How far the search may go in all, as it was typed. */
  readonly steps?: string;
  readonly ascii: boolean;
}

/** `cap-tutor check`: judges a recorded history; returns the exit code. */
export async function check(options: CheckOptions): Promise<number> {
  const wanted = readModels(options.model, '--model: ');
  if (isProblem(wanted)) return refuse(wanted);
  const steps = readSteps(options.steps);
  if (isProblem(steps)) return refuse(steps);
  const meter = new Meter(process.stderr);
  const signals = new Signals((code) => {
    meter.wipe();
    process.exit(code);
  });
  try {
    const columns = await readInput(options.history, options.format, (operations, part) => meter.reading(operations, part));
    meter.wipe();
    if (isProblem(columns)) return refuse(columns);
    const file = printable(options.history);
    const recorded = typesFor(columns, wanted.type, file);
    if (isProblem(recorded)) return refuse(recorded);
    const wishes = modelsFor(wanted.wishes, recorded, file);
    if (isProblem(wishes)) return refuse(wishes);
    const judged: Judged[] = [];
    for (const wish of wishes) judged.push(await judgeBy(wish, recorded, { steps, order: options.order }, meter));
    meter.wipe();
    await print(judged, columns, options);
    return worst(judged.map(({ valid }) => (valid === true ? EXIT.ok : valid === false ? EXIT.differs : EXIT.undecided)));
  } finally {
    meter.wipe();
    signals.release();
  }
}

function readSteps(text: string | undefined): number | Problem {
  if (text === undefined) return STEPS;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  return new Problem(`--steps: "${clip(text)}" is not a whole number up to ten digits`, 'for example --steps 1000000');
}

async function judgeBy(wish: Wish, recorded: Recorded, asked: Asked, meter: Meter): Promise<Judged> {
  const { model } = wish;
  const judging = judgeWish(wish, recorded, asked);
  for (;;) {
    const step = judging.next();
    if (step.done === true) return judgedOf(model.name, recorded, step.value);
    meter.judging(model.name, step.value.done, step.value.of);
    await breathe();
  }
}

async function print(judged: readonly Judged[], columns: Columns, options: CheckOptions): Promise<void> {
  const rows = options.json
    ? verdictRows(judged, options.history, columns)
    : judged.flatMap((one) => render(verdictBlocks(one, printable(options.history), columns), lookOf(process.stdout, options.ascii)));
  process.stdout.write(rows.map((row) => `${row}\n`).join(''));
  await drained(process.stdout);
}

function refuse(problem: Problem): number {
  const at = problem.at;
  const said =
    problem instanceof HistoryProblem && at !== undefined
      ? diagnosis(problem, { file: at.file ?? '-', line: at.line ?? 1, source: problem.source })
      : complaint(problem);
  process.stderr.write(said);
  return EXIT.usage;
}
