import type { Setup } from '../session/live.ts';
import { type Found, type Hunt, runScript } from './run.ts';
import { simpler, withFruit, withoutNode } from './simpler.ts';

/** How far shrinking may go: candidates, and handler calls of all of them. */
const MOST_TRIES = 4000;
const MOST_EVENTS = 20_000_000;
/** Up to so many lines any two of them are left out together: a fault and its mending, a write and the read of it. */
const PAIRS_UP_TO = 30;

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
  readonly #hunt: Hunt;
  readonly #seen = new Set<string>();

  constructor(hunt: Hunt, found: Found) {
    this.#hunt = hunt;
    this.best = found;
  }

  get #over(): boolean {
    return this.tries >= MOST_TRIES || this.events >= MOST_EVENTS;
  }

  *run(): Generator<Shrinking, void> {
    for (;;) {
      const before = this.best;
      yield* this.#drop();
      yield* this.#seed();
      yield* this.#nodes();
      yield* this.#lines();
      if (this.best === before || this.#over) break;
    }
    yield* this.#pairs();
    yield* this.#lines();
    const named = withFruit(this.best.lines);
    if (named !== undefined) yield* this.#try(this.best.setup, named, true);
  }

  /** Takes a candidate if it shows the property. */
  *#try(setup: Setup, lines: readonly string[], last = false): Generator<Shrinking, boolean> {
    if (this.#over && !last) return false;
    const id = `${setup.nodes.length} ${setup.seed}\n${lines.join('\n')}`;
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    this.tries++;
    const ran = runScript(this.#hunt, setup, lines);
    this.events += ran.events;
    yield { tries: this.tries, events: this.events, best: this.best };
    if (ran.found === undefined || ran.found.lines.length > lines.length) return false;
    this.best = ran.found;
    return true;
  }

  /** Leaves out ever smaller stretches of lines. */
  *#drop(): Generator<Shrinking, void> {
    for (let size = this.best.lines.length >> 1; size >= 1; size >>= 1) {
      // From the end: what stands there is most often for nothing.
      for (let at = this.best.lines.length - size; at > -size; at -= size) {
        const from = Math.max(0, at);
        if (from >= this.best.lines.length) continue;
        yield* this.#try(this.best.setup, this.best.lines.toSpliced(from, size));
      }
    }
  }

  *#pairs(): Generator<Shrinking, void> {
    for (let i = 0; i < this.best.lines.length && this.best.lines.length <= PAIRS_UP_TO; i++) {
      for (let j = i + 1; j < this.best.lines.length; j++) {
        if (yield* this.#try(this.best.setup, this.best.lines.toSpliced(j, 1).toSpliced(i, 1))) j = i;
      }
    }
  }

  *#seed(): Generator<Shrinking, void> {
    const { setup, lines } = this.best;
    for (let seed = 1; seed <= 5 && seed < setup.seed; seed++) if (yield* this.#try({ ...setup, seed }, lines)) return;
  }

  *#nodes(): Generator<Shrinking, void> {
    for (let again = true; again; ) {
      again = false;
      const { setup, lines } = this.best;
      const fewer = this.#hunt.ground.setups.find(({ nodes }) => nodes.length === setup.nodes.length - 1);
      if (fewer === undefined) return;
      for (let gone = setup.nodes.length - 1; gone >= 0 && !again; gone--)
        again = yield* this.#try({ ...fewer, seed: setup.seed }, withoutNode(lines, setup.nodes, gone));
    }
  }

  *#lines(): Generator<Shrinking, void> {
    for (let i = 0; i < this.best.lines.length; i++) {
      for (let again = true; again; ) {
        again = false;
        const line = this.best.lines[i];
        if (line === undefined) break;
        for (const other of simpler(line)) {
          again = yield* this.#try(this.best.setup, this.best.lines.with(i, other));
          if (again) break;
        }
      }
    }
    // One key where two were used.
    const { setup, lines } = this.best;
    if (lines.some((line) => / y\b/.test(line)))
      yield* this.#try(
        setup,
        lines.map((line) => line.replace(/ y\b/, ' x')),
      );
  }
}
