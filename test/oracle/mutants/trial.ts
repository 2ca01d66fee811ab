import { Script } from 'node:vm';
import type { History } from '../history.ts';
import type { Checkers } from '../judge.ts';
import { attempt, type Course, courses, historyAt, THOROUGH } from '../plan.ts';
import type { Modules } from './modules.ts';

/** How a mutant ended. */
export interface Trial {
  readonly killed: boolean;
  readonly by: string;
}

const CHUNK = 20;
/** Of one chunk: some thousand times what it takes, so that only a mutant that never ends is meant. */
const PATIENCE_MS = 4000;

const global = globalThis as unknown as { oracleTrial?: () => string | undefined };
const go = new Script('oracleTrial()');

/** Judges histories with a mutant until one disagrees with a definition. */
export class Trials {
  private readonly modules: Modules;
  private readonly seed: number;
  private readonly runs: number;
  private readonly histories = new Map<string, readonly History[]>();

  constructor(modules: Modules, seed: number, runs: number) {
    this.modules = modules;
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
    const chosen = courses(this.modules.checkers()).filter(({ model }) => models.includes(model));
    for (let from = 0; from < this.runs; from += CHUNK) {
      for (const course of chosen) {
        const by = this.chunk(checkers, course, from);
        if (by !== undefined) return { killed: true, by: `${course.model} on ${course.type}: ${by}` };
      }
    }
    return { killed: false, by: '' };
  }

  private chunk(checkers: Checkers, course: Course, from: number): string | undefined {
    const histories = this.historiesOf(course).slice(from, from + CHUNK);
    global.oracleTrial = () => {
      for (const [i, history] of histories.entries()) {
        const { wrong } = attempt(checkers, course.model, history, (from + i) % THOROUGH === 0);
        if (wrong !== undefined) return wrong;
      }
      return undefined;
    };
    try {
      return go.runInThisContext({ timeout: PATIENCE_MS }) as string | undefined;
    } catch (error) {
      return messageOf(error);
    }
  }

  private historiesOf(course: Course): readonly History[] {
    const name = `${course.model} ${course.type}`;
    const known = this.histories.get(name);
    if (known !== undefined) return known;
    const fresh = Array.from({ length: this.runs }, (_, i) => historyAt(course, this.seed, i));
    this.histories.set(name, fresh);
    return fresh;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
