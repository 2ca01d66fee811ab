import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { filesIn, readSource, type Source } from '../../harness/house/source.ts';
import { shuffled } from '../generate/machine.ts';
import { own } from '../own.ts';
import { courses } from '../plan.ts';
import { Random } from '../random.ts';
import { SEARCHED, SEARCHES } from '../searched.ts';
import { type Checked, employed, type Shelved } from './crew.ts';
import { shelfFile } from './exhibits.ts';
import { guarded, probed, siteAt, type Watched, watched } from './instrument.ts';
import { compiled } from './modules.ts';
import { type Mutation, mutationsOf } from './mutations.ts';
import { dependents, reach } from './reach.ts';
import { entryOf, type Result, type Reviewed, reportOf, survivors } from './report.ts';
import type { Trial } from './trial.ts';

/**
 * `npm run mutants [-- --file PATH] [--sample N] [--seed S] [--runs N] [--jobs J] [--list FILE]`: plants one mistake after the other in a copy of the checkers and lists
 * those that the oracle does not see. `--file` is one file, or how paths begin; `--runs` histories at most, all of which run what was changed, judge each; `--list` writes
 * those that live as entries for equivalent.json, each to be given its reason.
 */

interface Words {
  readonly file: string;
  readonly list: string | undefined;
  readonly sample: number;
  readonly seed: number;
  readonly runs: number;
  readonly jobs: number;
  readonly from: number;
}

/** What no judgement goes through (names, implications, inference), and what only puts it into words: they have tests of their own. */
const APART = /^src\/checkers\/((index|implications|types|model|wanted|wish)|.*\/(\w+-)?(reasons?|words))\.ts$/;
const EQUIVALENT = 'test/oracle/equivalent.json';
/** More sites than any file has, so that a file that grows moves no other's. */
const SITES = 2048;

function wordsOf(argv: readonly string[]): Words {
  const known: Record<string, number> = { '--sample': 0, '--seed': 1, '--runs': 400, '--jobs': availableParallelism(), '--from': 0 };
  const texts: Record<string, string | undefined> = { '--file': 'src/checkers', '--list': undefined };
  for (let i = 0; i < argv.length; i += 2) {
    const name = argv[i] as string;
    const value = argv[i + 1];
    if (value === undefined || !(name in texts || name in known)) {
      const names = [...Object.keys(texts), ...Object.keys(known)].join(', ');
      process.stderr.write(`mutants does not know ${name}: it takes ${names}, each with a value\n`);
      process.exit(2);
    }
    if (name in texts) texts[name] = value;
    else known[name] = Number(value);
  }
  const of = (name: string): number => known[name] as number;
  return {
    ...{ file: texts['--file'] as string, list: texts['--list'] },
    ...{ sample: of('--sample'), seed: of('--seed'), runs: of('--runs'), jobs: of('--jobs'), from: of('--from') },
  };
}

const root = process.cwd();

interface Planted {
  readonly mutation: Mutation;
  readonly models: readonly string[];
}

type Reaching = ReadonlyMap<string, readonly string[]>;

function planted(words: Words, files: readonly Source[], reaching: Reaching): readonly Planted[] {
  const chosen = files.filter(({ path }) => path.startsWith(words.file) && !APART.test(path));
  const all = chosen.flatMap((file) => mutationsOf(file).map((mutation) => ({ mutation, models: reaching.get(file.path) ?? [] })));
  const reached = all.filter((one) => one.models.length > 0);
  for (const path of new Set(all.filter((one) => one.models.length === 0).map(({ mutation }) => mutation.path))) {
    process.stdout.write(`no model that is listed goes through ${path}\n`);
  }
  if (words.sample === 0) return reached.slice(words.from);
  const place = new Map(reached.map((one, i) => [one, i]));
  const some = shuffled(reached, new Random(words.seed, 5, 5)).slice(0, words.sample);
  return some.sort((a, b) => (place.get(a) as number) - (place.get(b) as number));
}

