import { Script } from 'node:vm';
import type { Valid } from '../../../src/checkers/model.ts';
import type { History } from '../history.ts';
import { type Checkers, decidesWithin, stepsNeeded } from '../judge.ts';
import { attempt, type Course, courses, historyAt, LARGE, THOROUGH } from '../plan.ts';
import type { Modules } from './modules.ts';

/**
 * A history, how many steps the checker needs for it as it stands, and how short a counterexample it finds: a mutant that needs more has lost what made it quick, or what
 * made it plain.
 */
interface Exhibit {
  readonly history: History;
  readonly thorough: boolean;
  readonly steps: number | undefined;
  readonly witness: number;
  /** Of long histories the definitions cannot say, but the checker as it stands can, and has been held to them on the small ones. */
  readonly valid: Valid;
}

/** Histories that are ready, and the number of the next one. */
interface Shelf {
  readonly list: Exhibit[];
  next: number;
}

/** How a mutant ended. */
export interface Trial {
  readonly killed: boolean;
  readonly by: string;
}

const CHUNK = 20;
/** One of so many is a long history. */
const MIXED = 7;
/** Histories for each model and type at least, however many a mutant can reach. */
const LEAST = 200;
/** Of one chunk: some thousand times what it takes, so that only a mutant that never ends is meant. */
const PATIENCE_MS = 4000;

const global = globalThis as unknown as { oracleTrial?: () => string | undefined };
const go = new Script('oracleTrial()');

/** Judges histories with a mutant until one disagrees with a definition. */
export class Trials {
  private readonly modules: Modules;
  private readonly seed: number;
  private readonly runs: number;
  private readonly exhibits = new Map<string, Shelf>();
  private readonly unchanged: Checkers;

  constructor(modules: Modules, seed: number, runs: number) {
    this.modules = modules;
    this.unchanged = modules.checkers();
    this.seed = seed;
    this.runs = runs;
  }

  try(path: string, text: string, models: readonly string[]): Trial {
    let checkers: Checkers;
    try {
      checkers = this.modules.checkers(path, text);
    } catch (error) {
      return { killed: true, by: `it does not load: ${messageOf(error)}` };
    }
    const chosen = courses(this.unchanged).filter(({ model }) => models.includes(model));
    const each = Math.max(LEAST, Math.ceil(this.runs / Math.max(1, chosen.length)));
    for (let from = 0; from < each; from += CHUNK) {
      for (const course of chosen) {
        const by = this.chunk(checkers, course, from);
        if (by !== undefined) return { killed: true, by: `${course.model} on ${course.type}: ${by}` };
      }
    }
    return { killed: false, by: '' };
  }

  private chunk(checkers: Checkers, course: Course, from: number): string | undefined {
    const exhibits = this.exhibitsOf(course, from + CHUNK).slice(from, from + CHUNK);
    global.oracleTrial = () => {
      for (const { history, thorough, steps, witness, valid } of exhibits) {
        const outcome = attempt(checkers, course.model, history, thorough);
        if (outcome.wrong !== undefined) return outcome.wrong;
        if (outcome.valid !== valid) return `another verdict than without the mistake`;
        if ((outcome.witness ?? 0) > witness) return `a witness of ${outcome.witness} operations where ${witness} do`;
        if (steps !== undefined && !decidesWithin(checkers, course.model, history, steps)) return `more than ${steps} steps`;
      }
      return undefined;
    };
    try {
      return go.runInThisContext({ timeout: PATIENCE_MS }) as string | undefined;
    } catch (error) {
      return messageOf(error);
    }
  }

  /** The first so many histories, which later mutants find ready. */
  private exhibitsOf(course: Course, most: number): readonly Exhibit[] {
    const name = `${course.model} ${course.type}`;
    const shelf = this.exhibits.get(name) ?? { list: [], next: 0 };
    this.exhibits.set(name, shelf);
    while (shelf.list.length < most && shelf.next < 4 * most) {
      const n = shelf.next++;
      const i = n % MIXED === MIXED - 1 ? LARGE * Math.floor(n / MIXED) + LARGE - 1 : n;
      const history = historyAt(course, this.seed, i);
      const thorough = i % THOROUGH === 0;
      // What is wrong already shows nothing of a mutant.
      const { wrong, valid, witness = 0 } = attempt(this.unchanged, course.model, history, thorough);
      if (wrong !== undefined) continue;
      shelf.list.push({
        history,
        thorough,
        steps: thorough ? stepsNeeded(this.unchanged, course.model, history) : undefined,
        witness,
        valid,
      });
    }
    return shelf.list;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
