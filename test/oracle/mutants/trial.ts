import { Script } from 'node:vm';
import { below } from '../../../src/core/order.ts';
import { answersOf, type Checkers, decidesWithin } from '../judge.ts';
import { attempt } from '../plan.ts';
import { type Exhibit, isThorough, type Shelf } from './exhibits.ts';
import type { Module, Modules } from './modules.ts';

/** A mutant, and where it can be seen. */
export interface Suspect {
  readonly module: Module;
  /** Files that must be loaded with it. */
  readonly anew: ReadonlySet<string>;
  /** The site of the change; undefined where it runs when the module is loaded. */
  readonly site: number | undefined;
}

/** How a mutant ended. */
export interface Trial {
  readonly killed: boolean;
  readonly by: string;
  /** It only takes longer for the same answers. */
  readonly slow?: true;
  /** How many exhibits run what was changed, */
  readonly reached: number;
  /** and how many of these judged it. */
  readonly judged: number;
}

interface Place {
  readonly shelf: Shelf;
  readonly exhibit: Exhibit;
}

/** So many times the rounds that it takes without the mistake, and some. */
const ROUNDS = { times: 20, more: 20_000 };
/** What is judged by definitions takes a multiple of that. */
const LAVISH = 40;
/** More than that nothing takes: an array that a loop made longer each time would be more than the engine can bear, which ends all of the process. */
const CEILING = 80_000_000;
/** A mutant whose loops, over all that judge it, go round by so many parts of a hundred more often has lost what made it quick. */
const SLOWER = 2;
/** Of each course so many exhibits are judged once more without any mistake. */
const TRUSTED = 5;
/** Of the exhibits that killed. */
const REMEMBERED = 50;
/** Loops are counted, so that only what the engine itself goes on with for ever is meant. */
const PATIENCE_MS = 60_000;

const global = globalThis as unknown as { oracleTrial?: () => string | undefined };
const go = new Script('oracleTrial()');

/** Judges mutants by exhibits until one of them disagrees with a definition. */
export class Trials {
  private readonly modules: Modules;
  private readonly shelves: readonly Shelf[];
  private readonly runs: number;
  private readonly unchanged: Checkers;
  /** What has killed mutants of this file is asked first. */
  private killers: Place[] = [];
  private path = '';
  /** Of the last site: mutants come in the order of the text. */
  private places: { readonly site: number | undefined; readonly list: readonly Place[] } | undefined;
  private readonly judged = new Map<Exhibit, Map<string, { readonly wrong: string | undefined }>>();
  /** Rounds of the loops in all that has judged the mutant, without the mistake and with it. */
  private before = 0;
  private spent = 0;

  constructor(modules: Modules, shelves: readonly Shelf[], runs: number) {
    this.modules = modules;
    this.shelves = shelves;
    this.runs = runs;
    this.unchanged = modules.checkers();
    for (const shelf of shelves) for (const exhibit of shelf.exhibits.slice(0, TRUSTED)) this.trust(shelf, exhibit);
  }

  /** What changes nothing must live, or deaths would mean nothing. */
  private trust(shelf: Shelf, exhibit: Exhibit): void {
    this.modules.work.left = Number.POSITIVE_INFINITY;
    const { history, columns } = shelf.history(exhibit);
    const answers = answersOf(this.unchanged, shelf.course.model, history, columns, isThorough(exhibit.index));
    if (answers !== exhibit.answers)
      throw new Error(`${shelf.course.model} on ${shelf.course.type} has other answers when it is not changed`);
  }

