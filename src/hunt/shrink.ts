import type { Setup } from '../session/live.ts';
import { type Found, type Hunt, NEWS, runScript } from './run.ts';
import { simpler, withFruit, withoutNode } from './simpler.ts';
import { duration } from './trial.ts';

/** How far shrinking may go: candidates, and handler calls of all of them. */
const MOST_TRIES = 4000;
const MOST_EVENTS = 20_000_000;
/** Up to so many lines any two of them are left out together: a fault and its mending, a write and the read of it. */
const PAIRS_UP_TO = 24;

export interface Shrinking {
  readonly tries: number;
  readonly events: number;
  /** What is left so far. */
  readonly best: Found;
}

export interface Shrunk {
  readonly found: Found;
  readonly tries: number;
  readonly events: number;
  /** The lines of the run as it was drawn. */
  readonly from: number;
}

/**
 * The smallest script that still shows what was looked for, as far as it is found within the budget: delta debugging (Zeller & Hildebrandt, TSE 2002) over the lines,
 * then simpler lines, fewer nodes and the usual seed, until nothing changes any more. Each candidate runs from the start. What a candidate shows need not be the very same
 * operation, only the same property. Yields after each candidate.
 */
export function* shrink(hunt: Hunt, found: Found): Generator<Shrinking, Shrunk> {
  const shrinker = new Shrinker(hunt, found);
  yield* shrinker.run();
  return { found: shrinker.best, tries: shrinker.tries, events: shrinker.events, from: found.lines.length };
}

class Shrinker {
  best: Found;
  tries = 0;
  events = 0;
  /** What is being made smaller: the lines of `best`, or lines that came to these when they waited for news. */
  #lines: readonly string[];
  readonly #hunt: Hunt;
  /** Nothing is seen within a wait any more, only behind it. */
  #plainly = false;
  readonly #seen = new Set<string>();

  constructor(hunt: Hunt, found: Found) {
    this.#hunt = hunt;
    this.best = found;
    this.#lines = found.lines;
  }

  get #over(): boolean {
    return this.tries >= MOST_TRIES || this.events >= MOST_EVENTS;
  }

  *run(): Generator<Shrinking, void> {
    // While a wait is for news it does not matter how long that takes, so whatever only took time can go.
    yield* this.#loosen();
    yield* this.#drop();
    yield* this.#pairs();
    yield* this.#nodes();
    yield* this.#seed(12);
    this.#lines = this.best.lines;
    for (;;) {
      const before = this.best;
      yield* this.#drop();
      yield* this.#still();
      yield* this.#seed(5);
      yield* this.#nodes();
      yield* this.#simplify();
      if (this.best === before || this.#over) break;
    }
    yield* this.#pairs();
    yield* this.#still();
    yield* this.#drop();
    yield* this.#simplify();
    // Waits that ended as soon as there was something to see may be as long as people say.
    this.#plainly = true;
    yield* this.#simplify();
    const named = withFruit(this.best.lines);
    if (named !== undefined) yield* this.#try(this.best.setup, named, true);
  }

  /** Takes a candidate if it shows the property. */
  *#try(setup: Setup, lines: readonly string[], last = false): Generator<Shrinking, boolean> {
    if (this.#over && !last) return false;
    const id = `${this.#plainly} ${setup.nodes.length} ${setup.seed}\n${lines.join('\n')}`;
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    this.tries++;
    const ran = runScript(this.#hunt, setup, lines, this.#plainly);
    this.events += ran.events;
    yield { tries: this.tries, events: this.events, best: this.best };
    if (ran.found === undefined) return false;
    this.best = ran.found;
    // Lines behind what was found, and lines that were refused, are gone. Of lines that wait for news nobody can tell which they were.
    this.#lines = lines.some(isNews) ? lines : ran.found.lines;
    return true;
  }

  *#loosen(): Generator<Shrinking, void> {
    if (this.#hunt.ground.setups[0]?.system.pulse === undefined) return;
    for (let i = 0; i < this.#lines.length; i++) {
      if (this.#lines[i]?.startsWith('wait ') !== true) continue;
      for (const news of [NEWS.leader, NEWS.role]) if (yield* this.#try(this.best.setup, this.#lines.with(i, news))) break;
    }
  }

  /** Leaves out ever smaller stretches of lines. */
  *#drop(): Generator<Shrinking, void> {
    for (let size = this.#lines.length >> 1; size >= 1; size >>= 1) {
      // From the end: what stands there is most often for nothing.
      for (let at = this.#lines.length - size; at > -size; at -= size) {
        const from = Math.max(0, at);
        if (from >= this.#lines.length) continue;
        yield* this.#try(this.best.setup, this.#lines.toSpliced(from, size));
      }
    }
  }

  /** Waits instead of what only took time, and one wait instead of two. */
  *#still(): Generator<Shrinking, void> {
    for (let i = 0; i < this.best.lines.length; i++) {
      const { setup, lines, took } = this.best;
      const us = took[i] ?? 0;
      const next = took[i + 1] ?? 0;
      const waits = (at: number): boolean => lines[at]?.startsWith('wait ') === true;
      if (us > 0 && !waits(i)) yield* this.#try(setup, lines.with(i, `wait ${duration(us)}`));
      else if (waits(i) && waits(i + 1)) {
        if (yield* this.#try(setup, lines.toSpliced(i, 2, `wait ${duration(us + next)}`))) i--;
      }
    }
  }

  *#pairs(): Generator<Shrinking, void> {
    for (let i = 0; i < this.#lines.length && this.#lines.length <= PAIRS_UP_TO; i++) {
      for (let j = i + 1; j < this.#lines.length; j++) {
        if (yield* this.#try(this.best.setup, this.#lines.toSpliced(j, 1).toSpliced(i, 1))) j = i;
      }
    }
  }

  *#seed(most: number): Generator<Shrinking, void> {
    const { setup } = this.best;
    for (let seed = 1; seed <= most && seed < setup.seed; seed++) if (yield* this.#try({ ...setup, seed }, this.#lines)) return;
  }

  *#nodes(): Generator<Shrinking, void> {
    for (let again = true; again; ) {
      again = false;
      const { setup } = this.best;
      const fewer = this.#hunt.ground.setups.find(({ nodes }) => nodes.length === setup.nodes.length - 1);
      if (fewer === undefined) return;
      // Who leads next, and when, is another matter with fewer: a seed will do.
      for (const seed of new Set([setup.seed, 1, 2, 3, 4, 5])) {
        for (let gone = setup.nodes.length - 1; gone >= 0 && !again; gone--)
          again = yield* this.#try({ ...fewer, seed }, withoutNode(this.#lines, setup.nodes, gone));
      }
    }
  }

  *#simplify(): Generator<Shrinking, void> {
    for (let i = 0; i < this.#lines.length; i++) {
      for (let again = true; again; ) {
        again = false;
        const line = this.#lines[i];
        if (line === undefined) break;
        for (const other of simpler(line)) {
          again = yield* this.#try(this.best.setup, this.#lines.with(i, other));
          if (again) break;
        }
      }
    }
    // One key where two were used.
    if (this.#lines.some((line) => / y\b/.test(line)))
      yield* this.#try(
        this.best.setup,
        this.#lines.map((line) => line.replace(/ y\b/, ' x')),
      );
  }
}

function isNews(line: string): boolean {
  return line === NEWS.leader || line === NEWS.role;
}
