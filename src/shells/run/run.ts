import { fstatSync } from 'node:fs';
import { openSession } from '../../commands/index.ts';
import { isProblem, Problem } from '../../core/problem.ts';
import type { Reply, SessionApi, SessionOptions } from '../../session/types.ts';
import { complaint, diagnosis, type Origin } from '../diagnose.ts';
import { drive, ProgressLine, type Watch } from '../drive.ts';
import { EXIT, worst } from '../exit.ts';
import { diskFiles } from '../files.ts';
import { linesOf } from '../lines.ts';
import { drained, lookOf, reasonOf } from '../output.ts';
import { Signals } from '../signals.ts';
import { readText } from '../text-file.ts';
import { jsonlReport } from './jsonl.ts';
import { junitReport } from './junit.ts';
import type { Report } from './report.ts';
import { type Placed, type Reading, readScript } from './script.ts';
import { tapReport } from './tap.ts';
import { textReport } from './text.ts';

export const FORMATS = ['text', 'jsonl', 'tap', 'junit'] as const;

export interface RunOptions {
  /** Paths; `-` is standard input. */
  readonly scripts: readonly string[];
  readonly format: (typeof FORMATS)[number];
  readonly ascii: boolean;
  /** System, nodes and seed, checked. */
  readonly session: SessionOptions;
}

/** `cap-tutor run`: returns the exit code. */
export async function run(options: RunOptions): Promise<number> {
  const runner = new Runner(options);
  return runner.run();
}

interface Prepared {
  readonly file: string;
  readonly session: SessionApi;
  /** Undefined: standard input, which is read while it runs. */
  readonly reading: Reading | undefined;
}

class Runner {
  readonly #options: RunOptions;
  readonly #report: Report;
  readonly #signals: Signals;
  readonly #progress = new ProgressLine(process.stderr);
  readonly #watch: Watch;
  readonly #codes = new Set<number>();
  #failed = 0;
  #expectations = 0;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#report = reportOf(options);
    this.#signals = new Signals((code) => {
      this.#report.finish(true);
      process.exit(code);
    });
    this.#watch = {
      stop: () => this.#signals.code !== undefined,
      progress: (now) => this.#progress.show(now, 'Ctrl-C stops'),
      settled: () => this.#progress.wipe(),
    };
  }

  async run(): Promise<number> {
    const prepared = this.#prepare();
    if (prepared !== undefined) {
      for (const one of prepared) {
        await this.#script(one);
        if (this.#signals.code !== undefined) break;
      }
    }
    const { code } = this.#signals;
    this.#report.finish(code !== undefined);
    await drained(process.stdout);
    this.#signals.release();
    if (this.#failed > 0 && this.#options.format === 'text') {
      process.stderr.write(`cap-tutor: ${this.#failed} of ${this.#expectations} expectations failed\n`);
    }
    return code ?? worst(this.#codes);
  }

  /** Reads every script before the first one runs. Undefined: something is wrong with one of them, so nothing must run. */
  #prepare(): readonly Prepared[] | undefined {
    const prepared: Prepared[] = [];
    for (const file of this.#options.scripts) {
      const session = openSession({ ...this.#options.session, files: diskFiles });
      const text = file === '-' ? undefined : readText(file);
      if (isProblem(text)) this.#complain(text);
      else prepared.push({ file, session, reading: text === undefined ? undefined : readScript(session, text, file) });
    }
    for (const { file, reading } of prepared) {
      if (reading === undefined || reading.problems.length === 0) continue;
      this.#report.begin(file, this.#options.scripts.length > 1);
      for (const { problem, origin } of reading.problems) this.#refuse(problem, origin);
      this.#report.end(undefined);
    }
    return this.#codes.size > 0 ? undefined : prepared;
  }

  async #script({ file, session, reading }: Prepared): Promise<void> {
    this.#report.begin(file, this.#options.scripts.length > 1);
    const stopped = reading === undefined ? await this.#standardInput(session) : await this.#statements(session, reading.statements);
    if (stopped !== 'interrupted') {
      const reply = await this.#drive(session.close());
      if (reply !== undefined) this.#tell(reply, { file, line: 0, source: '' });
    }
    const { held, failed } = session.expectations;
    this.#failed += failed;
    this.#expectations += held + failed;
    const { system, seed, commands, nowUs } = session;
    this.#report.end(this.#signals.code === undefined ? { system, seed, commands, held, failed, nowUs } : undefined);
  }

  async #statements(session: SessionApi, statements: readonly Placed[]): Promise<'quit' | 'interrupted' | undefined> {
    for (const { statement, origin } of statements) {
      const reply = await this.#drive(session.execute(statement, origin.line));
      if (reply === undefined) {
        const where = `${origin.file}:${origin.line}`;
        process.stderr.write(`cap-tutor: interrupted; the command on ${where} was taken back: ${statement.text.slice(0, 200)}\n`);
        return 'interrupted';
      }
      this.#tell(reply, origin);
      await drained(process.stdout);
      if (reply.quit === true) return 'quit';
    }
    return undefined;
  }

  /** Line by line as it arrives. A line that is not understood is refused, and what comes after it runs all the same. */
  async #standardInput(session: SessionApi): Promise<'quit' | 'interrupted' | undefined> {
    let line = 0;
    // Node takes a directory for an empty file.
    if (fstatSync(0).isDirectory()) {
      this.#complain(new Problem('standard input cannot be read: it is a directory'));
      return undefined;
    }
    try {
      for await (const source of linesOf(process.stdin)) {
        line++;
        if (isProblem(source)) {
          this.#complain(new Problem(`-:${line}: ${source.what}`, source.remedy));
          return undefined;
        }
        const origin = { file: '-', line, source };
        const found = session.read(source, { system: session.system }, { file: '-', line });
        if (isProblem(found)) this.#refuse(found, origin);
        else {
          const stopped = await this.#statements(
            session,
            found.map((statement) => ({ statement, origin })),
          );
          if (stopped !== undefined) return stopped;
        }
      }
    } catch (error) {
      if (!(error instanceof Error && 'syscall' in error)) throw error;
      this.#complain(new Problem(`standard input cannot be read: ${reasonOf(error)}`));
    }
    return undefined;
  }

  async #drive(job: ReturnType<SessionApi['close']>): Promise<Reply | undefined> {
    this.#signals.busy = true;
    const reply = await drive(job, this.#watch);
    this.#signals.busy = false;
    return reply;
  }

  #tell(reply: Reply, origin: Origin): void {
    if (reply.problem !== undefined) {
      process.stderr.write(diagnosis(reply.problem, origin));
      this.#note(EXIT.usage);
    }
    if (reply.rows.some((row) => row.held === false)) this.#note(EXIT.differs);
    this.#report.reply(reply, origin);
  }

  #refuse(problem: Problem, origin: Origin): void {
    process.stderr.write(diagnosis(problem, origin));
    this.#report.refused(problem, origin);
    this.#note(EXIT.usage);
  }

  #complain(problem: Problem): void {
    process.stderr.write(complaint(problem));
    this.#note(EXIT.usage);
  }

  /** Kept in `process.exitCode` too, for the end that a closed pipe makes. */
  #note(code: number): void {
    this.#codes.add(code);
    process.exitCode = worst(this.#codes);
  }
}

function reportOf({ format, ascii }: RunOptions): Report {
  const out = (text: string): void => {
    process.stdout.write(text);
  };
  switch (format) {
    case 'text':
      return textReport(out, lookOf(process.stdout, ascii));
    case 'jsonl':
      return jsonlReport(out);
    case 'tap':
      return tapReport(out);
    case 'junit':
      return junitReport(out);
  }
}
