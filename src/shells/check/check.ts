import type { Finding, Model, Verdict } from '../../checkers/model.ts';
import type { DataType } from '../../checkers/types.ts';
import { isProblem, Problem } from '../../core/problem.ts';
import { clip, printable } from '../../core/units.ts';
import { type Columns, operationsOf } from '../../history/columns.ts';
import { HistoryProblem } from '../../history/cursor.ts';
import type { HistoryFormat } from '../../history/read.ts';
import { render } from '../../view/render.ts';
import { complaint, diagnosis } from '../diagnose.ts';
import { breathe } from '../drive.ts';
import { EXIT, worst } from '../exit.ts';
import { drained, lookOf } from '../output.ts';
import { Signals } from '../signals.ts';
import { readInput } from './input.ts';
import { Meter } from './meter.ts';
import { type Judged, type KeyVerdict, verdictBlocks, verdictRows } from './report.ts';
import { readModels, typeFor } from './words.ts';

export interface CheckOptions {
  /** A path; `-` is standard input. */
  readonly history: string;
  readonly model?: string;
  readonly format?: HistoryFormat;
  readonly json: boolean;
  /** How far the search may go in all, as it was typed. */
  readonly steps?: string;
  readonly ascii: boolean;
}

/** How far the search may go in all: a minute or so, and less than a gigabyte. */
const STEPS = 20_000_000;

/** `cap-tutor check`: judges a recorded history; returns the exit code. */
export async function check(options: CheckOptions): Promise<number> {
  const wanted = readModels(options.model);
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
    const type = typeFor(columns, wanted.type, printable(options.history));
    if (isProblem(type)) return refuse(type);
    const judged: Judged[] = [];
    for (const model of wanted.models) judged.push(await judgeBy(model, columns, type, steps, meter));
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

async function judgeBy(model: Model, columns: Columns, type: DataType, steps: number, meter: Meter): Promise<Judged> {
  const judging = model.judge({ columns, types: columns.keys.map(() => type) }, { steps });
  for (;;) {
    const step = judging.next();
    if (step.done === true) return { model: model.name, type: type.name, valid: step.value.valid, keys: verdicts(columns, step.value) };
    meter.judging(step.value.done, step.value.of);
    await breathe();
  }
}

/** What is said of each key, or, by a model that judges all of them at once, of the whole. */
function verdicts(columns: Columns, verdict: Verdict): readonly KeyVerdict[] {
  const said = ({ valid, witness, reason }: Finding): Omit<KeyVerdict, 'key' | 'operations'> => ({
    valid,
    ...(witness === undefined ? {} : { witness: operationsOf(columns, witness) }),
    ...(reason === undefined ? {} : { reason }),
  });
  if (verdict.keys !== undefined)
    return verdict.keys.map((finding) => ({ key: columns.keys[finding.key] as string, operations: finding.operations, ...said(finding) }));
  const key = columns.keys.length === 1 ? (columns.keys[0] as string) : 'all keys';
  return [{ key, operations: columns.count, ...said(verdict) }];
}

async function print(judged: readonly Judged[], columns: Columns, options: CheckOptions): Promise<void> {
  const lines = new Map<number, number>();
  const shown = new Set(judged.flatMap(({ keys }) => keys.flatMap(({ witness = [] }) => witness.map((op) => op.id))));
  for (let i = 0; i < columns.count && lines.size < shown.size; i++) {
    const id = columns.id[i] as number;
    if (shown.has(id)) lines.set(id, columns.line[i] as number);
  }
  const lineOf = (id: number): number => lines.get(id) ?? 0;
  const file = options.history;
  const rows = options.json
    ? verdictRows(judged, file, lineOf)
    : judged.flatMap((one) => render(verdictBlocks(one, printable(file), columns.notes, lineOf), lookOf(process.stdout, options.ascii)));
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
