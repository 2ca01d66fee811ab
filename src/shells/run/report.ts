import type { Problem } from '../../core/problem.ts';
import type { Reply, Row } from '../../session/types.ts';
import type { Block } from '../../view/block.ts';
import { type Look, render } from '../../view/render.ts';
import type { Origin } from '../diagnose.ts';

/** What a script's last row says about the whole. */
export interface Summary {
  readonly system: string;
  readonly seed: number;
  readonly commands: number;
  readonly held: number;
  readonly failed: number;
  readonly nowUs: number;
}

/** One output format of `run`: told what happens, in order, it writes text to `out`. Diagnostics are not its business. */
export interface Report {
  /** A script begins. `named`: there are several, and rows must say which one they belong to. */
  begin(file: string, named: boolean): void;
  /** A line or a command that was refused before it could run. */
  refused(problem: Problem, origin: Origin): void;
  reply(reply: Reply, origin: Origin): void;
  /** The script's end, with its sums; without them it was broken off, or nothing of it ran. */
  end(summary: Summary | undefined): void;
  /** No more scripts. `interrupted`: a signal ended it, and something was left out. */
  finish(interrupted: boolean): void;
}

export type Out = (text: string) => void;

/** Blocks as they stand in a file: 80 columns, no colour, Unicode. */
export const PLAIN: Look = { width: 80, colour: false, ascii: false };

export function drawn(blocks: readonly Block[], look: Look): string {
  return render(blocks, look)
    .map((line) => `${line}\n`)
    .join('');
}

/** One case of TAP and JUnit: an `expect`, or a command that was refused. */
export interface Case {
  readonly kind: 'expectation' | 'refusal';
  readonly held: boolean;
  readonly command: string;
  readonly origin: Origin;
  readonly nowUs: number;
  readonly expected?: string;
  readonly actual?: string;
  /** Refusals: what is wrong. */
  readonly says?: string;
  /** Everything that was printed about it. */
  readonly text: string;
}

/** The cases in one reply: at most one, its own. */
export function casesOf(reply: Reply, origin: Origin): Case[] {
  const { problem } = reply;
  const own = reply.rows.find((row) => row.n === reply.n);
  if (problem !== undefined) return [refusalCase(problem, origin, reply.statement.text, own?.atUs ?? 0)];
  return own?.held === undefined ? [] : [expectationCase(own, own.held, reply, origin)];
}

function expectationCase(row: Row, held: boolean, reply: Reply, origin: Origin): Case {
  return {
    kind: 'expectation',
    held,
    command: row.command,
    origin,
    nowUs: row.atUs + row.tookUs,
    ...(row.expected === undefined ? {} : { expected: row.expected }),
    ...(row.actual === undefined ? {} : { actual: row.actual }),
    text: held ? '' : drawn(reply.blocks, PLAIN),
  };
}

export function refusalCase(problem: Problem, origin: Origin, command: string, nowUs: number): Case {
  const says = problem.remedy === undefined ? problem.what : `${problem.what}; ${problem.remedy}`;
  return { kind: 'refusal', held: false, command, origin, nowUs, says, text: `${says}\n` };
}
