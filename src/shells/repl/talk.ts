import { openSession } from '../../commands/index.ts';
import { isProblem } from '../../core/problem.ts';
import { formatDuration } from '../../core/units.ts';
import type { SessionApi, SessionOptions } from '../../session/types.ts';
import type { Block } from '../../view/block.ts';
import { styled, text } from '../../view/block.ts';
import { problemBlocks } from '../../view/problem.ts';
import { render } from '../../view/render.ts';
import { drive, ProgressLine, type Watch } from '../drive.ts';
import { diskFiles } from '../files.ts';
import { lookOf } from '../output.ts';
import type { Completion } from '../terminal/completion.ts';

/** A session and the person who talks to it, whatever the terminal is like: runs lines, prints what comes of them. */
export class Talk {
  /** Set by Ctrl-C while a command runs: it is then taken back. */
  interrupted = false;
  running = false;
  readonly #session: SessionApi;
  readonly #ascii: boolean;
  readonly #progress = new ProgressLine(process.stdout);
  readonly #watch: Watch;

  constructor(options: SessionOptions, ascii: boolean) {
    this.#session = openSession({ ...options, files: diskFiles });
    this.#ascii = ascii;
    this.#watch = {
      stop: () => this.interrupted,
      progress: (now) => this.#progress.show(now, 'Ctrl-C takes the command back'),
      settled: () => this.#progress.wipe(),
    };
  }

  /** `etcd 2.301 s> `: the system, who acts if that is not `you`, and virtual time. */
  get prompt(): string {
    const { system, client, nowUs } = this.#session;
    return `${system}${client === 'you' ? '' : ` ${client}`} ${nowUs === 0 ? '0 s' : formatDuration(nowUs)}> `;
  }

  greet(): void {
    const { system, nodes } = this.#session.overview();
    const names = nodes.length > 26 ? `${nodes.length} nodes` : nodes.map(({ name }) => name).join(' ');
    this.#print([
      text([styled(system, 'strong'), ` on ${names}. `, styled('help', 'command'), ' lists the commands, Tab completes, Ctrl-D leaves.']),
    ]);
  }

  /** Runs one line. True: its author wants to leave. */
  async line(source: string): Promise<boolean> {
    this.interrupted = false;
    const statements = this.#session.read(source);
    if (isProblem(statements)) {
      this.#print(problemBlocks(statements, source));
      return false;
    }
    this.running = true;
    try {
      for (const statement of statements) {
        const reply = await drive(this.#session.execute(statement), this.#watch);
        if (reply === undefined) {
          this.#print([
            text([styled('interrupted', 'unknown'), '  taken back, as if it had not been typed: ', styled(statement.text, 'command')]),
          ]);
          return false;
        }
        this.#print(reply.blocks);
        if (reply.problem !== undefined) this.#print(problemBlocks(reply.problem, source));
        if (reply.quit === true) return true;
      }
    } finally {
      this.running = false;
    }
    return false;
  }

  complete(line: string, cursor: number): Completion {
    const { from, to, candidates } = this.#session.complete(line, cursor);
    // A finished word brings its blank; an option's name waits for its value.
    return { from, to, candidates: candidates.map((word) => ({ text: word.endsWith('=') ? word : `${word} ` })) };
  }

  #print(blocks: readonly Block[]): void {
    for (const line of render(blocks, lookOf(process.stdout, this.#ascii))) process.stdout.write(`${line}\n`);
  }
}
