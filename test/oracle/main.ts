import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { own } from './own.ts';
import { type Course, courses } from './plan.ts';
import { nothing, sum, type Tally, tally, told } from './tally.ts';

/** `npm run oracle [-- --runs N] [--model M] [--type T] [--seed S] [--jobs J]`: every checker against its definition on many small histories. */

interface Stretch {
  readonly course: number;
  readonly from: number;
  readonly to: number;
}

interface Words {
  readonly runs: number;
  readonly seed: number;
  readonly jobs: number;
  readonly model: string | undefined;
  readonly type: string | undefined;
}

const STRETCH = 500;

function wordsOf(argv: readonly string[]): Words {
  const known = ['--runs', '--seed', '--jobs', '--model', '--type'];
  const said = new Map<string, string>();
  for (let i = 0; i < argv.length; i += 2) {
    const name = argv[i] as string;
    if (!known.includes(name) || argv[i + 1] === undefined)
      refuse(`oracle does not know ${name}: it takes ${known.join(', ')}, each with a value`);
    said.set(name, argv[i + 1] as string);
  }
  const number = (name: string, otherwise: number): number => {
    const value = Number(said.get(name) ?? otherwise);
    return Number.isInteger(value) && value > 0 ? value : refuse(`${name} takes a whole number above 0`);
  };
  return {
    runs: number('--runs', 1_000_000),
    seed: number('--seed', 1),
    jobs: number('--jobs', availableParallelism()),
    model: said.get('--model'),
    type: said.get('--type'),
  };
}

function refuse(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(2);
}

function chosen({ model, type }: Words): readonly Course[] {
  const all = courses(own);
  const some = all.filter((course) => (model === undefined || course.model === model) && (type === undefined || course.type === type));
  if (some.length === 0) refuse(`nothing to judge: the models are ${[...new Set(all.map((course) => course.model))].join(', ')}`);
  return some;
}

async function main(): Promise<void> {
  const words = wordsOf(process.argv.slice(2));
  const list = chosen(words);
  const each = Math.ceil(words.runs / list.length);
  const stretches: Stretch[] = [];
  for (let from = 0; from < each; from += STRETCH) {
    for (const course of list.keys()) stretches.push({ course, from, to: Math.min(each, from + STRETCH) });
  }
  const results = new Map<Stretch, Tally>();
  let next = 0;
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: words, argv: [] });
      const give = (): void => {
        const stretch = stretches[next++];
        if (stretch === undefined) worker.terminate().then(() => resolve(), reject);
        else worker.postMessage(stretch);
        current = stretch;
      };
      let current: Stretch | undefined;
      worker.on('error', reject);
      worker.on('message', (result: Tally) => {
        if (current !== undefined) results.set(current, result);
        progress(results.size, stretches.length);
        give();
      });
      give();
    });
  await Promise.all(Array.from({ length: words.jobs }, work));
  process.exitCode = report(list, stretches, results) ? 0 : 1;
}

function progress(done: number, all: number): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(done === all ? '\r\x1b[K' : `\r${Math.floor((done / all) * 100)} %`);
}

/** Prints what came out; whether nothing is wrong. */
function report(list: readonly Course[], stretches: readonly Stretch[], results: ReadonlyMap<Stretch, Tally>): boolean {
  const of = (course: number): Tally =>
    stretches
      .filter((stretch) => stretch.course === course)
      .reduce((total, stretch) => sum(total, results.get(stretch) ?? nothing), nothing);
  const line = (name: string, t: Tally): string =>
    [name.padEnd(38), t.histories, t.valid, t.invalid, t.undecided, t.wrong.length].map((cell) => String(cell).padStart(11)).join('');
  const tallies = list.map((_, i) => of(i));
  process.stdout.write(
    `${['model on type'.padEnd(38), 'histories', 'valid', 'invalid', 'undecided', 'wrong'].map((cell) => cell.padStart(11)).join('')}\n`,
  );
  list.forEach(({ model, type }, i) => {
    process.stdout.write(`${line(`${model} on ${type}`, tallies[i] ?? nothing)}\n`);
  });
  const total = tallies.reduce(sum, nothing);
  process.stdout.write(`${line('all', total)}\n`);
  for (const one of tallies.flatMap(({ wrong }) => wrong.slice(0, 3))) process.stdout.write(`\n${told(one)}\n`);
  return total.wrong.length === 0;
}

if (isMainThread) await main();
else {
  const words = workerData as Words;
  const list = chosen(words);
  parentPort?.on('message', ({ course, from, to }: Stretch) => {
    parentPort?.postMessage(tally(own, list[course] as Course, words.seed, from, to));
  });
}
