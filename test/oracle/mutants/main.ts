import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { models } from '../../../src/checkers/index.ts';
import { filesIn, readSource, type Source } from '../../harness/house/source.ts';
import { shuffled } from '../generate/machine.ts';
import { Random } from '../random.ts';
import { Modules } from './modules.ts';
import { type Mutation, mutationsOf } from './mutations.ts';
import { reach } from './reach.ts';
import { type Trial, Trials } from './trial.ts';

/**
 * `npm run mutants [-- --file PATH] [--sample N] [--seed S] [--runs N] [--jobs J]`: plants one mistake after the other in a copy of the checkers and lists those that the
 * oracle does not see. `--runs` histories, shared among what a mutant can reach, judge each.
 */

interface Words {
  readonly file: string;
  readonly sample: number;
  readonly seed: number;
  readonly runs: number;
  readonly jobs: number;
  readonly from: number;
}

/** What no judgement goes through (names, implications, inference), and what only puts it into words: they have tests of their own. */
const APART = /^src\/checkers\/((index|implications|types|model|wanted|wish)|.*\/(\w+-)?(reasons?|words))\.ts$/;
const EQUIVALENT = 'test/oracle/equivalent.json';
const MEMORY_MB = 1024;

function wordsOf(argv: readonly string[]): Words {
  const known: Record<string, number> = { '--sample': 0, '--seed': 1, '--runs': 3000, '--jobs': availableParallelism(), '--from': 0 };
  let file = 'src/checkers';
  for (let i = 0; i < argv.length; i += 2) {
    const name = argv[i] as string;
    const value = argv[i + 1];
    if (value === undefined || (name !== '--file' && known[name] === undefined)) {
      process.stderr.write(`mutants does not know ${name}: it takes --file, ${Object.keys(known).join(', ')}, each with a value\n`);
      process.exit(2);
    }
    if (name === '--file') file = value;
    else known[name] = Number(value);
  }
  const of = (name: string): number => known[name] as number;
  return { file, sample: of('--sample'), seed: of('--seed'), runs: of('--runs'), jobs: of('--jobs'), from: of('--from') };
}

const root = process.cwd();

interface Task {
  readonly mutation: Mutation;
  readonly models: readonly string[];
}

function tasksOf(words: Words, files: readonly Source[]): readonly Task[] {
  const listed = new Set(models.map(({ name }) => name));
  const reaching = reach(files);
  const chosen = files.filter(({ path }) => path.startsWith(words.file) && !APART.test(path));
  const all = chosen.flatMap((file) =>
    mutationsOf(file).map((mutation) => ({ mutation, models: (reaching.get(file.path) ?? []).filter((name) => listed.has(name)) })),
  );
  const reached = all.filter((task) => task.models.length > 0);
  for (const path of new Set(all.filter((task) => task.models.length === 0).map(({ mutation }) => mutation.path))) {
    process.stdout.write(`no model that is listed goes through ${path}\n`);
  }
  if (words.sample === 0) return reached.slice(words.from);
  return shuffled(reached, new Random(words.seed, 5, 5)).slice(0, words.sample);
}

/** Gives the tasks to workers; one that dies of a mutant has killed it. */
async function run(tasks: readonly Task[], words: Words, texts: ReadonlyMap<string, string>): Promise<ReadonlyMap<Task, Trial>> {
  const results = new Map<Task, Trial>();
  let next = 0;
  const employ = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL(import.meta.url), {
        workerData: words,
        execArgv: [],
        resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
      });
      let task: Task | undefined;
      const give = (): void => {
        task = tasks[next++];
        if (task === undefined) {
          worker.terminate().then(() => resolve(), resolve);
          return;
        }
        const { path, start, end, to } = task.mutation;
        const text = texts.get(path) as string;
        worker.postMessage({ path, text: text.slice(0, start) + to + text.slice(end), models: task.models });
      };
      const done = (trial: Trial): void => {
        if (task !== undefined) results.set(task, trial);
        if (process.stderr.isTTY) process.stderr.write(`\r${results.size} of ${tasks.length}\x1b[K`);
      };
      worker.on('message', (trial: Trial) => {
        done(trial);
        give();
      });
      worker.on('error', (error: NodeJS.ErrnoException) => {
        // A mutant may eat all memory. Anything else is a mistake of ours, and counts for no mutant.
        if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') {
          reject(error);
          return;
        }
        done({ killed: true, by: error.message });
        employ().then(resolve, reject);
      });
      give();
    });
  await Promise.all(Array.from({ length: words.jobs }, employ));
  return results;
}

