import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Course } from '../plan.ts';
import { makeExhibits, Shelf, store, stored } from './exhibits.ts';
import { type Module, Modules } from './modules.ts';
import { type Suspect, type Trial, Trials } from './trial.ts';

/** The checkers as workers get them: ready to be loaded. */
export interface Checked {
  readonly root: string;
  /** With every loop counted, */
  readonly guarded: readonly Module[];
  /** and with everything that runs noted. */
  readonly probed: readonly Module[];
  readonly sites: number;
  readonly seed: number;
  readonly runs: number;
}

/** A course, and the file in which its exhibits are. */
export interface Shelved {
  readonly course: Course;
  readonly file: string;
}

export type Task =
  | { readonly kind: 'make'; readonly shelved: Shelved }
  | { readonly kind: 'try'; readonly suspect: Suspect; readonly on: readonly Shelved[] };

/** Histories of all courses take a third of that. */
const MEMORY_MB = 3000;

/** Gives tasks to workers, in order; one that dies of a mutant has killed it. */
export async function employed(
  checked: Checked,
  jobs: number,
  count: number,
  taskOf: (i: number) => Promise<Task>,
  done: (i: number, trial: Trial) => void,
): Promise<void> {
  let next = 0;
  const employ = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL(import.meta.url), {
        workerData: checked,
        execArgv: [],
        resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
      });
      let now = -1;
      const give = (): void => {
        now = next++;
        if (now >= count) worker.terminate().then(() => resolve(), resolve);
        else taskOf(now).then((task) => worker.postMessage(task), reject);
      };
      worker.on('message', (trial: Trial) => {
        done(now, trial);
        give();
      });
      worker.on('error', (error: NodeJS.ErrnoException) => {
        // A mutant may eat all memory. Anything else is a mistake of ours, and counts for no mutant.
        if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') {
          reject(error);
          return;
        }
        done(now, { killed: true, by: error.message, reached: 0, judged: 0 });
        employ().then(resolve, reject);
      });
      give();
    });
  await Promise.all(Array.from({ length: Math.min(jobs, count) }, employ));
}

const NOTHING: Trial = { killed: false, by: '', reached: 0, judged: 0 };

/** What a worker does. */
function work(checked: Checked): void {
  const { root, guarded, probed, sites, seed, runs } = checked;
  let makers: Modules | undefined;
  let triers: Modules | undefined;
  let trials: { readonly name: string; readonly trials: Trials } | undefined;
  const make = ({ course, file }: Shelved): void => {
    makers ??= new Modules(root, probed, sites);
    store(file, makeExhibits(makers, course, seed));
  };
  const shelves = new Map<string, Shelf>();
  const shelfOf = ({ course, file }: Shelved): Shelf => {
    const known = shelves.get(file);
    if (known !== undefined) return known;
    const exhibits = stored(file);
    if (exhibits === undefined) throw new Error(`${file} is gone`);
    const shelf = new Shelf(course, seed, exhibits);
    shelves.set(file, shelf);
    return shelf;
  };
  parentPort?.on('message', (task: Task) => {
    if (task.kind === 'make') {
      make(task.shelved);
      parentPort?.postMessage(NOTHING);
      return;
    }
    triers ??= new Modules(root, guarded, sites);
    // Mutants come file by file, and those of one file are seen by the same models.
    const name = task.on.map(({ file }) => file).join(' ');
    if (trials?.name !== name) trials = { name, trials: new Trials(triers, task.on.map(shelfOf), runs) };
    parentPort?.postMessage(trials.trials.try(task.suspect));
  });
}

if (!isMainThread) work(workerData as Checked);
