import { availableParallelism } from 'node:os';
import { type BoundWord, readBounds } from '../../commands/hunt.ts';
import { isProblem, Problem } from '../../core/problem.ts';
import { clip, printable } from '../../core/units.ts';
import { type Quest, readNumber } from '../../hunt/hunting.ts';
import { type End, Ledger, type Tally } from '../../hunt/ledger.ts';
import { count, noneLines, questOf, remark, rowOf, scriptLines } from '../../hunt/report.ts';
import type { Found, Hunt } from '../../hunt/run.ts';
import { type Shrunk, shrink } from '../../hunt/shrink.ts';
import { complaint } from '../diagnose.ts';
import { breathe } from '../drive.ts';
import { EXIT } from '../exit.ts';
import { diskFiles } from '../files.ts';
import { drained } from '../output.ts';
import { Signals } from '../signals.ts';
import { HuntMeter } from './meter.ts';
import { Pool } from './pool.ts';
import { understand } from './quest.ts';

/** The words of `cap-tutor hunt`, as they were typed. */
export interface HuntWords extends Readonly<Partial<Record<BoundWord, string>>> {
  readonly property: string;
  readonly system?: string;
  readonly nodes?: string;
  readonly jobs?: string;
  readonly json: boolean;
  readonly output?: string;
}

/** More threads than this no machine of a reader has; each needs some 50 MB. */
const MOST_JOBS = 64;

/** `cap-tutor hunt`: looks for a run that breaks a property. Returns the exit code: 1 if one was found. */
export async function hunt(words: HuntWords): Promise<number> {
  const bounds = readBounds(words, '--');
  if (isProblem(bounds)) return refuse(bounds);
  const jobs = words.jobs === undefined ? Math.min(availableParallelism(), MOST_JOBS) : readNumber('--jobs', words.jobs, 1, MOST_JOBS);
  if (isProblem(jobs)) return refuse(jobs);
  const quest = { property: words.property, cluster: clusterOf(words), bounds };
  const hunt = understand(quest);
  if (isProblem(hunt)) return refuse(hunt);
  return seek(hunt, quest, Math.min(jobs, Math.ceil(hunt.bounds.runs / 16)), words);
}

function clusterOf({ system = 'etcd', nodes }: HuntWords): string {
  return nodes === undefined ? system : `${system} nodes=${nodes}`;
}

function refuse(problem: Problem): number {
  process.stderr.write(complaint(problem.at === undefined ? problem : new Problem(problem.what, problem.remedy)));
  return EXIT.usage;
}

async function seek(hunt: Hunt, quest: Quest, jobs: number, words: HuntWords): Promise<number> {
  const meter = new HuntMeter(process.stderr);
  const signals = new Signals((code) => {
    meter.wipe();
    process.exit(code);
  });
  signals.busy = true;
  try {
    if (!words.json) await say(`# hunting: ${printable(questOf(hunt))}, seed ${hunt.bounds.seed}, up to ${count(hunt.bounds.runs)} runs\n`);
    const ledger = new Ledger(hunt.bounds);
    const pool = new Pool(hunt, ledger, jobs);
    const watch = setInterval(() => {
      if (signals.code !== undefined) pool.stop();
      meter.runs(ledger.tally, hunt.bounds.runs);
    }, 50);
    await pool.run(quest).finally(() => clearInterval(watch));
    meter.wipe();
    const end: End = ledger.end ?? { kind: 'none', because: 'stopped' };
    if (end.kind === 'broken') return broken(end);
    const shrunk = end.kind === 'found' ? await smaller(hunt, end.found, meter, signals) : undefined;
    meter.wipe();
    return await tell(hunt, end, ledger.tally, shrunk, words, signals);
  } finally {
    meter.wipe();
    signals.release();
  }
}

function broken({ at, error }: Extract<End, { kind: 'broken' }>): number {
  process.stderr.write(`cap-tutor: a fault of ours in run ${at} of this hunt; please report it with the command line\n${error}\n`);
  return EXIT.fault;
}

/** What is left of the script when it cannot be made smaller, or when somebody stops it. */
async function smaller(hunt: Hunt, found: Found, meter: HuntMeter, signals: Signals): Promise<Shrunk> {
  const steps = shrink(hunt, found);
  let so: Shrunk = { found, tries: 0, events: 0, from: found.lines.length };
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    const { best, tries, events } = step.value;
    so = { ...so, found: best, tries, events };
    meter.shrinking(best.lines.length, tries);
    await breathe();
    if (signals.code !== undefined) return so;
  }
}

async function tell(
  hunt: Hunt,
  end: Exclude<End, { kind: 'broken' }>,
  tally: Tally,
  shrunk: Shrunk | undefined,
  words: HuntWords,
  signals: Signals,
): Promise<number> {
  const script = end.kind === 'found' && shrunk !== undefined ? scriptLines(hunt, end.at, shrunk) : undefined;
  if (script !== undefined && words.output !== undefined) {
    const wrong = diskFiles.write(words.output, `${script.join('\n')}\n`);
    if (wrong !== undefined) return refuse(wrong);
  }
  if (words.json) await say(`${JSON.stringify(rowOf(hunt, end, tally, shrunk))}\n`);
  else {
    const lines = script ?? (end.kind === 'none' ? noneLines(hunt, end, tally).flatMap(remark) : []);
    await say(lines.map((line) => `${printable(line)}\n`).join(''));
    if (script !== undefined && words.output !== undefined)
      await say(`# written to ${clip(printable(words.output), 200)}: cap-tutor run ${clip(printable(words.output), 200)}\n`);
  }
  if (signals.code !== undefined) return signals.code;
  return end.kind === 'found' ? EXIT.differs : EXIT.ok;
}

async function say(text: string): Promise<void> {
  process.stdout.write(text);
  await drained(process.stdout);
}