/** A mutation that changes nothing anybody can see, with the reason why. */
interface Reviewed {
  readonly path: string;
  readonly within: string;
  readonly from: string;
  readonly to: string;
  readonly because: string;
}

const reviewed = (): readonly Reviewed[] => (existsSync(EQUIVALENT) ? (JSON.parse(readFileSync(EQUIVALENT, 'utf8')) as Reviewed[]) : []);

const excuses = (one: Reviewed, { path, within, from, to }: Mutation): boolean =>
  one.path === path && one.within === within && one.from === from && one.to === to;

function report(tasks: readonly Task[], results: ReadonlyMap<Task, Trial>): boolean {
  const list = reviewed();
  const alive = tasks.filter((task) => results.get(task)?.killed === false).map(({ mutation }) => mutation);
  const open = alive.filter((mutation) => !list.some((one) => excuses(one, mutation)));
  const folders = [...new Set(tasks.map(({ mutation }) => folderOf(mutation)))];
  process.stdout.write(
    `\n${'folder'.padEnd(36)}${['mutants', 'killed', 'equivalent', 'survived'].map((cell) => cell.padStart(12)).join('')}\n`,
  );
  for (const folder of folders) {
    const inside = (mutation: Mutation): boolean => folderOf(mutation) === folder;
    const all = tasks.filter(({ mutation }) => inside(mutation)).length;
    const [living, loose] = [alive.filter(inside).length, open.filter(inside).length];
    process.stdout.write(
      `${folder.padEnd(36)}${[all, all - living, living - loose, loose].map((cell) => String(cell).padStart(12)).join('')}\n`,
    );
  }
  for (const { path, line, from, to, within } of open) {
    process.stdout.write(`\nsurvived ${path}:${line}\n  ${within}\n  ${from.replaceAll('\n', ' ')} -> ${to}\n`);
  }
  return open.length === 0;
}

const folderOf = ({ path }: Mutation): string =>
  path
    .split('/')
    .slice(0, path.split('/').length > 3 ? 3 : 2)
    .join('/');

async function main(): Promise<void> {
  const words = wordsOf(process.argv.slice(2));
  const files = filesIn(root, 'src/checkers').map((path) => readSource(root, path));
  const tasks = tasksOf(words, files);
  if (tasks.length === 0) {
    process.stderr.write(`there is nothing to mutate in ${words.file}\n`);
    process.exit(2);
  }
  process.stdout.write(`${tasks.length} mutants\n`);
  const results = await run(tasks, words, new Map(files.map(({ path, text }) => [path, text])));
  process.exitCode = report(tasks, results) ? 0 : 1;
}

if (isMainThread) await main();
else {
  const { seed, runs } = workerData as Words;
  const trials = new Trials(new Modules(root), seed, runs);
  // What changes nothing must live, or deaths would mean nothing.
  const path = 'src/checkers/model.ts';
  const { killed, by } = trials.try(path, readFileSync(path, 'utf8'), ['regular']);
  if (killed) throw new Error(`the checkers as they are do not pass: ${by}`);
  parentPort?.on('message', ({ path, text, models }: { path: string; text: string; models: readonly string[] }) => {
    parentPort?.postMessage(trials.try(path, text, models));
  });
}