  try({ module, anew, site }: Suspect): Trial {
    if (this.path !== module.path) this.killers = [];
    this.path = module.path;
    const places = this.placesOf(site);
    if (places.length === 0) return { killed: false, by: '', reached: 0, judged: 0 };
    let judged = 0;
    const ended = (killed: boolean, by: string): Trial => ({ killed, by, reached: places.length, judged });
    let checkers: Checkers;
    this.modules.work.left = ROUNDS.more;
    try {
      checkers = this.modules.checkers(module, anew);
    } catch (error) {
      return ended(true, `it does not load: ${messageOf(error)}`);
    }
    let last: Place | undefined;
    this.before = 0;
    this.spent = 0;
    global.oracleTrial = () => {
      for (const place of this.chosen(places)) {
        last = place;
        judged++;
        const wrong = this.judge(checkers, place);
        if (wrong !== undefined) return wrong;
      }
      return undefined;
    };
    let by: string | undefined;
    try {
      by = go.runInThisContext({ timeout: PATIENCE_MS }) as string | undefined;
    } catch (error) {
      by = messageOf(error);
    }
    if (by === undefined || last === undefined) {
      if (this.spent * 100 <= this.before * (100 + SLOWER)) return ended(false, '');
      return { ...ended(true, `its loops go round ${this.spent} times where ${this.before} do`), slow: true };
    }
    this.killers = [last, ...this.killers.filter((place) => place.exhibit !== last?.exhibit)].slice(0, REMEMBERED);
    return ended(true, `${last.shelf.course.model} on ${last.shelf.course.type}, history ${last.exhibit.index}: ${by}`);
  }

  /** What is wrong with what a mutant says of one history. */
  private judge(checkers: Checkers, { shelf, exhibit }: Place): string | undefined {
    const { model } = shelf.course;
    const { index, answers, steps, rounds } = exhibit;
    const { history, columns } = shelf.history(exhibit);
    const { work } = this.modules;
    const thorough = isThorough(index);
    const most = Math.min(CEILING, ROUNDS.times * rounds + ROUNDS.more);
    work.left = most;
    let said: string;
    try {
      said = answersOf(checkers, model, history, columns, thorough);
    } catch (error) {
      return `it throws: ${messageOf(error)}`;
    }
    this.before += rounds;
    this.spent += most - work.left;
    work.left = Math.min(CEILING, LAVISH * most);
    const wrong = said === answers ? undefined : this.wrongOf(checkers, { shelf, exhibit }, said);
    if (wrong !== undefined) return wrong;
    work.left = Math.min(CEILING, LAVISH * most);
    if (steps !== undefined && !decidesWithin(checkers, model, history, steps)) return `more than ${steps} steps`;
    return undefined;
  }

  /** What the definitions find wrong with other answers than those without the mistake. Mistakes that lead to the same answers are judged once. */
  private wrongOf(checkers: Checkers, { shelf, exhibit }: Place, said: string): string | undefined {
    const before = this.judged.get(exhibit)?.get(said);
    if (before !== undefined) return before.wrong;
    const { model } = shelf.course;
    const { history } = shelf.history(exhibit);
    const thorough = isThorough(exhibit.index);
    const outcome = attempt(checkers, model, history, thorough);
    let wrong =
      outcome.wrong ??
      (outcome.valid !== exhibit.valid ? 'another verdict than without the mistake' : undefined) ??
      ((outcome.witness ?? 0) > exhibit.witness ? `a witness of ${outcome.witness} operations where ${exhibit.witness} do` : undefined);
    this.modules.work.left = Number.POSITIVE_INFINITY;
    // What is wrong already shows nothing of a mutant.
    if (wrong !== undefined && attempt(this.unchanged, model, history, thorough).wrong !== undefined) wrong = undefined;
    const known = this.judged.get(exhibit) ?? new Map<string, { readonly wrong: string | undefined }>();
    this.judged.set(exhibit, known.set(said, { wrong }));
    return wrong;
  }

  /** Every exhibit that runs what was changed, those of different courses in turn. */
  private placesOf(site: number | undefined): readonly Place[] {
    if (this.places !== undefined && this.places.site === site) return this.places.list;
    const lists = this.shelves.map((shelf) =>
      shelf.exhibits.filter(({ sites }) => site === undefined || sites[below(sites, site)] === site).map((exhibit) => ({ shelf, exhibit })),
    );
    const longest = Math.max(0, ...lists.map((list) => list.length));
    const places: Place[] = [];
    for (let i = 0; i < longest; i++) for (const list of lists) if (list[i] !== undefined) places.push(list[i] as Place);
    this.places = { site, list: places };
    return places;
  }

  private chosen(places: readonly Place[]): readonly Place[] {
    const here = new Map(places.map((place) => [place.exhibit, place]));
    const first = this.killers.flatMap(({ exhibit }) => here.get(exhibit) ?? []);
    const known = new Set(first.map(({ exhibit }) => exhibit));
    const others = places.filter(({ exhibit }) => !known.has(exhibit));
    return [...first, ...others.slice(0, Math.max(0, this.runs - first.length))];
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
