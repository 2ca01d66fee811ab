import type { Columns } from '../../../src/history/columns.ts';
import { filesIn, readSource, type Source } from '../../harness/house/source.ts';
import { columnsOf, type History } from '../history.ts';
import { answersOf, type Checkers, type Outcome } from '../judge.ts';
import { guarded, type Watched, watched } from '../mutants/instrument.ts';
import { compiled, Modules } from '../mutants/modules.ts';
import { dependents } from '../mutants/reach.ts';
import { own } from '../own.ts';
import { attempt, type Course, courses, historyAt, THOROUGH } from '../plan.ts';
import type { Mistake } from './mistake.ts';

/**
 * Histories at most, of all types of a model together. Nearly all mistakes are noticed within a hundred, the rarest within a thousand; there are more so that it may take longer when histories
 * are drawn in another way.
 */
const HISTORIES = 6000;
const SEED = 23;
/** Rounds of loops: what needs more than that for a few operations goes on for ever. */
const ROUNDS = 2_000_000;

/** What the checkers as they stand say of a history. */
interface Exhibit {
  readonly history: History;
  readonly columns: Columns;
  readonly thorough: boolean;
  readonly answers: string;
  readonly outcome: () => Outcome;
}

/** Plants mistakes in a copy of the checkers, one at a time, and looks for a history that the copy judges wrongly by definition. */
export class Planting {
  private readonly modules: Modules;
  private readonly unchanged: Checkers;
  private readonly files: ReadonlyMap<string, Watched>;
  private readonly after: (path: string) => ReadonlySet<string>;
  private readonly exhibits = new Map<string, Exhibit>();
  private readonly courses = courses(own);

  private constructor(modules: Modules, sources: readonly Source[], files: ReadonlyMap<string, Watched>) {
    this.modules = modules;
    this.unchanged = modules.checkers();
    this.files = files;
    this.after = dependents(sources);
  }

  static async ready(root: string): Promise<Planting> {
    const sources = filesIn(root, 'src/checkers').map((path) => readSource(root, path));
    const files = new Map(sources.map((source) => [source.path, watched(source, 0)]));
    const others = ['src/history', 'src/core'].flatMap((folder) => filesIn(root, folder)).map((path) => readSource(root, path));
    const modules = await Promise.all([
      ...[...files.values()].map((file) => compiled(file.path, guarded(file))),
      ...others.map(({ path, text }) => compiled(path, text)),
    ]);
    return new Planting(new Modules(root, modules, 0), sources, files);
  }

  /** What is wrong with the answers of the checkers with this mistake in them, and about which history; undefined where nothing is. */
  async noticed({ model, type, path, from, to }: Mistake, histories: number = HISTORIES): Promise<string | undefined> {
    const file = this.files.get(`src/checkers/${path}`);
    const parts = file?.text.split(from) ?? [];
    if (file === undefined || parts.length !== 2) {
      const where = file === undefined ? 'is not there' : `has it ${Math.max(0, parts.length - 1)} times`;
      throw new Error(`the mistake cannot be planted any more: src/checkers/${path} ${where}, where once there was ${from}`);
    }
    const start = (parts[0] as string).length;
    const module = await compiled(file.path, guarded(file, { start, end: start + from.length, to }));
    const changed = this.modules.checkers(module, this.after(file.path));
    const own = this.courses.filter((course) => course.model === model && (type === undefined || course.type === type));
    if (own.length === 0) throw new Error(`${model} does not judge ${type ?? 'anything'}`);
    for (let n = 0; n < histories; n++) {
      const course = own[n % own.length] as Course;
      const index = Math.floor(n / own.length);
      const wrong = this.judge(changed, course, index);
      if (wrong !== undefined) return `${course.type}, history ${index}: ${wrong}`;
    }
    return undefined;
  }

  private judge(changed: Checkers, course: Course, index: number): string | undefined {
    const { history, columns, thorough, answers, outcome } = this.exhibit(course, index);
    try {
      this.modules.work.left = ROUNDS;
      if (answersOf(changed, course.model, history, columns, thorough) === answers) return undefined;
    } catch {
      // That it breaks down, or never ends, is not what is to be seen here.
      return undefined;
    }
    this.modules.work.left = 20 * ROUNDS;
    const { valid, wrong } = attempt(changed, course.model, history, thorough);
    const before = outcome();
    // What is wrong already shows nothing.
    if (before.wrong !== undefined || wrong?.startsWith('it throws') === true) return undefined;
    // A history too long for the definition is known by the checker as it stands.
    const other = valid !== before.valid && valid !== 'undecided' && before.valid !== 'undecided';
    return wrong ?? (other ? `it says ${valid}, which it is not` : undefined);
  }

  private exhibit(course: Course, index: number): Exhibit {
    const name = `${course.model} ${course.type} ${index}`;
    const known = this.exhibits.get(name);
    if (known !== undefined) return known;
    const history = historyAt(course, SEED, index);
    const columns = columnsOf(history);
    const thorough = index % THOROUGH === 0;
    this.modules.work.left = Number.POSITIVE_INFINITY;
    const answers = answersOf(this.unchanged, course.model, history, columns, thorough);
    let judged: Outcome | undefined;
    const outcome = (): Outcome => {
      this.modules.work.left = Number.POSITIVE_INFINITY;
      judged ??= attempt(this.unchanged, course.model, history, thorough);
      return judged;
    };
    const exhibit = { history, columns, thorough, answers, outcome };
    this.exhibits.set(name, exhibit);
    return exhibit;
  }
}
