import { isProblem, type Problem } from '../core/problem.ts';
import type { Job, Reply, SessionApi } from '../session/types.ts';
import { problemBlocks } from '../view/problem.ts';
import { type Look, render } from '../view/render.ts';
import { readTranscript, type Step, withOutputs } from './transcript.ts';

/** How outputs are recorded: 80 columns, no colour, Unicode. */
export const RECORDED: Look = { width: 80, colour: false, ascii: false };

/** What running a transcript again came to. */
export interface Replay {
  /** The file as it would be recorded now. */
  readonly text: string;
  /** Expectations that do not hold. */
  readonly failed: readonly { readonly step: Step; readonly text: string }[];
  /** Commands of `cap` blocks, which record nothing, that were refused. In a transcript a refusal is output like any other. */
  readonly refused: readonly { readonly step: Step; readonly problem: Problem }[];
  /** How many commands were run. */
  readonly commands: number;
}

export interface Replaying {
  /** A fresh session for each world. */
  readonly open: () => SessionApi;
  /** Runs a job to its end; undefined: stop here. */
  readonly run: (job: Job) => Promise<Reply | undefined>;
  /** Told when a cluster has done all it will do: at a world's end, and before a `use` begins another. */
  readonly leaving?: (session: SessionApi) => void;
}

/** Runs a transcript or chapter again, world by world. Undefined: it was stopped. */
export async function replay(text: string, file: string, how: Replaying): Promise<Replay | undefined> {
  const transcript = readTranscript(text, file);
  const outputs = new Map<Step, readonly string[]>();
  const failed: { step: Step; text: string }[] = [];
  const refused: { step: Step; problem: Problem }[] = [];
  let commands = 0;
  for (const steps of transcript.worlds) {
    const session = how.open();
    for (const step of steps) {
      const done = await runStep(session, step, how);
      if (done === undefined) return undefined;
      outputs.set(step, done.output);
      if (done.failed !== '') failed.push({ step, text: done.failed });
      if (done.problem !== undefined && step.output === undefined) refused.push({ step, problem: done.problem });
    }
    commands += session.commands;
    how.leaving?.(session);
  }
  return { text: withOutputs(transcript, outputs), failed, refused, commands };
}

interface Ran {
  readonly output: readonly string[];
  /** What was printed about expectations that failed. */
  readonly failed: string;
  readonly problem?: Problem;
}

async function runStep(session: SessionApi, step: Step, how: Replaying): Promise<Ran | undefined> {
  const statements = session.read(step.source);
  if (isProblem(statements)) return { output: render(problemBlocks(statements, step.source), RECORDED), failed: '', problem: statements };
  const output: string[] = [];
  let failed = '';
  let problem: Problem | undefined;
  for (const statement of statements) {
    if (statement.verb === 'use') how.leaving?.(session);
    const reply = await how.run(session.execute(statement, step.line));
    if (reply === undefined) return undefined;
    const lines = render(reply.blocks, RECORDED);
    if (reply.problem !== undefined) lines.push(...render(problemBlocks(reply.problem, step.source), RECORDED));
    output.push(...lines);
    if (reply.rows.some((row) => row.n === reply.n && row.held === false)) failed += `${lines.join('\n')}\n`;
    problem ??= reply.problem;
  }
  return { output, failed, ...(problem === undefined ? {} : { problem }) };
}