/** Everything that is loaded with the checkers, compiled: the checkers with probes and without, the rest as it is. */
async function checkedOf(files: ReadonlyMap<string, Watched>, words: Words): Promise<Checked> {
  const others = ['src/history', 'src/core'].flatMap((folder) => filesIn(root, folder)).map((path) => readSource(root, path));
  const rest = await Promise.all(others.map(({ path, text }) => compiled(path, text)));
  const of = (text: (file: Watched) => string) => Promise.all([...files.values()].map((file) => compiled(file.path, text(file))));
  const sites = SITES * files.size;
  const [guardedOnes, probedOnes] = [await of(guarded), await of(probed)];
  return { root, guarded: [...guardedOnes, ...rest], probed: [...probedOnes, ...rest], sites, seed: words.seed, runs: words.runs };
}

/** Where the exhibits of each model's courses are: the same as long as nothing that they come from has changed. */
function shelvesOf(files: ReadonlyMap<string, Watched>, reaching: Reaching, seed: number): readonly Shelved[] {
  const read = (path: string): string => readFileSync(path, 'utf8');
  const oracle = ['src/history', 'src/core', 'test/oracle/generate'].flatMap((folder) => filesIn(root, folder));
  const common = [...oracle, ...['history', 'judge', 'plan', 'random'].map((name) => `test/oracle/${name}.ts`)].map(read);
  return courses(own).map((course) => {
    const through = [...files].filter(([path]) => reaching.get(path)?.includes(course.model));
    const texts = through.flatMap(([path, { first, text }]) => [path, String(first), text]);
    return { course, file: shelfFile(course, seed, [...common, ...texts]) };
  });
}

async function run(list: readonly Planted[], words: Words, sources: readonly Source[], reaching: Reaching): Promise<readonly Result[]> {
  const files = new Map(sources.map((source, i) => [source.path, watched(source, SITES * i)]));
  const checked = await checkedOf(files, words);
  const wanted = new Set(list.flatMap(({ models }) => models));
  const shelves = shelvesOf(files, reaching, words.seed).filter(({ course }) => wanted.has(course.model));
  const missing = shelves.filter(({ file }) => !existsSync(file));
  const told = (n: number, of: number, what: string): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r${n} of ${of} ${what}\x1b[K`);
  };
  let made = 0;
  await employed(
    checked,
    words.jobs,
    missing.length,
    async (i) => ({ kind: 'make', shelved: missing[i] as Shelved }),
    () => told(++made, missing.length, 'kinds of histories'),
  );
  const after = dependents(sources);
  const trials: Trial[] = [];
  let tried = 0;
  await employed(
    checked,
    words.jobs,
    list.length,
    async (i) => {
      const { mutation, models } = list[i] as Planted;
      const { path, start, end } = mutation;
      const file = files.get(path) as Watched;
      const module = await compiled(path, guarded(file, mutation));
      const site = siteAt(file, start, end);
      const on = shelves.filter(({ course }) => models.includes(course.model));
      return { kind: 'try', suspect: { module, anew: after(path), site: site === undefined ? undefined : file.first + site }, on };
    },
    (i, trial) => {
      trials[i] = trial;
      told(++tried, list.length, 'mutants');
    },
  );
  return list.map(({ mutation }, i) => ({ mutation, trial: trials[i] as Trial }));
}

async function main(): Promise<void> {
  const words = wordsOf(process.argv.slice(2));
  const files = filesIn(root, 'src/checkers').map((path) => readSource(root, path));
  const listed = new Set(own.models.map(({ name }) => name));
  const reaching = new Map(
    [...reach(files, new Map([[SEARCHES, SEARCHED]]))].map(([path, names]) => [path, names.filter((name) => listed.has(name))]),
  );
  const list = planted(words, files, reaching);
  if (list.length === 0) {
    process.stderr.write(`there is nothing to mutate in ${words.file}\n`);
    process.exit(2);
  }
  process.stdout.write(`${list.length} mutants\n`);
  const results = await run(list, words, files, reaching);
  const reviewed = existsSync(EQUIVALENT) ? (JSON.parse(readFileSync(EQUIVALENT, 'utf8')) as Reviewed[]) : [];
  process.stdout.write(reportOf(results, reviewed, words.sample === 0 && words.from === 0));
  const open = survivors(results, reviewed);
  if (words.list !== undefined)
    writeFileSync(
      words.list,
      `${JSON.stringify(
        open.map(({ mutation }) => entryOf(mutation)),
        null,
        2,
      )}\n`,
    );
  process.exitCode = open.length === 0 ? 0 : 1;
}

if (isMainThread) await main();
