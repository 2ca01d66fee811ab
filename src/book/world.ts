import type { SessionApi } from '../session/types.ts';
import { runLines } from './task.ts';
import type { Heard, Open, Ran, RunBlock, Section, Task } from './types.ts';

/**
 * The world of one section. Running a block runs the section's earlier blocks first (LANGUAGE section 4), so that every block finds what the text before it has
 * built, wherever the reader begins. What the reader types goes to the same `session`.
 */
export class SectionWorld {
  readonly section: Section;
  readonly #open: Open;
  readonly #blocks: readonly RunBlock[];
  #session: SessionApi;
  /** How many blocks have been run, in order. */
  #done = 0;
  /** A block was begun and not ended: the world is none that the text knows. */
  #halfWay = false;

  constructor(section: Section, open: Open) {
    this.section = section;
    this.#open = open;
    this.#blocks = runBlocks(section);
    this.#session = open({});
  }

  /** Changes with every `reset`, and when a block is run again: do not keep it. */
  get session(): SessionApi {
    return this.#session;
  }

  hasRun(block: RunBlock): boolean {
    const index = this.#blocks.indexOf(block);
    return index >= 0 && index < this.#done;
  }

  /** The block that a reader who just reads on would run next. */
  get next(): RunBlock | undefined {
    return this.#blocks[this.#done];
  }

  /**
   * Runs a block. Earlier ones that have not been run go first; a block that has been run already begins the section's world anew, since its lines were written
   * for the state before it. Dropped half-way, the block counts as not run, and the next run begins anew.
   */
  *run(block: RunBlock, heard?: Heard): Task<readonly Ran[]> {
    const index = this.#blocks.indexOf(block);
    if (index < 0) throw new Error('broken guarantee: a section world is asked to run a block of its own section');
    if (index < this.#done || this.#halfWay) this.reset();
    const all: Ran[] = [];
    while (this.#done <= index) {
      const one = this.#blocks[this.#done];
      if (one === undefined) break;
      this.#halfWay = true;
      all.push(...(yield* runLines(this.#session, one.lines, heard)));
      this.#halfWay = false;
      this.#done++;
    }
    return all;
  }

  reset(): void {
    this.#session = this.#open({});
    this.#done = 0;
    this.#halfWay = false;
  }
}

export const runBlocks = (section: Section): readonly RunBlock[] => section.blocks.filter((block) => block.kind === 'run');
