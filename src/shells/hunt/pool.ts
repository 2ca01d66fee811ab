import { Worker } from 'node:worker_threads';
import type { Quest } from '../../hunt/hunting.ts';
import type { Ledger } from '../../hunt/ledger.ts';
import type { Hunt } from '../../hunt/run.ts';
import { type Block, type Done, type Start, unpack } from './messages.ts';

/** Runs that are handed out at once: enough that talking costs nothing, few enough that stopping is quick. */
const BLOCK = 16;

/** The program itself, which works as a part of a hunt when it is started in a thread with these words. */
export const PROGRAM: Entry = { file: new URL('./cli.js', import.meta.url), argv: ['hunt-worker'] };

export interface Entry {
  readonly file: URL;
  readonly argv: readonly string[];
}

/**
 * The threads that do the runs of a hunt. Blocks are handed out in order, and none beyond a run that has ended the hunt; since every run before that one is done all
 * the same, which thread was faster makes no difference to what the ledger says.
 */
export class Pool {
  readonly #hunt: Hunt;
  readonly #ledger: Ledger;
  readonly #workers: Worker[] = [];
  readonly #at: Int32Array;
  /** Blocks that are being done, by worker. */
  readonly #busy = new Map<number, Block>();
  #next = 0;
  /** No run from here on is wanted. */
  #limit: number;
  /** Nobody waits for the threads any more: that they end is no surprise. */
  #over = false;
  #resolve: () => void = () => {};

  constructor(hunt: Hunt, ledger: Ledger, jobs: number) {
    this.#hunt = hunt;
    this.#ledger = ledger;
    this.#limit = hunt.bounds.runs;
    this.#at = new Int32Array(new SharedArrayBuffer(4 * jobs));
  }

  /** Resolves when every run up to the end of the hunt is done, or, after `stop`, every one that was begun. */
  async run(quest: Quest, entry: Entry = PROGRAM): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#resolve = () => {
        this.#over = true;
        resolve();
      };
      for (let index = 0; index < this.#at.length; index++) this.#start(index, quest, entry);
    });
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  /** Hands out no more. */
  stop(): void {
    this.#limit = 0;
    if (this.#busy.size === 0) this.#resolve();
  }

  #start(index: number, quest: Quest, { file, argv }: Entry): void {
    const worker = new Worker(file, { argv: [...argv], workerData: { quest, at: this.#at, index } satisfies Start });
    this.#workers.push(worker);
    worker.on('message', (done: Done) => this.#done(index, worker, done));
    worker.on('error', (error) => this.#died(index, error.stack ?? error.message));
    worker.on('exit', (code) => this.#died(index, `its thread ended by itself (${code})`));
  }

  #done(index: number, worker: Worker, { from, results }: Done): void {
    this.#busy.delete(index);
    if (from >= 0) {
      const last = results.at(-1);
      if (last !== undefined && ('error' in last || last.found !== undefined)) this.#limit = Math.min(this.#limit, from + results.length);
      this.#ledger.add(
        from,
        results.map((packed) => unpack(this.#hunt, packed)),
      );
    }
    if (this.#ledger.end !== undefined) this.#limit = 0;
    if (this.#next < this.#limit) {
      const block = { from: this.#next, to: Math.min(this.#next + BLOCK, this.#limit) };
      this.#next = block.to;
      this.#busy.set(index, block);
      worker.postMessage(block);
    } else if (this.#busy.size === 0 || this.#ledger.end !== undefined) this.#resolve();
  }

  /** A thread that ends while it should work: out of memory, or a bug beyond what a run can catch. */
  #died(index: number, what: string): void {
    if (this.#over) return;
    const run = this.#at[index] ?? 0;
    this.#busy.delete(index);
    this.#limit = 0;
    this.#ledger.end ??= { kind: 'broken', at: run + 1, error: what };
    this.#resolve();
  }
}
