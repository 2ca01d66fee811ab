import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Replay, replay } from '../../src/book/replay.ts';
import { openSession } from '../../src/commands/index.ts';
import type { Job, Reply } from '../../src/session/types.ts';
import { unifiedDiff } from '../../src/shells/verify/diff.ts';
import { root } from './term.ts';

/** Every transcript of the tests, as paths from the project's root, in a fixed order. */
export function transcripts(): string[] {
  return readdirSync(join(root, 'test/transcripts'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `test/transcripts/${path.replaceAll('\\', '/')}`)
    .sort();
}

/** Chapters, and the README's tour: their recorded sessions hold as well. */
export function pages(): string[] {
  const chapters = readdirSync(join(root, 'chapters')).filter((name) => name.endsWith('.md'));
  return [...chapters.map((name) => `chapters/${name}`).sort(), 'README.md'];
}

export function content(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Runs a job to its reply in one go. */
export function toTheEnd(job: Job): Reply {
  for (;;) {
    const step = job.step(1_000_000);
    if (step.done) return step.reply;
  }
}

export interface Rerun {
  /** What `cap-tutor verify` would show, empty if all is as recorded. */
  readonly diff: string;
  /** Expectations that failed and commands that were refused where nothing is recorded, as `file:line: text`. */
  readonly wrong: readonly string[];
  readonly commands: number;
  /** The rules that were stated in any of its worlds: the system, a blank, the rule's id. */
  readonly rules: ReadonlySet<string>;
}

/**
 * Runs a file again as `cap-tutor verify` does. With UPDATE=1 in the environment its outputs are recorded anew, unless an expectation failed: what is
 * expected only a person may change.
 */
export async function rerun(path: string): Promise<Rerun> {
  const before = content(path);
  const rules = new Set<string>();
  const result = (await replay(before, path, {
    open: () => openSession({}),
    run: (job) => Promise.resolve(toTheEnd(job)),
    leaving: (session) => {
      for (const rule of session.rulesStated()) rules.add(`${session.system} ${rule}`);
    },
  })) as Replay;
  const wrong = [
    ...result.failed.map(({ step, text }) => `${path}:${step.line}: ${step.source.trim()}\n${text}`),
    ...result.refused.map(({ step, problem }) => `${path}:${step.line}: ${step.source.trim()}: ${problem}`),
  ];
  const update = process.env['UPDATE'] === '1' && wrong.length === 0;
  if (update && result.text !== before) writeFileSync(join(root, path), result.text);
  const diff = update ? '' : unifiedDiff(before.split('\n'), result.text.split('\n'), path).join('\n');
  return { diff, wrong, commands: result.commands, rules };
}
